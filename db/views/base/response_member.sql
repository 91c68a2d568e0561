-- Question:   Who is in the denominator of each response rate, and who of them responded?
-- Grain:      One row a case and question of response_question.
-- Population: As in response_rate.
-- Units:      responded is 0 or 1.
-- Source:     analysis_visit, response_class, response_question
CREATE VIEW response_member AS
-- What each byte means, where the cases of one question are at hand as bytes:
-- [instead responses] SELECT 1 AS question, 0 AS responded, x'01' AS answer UNION ALL SELECT 1, 1, x'02'
-- CROSS JOIN has SQLite join in this order.
SELECT
  v.case_id,
  q.question,
  CASE WHEN r.is_treated = 1 AND r.relief_percent >= q.threshold_percent THEN 1 ELSE 0 END AS responded
FROM response_question q
CROSS JOIN analysis_visit v
CROSS JOIN response_class r
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a)
  AND r.response_class = v.nrs_class
  AND r.is_evaluable = 1
  AND q.timepoint = v.timepoint
  AND q.instrument = 'nrs'
  AND (q.analysis_set = 'intention-to-treat' OR r.is_treated = 1)
  AND CASE q.analysis_set WHEN 'observed' THEN r.is_scored ELSE CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 ELSE 0 END END = 1
-- [instrument] AND 'nrs' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
UNION ALL
SELECT
  v.case_id,
  q.question,
  CASE WHEN r.is_treated = 1 AND r.relief_percent >= q.threshold_percent THEN 1 ELSE 0 END AS responded
FROM response_question q
CROSS JOIN analysis_visit_earlier v
CROSS JOIN response_class r
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a)
  AND r.response_class = v.nrs_class
  AND r.is_evaluable = 1
  AND q.timepoint = v.timepoint
  AND q.instrument = 'nrs'
  AND (q.analysis_set = 'intention-to-treat' OR r.is_treated = 1)
  AND CASE q.analysis_set WHEN 'observed' THEN r.is_scored ELSE CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 ELSE 0 END END = 1
-- [instrument] AND 'nrs' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
UNION ALL
SELECT
  v.case_id,
  q.question,
  CASE WHEN r.is_treated = 1 AND r.relief_percent >= q.threshold_percent THEN 1 ELSE 0 END AS responded
FROM response_question q
CROSS JOIN analysis_visit v
CROSS JOIN response_class r
WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a)
  AND r.response_class = v.pdi_class
  AND r.is_evaluable = 1
  AND q.timepoint = v.timepoint
  AND q.instrument = 'pdi'
  AND (q.analysis_set = 'intention-to-treat' OR r.is_treated = 1)
  AND CASE q.analysis_set WHEN 'observed' THEN r.is_scored ELSE CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 ELSE 0 END END = 1
-- [instrument] AND 'pdi' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
UNION ALL
SELECT
  v.case_id,
  q.question,
  CASE WHEN r.is_treated = 1 AND r.relief_percent >= q.threshold_percent THEN 1 ELSE 0 END AS responded
FROM response_question q
CROSS JOIN analysis_visit_earlier v
CROSS JOIN response_class r
WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a)
  AND r.response_class = v.pdi_class
  AND r.is_evaluable = 1
  AND q.timepoint = v.timepoint
  AND q.instrument = 'pdi'
  AND (q.analysis_set = 'intention-to-treat' OR r.is_treated = 1)
  AND CASE q.analysis_set WHEN 'observed' THEN r.is_scored ELSE CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 ELSE 0 END END = 1
-- [instrument] AND 'pdi' = @instrument
-- [timepoint] AND v.timepoint = @timepoint
-- [procedure] AND v.procedure_code IN @procedure
-- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
