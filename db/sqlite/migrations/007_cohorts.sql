-- What cohorts are selected by, for SQLite: kind of lead and generator, dermatomes, baseline scores, the reason of an explant, and events by day.

-- lead: of the trial. generator: of the first implant. generator_replaced_day: the first replacement. explant_reason: of the permanent explant.
-- pain_level_bits: the painful dermatomes as one number, from Registry.Domain/Cases/SpinalLevel; NULL when not recorded.
-- baseline_nrs, baseline_pdi: NULL where there is none, and before the case entered treatment.
ALTER TABLE analysis_case ADD COLUMN pain_level_bits INTEGER NULL;
ALTER TABLE analysis_case ADD COLUMN lead TEXT NULL;
ALTER TABLE analysis_case ADD COLUMN generator TEXT NULL;
ALTER TABLE analysis_case ADD COLUMN generator_replaced_day INTEGER NULL;
ALTER TABLE analysis_case ADD COLUMN explant_reason TEXT NULL;
ALTER TABLE analysis_case ADD COLUMN baseline_nrs INTEGER NULL;
ALTER TABLE analysis_case ADD COLUMN baseline_pdi INTEGER NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN pain_level_bits INTEGER NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN lead TEXT NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN generator TEXT NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN generator_replaced_day INTEGER NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN explant_reason TEXT NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN baseline_nrs INTEGER NULL;
ALTER TABLE analysis_case_earlier ADD COLUMN baseline_pdi INTEGER NULL;

-- Treatment events. Grain: one row a case and event, whatever the cut-off; event_day: the day it happened. What is dated after the
-- person's withdrawal has no row.
CREATE TABLE analysis_event (
  case_id INTEGER NOT NULL,
  event_code TEXT NOT NULL,
  event_type TEXT NOT NULL,
  event_day INTEGER NOT NULL,
  PRIMARY KEY (case_id, event_code)
) WITHOUT ROWID;
CREATE INDEX ix_analysis_event_type ON analysis_event (event_type, event_day, case_id);

-- Random keys that the registry has made for itself. Grain: one row a key.
CREATE TABLE registry_secret (
  secret_name TEXT NOT NULL PRIMARY KEY,
  secret_value TEXT NOT NULL
) WITHOUT ROWID;
