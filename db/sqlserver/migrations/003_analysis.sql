-- The analysis tables, for SQL Server 2016 or later and Babelfish: what every case, visit, cost, stay and adverse event comes to, derived from the records by
-- Registry.Domain/Analysis and written in the same transaction. They hold day numbers (days since 0001-01-01) and codes, never
-- "today". A row of analysis_... holds for every data cut-off from known_from on; the row of the same key in analysis_..._earlier
-- holds for the cut-offs from known_from up to the day before known_until. So at any cut-off a key has one row at most.
-- Keys are binary-collated. Codes have the collation of the database: the views compare them with codes that they spell out.

-- The views that read what goes. From now on the journal names each view, and drops it when it is gone from the source.
DROP VIEW IF EXISTS trial_summary;
DROP VIEW IF EXISTS stay_summary;
DROP VIEW IF EXISTS score_summary;
DROP VIEW IF EXISTS response_rate;
DROP VIEW IF EXISTS loss_of_response_time;
DROP VIEW IF EXISTS flow_summary;
DROP VIEW IF EXISTS explant_time;
DROP VIEW IF EXISTS cost_summary;
DROP VIEW IF EXISTS cost_per_responder;
DROP VIEW IF EXISTS cost_category;
DROP VIEW IF EXISTS completeness;
DROP VIEW IF EXISTS adverse_event_summary;
DROP VIEW IF EXISTS counted_visit_cell;
DROP VIEW IF EXISTS counted_score_cell;
DROP VIEW IF EXISTS next_change;
DROP VIEW IF EXISTS stale_kin;
DROP VIEW IF EXISTS stale_case;
DROP VIEW IF EXISTS visit_cell;
DROP VIEW IF EXISTS due_visit;
DROP VIEW IF EXISTS visit_schedule;
DROP VIEW IF EXISTS follow_up_end;
DROP VIEW IF EXISTS unit_cost;
DROP VIEW IF EXISTS unit_cost_item;
DROP VIEW IF EXISTS cost_unit;
DROP VIEW IF EXISTS cell_response;
DROP VIEW IF EXISTS score_cell;
DROP VIEW IF EXISTS case_score;
DROP VIEW IF EXISTS case_timepoint;
DROP VIEW IF EXISTS therapy_gap;
DROP VIEW IF EXISTS cohort;
DROP VIEW IF EXISTS case_course;
DROP VIEW IF EXISTS case_pathway;
DROP VIEW IF EXISTS case_follower;
DROP VIEW IF EXISTS dated_stay;
DROP VIEW IF EXISTS dated_event;
DROP VIEW IF EXISTS dated_cost;
DROP VIEW IF EXISTS dated_assessment;
DROP VIEW IF EXISTS dated_adverse_event;
DROP VIEW IF EXISTS as_of;
DROP VIEW IF EXISTS visit_window;
DROP VIEW IF EXISTS set_standing;
DROP VIEW IF EXISTS response_threshold;
DROP VIEW IF EXISTS procedure_group;
DROP VIEW IF EXISTS instrument;
DROP VIEW IF EXISTS cost_per;
DROP VIEW IF EXISTS cost_basis;
DROP VIEW IF EXISTS analysis_set;
DROP VIEW IF EXISTS adverse_event_category;
DELETE FROM schema_journal WHERE script = 'views';

DROP TABLE changed_case;
DROP TABLE counting_case;
DROP TABLE counted_case;
DROP TABLE counted_score;
DROP TABLE score_tally;
DROP TABLE counted_visit;
DROP TABLE visit_tally;
DROP TABLE change_count;

-- Persons: all cases of one site with the same patient reference. stamp: another random number whenever anything of the person
-- is recorded. last_dated_day: the latest day that anything of the person is dated. Grain: one row a person.
CREATE TABLE person (
  person_id INT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  patient_reference NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  stamp BIGINT NOT NULL,
  last_dated_day INT NULL,
  UNIQUE (site_code, patient_reference)
);
CREATE INDEX ix_person_last_dated_day ON person (last_dated_day);
INSERT INTO person (site_code, patient_reference, stamp)
SELECT s.site_code, c.patient_reference, MIN(c.case_id)
FROM treatment_case c
JOIN site s ON s.site_id = c.site_id
GROUP BY s.site_code, c.patient_reference;

-- What names a column that is new here is compiled by itself, when it is there.
ALTER TABLE treatment_case ADD person_id INT NULL REFERENCES person (person_id);
EXEC('UPDATE treatment_case SET person_id = p.person_id
FROM treatment_case
JOIN site s ON s.site_id = treatment_case.site_id
JOIN person p ON p.site_code = s.site_code AND p.patient_reference = treatment_case.patient_reference');
EXEC('CREATE INDEX ix_treatment_case_person_id ON treatment_case (person_id)');

-- Cases (the subject level). Grain: one row a case.
-- pathway_case_id: the first case of the chain of preceding cases.
-- end_day, end_reason: the end of observation. therapy_end: how observation of the therapy ended: 'explanted', 'died', 'censored'; NULL while it goes on, and for untreated cases.
-- therapy_days: from time zero to therapy_end_day.
-- implant_standing: what became of a trial that succeeded: 'implanted', 'left', 'declined', 'awaiting'; NULL without such a trial.
-- case_class: what the case counts for, as one number, so that cases can be counted by it: a sum of powers of 2, from Registry.Domain/Analysis/CaseClass.
CREATE TABLE analysis_case (
  case_id INT NOT NULL PRIMARY KEY,
  known_from INT NOT NULL,
  site_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  case_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  patient_reference VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  person_id INT NOT NULL,
  is_only_case INT NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  indication VARCHAR(40) NOT NULL,
  sex VARCHAR(40) NOT NULL,
  pain_side VARCHAR(40) NULL,
  pain_duration_months INT NULL,
  is_primary INT NOT NULL,
  pathway_case_id INT NOT NULL,
  is_entered INT NOT NULL,
  is_treated INT NOT NULL,
  time_zero_day INT NULL,
  age_years INT NULL,
  trial_started_day INT NULL,
  trial_ended_day INT NULL,
  trial_outcome VARCHAR(40) NULL,
  implant_standing VARCHAR(40) NULL,
  treated_day INT NULL,
  explanted_day INT NULL,
  reimplanted_day INT NULL,
  permanent_explant_day INT NULL,
  crossover_day INT NULL,
  died_day INT NULL,
  withdrawn_day INT NULL,
  lost_day INT NULL,
  end_day INT NULL,
  end_reason VARCHAR(40) NULL,
  therapy_end VARCHAR(40) NULL,
  therapy_end_day INT NULL,
  therapy_days INT NULL,
  case_class INT NOT NULL
);

CREATE TABLE analysis_case_earlier (
  case_id INT NOT NULL,
  known_from INT NOT NULL,
  known_until INT NOT NULL,
  site_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  case_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  patient_reference VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  person_id INT NOT NULL,
  is_only_case INT NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  indication VARCHAR(40) NOT NULL,
  sex VARCHAR(40) NOT NULL,
  pain_side VARCHAR(40) NULL,
  pain_duration_months INT NULL,
  is_primary INT NOT NULL,
  pathway_case_id INT NOT NULL,
  is_entered INT NOT NULL,
  is_treated INT NOT NULL,
  time_zero_day INT NULL,
  age_years INT NULL,
  trial_started_day INT NULL,
  trial_ended_day INT NULL,
  trial_outcome VARCHAR(40) NULL,
  implant_standing VARCHAR(40) NULL,
  treated_day INT NULL,
  explanted_day INT NULL,
  reimplanted_day INT NULL,
  permanent_explant_day INT NULL,
  crossover_day INT NULL,
  died_day INT NULL,
  withdrawn_day INT NULL,
  lost_day INT NULL,
  end_day INT NULL,
  end_reason VARCHAR(40) NULL,
  therapy_end VARCHAR(40) NULL,
  therapy_end_day INT NULL,
  therapy_days INT NULL,
  case_class INT NOT NULL,
  PRIMARY KEY (case_id, known_from)
);

-- What a visit counts for in a response rate, as one number. Grain: one row a class. Filled from Registry.Domain/Analysis/ResponseClass.
CREATE TABLE response_class (
  response_class INT NOT NULL PRIMARY KEY,
  is_treated INT NOT NULL,
  is_evaluable INT NOT NULL,
  is_scored INT NOT NULL,
  relief_percent INT NULL,
  fell_two_points INT NOT NULL,
  is_worse INT NOT NULL,
  died_before INT NOT NULL,
  ended_before INT NOT NULL
);

-- Visits. Grain: one row a case that entered treatment and timepoint. A follow-up has no row for cut-offs at which it is
-- neither due (target_day) nor done, and none while a trial is undecided; a baseline has a row when it has a score that counts.
-- state: 'done', 'not-done', 'missed', 'censored', 'open' (due up to window_last_day, then overdue), and its reason. NULL at baseline.
-- nrs, pdi: the score, where it may be credited to the case; nrs_class, pdi_class: response_class; NULL at baseline.
CREATE TABLE analysis_visit (
  case_id INT NOT NULL,
  timepoint VARCHAR(40) NOT NULL,
  known_from INT NOT NULL,
  site_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  is_treated INT NOT NULL,
  target_day INT NULL,
  window_last_day INT NULL,
  state VARCHAR(40) NULL,
  reason VARCHAR(40) NULL,
  window_position VARCHAR(40) NULL,
  assessed_day INT NULL,
  nrs INT NULL,
  pdi INT NULL,
  baseline_nrs INT NULL,
  baseline_pdi INT NULL,
  nrs_class INT NULL,
  pdi_class INT NULL,
  PRIMARY KEY (case_id, timepoint)
);

CREATE TABLE analysis_visit_earlier (
  case_id INT NOT NULL,
  timepoint VARCHAR(40) NOT NULL,
  known_from INT NOT NULL,
  known_until INT NOT NULL,
  site_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  is_treated INT NOT NULL,
  target_day INT NULL,
  window_last_day INT NULL,
  state VARCHAR(40) NULL,
  reason VARCHAR(40) NULL,
  window_position VARCHAR(40) NULL,
  assessed_day INT NULL,
  nrs INT NULL,
  pdi INT NULL,
  baseline_nrs INT NULL,
  baseline_pdi INT NULL,
  nrs_class INT NULL,
  pdi_class INT NULL,
  PRIMARY KEY (case_id, timepoint, known_from)
);

-- The relief at each credited follow-up of a treated case with a baseline above 0, by date: relief_1 on day_1 is the first.
-- Relief in whole percent of baseline, rounded down; -1 is a worsening. NULL where there are no more. Grain: one row a case and instrument.
-- Holds for any cut-off: what is dated after it is not looked at.
CREATE TABLE analysis_response (
  case_id INT NOT NULL,
  instrument VARCHAR(40) NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  relief_1 INT NOT NULL, day_1 INT NOT NULL,
  relief_2 INT NULL, day_2 INT NULL,
  relief_3 INT NULL, day_3 INT NULL,
  relief_4 INT NULL, day_4 INT NULL,
  relief_5 INT NULL, day_5 INT NULL,
  relief_6 INT NULL, day_6 INT NULL,
  PRIMARY KEY (instrument, case_id)
);

-- Costs added up by unit: a case ('case'), a pathway of several cases ('pathway', under its first case), or a case that is its own
-- pathway ('both'). Grain: one row a unit, currency and price year with at least one cost. Costs without a date are known from day 0 on.
-- Amounts are in thousandths of the currency's major unit, 6 x 10^15 at most; NULL where there is no such cost.
-- operation ... other: the costs of each category. surgical_...: operation, device and anaesthesia; all_...: every category.
-- ..._bucket: 1000 x the number of digits + the three leading digits (filled up with 0), so that a higher bucket means a higher cost.
-- ..._square_e22, _e11, _e0: the square is square_e22 x 10^22 + square_e11 x 10^11 + square_e0, the last two below 10^11.
-- is_first_surgical, is_first: 1 in one row of each unit with a surgical cost, and with any, whatever its currencies and price years.
-- The rows lie in the order in which they are added up.
CREATE TABLE analysis_cost (
  unit_case_id INT NOT NULL,
  unit VARCHAR(40) NOT NULL,
  currency VARCHAR(3) NOT NULL,
  price_year INT NOT NULL,
  known_from INT NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  operation BIGINT NULL,
  device BIGINT NULL,
  anaesthesia BIGINT NULL,
  trial BIGINT NULL,
  hospital_stay BIGINT NULL,
  revision BIGINT NULL,
  explant BIGINT NULL,
  follow_up BIGINT NULL,
  medication BIGINT NULL,
  other BIGINT NULL,
  is_first_surgical INT NOT NULL,
  is_first INT NOT NULL,
  surgical_thousandths BIGINT NULL,
  surgical_bucket INT NULL,
  surgical_square_e22 BIGINT NULL,
  surgical_square_e11 BIGINT NULL,
  surgical_square_e0 BIGINT NULL,
  all_thousandths BIGINT NOT NULL,
  all_bucket INT NOT NULL,
  all_square_e22 BIGINT NOT NULL,
  all_square_e11 BIGINT NOT NULL,
  all_square_e0 BIGINT NOT NULL,
  PRIMARY KEY (procedure_code, currency, price_year, unit, unit_case_id)
);

CREATE TABLE analysis_cost_earlier (
  unit_case_id INT NOT NULL,
  unit VARCHAR(40) NOT NULL,
  currency VARCHAR(3) NOT NULL,
  price_year INT NOT NULL,
  known_from INT NOT NULL,
  known_until INT NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  operation BIGINT NULL,
  device BIGINT NULL,
  anaesthesia BIGINT NULL,
  trial BIGINT NULL,
  hospital_stay BIGINT NULL,
  revision BIGINT NULL,
  explant BIGINT NULL,
  follow_up BIGINT NULL,
  medication BIGINT NULL,
  other BIGINT NULL,
  is_first_surgical INT NOT NULL,
  is_first INT NOT NULL,
  surgical_thousandths BIGINT NULL,
  surgical_bucket INT NULL,
  surgical_square_e22 BIGINT NULL,
  surgical_square_e11 BIGINT NULL,
  surgical_square_e0 BIGINT NULL,
  all_thousandths BIGINT NOT NULL,
  all_bucket INT NOT NULL,
  all_square_e22 BIGINT NOT NULL,
  all_square_e11 BIGINT NOT NULL,
  all_square_e0 BIGINT NOT NULL,
  PRIMARY KEY (unit_case_id, unit, currency, price_year, known_from)
);

-- Stays in hospital. Grain: one row a case and stay. known_from: the day of discharge. is_first_of_case: the first stay of its case.
CREATE TABLE analysis_stay (
  case_id INT NOT NULL,
  stay_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  known_from INT NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  days INT NOT NULL,
  is_first_of_case INT NOT NULL,
  PRIMARY KEY (case_id, stay_code)
);

-- Adverse events. Grain: one row a case and adverse event. known_from: the day of its onset.
-- is_first_of_case, is_first_of_category: the first, by onset and then by code, of its case, and of its case and category.
CREATE TABLE analysis_adverse_event (
  case_id INT NOT NULL,
  adverse_event_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  known_from INT NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  category VARCHAR(40) NOT NULL,
  severity VARCHAR(40) NOT NULL,
  is_serious INT NOT NULL,
  is_first_of_case INT NOT NULL,
  is_first_of_category INT NOT NULL,
  PRIMARY KEY (case_id, adverse_event_code)
);

-- How often the rows of a site in each table have changed: as long as none of its tables has, a figure is what it was.
-- 'record' counts everything that was recorded. Grain: one row a site and table.
CREATE TABLE data_version (
  site_code VARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  table_name VARCHAR(40) NOT NULL,
  changes BIGINT NOT NULL,
  PRIMARY KEY (site_code, table_name)
);

INSERT INTO data_version (site_code, table_name, changes) SELECT site_code, 'record', COUNT(*) FROM resource_version GROUP BY site_code;

-- The number of each change within its site, from 1 and without gaps, in the order of recording.
ALTER TABLE resource_version ADD change_number INT NULL;
EXEC('UPDATE resource_version SET change_number = n.change_number
FROM resource_version
JOIN (
  SELECT
    site_code, case_code, kind, resource_code, version,
    ROW_NUMBER() OVER (PARTITION BY site_code ORDER BY recorded_at, case_code, kind, resource_code, version) AS change_number
  FROM resource_version
) n
  ON n.site_code = resource_version.site_code
  AND n.case_code = resource_version.case_code
  AND n.kind = resource_version.kind
  AND n.resource_code = resource_version.resource_code
  AND n.version = resource_version.version');
EXEC('CREATE UNIQUE INDEX ix_resource_version_change_number ON resource_version (site_code, change_number) WHERE change_number IS NOT NULL');

-- By which rules the analysis tables were derived. derived_person_id: the last person of a derivation that is under way; NULL
-- when it is complete. Grain: one row.
CREATE TABLE analysis_state (
  rules_version INT NOT NULL,
  derived_person_id INT NULL
);
INSERT INTO analysis_state (rules_version, derived_person_id) VALUES (0, NULL);
