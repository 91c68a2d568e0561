-- Saved cohorts, and the snapshots that were taken of them, for SQL Server 2016 or later and Babelfish.

-- Definitions of cohorts. Grain: one row a cohort and version; a retraction is a version of its own, with the content that was retracted.
-- content: title, description and filter as JSON, with whether it is shared. owner: the name of the key that made it: every version has it.
-- key_id, sent_at, reason: as in resource_version.
CREATE TABLE saved_cohort_version (
  cohort_name NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  version INT NOT NULL,
  owner NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
  is_shared INT NOT NULL CHECK (is_shared IN (0, 1)),
  content NVARCHAR(MAX) NOT NULL,
  is_retracted INT NOT NULL CHECK (is_retracted IN (0, 1)),
  recorded_at DATETIME2(6) NOT NULL,
  recorded_by NVARCHAR(200) NOT NULL,
  key_id NVARCHAR(100) NULL,
  sent_at DATETIME2(6) NULL,
  reason NVARCHAR(500) NULL,
  PRIMARY KEY (cohort_name, version)
);

-- Snapshots: the cases of a cohort at a cut-off as they were at one moment. Grain: one row a snapshot.
-- filter: what the cases were selected by, as JSON, without the cut-off. as_of_day: the cut-off, in days since 0001-01-01.
-- row_format: the form of the stored rows (Registry.Api/Cohorts/Snapshots). rules_version: the rules by which they were derived.
-- data_version: how often their tables had changed; data_versions: the same by site and table, as JSON.
-- sha256: of the manifest, which names cut-off, filter and every part by its digest.
CREATE TABLE snapshot (
  snapshot_id NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY,
  cohort_name NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  cohort_version INT NOT NULL,
  title NVARCHAR(200) NULL,
  filter NVARCHAR(MAX) NOT NULL,
  as_of_day INT NOT NULL,
  row_format INT NOT NULL,
  rules_version INT NOT NULL,
  data_version BIGINT NOT NULL,
  data_versions NVARCHAR(MAX) NOT NULL,
  cases INT NOT NULL,
  row_count BIGINT NOT NULL,
  sha256 VARBINARY(32) NOT NULL,
  created_at DATETIME2(6) NOT NULL,
  created_by NVARCHAR(200) NOT NULL,
  key_id NVARCHAR(100) NULL
);
CREATE INDEX ix_snapshot_cohort ON snapshot (cohort_name, snapshot_id);

-- Parts of the rows: those of some cases in one table, as text, compressed. Equal parts of several snapshots are one. Grain: one row a part.
-- part_digest: SHA-256 of the text. content_bytes: the length of the text.
CREATE TABLE snapshot_part (
  part_digest VARBINARY(32) NOT NULL PRIMARY KEY,
  coding NVARCHAR(40) NOT NULL,
  content_bytes INT NOT NULL,
  content VARBINARY(MAX) NOT NULL
);

-- Which parts a snapshot has, in their order. Grain: one row a snapshot and part; part_number is 1, 2, 3 and so on.
CREATE TABLE snapshot_content (
  snapshot_id NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL REFERENCES snapshot (snapshot_id),
  part_number INT NOT NULL,
  table_name NVARCHAR(100) NOT NULL,
  row_count BIGINT NOT NULL,
  part_digest VARBINARY(32) NOT NULL REFERENCES snapshot_part (part_digest),
  PRIMARY KEY (snapshot_id, part_number)
);

-- A definition and a snapshot are only ever added.
EXEC('CREATE TRIGGER saved_cohort_version_is_not_changed ON saved_cohort_version AFTER UPDATE, DELETE AS
BEGIN
  IF EXISTS (SELECT 1 FROM deleted)
  BEGIN
    THROW 51000, ''Versions of saved cohorts are only ever added.'', 1;
  END
END');
EXEC('CREATE TRIGGER snapshot_is_not_changed ON snapshot AFTER UPDATE, DELETE AS
BEGIN
  IF EXISTS (SELECT 1 FROM deleted)
  BEGIN
    THROW 51000, ''Snapshots are only ever added.'', 1;
  END
END');
EXEC('CREATE TRIGGER snapshot_part_is_not_changed ON snapshot_part AFTER UPDATE, DELETE AS
BEGIN
  IF EXISTS (SELECT 1 FROM deleted)
  BEGIN
    THROW 51000, ''Snapshots are only ever added.'', 1;
  END
END');
EXEC('CREATE TRIGGER snapshot_content_is_not_changed ON snapshot_content AFTER UPDATE, DELETE AS
BEGIN
  IF EXISTS (SELECT 1 FROM deleted)
  BEGIN
    THROW 51000, ''Snapshots are only ever added.'', 1;
  END
END');
