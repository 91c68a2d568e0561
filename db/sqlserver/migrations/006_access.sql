-- Keys of the interface, for SQL Server 2016 or later and Babelfish. A key itself is kept nowhere: only its SHA-256. Grain: one row a key that was ever issued.
-- key_id is the first 12 hexadecimal digits of the hash, so that a leaked key can be found. expires_on is the last day (UTC) on which it is valid.
-- last_used_at is behind by up to a minute.
CREATE TABLE access_key (
  key_id NVARCHAR(12) COLLATE Latin1_General_BIN2 NOT NULL,
  key_hash NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  name NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
  role NVARCHAR(40) NOT NULL CHECK (role IN ('site', 'research', 'dashboard', 'admin')),
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
  expires_on DATE NULL,
  created_at DATETIME2(6) NOT NULL,
  created_by NVARCHAR(200) NOT NULL,
  revoked_at DATETIME2(6) NULL,
  revoked_by NVARCHAR(200) NULL,
  last_used_at DATETIME2(6) NULL,
  PRIMARY KEY (key_id),
  CHECK ((role = 'site' AND site_code IS NOT NULL) OR (role <> 'site' AND site_code IS NULL))
);
