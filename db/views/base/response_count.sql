-- Question:   How many follow-ups are of each response class, and how far did their scores fall?
-- Grain:      One row a timepoint, procedure, instrument and response class.
-- Population: Follow-ups of cases of the cohort that are due or done at the cut-off.
-- Missing:    pairs: of the known visits, those with a score and a baseline. The sums are over these; NULL without one.
-- Units:      known: number of visits. due: of these, those whose target day has come. A visit is one case's. Points of the instrument,
--             higher is worse; change is baseline - score.
-- Source:     analysis_visit
CREATE VIEW response_count AS
SELECT
  n.timepoint,
  n.procedure_code,
  n.instrument,
  n.response_class,
  SUM(CASE WHEN n.score IS NOT NULL AND n.baseline IS NOT NULL THEN n.known ELSE 0 END) AS pairs, -- [unless rates]
  SUM(CASE WHEN n.score IS NOT NULL THEN n.baseline * n.known END) AS sum_baseline, -- [unless rates]
  SUM(CASE WHEN n.score IS NOT NULL THEN n.baseline * n.baseline * n.known END) AS sum_square_baseline, -- [unless rates]
  SUM((n.baseline - n.score) * n.known) AS sum_change, -- [unless rates]
  SUM((n.baseline - n.score) * (n.baseline - n.score) * n.known) AS sum_square_change, -- [unless rates]
  SUM(n.known) AS known,
  SUM(n.due) AS due
FROM (
  SELECT
    v.timepoint,
    v.procedure_code,
    'nrs' AS instrument,
    v.nrs_class AS response_class,
    v.nrs AS score, -- [unless rates]
    v.baseline_nrs AS baseline, -- [unless rates]
    CAST(COUNT(*) AS BIGINT) AS known,
    CAST(COUNT(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS due
  FROM analysis_visit v
  WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a)
    AND v.timepoint IN (SELECT w.timepoint FROM visit_window w WHERE w.timepoint <> 'baseline') -- [unless timepoint]
  -- [instrument] AND 'nrs' = @instrument
  -- [timepoint] AND v.timepoint = @timepoint
  -- [procedure] AND v.procedure_code IN @procedure
  -- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY
    v.timepoint,
    v.procedure_code,
    v.is_treated,
    v.nrs, -- [unless rates]
    v.baseline_nrs, -- [unless rates]
    v.nrs_class
  UNION ALL
  SELECT
    v.timepoint,
    v.procedure_code,
    'nrs' AS instrument,
    v.nrs_class AS response_class,
    v.nrs AS score, -- [unless rates]
    v.baseline_nrs AS baseline, -- [unless rates]
    CAST(COUNT(*) AS BIGINT) AS known,
    CAST(COUNT(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS due
  FROM analysis_visit_earlier v
  WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
  -- [instrument] AND 'nrs' = @instrument
  -- [timepoint] AND v.timepoint = @timepoint
  -- [procedure] AND v.procedure_code IN @procedure
  -- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY
    v.timepoint,
    v.procedure_code,
    v.is_treated,
    v.nrs, -- [unless rates]
    v.baseline_nrs, -- [unless rates]
    v.nrs_class
  UNION ALL
  SELECT
    v.timepoint,
    v.procedure_code,
    'pdi' AS instrument,
    v.pdi_class AS response_class,
    v.pdi AS score, -- [unless rates]
    v.baseline_pdi AS baseline, -- [unless rates]
    CAST(COUNT(*) AS BIGINT) AS known,
    CAST(COUNT(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS due
  FROM analysis_visit v
  WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a)
    AND v.timepoint IN (SELECT w.timepoint FROM visit_window w WHERE w.timepoint <> 'baseline') -- [unless timepoint]
  -- [instrument] AND 'pdi' = @instrument
  -- [timepoint] AND v.timepoint = @timepoint
  -- [procedure] AND v.procedure_code IN @procedure
  -- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY
    v.timepoint,
    v.procedure_code,
    v.is_treated,
    v.pdi, -- [unless rates]
    v.baseline_pdi, -- [unless rates]
    v.pdi_class
  UNION ALL
  SELECT
    v.timepoint,
    v.procedure_code,
    'pdi' AS instrument,
    v.pdi_class AS response_class,
    v.pdi AS score, -- [unless rates]
    v.baseline_pdi AS baseline, -- [unless rates]
    CAST(COUNT(*) AS BIGINT) AS known,
    CAST(COUNT(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS due
  FROM analysis_visit_earlier v
  WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
  -- [instrument] AND 'pdi' = @instrument
  -- [timepoint] AND v.timepoint = @timepoint
  -- [procedure] AND v.procedure_code IN @procedure
  -- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY
    v.timepoint,
    v.procedure_code,
    v.is_treated,
    v.pdi, -- [unless rates]
    v.baseline_pdi, -- [unless rates]
    v.pdi_class
) n
GROUP BY n.response_class, n.instrument, n.timepoint, n.procedure_code
