-- Question:   How many due visits stand alike, told from what is counted already?
-- Grain:      None: what visit_cell tells in one row stands here in one or more, as in counted_score_cell.
-- Population: As in due_visit.
-- Missing:    As in visit_schedule.
-- Units:      As in visit_cell.
-- Source:     visit_tally, counted_visit, due_visit, stale_case
CREATE VIEW counted_visit_cell AS
SELECT
  t.site_code,
  t.procedure_code,
  t.timepoint,
  t.state,
  t.reason,
  t.window_position,
  t.cases
FROM visit_tally t
UNION ALL
SELECT
  k.site_code,
  k.procedure_code,
  k.timepoint,
  k.state,
  k.reason,
  k.window_position,
  -1
FROM counted_visit k
WHERE k.case_id IN (SELECT case_id FROM stale_case)
UNION ALL
SELECT
  n.site_code,
  n.procedure_code,
  n.timepoint,
  n.state,
  n.reason,
  n.window_position,
  1
FROM due_visit n
WHERE n.case_id IN (SELECT case_id FROM stale_case)
