-- Question:   How many due visits have the same state, reason and window position?
-- Grain:      None: the rows of one site, procedure, timepoint, state, reason and window position add up.
-- Population: Follow-ups of cases of the cohort whose target day has come by the cut-off.
-- Window:     overdue: of the open visits, those whose window has closed.
-- Units:      visits: number of visits. State, reason and window position as in analysis_visit.
-- Source:     analysis_visit
CREATE VIEW visit_count AS
SELECT
  v.site_code,
  v.procedure_code,
  v.timepoint,
  v.state,
  v.reason,
  v.window_position,
  CAST(COUNT(*) AS BIGINT) AS visits,
  CAST(COUNT(CASE WHEN v.state = 'open' AND v.window_last_day < (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS overdue
FROM analysis_visit v
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.target_day <= (SELECT a.as_of_day FROM as_of a)
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure AND v.timepoint IN (SELECT w.timepoint FROM visit_window w)
-- [site] AND v.site_code IN @site
-- [cohort but procedure site] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.site_code, v.state, v.reason, v.window_position
UNION ALL
SELECT
  v.site_code,
  v.procedure_code,
  v.timepoint,
  v.state,
  v.reason,
  v.window_position,
  CAST(COUNT(*) AS BIGINT) AS visits,
  CAST(COUNT(CASE WHEN v.state = 'open' AND v.window_last_day < (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS overdue
FROM analysis_visit_earlier v
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.target_day <= (SELECT a.as_of_day FROM as_of a)
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [site] AND v.site_code IN @site
-- [cohort but procedure site] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.site_code, v.state, v.reason, v.window_position
