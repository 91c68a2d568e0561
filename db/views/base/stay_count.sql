-- Question:   How many stays have the same length?
-- Grain:      One row a procedure and length.
-- Population: Stays of cases of the cohort, discharged on or before the cut-off.
-- Units:      days: whole days from admission to discharge, the same day being 0. stays: number of stays. cases: of these, those
--             that are the first of their case.
-- Source:     analysis_stay
CREATE VIEW stay_count AS
SELECT
  s.procedure_code,
  s.days,
  CAST(COUNT(*) AS BIGINT) AS stays,
  SUM(s.is_first_of_case) AS cases
FROM analysis_stay s
WHERE +s.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [procedure] AND s.procedure_code IN @procedure
-- [cohort but procedure] AND +s.case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY s.procedure_code, s.days
