-- Question:   Which cases does a figure look at?
-- Grain:      One row a case.
-- Population: Every case here. The HTTP interface narrows it by its filters, each a condition on these columns.
-- Units:      As in case_course.
-- Source:     case_course
CREATE VIEW cohort AS
SELECT
  case_id,
  site_code,
  case_code,
  patient_reference,
  procedure_code,
  indication,
  sex,
  pain_side,
  pain_duration_months,
  preceding_case_id,
  trial_started_day,
  trial_ended_day,
  trial_succeeded_day,
  treated_day,
  explanted_day,
  permanent_explant_day,
  crossover_day,
  died_day,
  lost_day,
  withdrawn_day,
  time_zero_day,
  age_years,
  is_entered,
  is_treated,
  credit_end_day
FROM case_course
