-- Question:   How many trials succeed, how many lead to an implant, and how many implants are taken out for good?
-- Grain:      One row a procedure group, empty ones too. DREZ and cordotomy have no trials.
-- Population: The cohort; events dated on or before the cut-off.
-- Numerator:  succeeded; implanted_after_trial; explanted: implanted cases with a permanent explant. A temporary explant that
--             led to a re-implant within 180 days is none.
-- Denominator: ended; started; implanted (cases with an implant, with or without a recorded trial).
-- Missing:    An event that is not recorded did not happen.
-- Units:      Numbers of cases.
-- Source:     case_count
CREATE VIEW trial_summary AS
WITH counted AS (
  SELECT
    g.procedure_group,
    SUM(c.is_trialled * c.cases) AS started,
    SUM(c.is_trial_ended * c.cases) AS ended,
    SUM(c.is_trial_succeeded * c.cases) AS succeeded,
    SUM(CASE WHEN c.procedure_code IN ('scs', 'drg') THEN c.is_treated * c.cases ELSE 0 END) AS implanted,
    SUM(c.is_trialled * c.is_treated * c.cases) AS implanted_after_trial,
    SUM(c.is_permanently_explanted * c.is_treated * c.cases) AS explanted
  FROM case_count c
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
