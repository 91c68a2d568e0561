-- Question:   How does each visit stand that fell due?
-- Grain:      One row a case of the cohort that entered treatment, and follow-up timepoint that is due.
-- Population: time zero + target day is on or before as_of_day.
-- Missing:    As in visit_schedule.
-- Units:      As in visit_schedule.
-- Source:     visit_schedule
CREATE VIEW due_visit AS
SELECT
  v.case_id,
  v.site_code,
  v.procedure_code,
  v.timepoint,
  v.state,
  v.reason,
  v.window_position
FROM visit_schedule v
WHERE v.target_day <= v.as_of_day
