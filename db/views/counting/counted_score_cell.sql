-- Question:   How many cases share the same baseline, score and standing, told from what is counted already?
-- Grain:      None: what score_cell tells in one row stands here in one or more, some with cases below 0, and their sum is
--             the same: what is counted, without the stale cases as they were counted, and with them as they are.
-- Population: Every case that entered treatment.
-- Missing:    As in case_score.
-- Units:      As in score_cell.
-- Source:     score_tally, counted_score, case_score, stale_case
CREATE VIEW counted_score_cell AS
SELECT
  t.procedure_code,
  t.timepoint,
  t.timepoint_order,
  t.instrument,
  t.is_treated,
  t.is_due,
  t.is_observed,
  t.died_before,
  t.ended_before,
  t.baseline,
  t.score,
  t.cases
FROM score_tally t
UNION ALL
SELECT
  k.procedure_code,
  k.timepoint,
  k.timepoint_order,
  k.instrument,
  k.is_treated,
  k.is_due,
  k.is_observed,
  k.died_before,
  k.ended_before,
  k.baseline,
  k.score,
  -1
FROM counted_score k
WHERE k.case_id IN (SELECT case_id FROM stale_case)
UNION ALL
SELECT
  n.procedure_code,
  n.timepoint,
  n.timepoint_order,
  n.instrument,
  n.is_treated,
  n.is_due,
  n.is_observed,
  n.died_before,
  n.ended_before,
  n.baseline,
  n.score,
  1
FROM case_score n
WHERE n.case_id IN (SELECT case_id FROM stale_case)
