-- The audit trail, for SQLite. The versions of the records are the trail of the records: here each gets who sent it from where and
-- when, and a hash that chains it to the change before it at its site. What happens besides records is in audit_entry, a chain of its own.
-- Which bytes are hashed, and what is chained of what was recorded before: Registry.Api/Audit.

-- The views read columns that go. They are all made anew after the migrations.
DROP VIEW IF EXISTS visit_window;
DROP VIEW IF EXISTS visit_count;
DROP VIEW IF EXISTS trial_summary;
DROP VIEW IF EXISTS stay_summary;
DROP VIEW IF EXISTS stay_count;
DROP VIEW IF EXISTS score_summary;
DROP VIEW IF EXISTS score_count;
DROP VIEW IF EXISTS response_threshold;
DROP VIEW IF EXISTS response_rate;
DROP VIEW IF EXISTS response_count;
DROP VIEW IF EXISTS procedure_group;
DROP VIEW IF EXISTS loss_of_response_time;
DROP VIEW IF EXISTS known_adverse_event;
DROP VIEW IF EXISTS instrument;
DROP VIEW IF EXISTS follow_up;
DROP VIEW IF EXISTS flow_summary;
DROP VIEW IF EXISTS explant_time;
DROP VIEW IF EXISTS cost_unit;
DROP VIEW IF EXISTS cost_summary;
DROP VIEW IF EXISTS cost_per_responder;
DROP VIEW IF EXISTS cost_moment;
DROP VIEW IF EXISTS cost_category;
DROP VIEW IF EXISTS cost_bucket;
DROP VIEW IF EXISTS cost_basis;
DROP VIEW IF EXISTS completeness;
DROP VIEW IF EXISTS cohort_member;
DROP VIEW IF EXISTS cohort;
DROP VIEW IF EXISTS case_count;
DROP VIEW IF EXISTS as_of;
DROP VIEW IF EXISTS analysis_set;
DROP VIEW IF EXISTS adverse_event_summary;
DROP VIEW IF EXISTS adverse_event_category;

-- key_id: the id of the key it came with. client_address: the network address it came from; NULL where there was none. sent_at: the
-- sender's own instant, as X-Sent-At states it; NULL when not stated. hash: SHA-256 over all of the row and the hash of the change before
-- it at the site, by change_number; NULL only until a row of an older program is chained.
-- The content of a case has '#' and the number of its person in the place of the patient's reference.
ALTER TABLE resource_version ADD COLUMN key_id TEXT NULL;
ALTER TABLE resource_version ADD COLUMN client_address TEXT NULL;
ALTER TABLE resource_version ADD COLUMN sent_at TEXT NULL;
ALTER TABLE resource_version ADD COLUMN hash BLOB NULL;

-- head: of the row 'record' of a site, the hash of its latest change; of the row 'audit' of the site '', that of the latest row of
-- audit_entry; NULL elsewhere.
ALTER TABLE data_version ADD COLUMN head BLOB NULL;

-- What happened besides records: keys, erasures, exports, snapshots; and the heads of the sites' chains, anchored now and then.
-- site_code: the site it is about; empty for none. subject: what it is about, in words that hold no patient reference.
-- change_number, head: of an anchor, the latest change of the site and its hash. hash: SHA-256 over all of the row and the hash of the
-- row before it. Grain: one row an entry; entry_number is 1, 2, 3 and so on, without gaps.
CREATE TABLE audit_entry (
  entry_number INTEGER NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  site_code TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NULL,
  change_number INTEGER NULL,
  head BLOB NULL,
  recorded_at TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  key_id TEXT NULL,
  client_address TEXT NULL,
  reason TEXT NULL,
  hash BLOB NOT NULL
);
CREATE INDEX ix_audit_entry_anchor ON audit_entry (site_code, change_number) WHERE change_number IS NOT NULL;

-- The trail is only ever added to. A row that is not chained yet may be.
CREATE TRIGGER resource_version_is_not_changed BEFORE UPDATE ON resource_version WHEN OLD.hash IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'The audit trail is only ever added to.');
END;
CREATE TRIGGER resource_version_is_not_deleted BEFORE DELETE ON resource_version
BEGIN
  SELECT RAISE(ABORT, 'The audit trail is only ever added to.');
END;
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry
BEGIN
  SELECT RAISE(ABORT, 'The audit trail is only ever added to.');
END;
CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
BEGIN
  SELECT RAISE(ABORT, 'The audit trail is only ever added to.');
END;

-- A patient's reference is in the table person alone, so that it can be erased there. A person stays when its last case is retracted:
-- the versions of that case name it.
DROP INDEX ix_treatment_case_patient;
ALTER TABLE treatment_case DROP COLUMN patient_reference;
ALTER TABLE analysis_case DROP COLUMN patient_reference;
ALTER TABLE analysis_case_earlier DROP COLUMN patient_reference;
