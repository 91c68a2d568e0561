-- Question:   How many trials succeed, how many lead to an implant, and how many implants are taken out?
-- Grain:      One row a procedure group, empty ones too. DREZ and cordotomy have no trials.
-- Population: The cohort; events dated on or before the cut-off.
-- Numerator:  succeeded; implanted_after_trial; explanted (cases with an explant, permanent or not).
-- Denominator: ended; started; implanted (cases with an implant, with or without a recorded trial).
-- Missing:    An event that is not recorded did not happen.
-- Units:      Numbers of cases.
-- Source:     cohort
CREATE VIEW trial_summary AS
WITH counted AS (
  SELECT
    g.procedure_group,
    SUM(CASE WHEN c.trial_started_day IS NOT NULL THEN 1 ELSE 0 END) AS started,
    SUM(CASE WHEN c.trial_ended_day IS NOT NULL THEN 1 ELSE 0 END) AS ended,
    SUM(CASE WHEN c.trial_succeeded_day IS NOT NULL THEN 1 ELSE 0 END) AS succeeded,
    SUM(CASE WHEN c.procedure_code IN ('scs', 'drg') THEN c.is_treated ELSE 0 END) AS implanted,
    SUM(CASE WHEN c.trial_started_day IS NOT NULL THEN c.is_treated ELSE 0 END) AS implanted_after_trial,
    SUM(CASE WHEN c.explanted_day IS NOT NULL AND c.is_treated = 1 THEN 1 ELSE 0 END) AS explanted
  FROM cohort c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  GROUP BY g.procedure_group
)
SELECT
  g.procedure_group,
  COALESCE(n.started, 0) AS started,
  COALESCE(n.ended, 0) AS ended,
  COALESCE(n.succeeded, 0) AS succeeded,
  COALESCE(n.implanted, 0) AS implanted,
  COALESCE(n.implanted_after_trial, 0) AS implanted_after_trial,
  COALESCE(n.explanted, 0) AS explanted
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
LEFT JOIN counted n ON n.procedure_group = g.procedure_group
