-- Question:   How many cases have the same score and the same baseline?
-- Grain:      None: the rows of one timepoint, procedure, instrument, treatment, score and baseline add up.
-- Population: Scores of cases of the cohort that may be credited to the case at the cut-off.
-- Missing:    baseline is NULL where there is none. A missing score has no row.
-- Units:      Points of the instrument, higher is worse. cases: number of cases. is_treated is 0 or 1.
-- Source:     analysis_visit
CREATE VIEW score_count AS
SELECT
  v.timepoint,
  v.procedure_code,
  'nrs' AS instrument,
  v.is_treated,
  v.nrs AS score,
  v.baseline_nrs AS baseline,
  CAST(COUNT(*) AS BIGINT) AS cases
FROM analysis_visit v
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.nrs IS NOT NULL
-- [instrument] AND 'nrs' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure AND v.timepoint IN (SELECT w.timepoint FROM visit_window w)
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.nrs_class, v.nrs, v.baseline_nrs
UNION ALL
SELECT
  v.timepoint,
  v.procedure_code,
  'nrs' AS instrument,
  v.is_treated,
  v.nrs AS score,
  v.baseline_nrs AS baseline,
  CAST(COUNT(*) AS BIGINT) AS cases
FROM analysis_visit_earlier v
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.nrs IS NOT NULL
-- [instrument] AND 'nrs' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.nrs_class, v.nrs, v.baseline_nrs
UNION ALL
SELECT
  v.timepoint,
  v.procedure_code,
  'pdi' AS instrument,
  v.is_treated,
  v.pdi AS score,
  v.baseline_pdi AS baseline,
  CAST(COUNT(*) AS BIGINT) AS cases
FROM analysis_visit v
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.pdi IS NOT NULL
-- [instrument] AND 'pdi' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure AND v.timepoint IN (SELECT w.timepoint FROM visit_window w)
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.pdi_class, v.pdi, v.baseline_pdi
UNION ALL
SELECT
  v.timepoint,
  v.procedure_code,
  'pdi' AS instrument,
  v.is_treated,
  v.pdi AS score,
  v.baseline_pdi AS baseline,
  CAST(COUNT(*) AS BIGINT) AS cases
FROM analysis_visit_earlier v
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.pdi IS NOT NULL
-- [instrument] AND 'pdi' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY v.timepoint, v.procedure_code, v.is_treated, v.pdi_class, v.pdi, v.baseline_pdi
