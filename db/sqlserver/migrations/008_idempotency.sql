-- Requests with an idempotency key, for SQL Server 2016 or later and Babelfish, and the answers that they were given. Grain: one row a key of a caller.
-- request_id: SHA-256 of the caller's key id and the idempotency key; payload_hash: SHA-256 of what was sent with it.
-- expires_at, running_until: seconds since 1970-01-01, UTC; after running_until a request without an answer is taken for broken off.
-- answer: the answer, encrypted with a key that only a repetition of the request can derive; NULL while it is carried out.
CREATE TABLE idempotent_request (
  request_id VARBINARY(32) NOT NULL PRIMARY KEY,
  payload_hash VARBINARY(32) NOT NULL,
  running_until BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  answer VARBINARY(MAX) NULL
);
CREATE INDEX ix_idempotent_request_expires_at ON idempotent_request (expires_at);
