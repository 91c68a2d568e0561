-- What cohorts are selected by, for SQL Server 2016 or later and Babelfish: kind of lead and generator, dermatomes, baseline scores, the reason of an explant, and events by day.

-- lead: of the trial. generator: of the first implant. generator_replaced_day: the first replacement. explant_reason: of the permanent explant.
-- pain_level_bits: the painful dermatomes as one number, from Registry.Domain/Cases/SpinalLevel; NULL when not recorded.
-- baseline_nrs, baseline_pdi: NULL where there is none, and before the case entered treatment.
ALTER TABLE analysis_case ADD pain_level_bits BIGINT NULL;
ALTER TABLE analysis_case ADD lead VARCHAR(40) NULL;
ALTER TABLE analysis_case ADD generator VARCHAR(40) NULL;
ALTER TABLE analysis_case ADD generator_replaced_day INT NULL;
ALTER TABLE analysis_case ADD explant_reason VARCHAR(40) NULL;
ALTER TABLE analysis_case ADD baseline_nrs INT NULL;
ALTER TABLE analysis_case ADD baseline_pdi INT NULL;
ALTER TABLE analysis_case_earlier ADD pain_level_bits BIGINT NULL;
ALTER TABLE analysis_case_earlier ADD lead VARCHAR(40) NULL;
ALTER TABLE analysis_case_earlier ADD generator VARCHAR(40) NULL;
ALTER TABLE analysis_case_earlier ADD generator_replaced_day INT NULL;
ALTER TABLE analysis_case_earlier ADD explant_reason VARCHAR(40) NULL;
ALTER TABLE analysis_case_earlier ADD baseline_nrs INT NULL;
ALTER TABLE analysis_case_earlier ADD baseline_pdi INT NULL;

-- Treatment events. Grain: one row a case and event, whatever the cut-off; event_day: the day it happened. What is dated after the
-- person's withdrawal has no row.
CREATE TABLE analysis_event (
  case_id INT NOT NULL,
  event_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  event_type VARCHAR(40) NOT NULL,
  event_day INT NOT NULL,
  PRIMARY KEY (case_id, event_code)
);
CREATE INDEX ix_analysis_event_type ON analysis_event (event_type, event_day, case_id);

-- Random keys that the registry has made for itself. Grain: one row a key.
CREATE TABLE registry_secret (
  secret_name VARCHAR(40) NOT NULL PRIMARY KEY,
  secret_value VARCHAR(200) NOT NULL
);
