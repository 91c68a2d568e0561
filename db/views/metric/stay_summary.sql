-- Question:   How long do patients stay in hospital?
-- Grain:      One row a procedure group, empty ones too.
-- Population: Stays of cases of the cohort, discharged on or before the cut-off.
-- Denominator: n, the stays; cases, the cases with at least one stay.
-- Missing:    A case with no stay recorded has no stay, not one of 0 days.
-- Units:      Whole days from admission to discharge, the same day being 0. Quartiles in quarter days (divide by 4), type 7.
-- Source:     stay_count
CREATE VIEW stay_summary AS
WITH histogram AS (
  SELECT
    g.procedure_group,
    CAST(c.days AS BIGINT) AS days,
    SUM(c.stays) AS stays,
    SUM(c.cases) AS cases
  FROM stay_count c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  GROUP BY g.procedure_group, c.days
),
ordered AS (
  SELECT
    h.procedure_group,
    h.days,
    h.stays,
    h.cases,
    SUM(h.stays) OVER (PARTITION BY h.procedure_group) AS n,
    SUM(h.stays) OVER (PARTITION BY h.procedure_group ORDER BY h.days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto
  FROM histogram h
),
figures AS (
  SELECT
    o.procedure_group,
    SUM(o.stays) AS n,
    SUM(o.cases) AS cases,
    SUM(o.days * o.stays) AS sum_days,
    SUM(o.days * o.days * o.stays) AS sum_square_days,
    SUM(o.days * (CASE WHEN 1 * (o.n - 1) / 4 BETWEEN o.upto - o.stays AND o.upto - 1 THEN 4 - 1 * (o.n - 1) % 4 ELSE 0 END + CASE WHEN 1 * (o.n - 1) / 4 + 1 BETWEEN o.upto - o.stays AND o.upto - 1 THEN 1 * (o.n - 1) % 4 ELSE 0 END)) AS q1_quarters,
    SUM(o.days * (CASE WHEN 2 * (o.n - 1) / 4 BETWEEN o.upto - o.stays AND o.upto - 1 THEN 4 - 2 * (o.n - 1) % 4 ELSE 0 END + CASE WHEN 2 * (o.n - 1) / 4 + 1 BETWEEN o.upto - o.stays AND o.upto - 1 THEN 2 * (o.n - 1) % 4 ELSE 0 END)) AS median_quarters,
    SUM(o.days * (CASE WHEN 3 * (o.n - 1) / 4 BETWEEN o.upto - o.stays AND o.upto - 1 THEN 4 - 3 * (o.n - 1) % 4 ELSE 0 END + CASE WHEN 3 * (o.n - 1) / 4 + 1 BETWEEN o.upto - o.stays AND o.upto - 1 THEN 3 * (o.n - 1) % 4 ELSE 0 END)) AS q3_quarters
  FROM ordered o
  GROUP BY o.procedure_group
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
