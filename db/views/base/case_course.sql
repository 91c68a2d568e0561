-- Question:   How far did each case come, by the cut-off?
-- Grain:      One row a case.
-- Population: Every case, with the events dated on or before the cut-off.
-- Window:     credit_end_day is the last day whose scores count for this case: the permanent explant, the day the
--             patient crossed over to a later case, or death, whichever comes first; that day itself still counts.
-- Missing:    A day is NULL where the event is not recorded; flags are 0 or 1, never NULL. age_years is NULL without
--             a time zero.
-- Units:      Day number: days since 0001-01-01. Age in whole years at time zero, from the year of birth.
-- Source:     treatment_case, case_follower, dated_event; time zero as in Registry.Domain, CaseChart.TimeZero
CREATE VIEW case_course AS
SELECT
  c.case_id,
  s.site_code,
  c.case_code,
  c.patient_reference,
  c.procedure_code,
  c.indication,
  c.sex,
  c.pain_side,
  c.pain_duration_months,
  c.preceding_case_id,
  e.trial_started_day,
  e.trial_ended_day,
  e.trial_succeeded_day,
  e.treated_day,
  e.explanted_day,
  e.permanent_explant_day,
  x.crossover_day,
  e.died_day,
  e.lost_day,
  e.withdrawn_day,
  COALESCE(e.treated_day, e.trial_started_day) AS time_zero_day,
  COALESCE(e.treated_year, e.trial_started_year) - c.birth_year AS age_years,
  CASE WHEN e.trial_started_day IS NOT NULL OR e.treated_day IS NOT NULL THEN 1 ELSE 0 END AS is_entered,
  CASE WHEN e.treated_day IS NOT NULL THEN 1 ELSE 0 END AS is_treated,
  CASE
    WHEN e.permanent_explant_day <= COALESCE(x.crossover_day, e.permanent_explant_day)
      AND e.permanent_explant_day <= COALESCE(e.died_day, e.permanent_explant_day) THEN e.permanent_explant_day
    WHEN x.crossover_day <= COALESCE(e.died_day, x.crossover_day) THEN x.crossover_day
    ELSE e.died_day
  END AS credit_end_day
FROM treatment_case c
JOIN site s ON s.site_id = c.site_id
LEFT JOIN (
  SELECT
    d.case_id,
    MIN(CASE WHEN d.event_type = 'trial-started' THEN d.occurred_day END) AS trial_started_day,
    MIN(CASE WHEN d.event_type = 'trial-started' THEN d.occurred_year END) AS trial_started_year,
    MIN(CASE WHEN d.event_type = 'trial-ended' THEN d.occurred_day END) AS trial_ended_day,
    MIN(CASE WHEN d.event_type = 'trial-ended' AND d.outcome = 'succeeded' THEN d.occurred_day END) AS trial_succeeded_day,
    MIN(CASE WHEN d.event_type IN ('implanted', 'lesioned') THEN d.occurred_day END) AS treated_day,
    MIN(CASE WHEN d.event_type IN ('implanted', 'lesioned') THEN d.occurred_year END) AS treated_year,
    MIN(CASE WHEN d.event_type = 'explanted' THEN d.occurred_day END) AS explanted_day,
    MIN(CASE WHEN d.event_type = 'explanted' AND d.is_permanent = 1 THEN d.occurred_day END) AS permanent_explant_day,
    MIN(CASE WHEN d.event_type = 'died' THEN d.occurred_day END) AS died_day,
    MIN(CASE WHEN d.event_type = 'lost-to-follow-up' THEN d.occurred_day END) AS lost_day,
    MIN(CASE WHEN d.event_type = 'withdrawn' THEN d.occurred_day END) AS withdrawn_day
  FROM dated_event d
  CROSS JOIN as_of a
  WHERE d.occurred_day <= a.last_data_day
  GROUP BY d.case_id
) e ON e.case_id = c.case_id
LEFT JOIN (
  SELECT
    later.preceding_case_id,
    MIN(d.occurred_day) AS crossover_day
  FROM case_follower later
  JOIN dated_event d ON d.case_id = later.case_id
  CROSS JOIN as_of a
  WHERE later.preceding_case_id IS NOT NULL
    AND d.event_type IN ('trial-started', 'implanted', 'lesioned')
    AND d.occurred_day <= a.last_data_day
  GROUP BY later.preceding_case_id
) x ON x.preceding_case_id = c.case_id
