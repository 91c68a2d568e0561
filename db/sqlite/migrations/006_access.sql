-- Keys of the interface, for SQLite. A key itself is kept nowhere: only its SHA-256. Grain: one row a key that was ever issued.
-- key_id is the first 12 hexadecimal digits of the hash, so that a leaked key can be found. expires_on is the last day (UTC) on which it is valid.
-- last_used_at is behind by up to a minute.
CREATE TABLE access_key (
  key_id TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('site', 'research', 'dashboard', 'admin')),
  site_code TEXT NULL,
  expires_on TEXT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at TEXT NULL,
  revoked_by TEXT NULL,
  last_used_at TEXT NULL,
  PRIMARY KEY (key_id),
  CHECK ((role = 'site' AND site_code IS NOT NULL) OR (role <> 'site' AND site_code IS NULL))
) WITHOUT ROWID;
