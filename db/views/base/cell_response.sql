-- Question:   What does each cell of scores count for, at each threshold and in each analysis set?
-- Grain:      One row a score_cell of a follow-up, threshold and analysis set it belongs to: the treated sets hold only
--             the treated.
-- Window:     Due when time zero + target day is on or before the cut-off.
-- Numerator:  responded: treated, score credited, 100 x (baseline - score) >= threshold x baseline, in whole numbers.
-- Denominator: counts and is_evaluable. counts: observed: scored while the therapy was in place; the other sets: due.
--             is_evaluable: baseline above 0.
-- Missing:    A score that is missing is no response. Flags are 0 or 1, never NULL.
-- Units:      cases: number of cases.
-- Source:     score_cell. IMMPACT (Dworkin 2008), Farrar 2001
CREATE VIEW cell_response AS
SELECT
  c.procedure_code,
  c.timepoint,
  c.timepoint_order,
  c.instrument,
  h.threshold_percent,
  s.analysis_set,
  c.cases,
  c.is_due,
  c.is_treated,
  c.is_observed,
  c.died_before,
  c.ended_before,
  c.baseline,
  c.score,
  CASE WHEN c.baseline > 0 THEN 1 ELSE 0 END AS is_evaluable,
  CASE WHEN c.is_treated = 1 AND c.baseline > 0 AND 100 * (c.baseline - c.score) >= h.threshold_percent * c.baseline THEN 1 ELSE 0 END AS responded,
  CASE WHEN s.analysis_set = 'observed' THEN c.is_observed ELSE c.is_due END AS counts
FROM score_cell c
CROSS JOIN response_threshold h
CROSS JOIN analysis_set s
WHERE c.timepoint <> 'baseline' AND (c.is_treated = 1 OR s.analysis_set = 'intention-to-treat')
