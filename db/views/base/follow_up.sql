-- Question:   Which follow-up visits are to be made, or to be accounted for?
-- Grain:      One row a case and timepoint.
-- Population: Visits of cases of the cohort that are open at the cut-off: nothing is recorded of them, and observation goes on.
-- Window:     From the target day on. state: 'due' up to the last day of the window, then 'overdue'.
-- Units:      Day number: days since 0001-01-01.
-- Source:     analysis_visit, analysis_case
CREATE VIEW follow_up AS
SELECT
  v.case_id,
  v.site_code,
  c.case_code,
  c.person_id,
  v.procedure_code,
  v.timepoint,
  v.target_day,
  v.window_last_day,
  CASE WHEN v.window_last_day < (SELECT a.as_of_day FROM as_of a) THEN 'overdue' ELSE 'due' END AS state
FROM analysis_visit v
JOIN analysis_case c ON c.case_id = v.case_id
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.state = 'open' AND v.target_day <= (SELECT a.as_of_day FROM as_of a)
-- [procedure] AND v.procedure_code IN @procedure
-- [site] AND v.site_code IN @site
-- [cohort but procedure site] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
UNION ALL
SELECT
  v.case_id,
  v.site_code,
  c.case_code,
  c.person_id,
  v.procedure_code,
  v.timepoint,
  v.target_day,
  v.window_last_day,
  CASE WHEN v.window_last_day < (SELECT a.as_of_day FROM as_of a) THEN 'overdue' ELSE 'due' END AS state
FROM analysis_visit_earlier v
JOIN analysis_case c ON c.case_id = v.case_id
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.state = 'open' AND v.target_day <= (SELECT a.as_of_day FROM as_of a)
-- [procedure] AND v.procedure_code IN @procedure
-- [site] AND v.site_code IN @site
-- [cohort but procedure site] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
