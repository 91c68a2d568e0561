-- Question:   How many patients responded by NRS, by PDI, by either and by both?
-- Grain:      One row a procedure group, timepoint (follow-ups), threshold and analysis set, empty ones too.
-- Population: As in response_rate, with a baseline above 0 by both instruments; observed: with a credited score by both.
-- Window:     As in response_rate.
-- Numerator:  By each instrument: treated, score credited, 100 x (baseline - score) >= threshold x baseline, in whole numbers. The HTTP
--             interface can ask for a fall of the PDI in points instead.
-- Denominator: The same for the four numerators.
-- Missing:    treated, intention-to-treat: a missing score is non-response by its instrument. observed: left out.
-- Units:      Numbers of cases.
-- Source:     analysis_visit, response_class
CREATE VIEW domain_response AS
WITH paired AS (
  SELECT v.timepoint, v.procedure_code, v.nrs_class, v.pdi_class, v.baseline_pdi - v.pdi AS pdi_fall, CAST(COUNT(*) AS BIGINT) AS known,
    CAST(COUNT(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS due
  FROM analysis_visit v
  WHERE +v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
  -- [timepoint] AND v.timepoint = @timepoint
  -- [procedure] AND v.procedure_code IN @procedure
  -- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY v.timepoint, v.procedure_code, v.nrs_class, v.pdi_class, v.baseline_pdi - v.pdi
  UNION ALL
  SELECT v.timepoint, v.procedure_code, v.nrs_class, v.pdi_class, v.baseline_pdi - v.pdi AS pdi_fall, CAST(COUNT(*) AS BIGINT) AS known,
    CAST(COUNT(CASE WHEN v.target_day <= (SELECT a.as_of_day FROM as_of a) THEN 1 END) AS BIGINT) AS due
  FROM analysis_visit_earlier v
  WHERE v.known_until > (SELECT a.as_of_day FROM as_of a) AND v.known_from <= (SELECT a.as_of_day FROM as_of a) AND v.timepoint <> 'baseline'
  -- [timepoint] AND v.timepoint = @timepoint
  -- [procedure] AND v.procedure_code IN @procedure
  -- [cohort but procedure] AND +v.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY v.timepoint, v.procedure_code, v.nrs_class, v.pdi_class, v.baseline_pdi - v.pdi
),
responded AS (
  SELECT
    n.timepoint,
    n.procedure_code,
    h.threshold_percent,
    r.is_treated,
    r.is_scored * p.is_scored AS is_scored,
    CASE WHEN r.is_treated = 1 AND r.relief_percent >= h.threshold_percent THEN 1 ELSE 0 END AS by_nrs,
    CASE
      WHEN r.is_treated = 1 AND (
        p.relief_percent >= h.threshold_percent
        -- [pdi_points] AND 1 = 0 OR n.pdi_fall >= CAST(@pdi_points AS INT)
      ) THEN 1 ELSE 0
    END AS by_pdi,
    n.known,
    n.due
  FROM paired n
  JOIN response_class r ON r.response_class = n.nrs_class
  JOIN response_class p ON p.response_class = n.pdi_class
  CROSS JOIN response_threshold h
  WHERE r.is_evaluable = 1 AND p.is_evaluable = 1
),
counted AS (
  SELECT
    g.procedure_group,
    k.timepoint,
    k.threshold_percent,
    s.analysis_set,
    k.by_nrs,
    k.by_pdi,
    SUM(CASE WHEN s.analysis_set = 'observed' AND k.is_scored = 1 THEN k.known WHEN s.analysis_set = 'observed' THEN 0 ELSE k.due END) AS cases
  FROM responded k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
  JOIN analysis_set s ON s.analysis_set = 'intention-to-treat' OR k.is_treated = 1
  GROUP BY g.procedure_group, k.timepoint, k.threshold_percent, s.analysis_set, k.by_nrs, k.by_pdi
)
SELECT
  g.procedure_group,
  w.timepoint,
  w.timepoint_order,
  h.threshold_percent,
  s.analysis_set,
  COALESCE(SUM(n.cases), 0) AS denominator,
  COALESCE(SUM(n.by_nrs * n.cases), 0) AS by_nrs,
  COALESCE(SUM(n.by_pdi * n.cases), 0) AS by_pdi,
  COALESCE(SUM(CASE WHEN n.by_nrs + n.by_pdi >= 1 THEN n.cases ELSE 0 END), 0) AS by_either,
  COALESCE(SUM(n.by_nrs * n.by_pdi * n.cases), 0) AS by_both
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
CROSS JOIN visit_window w
CROSS JOIN response_threshold h
CROSS JOIN analysis_set s
LEFT JOIN counted n
  ON n.procedure_group = g.procedure_group
  AND n.timepoint = w.timepoint
  AND n.threshold_percent = h.threshold_percent
  AND n.analysis_set = s.analysis_set
WHERE w.timepoint <> 'baseline'
-- [timepoint] AND w.timepoint = @timepoint
-- [analysis_set] AND s.analysis_set = @analysis_set
GROUP BY g.procedure_group, w.timepoint, w.timepoint_order, h.threshold_percent, s.analysis_set
