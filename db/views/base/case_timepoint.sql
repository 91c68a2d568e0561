-- Question:   What is known of each case at each timepoint, and may it be credited to the case?
-- Grain:      One row a case of the cohort and timepoint, baseline included.
-- Population: The cohort; assessments dated on or before the cut-off.
-- Window:     is_due: time zero + target day is on or before the cut-off. Scores out of their window count.
--             is_credited: dated on or before credit_end_day. is_in_place: not dated in a therapy gap.
--             died_before: died before the target day. ended_before: the last day whose scores count lies before it.
-- Missing:    A score is NULL where none was recorded; a missing score is never 0. Flags are 0 or 1, never NULL.
-- Units:      NRS 0-10, PDI 0-70, higher is worse.
-- Source:     cohort, visit_window, dated_assessment, therapy_gap
CREATE VIEW case_timepoint AS
SELECT
  c.case_id,
  c.site_code,
  c.procedure_code,
  c.is_entered,
  c.is_treated,
  w.timepoint,
  w.timepoint_order,
  b.nrs AS baseline_nrs,
  b.pdi AS baseline_pdi,
  v.nrs,
  v.pdi,
  v.assessed_day,
  c.time_zero_day + w.target_day AS due_day,
  CASE WHEN c.time_zero_day + w.target_day <= a.as_of_day THEN 1 ELSE 0 END AS is_due,
  CASE WHEN v.assessed_day <= COALESCE(c.credit_end_day, v.assessed_day) THEN 1 ELSE 0 END AS is_credited,
  CASE
    WHEN c.explanted_day IS NOT NULL AND EXISTS (
      SELECT g.case_id
      FROM therapy_gap g
      WHERE g.case_id = c.case_id AND v.assessed_day > g.from_day AND v.assessed_day < COALESCE(g.until_day, v.assessed_day + 1)
    ) THEN 0
    ELSE 1
  END AS is_in_place,
  CASE WHEN c.died_day < c.time_zero_day + w.target_day THEN 1 ELSE 0 END AS died_before,
  CASE WHEN c.credit_end_day < c.time_zero_day + w.target_day THEN 1 ELSE 0 END AS ended_before
FROM cohort c
CROSS JOIN visit_window w
CROSS JOIN as_of a
LEFT JOIN dated_assessment b ON b.case_id = c.case_id AND b.timepoint = 'baseline' AND b.assessed_day <= a.last_data_day
LEFT JOIN dated_assessment v ON v.case_id = c.case_id AND v.timepoint = w.timepoint AND v.assessed_day <= a.last_data_day
