-- Requests with an idempotency key, for SQLite, and the answers that they were given. Grain: one row a key of a caller.
-- request_id: SHA-256 of the caller's key id and the idempotency key; payload_hash: SHA-256 of what was sent with it.
-- expires_at, running_until: seconds since 1970-01-01, UTC; after running_until a request without an answer is taken for broken off.
-- answer: the answer, encrypted with a key that only a repetition of the request can derive; NULL while it is carried out.
CREATE TABLE idempotent_request (
  request_id BLOB NOT NULL PRIMARY KEY,
  payload_hash BLOB NOT NULL,
  running_until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  answer BLOB NULL
) WITHOUT ROWID;
CREATE INDEX ix_idempotent_request_expires_at ON idempotent_request (expires_at);
