-- Question:   Which cases does a figure look at, and what is known of each at the cut-off?
-- Grain:      One row a case.
-- Population: Every case here. The HTTP interface narrows it by its filters, each a condition on these columns.
-- Missing:    A day is NULL where the event did not happen by the cut-off. age_years is NULL without a time zero.
-- Units:      Day number: days since 0001-01-01. Age in whole years at time zero, from the year of birth. Flags are 0 or 1.
-- Source:     analysis_case, derived in Registry.Domain/Analysis
CREATE VIEW cohort AS
SELECT
  c.case_id,
  c.site_code,
  c.case_code,
  c.person_id,
  c.is_only_case,
  c.procedure_code,
  c.indication,
  c.sex,
  c.pain_side,
  c.pain_duration_months,
  c.is_primary,
  c.pathway_case_id,
  c.is_entered,
  c.is_treated,
  c.time_zero_day,
  c.age_years,
  c.trial_started_day,
  c.trial_ended_day,
  c.trial_outcome,
  c.implant_standing,
  c.treated_day,
  c.explanted_day,
  c.reimplanted_day,
  c.permanent_explant_day,
  c.crossover_day,
  c.died_day,
  c.withdrawn_day,
  c.lost_day,
  c.end_day,
  c.end_reason,
  c.therapy_end,
  c.therapy_end_day,
  c.therapy_days,
  c.case_class,
  c.pain_level_bits,
  c.lead,
  c.generator,
  c.generator_replaced_day,
  c.explant_reason,
  c.baseline_nrs,
  c.baseline_pdi
FROM analysis_case c
-- The case number, which no index holds, keeps SQLite to the table, where the cases lie in order: so they are looked up faster.
WHERE c.case_code <> '' AND +c.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cohort] AND {conditions}
UNION ALL
SELECT
  c.case_id,
  c.site_code,
  c.case_code,
  c.person_id,
  c.is_only_case,
  c.procedure_code,
  c.indication,
  c.sex,
  c.pain_side,
  c.pain_duration_months,
  c.is_primary,
  c.pathway_case_id,
  c.is_entered,
  c.is_treated,
  c.time_zero_day,
  c.age_years,
  c.trial_started_day,
  c.trial_ended_day,
  c.trial_outcome,
  c.implant_standing,
  c.treated_day,
  c.explanted_day,
  c.reimplanted_day,
  c.permanent_explant_day,
  c.crossover_day,
  c.died_day,
  c.withdrawn_day,
  c.lost_day,
  c.end_day,
  c.end_reason,
  c.therapy_end,
  c.therapy_end_day,
  c.therapy_days,
  c.case_class,
  c.pain_level_bits,
  c.lead,
  c.generator,
  c.generator_replaced_day,
  c.explant_reason,
  c.baseline_nrs,
  c.baseline_pdi
FROM analysis_case_earlier c
WHERE c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cohort] AND {conditions}
