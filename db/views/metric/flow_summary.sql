-- Question:   Which way did the cases of a series go, as in the flow chart of a paper?
-- Grain:      One row a procedure group, empty ones too.
-- Population: The cohort; events dated on or before the cut-off. patients: the patients of these cases, each once a site.
-- Numerator:  enrolled = not_started (neither trial nor treatment) + trialled (trial started) + implanted_without_trial
--             (no recorded start of a trial) + operated_first (lesioned, no preceding case) + operated_after_trial
--             (lesioned, with a preceding case: as a rule a trial or an implant).
--             trialled = trial_failed + trial_succeeded + trial_undecided (no end recorded).
--             trial_succeeded = implanted after it + left_before_implant (died, lost, withdrawn or crossed over) +
--             declined + awaiting_implant. No event says that an implant was declined: declined is alive, in sight, in
--             the registry, not crossed over, and without an implant more than 90 days after the successful trial, an
--             implant being due within weeks; awaiting_implant is the same up to 90 days.
--             implanted: with or without a trial. explanted: of those, permanently or not. reimplanted: implanted again
--             on or after the first explant. crossed_over: a later case of the patient has started.
--             died, lost, withdrawn: of all enrolled.
-- Missing:    An event that is not recorded did not happen.
-- Units:      Numbers of cases; patients: number of patients.
-- Source:     cohort, dated_event
CREATE VIEW flow_summary AS
WITH repeated AS (
  SELECT
    d.case_id,
    MAX(d.occurred_day) AS last_implant_day
  FROM dated_event d
  CROSS JOIN as_of a
  WHERE d.event_type = 'implanted' AND d.occurred_day <= a.last_data_day
  GROUP BY d.case_id
  HAVING COUNT(*) > 1
),
staged AS (
  SELECT
    c.procedure_code,
    c.is_entered,
    c.is_treated,
    c.preceding_case_id,
    c.explanted_day,
    c.permanent_explant_day,
    c.crossover_day,
    c.died_day,
    c.lost_day,
    c.withdrawn_day,
    CASE WHEN c.procedure_code IN ('scs', 'drg') THEN 1 ELSE 0 END AS is_stimulation,
    CASE WHEN c.trial_started_day IS NOT NULL THEN 1 ELSE 0 END AS is_trialled,
    CASE
      WHEN c.trial_started_day IS NULL THEN 'none'
      WHEN c.trial_succeeded_day IS NOT NULL THEN 'succeeded'
      WHEN c.trial_ended_day IS NOT NULL THEN 'failed'
      ELSE 'undecided'
    END AS trial,
    CASE
      WHEN c.is_treated = 1 THEN 'treated'
      WHEN COALESCE(c.died_day, c.lost_day, c.withdrawn_day, c.crossover_day) IS NOT NULL THEN 'left'
      WHEN c.trial_succeeded_day < a.as_of_day - 90 THEN 'declined'
      ELSE 'waiting'
    END AS standing,
    CASE WHEN r.last_implant_day >= c.explanted_day THEN 1 ELSE 0 END AS is_reimplanted
  FROM cohort c
  CROSS JOIN as_of a
  LEFT JOIN repeated r ON r.case_id = c.case_id
),
counted AS (
  SELECT
    g.procedure_group,
    COUNT(*) AS enrolled,
    SUM(1 - s.is_entered) AS not_started,
    SUM(s.is_trialled) AS trialled,
    SUM(CASE WHEN s.trial = 'failed' THEN 1 ELSE 0 END) AS trial_failed,
    SUM(CASE WHEN s.trial = 'succeeded' THEN 1 ELSE 0 END) AS trial_succeeded,
    SUM(CASE WHEN s.trial = 'undecided' THEN 1 ELSE 0 END) AS trial_undecided,
    SUM(CASE WHEN s.trial = 'succeeded' AND s.standing = 'left' THEN 1 ELSE 0 END) AS left_before_implant,
    SUM(CASE WHEN s.trial = 'succeeded' AND s.standing = 'declined' THEN 1 ELSE 0 END) AS declined,
    SUM(CASE WHEN s.trial = 'succeeded' AND s.standing = 'waiting' THEN 1 ELSE 0 END) AS awaiting_implant,
    SUM(s.is_stimulation * s.is_treated) AS implanted,
    SUM(s.is_stimulation * s.is_treated * (1 - s.is_trialled)) AS implanted_without_trial,
    SUM(CASE WHEN s.is_treated = 1 AND s.explanted_day IS NOT NULL THEN 1 ELSE 0 END) AS explanted,
    SUM(CASE WHEN s.is_treated = 1 AND s.permanent_explant_day IS NOT NULL THEN 1 ELSE 0 END) AS permanently_explanted,
    SUM(s.is_reimplanted) AS reimplanted,
    SUM(CASE WHEN s.crossover_day IS NOT NULL THEN 1 ELSE 0 END) AS crossed_over,
    SUM(CASE WHEN s.is_stimulation = 0 AND s.is_treated = 1 AND s.preceding_case_id IS NULL THEN 1 ELSE 0 END) AS operated_first,
    SUM(CASE WHEN s.is_stimulation = 0 AND s.is_treated = 1 AND s.preceding_case_id IS NOT NULL THEN 1 ELSE 0 END) AS operated_after_trial,
    SUM(CASE WHEN s.died_day IS NOT NULL THEN 1 ELSE 0 END) AS died,
    SUM(CASE WHEN s.lost_day IS NOT NULL THEN 1 ELSE 0 END) AS lost,
    SUM(CASE WHEN s.withdrawn_day IS NOT NULL THEN 1 ELSE 0 END) AS withdrawn
  FROM staged s
  JOIN procedure_group g ON g.procedure_code = s.procedure_code
  GROUP BY g.procedure_group
),
people AS (
  SELECT
    p.procedure_group,
    COUNT(*) AS patients
  FROM (
    SELECT DISTINCT g.procedure_group, c.site_code, c.patient_reference
    FROM cohort c
    JOIN procedure_group g ON g.procedure_code = c.procedure_code
  ) p
  GROUP BY p.procedure_group
)
SELECT
  g.procedure_group,
  COALESCE(p.patients, 0) AS patients,
  COALESCE(n.enrolled, 0) AS enrolled,
  COALESCE(n.not_started, 0) AS not_started,
  COALESCE(n.trialled, 0) AS trialled,
  COALESCE(n.trial_failed, 0) AS trial_failed,
  COALESCE(n.trial_succeeded, 0) AS trial_succeeded,
  COALESCE(n.trial_undecided, 0) AS trial_undecided,
  COALESCE(n.left_before_implant, 0) AS left_before_implant,
  COALESCE(n.declined, 0) AS declined,
  COALESCE(n.awaiting_implant, 0) AS awaiting_implant,
  COALESCE(n.implanted, 0) AS implanted,
  COALESCE(n.implanted_without_trial, 0) AS implanted_without_trial,
  COALESCE(n.explanted, 0) AS explanted,
  COALESCE(n.permanently_explanted, 0) AS permanently_explanted,
  COALESCE(n.reimplanted, 0) AS reimplanted,
  COALESCE(n.crossed_over, 0) AS crossed_over,
  COALESCE(n.operated_first, 0) AS operated_first,
  COALESCE(n.operated_after_trial, 0) AS operated_after_trial,
  COALESCE(n.died, 0) AS died,
  COALESCE(n.lost, 0) AS lost,
  COALESCE(n.withdrawn, 0) AS withdrawn
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
LEFT JOIN counted n ON n.procedure_group = g.procedure_group
LEFT JOIN people p ON p.procedure_group = g.procedure_group
