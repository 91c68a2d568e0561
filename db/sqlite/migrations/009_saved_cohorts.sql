-- Saved cohorts, and the snapshots that were taken of them, for SQLite.

-- Definitions of cohorts. Grain: one row a cohort and version; a retraction is a version of its own, with the content that was retracted.
-- content: title, description and filter as JSON, with whether it is shared. owner: the name of the key that made it: every version has it.
-- key_id, sent_at, reason: as in resource_version.
CREATE TABLE saved_cohort_version (
  cohort_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  owner TEXT NOT NULL,
  is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
  content TEXT NOT NULL,
  is_retracted INTEGER NOT NULL CHECK (is_retracted IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  key_id TEXT NULL,
  sent_at TEXT NULL,
  reason TEXT NULL,
  PRIMARY KEY (cohort_name, version)
) WITHOUT ROWID;

-- Snapshots: the cases of a cohort at a cut-off as they were at one moment. Grain: one row a snapshot.
-- filter: what the cases were selected by, as JSON, without the cut-off. as_of_day: the cut-off, in days since 0001-01-01.
-- row_format: the form of the stored rows (Registry.Api/Cohorts/Snapshots). rules_version: the rules by which they were derived.
-- data_version: how often their tables had changed; data_versions: the same by site and table, as JSON.
-- sha256: of the manifest, which names cut-off, filter and every part by its digest.
CREATE TABLE snapshot (
  snapshot_id TEXT NOT NULL PRIMARY KEY,
  cohort_name TEXT NOT NULL,
  cohort_version INTEGER NOT NULL,
  title TEXT NULL,
  filter TEXT NOT NULL,
  as_of_day INTEGER NOT NULL,
  row_format INTEGER NOT NULL,
  rules_version INTEGER NOT NULL,
  data_version INTEGER NOT NULL,
  data_versions TEXT NOT NULL,
  cases INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  key_id TEXT NULL
) WITHOUT ROWID;
CREATE INDEX ix_snapshot_cohort ON snapshot (cohort_name, snapshot_id);

-- Parts of the rows: those of some cases in one table, as text, compressed. Equal parts of several snapshots are one. Grain: one row a part.
-- part_digest: SHA-256 of the text. content_bytes: the length of the text.
CREATE TABLE snapshot_part (
  part_digest BLOB NOT NULL PRIMARY KEY,
  coding TEXT NOT NULL,
  content_bytes INTEGER NOT NULL,
  content BLOB NOT NULL
);

-- Which parts a snapshot has, in their order. Grain: one row a snapshot and part; part_number is 1, 2, 3 and so on.
CREATE TABLE snapshot_content (
  snapshot_id TEXT NOT NULL REFERENCES snapshot (snapshot_id),
  part_number INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  part_digest BLOB NOT NULL REFERENCES snapshot_part (part_digest),
  PRIMARY KEY (snapshot_id, part_number)
) WITHOUT ROWID;

-- A definition and a snapshot are only ever added.
CREATE TRIGGER saved_cohort_version_is_not_changed BEFORE UPDATE ON saved_cohort_version
BEGIN
  SELECT RAISE(ABORT, 'Versions of saved cohorts are only ever added.');
END;
CREATE TRIGGER saved_cohort_version_is_not_deleted BEFORE DELETE ON saved_cohort_version
BEGIN
  SELECT RAISE(ABORT, 'Versions of saved cohorts are only ever added.');
END;
CREATE TRIGGER snapshot_is_not_changed BEFORE UPDATE ON snapshot
BEGIN
  SELECT RAISE(ABORT, 'Snapshots are only ever added.');
END;
CREATE TRIGGER snapshot_is_not_deleted BEFORE DELETE ON snapshot
BEGIN
  SELECT RAISE(ABORT, 'Snapshots are only ever added.');
END;
CREATE TRIGGER snapshot_part_is_not_changed BEFORE UPDATE ON snapshot_part
BEGIN
  SELECT RAISE(ABORT, 'Snapshots are only ever added.');
END;
CREATE TRIGGER snapshot_part_is_not_deleted BEFORE DELETE ON snapshot_part
BEGIN
  SELECT RAISE(ABORT, 'Snapshots are only ever added.');
END;
CREATE TRIGGER snapshot_content_is_not_changed BEFORE UPDATE ON snapshot_content
BEGIN
  SELECT RAISE(ABORT, 'Snapshots are only ever added.');
END;
CREATE TRIGGER snapshot_content_is_not_deleted BEFORE DELETE ON snapshot_content
BEGIN
  SELECT RAISE(ABORT, 'Snapshots are only ever added.');
END;
