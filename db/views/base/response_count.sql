-- Question:   How many follow-ups are of each response class?
-- Grain:      One row a timepoint, procedure, instrument and response class, and a second one for the rows of earlier cut-offs.
-- Population: Follow-ups of cases of the cohort that are due or done at the cut-off.
-- Units:      known: number of visits. due: of these, those whose target day has come. A visit is one case's.
-- Source:     analysis_visit
CREATE VIEW response_count AS
SELECT
  v.timepoint,
  v.procedure_code,
  'nrs' AS instrument,
  v.nrs_class AS response_class,
  CAST(COUNT(*) AS BIGINT) AS known,
  SUM(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN CAST(1 AS BIGINT) ELSE 0 END) AS due
FROM analysis_visit v
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
-- [instrument] AND 'nrs' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure AND v.timepoint IN (SELECT w.timepoint FROM visit_window w)
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.nrs_class
UNION ALL
SELECT
  v.timepoint,
  v.procedure_code,
  'nrs' AS instrument,
  v.nrs_class AS response_class,
  CAST(COUNT(*) AS BIGINT) AS known,
  SUM(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN CAST(1 AS BIGINT) ELSE 0 END) AS due
FROM analysis_visit_earlier v
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
-- [instrument] AND 'nrs' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.nrs_class
UNION ALL
SELECT
  v.timepoint,
  v.procedure_code,
  'pdi' AS instrument,
  v.pdi_class AS response_class,
  CAST(COUNT(*) AS BIGINT) AS known,
  SUM(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN CAST(1 AS BIGINT) ELSE 0 END) AS due
FROM analysis_visit v
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
-- [instrument] AND 'pdi' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure AND v.timepoint IN (SELECT w.timepoint FROM visit_window w)
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.pdi_class
UNION ALL
SELECT
  v.timepoint,
  v.procedure_code,
  'pdi' AS instrument,
  v.pdi_class AS response_class,
  CAST(COUNT(*) AS BIGINT) AS known,
  SUM(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN CAST(1 AS BIGINT) ELSE 0 END) AS due
FROM analysis_visit_earlier v
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
-- [instrument] AND 'pdi' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.pdi_class
