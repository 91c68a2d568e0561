-- Question:   Is each cell of scores a response, at each threshold?
-- Grain:      One row a score_cell of a follow-up, and threshold.
-- Numerator:  responded: treated, score credited, 100 x (baseline - score) >= threshold x baseline, in whole numbers.
--             is_noticeable: the same with a fall of 2 points or more. is_worse: the score is above the baseline.
-- Denominator: is_evaluable: baseline above 0.
-- Missing:    A score that is missing is no response, and is_scored is 0. Flags are 0 or 1, never NULL.
-- Units:      cases: number of cases.
-- Source:     score_cell. IMMPACT (Dworkin 2008), Farrar 2001
CREATE VIEW cell_response AS
SELECT
  c.procedure_code,
  c.timepoint,
  c.timepoint_order,
  c.instrument,
  h.threshold_percent,
  c.cases,
  c.is_due,
  c.is_treated,
  c.is_observed,
  c.died_before,
  c.ended_before,
  c.baseline,
  c.score,
  CASE WHEN c.score IS NULL THEN 0 ELSE 1 END AS is_scored,
  CASE WHEN c.baseline > 0 THEN 1 ELSE 0 END AS is_evaluable,
  CASE WHEN c.is_treated = 1 AND c.baseline > 0 AND 100 * (c.baseline - c.score) >= h.threshold_percent * c.baseline THEN 1 ELSE 0 END AS responded,
  CASE WHEN c.is_treated = 1 AND c.baseline - c.score >= 2 THEN 1 ELSE 0 END AS is_noticeable,
  CASE WHEN c.score > c.baseline THEN 1 ELSE 0 END AS is_worse
FROM score_cell c
CROSS JOIN response_threshold h
WHERE c.timepoint <> 'baseline'
