-- Question:   How does each follow-up visit of each case stand?
-- Grain:      One row a case of the cohort that has a time zero, and follow-up timepoint.
-- Population: The cohort; a case that never entered treatment has no schedule.
-- Window:     target_day is time zero + target day; first_day to last_day is the window, both inclusive.
--             state, the first that holds: done (taken, on or before the cut-off, in the window or out of it), not-done
--             (recorded as not done, with its reason), censored (the target day lies after the end of follow-up, or the
--             patient has died: nobody can be visited then, so a patient who died is never due nor overdue), not-due
--             (as_of_day lies before the target day), due (up to the last day of the window), overdue (after it).
-- Missing:    assessed_day and window_position are NULL unless done. reason is NULL unless not-done or censored.
--             A visit that was not done and has no date counts whatever the cut-off.
-- Units:      Day number: days since 0001-01-01. state, reason and window_position as in Registry.Domain: VisitState,
--             NotDoneReason, CensoringReason, WindowPosition.
-- Source:     follow_up_end, visit_window, dated_assessment
CREATE VIEW visit_schedule AS
SELECT
  s.case_id,
  s.site_code,
  s.case_code,
  s.patient_reference,
  s.procedure_code,
  s.timepoint,
  s.timepoint_order,
  s.target_day,
  s.first_day,
  s.last_day,
  s.as_of_day,
  s.assessed_day,
  CASE
    WHEN s.assessed_day < s.first_day THEN 'early'
    WHEN s.assessed_day > s.last_day THEN 'late'
    WHEN s.assessed_day IS NOT NULL THEN 'in'
  END AS window_position,
  CASE
    WHEN s.assessed_day IS NOT NULL THEN 'done'
    WHEN s.not_done_reason IS NOT NULL THEN 'not-done'
    WHEN s.censoring_reason IS NOT NULL THEN 'censored'
    WHEN s.as_of_day < s.target_day THEN 'not-due'
    WHEN s.as_of_day <= s.last_day THEN 'due'
    ELSE 'overdue'
  END AS state,
  CASE WHEN s.assessed_day IS NULL THEN COALESCE(s.not_done_reason, s.censoring_reason) END AS reason
FROM (
  SELECT
    e.case_id,
    e.site_code,
    e.case_code,
    e.patient_reference,
    e.procedure_code,
    w.timepoint,
    w.timepoint_order,
    e.time_zero_day + w.target_day AS target_day,
    e.time_zero_day + w.first_day AS first_day,
    e.time_zero_day + w.last_day AS last_day,
    a.as_of_day,
    CASE WHEN v.not_done_reason IS NULL THEN v.assessed_day END AS assessed_day,
    v.not_done_reason,
    CASE
      WHEN e.end_day < e.time_zero_day + w.target_day THEN e.end_reason
      WHEN e.died_day IS NOT NULL THEN 'died'
    END AS censoring_reason
  FROM follow_up_end e
  CROSS JOIN visit_window w
  CROSS JOIN as_of a
  LEFT JOIN dated_assessment v
    ON v.case_id = e.case_id AND v.timepoint = w.timepoint AND COALESCE(v.assessed_day, a.last_data_day) <= a.last_data_day
  WHERE w.timepoint <> 'baseline'
) s
