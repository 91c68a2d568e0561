-- Question:   What does a case cost?
-- Grain:      One row a procedure group, cost basis, currency and price year; a group without any cost has one row
--             without currency and price year.
-- Population: Cases of the cohort with at least one cost on that basis, in that currency and price year.
-- Denominator: n, the cases of the row. cases_without_cost: cases of the group with no cost on that basis at all.
-- Missing:    A case with no cost recorded is counted apart, never as 0.
-- Units:      Thousandths of the currency's major unit; quartiles in quarter thousandths (divide by 4), type 7.
--             centre is a whole number near the mean, deviation and square_deviation the sums of (cost - centre) and of
--             its square: the variance without cancellation. mean is in the major unit, for a reader.
-- Source:     case_cost, cohort
CREATE VIEW cost_summary AS
WITH grouped AS (
  SELECT
    g.procedure_group,
    k.cost_basis,
    k.currency,
    k.price_year,
    k.thousandths,
    ROW_NUMBER() OVER (PARTITION BY g.procedure_group, k.cost_basis, k.currency, k.price_year ORDER BY k.thousandths) - 1 AS position,
    COUNT(*) OVER (PARTITION BY g.procedure_group, k.cost_basis, k.currency, k.price_year) - 1 AS last_position,
    SUM(k.thousandths) OVER (PARTITION BY g.procedure_group, k.cost_basis, k.currency, k.price_year)
      / COUNT(*) OVER (PARTITION BY g.procedure_group, k.cost_basis, k.currency, k.price_year) AS centre
  FROM case_cost k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
),
figures AS (
  SELECT
    d.procedure_group,
    d.cost_basis,
    d.currency,
    d.price_year,
    COUNT(*) AS n,
    SUM(d.thousandths) AS total_thousandths,
    MIN(d.centre) AS centre,
    SUM(d.thousandths - d.centre) AS deviation,
    SUM(CAST(d.thousandths - d.centre AS FLOAT) * CAST(d.thousandths - d.centre AS FLOAT)) AS square_deviation,
    SUM(d.thousandths * CASE d.position - 1 * d.last_position / 4 WHEN 0 THEN 4 - 1 * d.last_position % 4 WHEN 1 THEN 1 * d.last_position % 4 ELSE 0 END) AS q1_quarters,
    SUM(d.thousandths * CASE d.position - 2 * d.last_position / 4 WHEN 0 THEN 4 - 2 * d.last_position % 4 WHEN 1 THEN 2 * d.last_position % 4 ELSE 0 END) AS median_quarters,
    SUM(d.thousandths * CASE d.position - 3 * d.last_position / 4 WHEN 0 THEN 4 - 3 * d.last_position % 4 WHEN 1 THEN 3 * d.last_position % 4 ELSE 0 END) AS q3_quarters
  FROM grouped d
  GROUP BY d.procedure_group, d.cost_basis, d.currency, d.price_year
),
uncosted AS (
  SELECT
    g.procedure_group,
    b.cost_basis,
    COALESCE(SUM(t.cases), 0) - COALESCE(SUM(k.cases), 0) AS cases_without_cost
  FROM (SELECT DISTINCT cost_basis FROM cost_basis) b
  CROSS JOIN procedure_group g
  LEFT JOIN (
    SELECT c.procedure_code, COUNT(*) AS cases
    FROM cohort c
    GROUP BY c.procedure_code
  ) t ON t.procedure_code = g.procedure_code
  LEFT JOIN (
    SELECT d.procedure_code, d.cost_basis, COUNT(*) AS cases
    FROM (SELECT DISTINCT case_id, procedure_code, cost_basis FROM case_cost) d
    GROUP BY d.procedure_code, d.cost_basis
  ) k ON k.procedure_code = g.procedure_code AND k.cost_basis = b.cost_basis
  GROUP BY g.procedure_group, b.cost_basis
)
SELECT
  u.procedure_group,
  u.cost_basis,
  f.currency,
  f.price_year,
  COALESCE(f.n, 0) AS n,
  COALESCE(f.total_thousandths, 0) AS total_thousandths,
  CAST(f.total_thousandths AS FLOAT) / 1000 / NULLIF(f.n, 0) AS mean,
  f.deviation,
  f.square_deviation,
  f.q1_quarters,
  f.median_quarters,
  f.q3_quarters,
  u.cases_without_cost
FROM uncosted u
LEFT JOIN figures f ON f.procedure_group = u.procedure_group AND f.cost_basis = u.cost_basis
