-- Question:   How long do patients stay in hospital?
-- Grain:      One row a procedure group, empty ones too.
-- Population: Stays of cases of the cohort, discharged on or before the cut-off.
-- Denominator: n, the stays; cases, the cases with at least one stay.
-- Missing:    A case with no stay recorded has no stay, not one of 0 days.
-- Units:      Whole days from admission to discharge, the same day being 0. Quartiles in quarter days (divide by 4), type 7.
-- Source:     cohort, dated_stay
CREATE VIEW stay_summary AS
WITH stays AS (
  SELECT
    g.procedure_group,
    c.case_id,
    CAST(d.discharged_day - d.admitted_day AS BIGINT) AS days,
    ROW_NUMBER() OVER (PARTITION BY g.procedure_group ORDER BY d.discharged_day - d.admitted_day) - 1 AS position,
    COUNT(*) OVER (PARTITION BY g.procedure_group) - 1 AS last_position
  FROM cohort c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  JOIN dated_stay d ON d.case_id = c.case_id
  CROSS JOIN as_of a
  WHERE d.discharged_day <= a.last_data_day
),
figures AS (
  SELECT
    s.procedure_group,
    COUNT(*) AS n,
    COUNT(DISTINCT s.case_id) AS cases,
    SUM(s.days) AS sum_days,
    SUM(s.days * s.days) AS sum_square_days,
    SUM(s.days * CASE s.position - 1 * s.last_position / 4 WHEN 0 THEN 4 - 1 * s.last_position % 4 WHEN 1 THEN 1 * s.last_position % 4 ELSE 0 END) AS q1_quarters,
    SUM(s.days * CASE s.position - 2 * s.last_position / 4 WHEN 0 THEN 4 - 2 * s.last_position % 4 WHEN 1 THEN 2 * s.last_position % 4 ELSE 0 END) AS median_quarters,
    SUM(s.days * CASE s.position - 3 * s.last_position / 4 WHEN 0 THEN 4 - 3 * s.last_position % 4 WHEN 1 THEN 3 * s.last_position % 4 ELSE 0 END) AS q3_quarters
  FROM stays s
  GROUP BY s.procedure_group
)
SELECT
  g.procedure_group,
  COALESCE(f.n, 0) AS n,
  COALESCE(f.cases, 0) AS cases,
  COALESCE(f.sum_days, 0) AS sum_days,
  COALESCE(f.sum_square_days, 0) AS sum_square_days,
  CAST(f.sum_days AS FLOAT) / NULLIF(f.n, 0) AS mean_days,
  f.q1_quarters,
  f.median_quarters,
  f.q3_quarters
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
LEFT JOIN figures f ON f.procedure_group = g.procedure_group
