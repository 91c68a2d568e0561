-- Question:   What does a case cost, and what does the pathway of one patient's linked cases?
-- Grain:      One row a procedure group, cost basis, way of counting (per case, per pathway), currency and price year; a
--             group without any cost has one row without currency and price year.
-- Population: Units (as in cost_moment) with at least one cost on that basis, in that currency and price year. A pathway
--             stands under the procedure of its first case.
-- Denominator: n, the units of the row. cases_without_cost: units of the group with no cost on that basis at all.
-- Missing:    A unit with no cost recorded is counted apart, never as 0.
-- Units:      Thousandths of the currency's major unit; quartiles in quarter thousandths (divide by 4), type 7.
--             total_e9, total_e0 and square_e22, square_e11, square_e0: the sum, and the sum of the squares, is exactly the sum
--             of these parts, each x 10^(its number). mean is in the major unit, for a reader.
-- Source:     cost_moment, cost_bucket, analysis_cost, case_count
CREATE VIEW cost_summary AS
WITH figures AS (
  SELECT
    g.procedure_group,
    u.cost_per,
    m.cost_basis,
    m.currency,
    m.price_year,
    ROW_NUMBER() OVER (ORDER BY g.procedure_group, u.cost_per, m.cost_basis, m.currency, m.price_year) AS figure,
    SUM(m.n) AS n,
    SUM(m.units_with_cost) AS units_with_cost,
    SUM(m.total_e9) AS total_e9,
    SUM(m.total_e0) AS total_e0,
    SUM(m.square_e22) AS square_e22,
    SUM(m.square_e11) AS square_e11,
    SUM(m.square_e0) AS square_e0,
    1 * (SUM(m.n) - 1) / 4 AS q1_position,
    2 * (SUM(m.n) - 1) / 4 AS median_position,
    3 * (SUM(m.n) - 1) / 4 AS q3_position
  FROM cost_moment m
  JOIN procedure_group g ON g.procedure_code = m.procedure_code
  JOIN cost_unit u ON u.unit = m.unit
  -- [cost_per] AND u.cost_per = @cost_per
  GROUP BY g.procedure_group, u.cost_per, m.cost_basis, m.currency, m.price_year
),
-- The units that each figure counts.
counted_unit AS (
  SELECT f.figure, f.cost_basis, g.procedure_code, u.unit, f.currency, f.price_year
  FROM figures f
  JOIN procedure_group g ON g.procedure_group = f.procedure_group
  JOIN cost_unit u ON u.cost_per = f.cost_per
),
-- The quartiles are looked for in three steps, each among fewer: by two leading digits, by the third, among the costs themselves.
-- CROSS JOIN has SQLite join in this order: the few places that hold a quartile first.
coarse AS (
  SELECT u.figure, b.coarse_bucket, SUM(b.n) AS n
  FROM counted_unit u
  JOIN (
    SELECT b.cost_basis, b.procedure_code, b.unit, b.currency, b.price_year, b.coarse_bucket, SUM(b.n) AS n
    FROM cost_bucket b
    GROUP BY b.coarse_bucket, b.price_year, b.currency, b.procedure_code, b.unit, b.cost_basis
  ) b
    ON b.cost_basis = u.cost_basis
    AND b.procedure_code = u.procedure_code
    AND b.unit = u.unit
    AND b.currency = u.currency
    AND b.price_year = u.price_year
  GROUP BY u.figure, b.coarse_bucket
),
coarse_place AS (
  SELECT c.figure, c.coarse_bucket, c.n, SUM(c.n) OVER (PARTITION BY c.figure ORDER BY c.coarse_bucket ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto
  FROM coarse c
),
wanted AS (
  SELECT DISTINCT c.figure, c.coarse_bucket, c.upto - c.n AS before_coarse, u.cost_basis, u.procedure_code, u.unit, u.currency, u.price_year
  FROM coarse_place c
  CROSS JOIN figures f
  CROSS JOIN counted_unit u
  WHERE f.figure = c.figure
    AND (f.q1_position BETWEEN c.upto - c.n - 1 AND c.upto - 1
      OR f.median_position BETWEEN c.upto - c.n - 1 AND c.upto - 1
      OR f.q3_position BETWEEN c.upto - c.n - 1 AND c.upto - 1)
    AND u.figure = c.figure
),
fine AS (
  SELECT w.figure, w.coarse_bucket, w.before_coarse, b.bucket, SUM(b.n) AS n
  FROM cost_bucket b
  CROSS JOIN wanted w
  WHERE w.coarse_bucket = b.coarse_bucket
    AND w.cost_basis = b.cost_basis
    AND w.procedure_code = b.procedure_code
    AND w.unit = b.unit
    AND w.currency = b.currency
    AND w.price_year = b.price_year
  GROUP BY w.figure, w.coarse_bucket, w.before_coarse, b.bucket
),
fine_place AS (
  SELECT
    c.figure,
    c.bucket,
    c.n,
    c.before_coarse + SUM(c.n) OVER (PARTITION BY c.figure, c.coarse_bucket ORDER BY c.bucket ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto
  FROM fine c
),
place AS (
  SELECT u.figure, u.cost_basis, u.procedure_code, u.unit, u.currency, u.price_year, c.bucket, c.upto - c.n AS before_bucket
  FROM fine_place c
  CROSS JOIN figures f
  CROSS JOIN counted_unit u
  WHERE f.figure = c.figure
    AND (f.q1_position BETWEEN c.upto - c.n - 1 AND c.upto - 1
      OR f.median_position BETWEEN c.upto - c.n - 1 AND c.upto - 1
      OR f.q3_position BETWEEN c.upto - c.n - 1 AND c.upto - 1)
    AND u.figure = c.figure
),
picked AS (
  SELECT p.figure, p.bucket, p.before_bucket, k.surgical_thousandths AS thousandths
  FROM place p
  CROSS JOIN analysis_cost k
  WHERE p.cost_basis = 'surgical'
    AND k.procedure_code = p.procedure_code
    AND k.unit = p.unit
    AND k.currency = p.currency
    AND k.price_year = p.price_year
    AND k.surgical_bucket = p.bucket
    AND +k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
  UNION ALL
  SELECT p.figure, p.bucket, p.before_bucket, k.surgical_thousandths AS thousandths
  FROM analysis_cost_earlier k
  CROSS JOIN place p
  WHERE p.cost_basis = 'surgical'
    AND k.procedure_code = p.procedure_code
    AND k.unit = p.unit
    AND k.currency = p.currency
    AND k.price_year = p.price_year
    AND k.surgical_bucket = p.bucket
    AND k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
  UNION ALL
  SELECT p.figure, p.bucket, p.before_bucket, k.all_thousandths AS thousandths
  FROM place p
  CROSS JOIN analysis_cost k
  WHERE p.cost_basis = 'all'
    AND k.procedure_code = p.procedure_code
    AND k.unit = p.unit
    AND k.currency = p.currency
    AND k.price_year = p.price_year
    AND k.all_bucket = p.bucket
    AND +k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
  UNION ALL
  SELECT p.figure, p.bucket, p.before_bucket, k.all_thousandths AS thousandths
  FROM analysis_cost_earlier k
  CROSS JOIN place p
  WHERE p.cost_basis = 'all'
    AND k.procedure_code = p.procedure_code
    AND k.unit = p.unit
    AND k.currency = p.currency
    AND k.price_year = p.price_year
    AND k.all_bucket = p.bucket
    AND k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
),
ranked AS (
  SELECT p.figure, p.thousandths, p.before_bucket + ROW_NUMBER() OVER (PARTITION BY p.figure, p.bucket ORDER BY p.thousandths) - 1 AS position
  FROM picked p
),
quartiles AS (
  SELECT
    r.figure,
    SUM(r.thousandths * CASE r.position - f.q1_position WHEN 0 THEN 4 - 1 * (f.n - 1) % 4 WHEN 1 THEN 1 * (f.n - 1) % 4 ELSE 0 END) AS q1_quarters,
    SUM(r.thousandths * CASE r.position - f.median_position WHEN 0 THEN 4 - 2 * (f.n - 1) % 4 WHEN 1 THEN 2 * (f.n - 1) % 4 ELSE 0 END) AS median_quarters,
    SUM(r.thousandths * CASE r.position - f.q3_position WHEN 0 THEN 4 - 3 * (f.n - 1) % 4 WHEN 1 THEN 3 * (f.n - 1) % 4 ELSE 0 END) AS q3_quarters
  FROM ranked r
  JOIN figures f ON f.figure = r.figure
  GROUP BY r.figure
),
units AS (
  SELECT
    g.procedure_group,
    SUM(c.cases) AS cases,
    SUM(c.is_primary * c.cases) AS pathways
  FROM case_count c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  GROUP BY g.procedure_group
),
costed AS (
  SELECT
    f.procedure_group,
    f.cost_per,
    f.cost_basis,
    SUM(f.units_with_cost) AS units
  FROM figures f
  GROUP BY f.procedure_group, f.cost_per, f.cost_basis
)
SELECT
  g.procedure_group,
  w.cost_per,
  b.cost_basis,
  f.currency,
  f.price_year,
  COALESCE(f.n, 0) AS n,
  COALESCE(f.total_e9, 0) AS total_e9,
  COALESCE(f.total_e0, 0) AS total_e0,
  (CAST(f.total_e9 AS FLOAT) * 1000000000 + f.total_e0) / 1000 / f.n AS mean,
  COALESCE(f.square_e22, 0) AS square_e22,
  COALESCE(f.square_e11, 0) AS square_e11,
  COALESCE(f.square_e0, 0) AS square_e0,
  q.q1_quarters,
  q.median_quarters,
  q.q3_quarters,
  COALESCE(CASE w.cost_per WHEN 'case' THEN v.cases ELSE v.pathways END, 0) - COALESCE(n.units, 0) AS cases_without_cost
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
CROSS JOIN (SELECT DISTINCT cost_per FROM cost_unit) w
CROSS JOIN (SELECT DISTINCT cost_basis FROM cost_basis) b
LEFT JOIN units v ON v.procedure_group = g.procedure_group
LEFT JOIN costed n ON n.procedure_group = g.procedure_group AND n.cost_per = w.cost_per AND n.cost_basis = b.cost_basis
LEFT JOIN figures f ON f.procedure_group = g.procedure_group AND f.cost_per = w.cost_per AND f.cost_basis = b.cost_basis
LEFT JOIN quartiles q ON q.figure = f.figure
WHERE w.cost_per IS NOT NULL
-- [cost_per] AND w.cost_per = @cost_per
-- [cost_basis] AND b.cost_basis = @cost_basis
