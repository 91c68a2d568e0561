-- The analysis tables, for SQLite: what every case, visit, cost, stay and adverse event comes to, derived from the records by
-- Registry.Domain/Analysis and written in the same transaction. They hold day numbers (days since 0001-01-01) and codes, never
-- "today". A row of analysis_... holds for every data cut-off from known_from on; the row of the same key in analysis_..._earlier
-- holds for the cut-offs from known_from up to the day before known_until. So at any cut-off a key has one row at most.

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
  person_id INTEGER NOT NULL PRIMARY KEY,
  site_code TEXT NOT NULL,
  patient_reference TEXT NOT NULL,
  stamp INTEGER NOT NULL,
  last_dated_day INTEGER NULL,
  UNIQUE (site_code, patient_reference)
);
CREATE INDEX ix_person_last_dated_day ON person (last_dated_day);
INSERT INTO person (site_code, patient_reference, stamp)
SELECT s.site_code, c.patient_reference, MIN(c.case_id)
FROM treatment_case c
JOIN site s ON s.site_id = c.site_id
GROUP BY s.site_code, c.patient_reference;
ALTER TABLE treatment_case ADD COLUMN person_id INTEGER NULL REFERENCES person (person_id);
UPDATE treatment_case SET person_id = (
  SELECT p.person_id
  FROM person p
  JOIN site s ON s.site_code = p.site_code
  WHERE s.site_id = treatment_case.site_id AND p.patient_reference = treatment_case.patient_reference
);
CREATE INDEX ix_treatment_case_person_id ON treatment_case (person_id);

-- Cases (the subject level). Grain: one row a case.
-- pathway_case_id: the first case of the chain of preceding cases.
-- end_day, end_reason: the end of observation. therapy_end: how observation of the therapy ended: 'explanted', 'died', 'censored'; NULL while it goes on, and for untreated cases.
-- therapy_days: from time zero to therapy_end_day.
-- implant_standing: what became of a trial that succeeded: 'implanted', 'left', 'declined', 'awaiting'; NULL without such a trial.
-- case_class: what the case counts for, as one number, so that cases can be counted by it: a sum of powers of 2, from Registry.Domain/Analysis/CaseClass.
CREATE TABLE analysis_case (
  case_id INTEGER NOT NULL PRIMARY KEY,
  known_from INTEGER NOT NULL,
  site_code TEXT NOT NULL,
  case_code TEXT NOT NULL,
  patient_reference TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  is_only_case INTEGER NOT NULL,
  procedure_code TEXT NOT NULL,
  indication TEXT NOT NULL,
  sex TEXT NOT NULL,
  pain_side TEXT NULL,
  pain_duration_months INTEGER NULL,
  is_primary INTEGER NOT NULL,
  pathway_case_id INTEGER NOT NULL,
  is_entered INTEGER NOT NULL,
  is_treated INTEGER NOT NULL,
  time_zero_day INTEGER NULL,
  age_years INTEGER NULL,
  trial_started_day INTEGER NULL,
  trial_ended_day INTEGER NULL,
  trial_outcome TEXT NULL,
  implant_standing TEXT NULL,
  treated_day INTEGER NULL,
  explanted_day INTEGER NULL,
  reimplanted_day INTEGER NULL,
  permanent_explant_day INTEGER NULL,
  crossover_day INTEGER NULL,
  died_day INTEGER NULL,
  withdrawn_day INTEGER NULL,
  lost_day INTEGER NULL,
  end_day INTEGER NULL,
  end_reason TEXT NULL,
  therapy_end TEXT NULL,
  therapy_end_day INTEGER NULL,
  therapy_days INTEGER NULL,
  case_class INTEGER NOT NULL
);

CREATE TABLE analysis_case_earlier (
  case_id INTEGER NOT NULL,
  known_from INTEGER NOT NULL,
  known_until INTEGER NOT NULL,
  site_code TEXT NOT NULL,
  case_code TEXT NOT NULL,
  patient_reference TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  is_only_case INTEGER NOT NULL,
  procedure_code TEXT NOT NULL,
  indication TEXT NOT NULL,
  sex TEXT NOT NULL,
  pain_side TEXT NULL,
  pain_duration_months INTEGER NULL,
  is_primary INTEGER NOT NULL,
  pathway_case_id INTEGER NOT NULL,
  is_entered INTEGER NOT NULL,
  is_treated INTEGER NOT NULL,
  time_zero_day INTEGER NULL,
  age_years INTEGER NULL,
  trial_started_day INTEGER NULL,
  trial_ended_day INTEGER NULL,
  trial_outcome TEXT NULL,
  implant_standing TEXT NULL,
  treated_day INTEGER NULL,
  explanted_day INTEGER NULL,
  reimplanted_day INTEGER NULL,
  permanent_explant_day INTEGER NULL,
  crossover_day INTEGER NULL,
  died_day INTEGER NULL,
  withdrawn_day INTEGER NULL,
  lost_day INTEGER NULL,
  end_day INTEGER NULL,
  end_reason TEXT NULL,
  therapy_end TEXT NULL,
  therapy_end_day INTEGER NULL,
  therapy_days INTEGER NULL,
  case_class INTEGER NOT NULL,
  PRIMARY KEY (case_id, known_from)
) WITHOUT ROWID;

-- What a visit counts for in a response rate, as one number. Grain: one row a class. Filled from Registry.Domain/Analysis/ResponseClass.
CREATE TABLE response_class (
  response_class INTEGER NOT NULL PRIMARY KEY,
  is_treated INTEGER NOT NULL,
  is_evaluable INTEGER NOT NULL,
  is_scored INTEGER NOT NULL,
  relief_percent INTEGER NULL,
  fell_two_points INTEGER NOT NULL,
  is_worse INTEGER NOT NULL,
  died_before INTEGER NOT NULL,
  ended_before INTEGER NOT NULL
);

-- Visits. Grain: one row a case that entered treatment and timepoint. A follow-up has no row for cut-offs at which it is
-- neither due (target_day) nor done, and none while a trial is undecided; a baseline has a row when it has a score that counts.
-- state: 'done', 'not-done', 'missed', 'censored', 'open' (due up to window_last_day, then overdue), and its reason. NULL at baseline.
-- nrs, pdi: the score, where it may be credited to the case; nrs_class, pdi_class: response_class; NULL at baseline.
CREATE TABLE analysis_visit (
  case_id INTEGER NOT NULL,
  timepoint TEXT NOT NULL,
  known_from INTEGER NOT NULL,
  site_code TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  is_treated INTEGER NOT NULL,
  target_day INTEGER NULL,
  window_last_day INTEGER NULL,
  state TEXT NULL,
  reason TEXT NULL,
  window_position TEXT NULL,
  assessed_day INTEGER NULL,
  nrs INTEGER NULL,
  pdi INTEGER NULL,
  baseline_nrs INTEGER NULL,
  baseline_pdi INTEGER NULL,
  nrs_class INTEGER NULL,
  pdi_class INTEGER NULL,
  PRIMARY KEY (case_id, timepoint)
) WITHOUT ROWID;

CREATE TABLE analysis_visit_earlier (
  case_id INTEGER NOT NULL,
  timepoint TEXT NOT NULL,
  known_from INTEGER NOT NULL,
  known_until INTEGER NOT NULL,
  site_code TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  is_treated INTEGER NOT NULL,
  target_day INTEGER NULL,
  window_last_day INTEGER NULL,
  state TEXT NULL,
  reason TEXT NULL,
  window_position TEXT NULL,
  assessed_day INTEGER NULL,
  nrs INTEGER NULL,
  pdi INTEGER NULL,
  baseline_nrs INTEGER NULL,
  baseline_pdi INTEGER NULL,
  nrs_class INTEGER NULL,
  pdi_class INTEGER NULL,
  PRIMARY KEY (case_id, timepoint, known_from)
) WITHOUT ROWID;

-- The relief at each credited follow-up of a treated case with a baseline above 0, by date: relief_1 on day_1 is the first.
-- Relief in whole percent of baseline, rounded down; -1 is a worsening. NULL where there are no more. Grain: one row a case and instrument.
-- Holds for any cut-off: what is dated after it is not looked at.
CREATE TABLE analysis_response (
  case_id INTEGER NOT NULL,
  instrument TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  relief_1 INTEGER NOT NULL, day_1 INTEGER NOT NULL,
  relief_2 INTEGER NULL, day_2 INTEGER NULL,
  relief_3 INTEGER NULL, day_3 INTEGER NULL,
  relief_4 INTEGER NULL, day_4 INTEGER NULL,
  relief_5 INTEGER NULL, day_5 INTEGER NULL,
  relief_6 INTEGER NULL, day_6 INTEGER NULL,
  PRIMARY KEY (instrument, case_id)
) WITHOUT ROWID;

-- Costs added up by unit: a case ('case'), a pathway of several cases ('pathway', under its first case), or a case that is its own
-- pathway ('both'). Grain: one row a unit, currency and price year with at least one cost. Costs without a date are known from day 0 on.
-- Amounts are in thousandths of the currency's major unit, 6 x 10^15 at most; NULL where there is no such cost.
-- operation ... other: the costs of each category. surgical_...: operation, device and anaesthesia; all_...: every category.
-- ..._bucket: 1000 x the number of digits + the three leading digits (filled up with 0), so that a higher bucket means a higher cost.
-- ..._square_e22, _e11, _e0: the square is square_e22 x 10^22 + square_e11 x 10^11 + square_e0, the last two below 10^11.
-- is_first_surgical, is_first: 1 in one row of each unit with a surgical cost, and with any, whatever its currencies and price years.
-- The rows lie in the order in which they are added up.
CREATE TABLE analysis_cost (
  unit_case_id INTEGER NOT NULL,
  unit TEXT NOT NULL,
  currency TEXT NOT NULL,
  price_year INTEGER NOT NULL,
  known_from INTEGER NOT NULL,
  procedure_code TEXT NOT NULL,
  operation INTEGER NULL,
  device INTEGER NULL,
  anaesthesia INTEGER NULL,
  trial INTEGER NULL,
  hospital_stay INTEGER NULL,
  revision INTEGER NULL,
  explant INTEGER NULL,
  follow_up INTEGER NULL,
  medication INTEGER NULL,
  other INTEGER NULL,
  is_first_surgical INTEGER NOT NULL,
  is_first INTEGER NOT NULL,
  surgical_thousandths INTEGER NULL,
  surgical_bucket INTEGER NULL,
  surgical_square_e22 INTEGER NULL,
  surgical_square_e11 INTEGER NULL,
  surgical_square_e0 INTEGER NULL,
  all_thousandths INTEGER NOT NULL,
  all_bucket INTEGER NOT NULL,
  all_square_e22 INTEGER NOT NULL,
  all_square_e11 INTEGER NOT NULL,
  all_square_e0 INTEGER NOT NULL,
  PRIMARY KEY (procedure_code, currency, price_year, unit, unit_case_id)
) WITHOUT ROWID;

CREATE TABLE analysis_cost_earlier (
  unit_case_id INTEGER NOT NULL,
  unit TEXT NOT NULL,
  currency TEXT NOT NULL,
  price_year INTEGER NOT NULL,
  known_from INTEGER NOT NULL,
  known_until INTEGER NOT NULL,
  procedure_code TEXT NOT NULL,
  operation INTEGER NULL,
  device INTEGER NULL,
  anaesthesia INTEGER NULL,
  trial INTEGER NULL,
  hospital_stay INTEGER NULL,
  revision INTEGER NULL,
  explant INTEGER NULL,
  follow_up INTEGER NULL,
  medication INTEGER NULL,
  other INTEGER NULL,
  is_first_surgical INTEGER NOT NULL,
  is_first INTEGER NOT NULL,
  surgical_thousandths INTEGER NULL,
  surgical_bucket INTEGER NULL,
  surgical_square_e22 INTEGER NULL,
  surgical_square_e11 INTEGER NULL,
  surgical_square_e0 INTEGER NULL,
  all_thousandths INTEGER NOT NULL,
  all_bucket INTEGER NOT NULL,
  all_square_e22 INTEGER NOT NULL,
  all_square_e11 INTEGER NOT NULL,
  all_square_e0 INTEGER NOT NULL,
  PRIMARY KEY (unit_case_id, unit, currency, price_year, known_from)
) WITHOUT ROWID;

-- Stays in hospital. Grain: one row a case and stay. known_from: the day of discharge. is_first_of_case: the first stay of its case.
CREATE TABLE analysis_stay (
  case_id INTEGER NOT NULL,
  stay_code TEXT NOT NULL,
  known_from INTEGER NOT NULL,
  procedure_code TEXT NOT NULL,
  days INTEGER NOT NULL,
  is_first_of_case INTEGER NOT NULL,
  PRIMARY KEY (case_id, stay_code)
) WITHOUT ROWID;

-- Adverse events. Grain: one row a case and adverse event. known_from: the day of its onset.
-- is_first_of_case, is_first_of_category: the first, by onset and then by code, of its case, and of its case and category.
CREATE TABLE analysis_adverse_event (
  case_id INTEGER NOT NULL,
  adverse_event_code TEXT NOT NULL,
  known_from INTEGER NOT NULL,
  procedure_code TEXT NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  is_serious INTEGER NOT NULL,
  is_first_of_case INTEGER NOT NULL,
  is_first_of_category INTEGER NOT NULL,
  PRIMARY KEY (case_id, adverse_event_code)
) WITHOUT ROWID;

-- How often the rows of a site in each table have changed: as long as none of its tables has, a figure is what it was.
-- 'record' counts everything that was recorded. Grain: one row a site and table.
CREATE TABLE data_version (
  site_code TEXT NOT NULL,
  table_name TEXT NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (site_code, table_name)
) WITHOUT ROWID;

INSERT INTO data_version (site_code, table_name, changes) SELECT site_code, 'record', COUNT(*) FROM resource_version GROUP BY site_code;

-- The number of each change within its site, from 1 and without gaps, in the order of recording.
ALTER TABLE resource_version ADD COLUMN change_number INTEGER NULL;
UPDATE resource_version SET change_number = n.change_number
FROM (
  SELECT
    site_code, case_code, kind, resource_code, version,
    ROW_NUMBER() OVER (PARTITION BY site_code ORDER BY recorded_at, case_code, kind, resource_code, version) AS change_number
  FROM resource_version
) n
WHERE n.site_code = resource_version.site_code
  AND n.case_code = resource_version.case_code
  AND n.kind = resource_version.kind
  AND n.resource_code = resource_version.resource_code
  AND n.version = resource_version.version;
CREATE UNIQUE INDEX ix_resource_version_change_number ON resource_version (site_code, change_number);

-- By which rules the analysis tables were derived. derived_person_id: the last person of a derivation that is under way; NULL
-- when it is complete. Grain: one row.
CREATE TABLE analysis_state (
  rules_version INTEGER NOT NULL,
  derived_person_id INTEGER NULL
);
INSERT INTO analysis_state (rules_version, derived_person_id) VALUES (0, NULL);
