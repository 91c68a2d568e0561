-- Question:   How many due visits stand alike?
-- Grain:      One row a site, procedure, timepoint and standing of a visit: few, however many cases there are.
-- Population: As in due_visit.
-- Missing:    As in visit_schedule.
-- Units:      cases: number of cases, each with one visit at the timepoint.
-- Source:     due_visit
CREATE VIEW visit_cell AS
SELECT
  v.site_code,
  v.procedure_code,
  v.timepoint,
  v.state,
  v.reason,
  v.window_position,
  CAST(COUNT(*) AS BIGINT) AS cases
FROM due_visit v
GROUP BY v.site_code, v.procedure_code, v.timepoint, v.state, v.reason, v.window_position
