-- Question:   On which day will each case stand otherwise by itself?
-- Grain:      One row a case of the cohort.
-- Window:     The first day after as_of_day on which a visit falls due or its window has ended, or on which something that
--             is dated later than all that is looked at today will be: of the case, or of one that follows it.
-- Missing:    next_day is NULL where no day will change anything.
-- Units:      Day number: days since 0001-01-01.
-- Source:     cohort, case_follower, visit_window, dated_event, dated_assessment, as_of
CREATE VIEW next_change AS
SELECT
  c.case_id,
  MIN(n.next_day) AS next_day
FROM cohort c
LEFT JOIN (
  SELECT v.case_id, v.time_zero_day + w.target_day AS next_day
  FROM cohort v
  CROSS JOIN visit_window w
  CROSS JOIN as_of a
  WHERE v.time_zero_day + w.target_day > a.as_of_day
  UNION ALL
  SELECT v.case_id, v.time_zero_day + w.last_day + 1
  FROM cohort v
  CROSS JOIN visit_window w
  CROSS JOIN as_of a
  WHERE v.time_zero_day + w.last_day >= a.as_of_day
  UNION ALL
  SELECT d.case_id, d.occurred_day - a.last_data_day + a.as_of_day
  FROM dated_event d
  CROSS JOIN as_of a
  WHERE d.occurred_day > a.last_data_day
  UNION ALL
  SELECT l.preceding_case_id, d.occurred_day - a.last_data_day + a.as_of_day
  FROM dated_event d
  JOIN case_follower l ON l.case_id = d.case_id
  CROSS JOIN as_of a
  WHERE d.occurred_day > a.last_data_day
  UNION ALL
  SELECT v.case_id, v.assessed_day - a.last_data_day + a.as_of_day
  FROM dated_assessment v
  CROSS JOIN as_of a
  WHERE v.assessed_day > a.last_data_day
) n ON n.case_id = c.case_id
GROUP BY c.case_id
