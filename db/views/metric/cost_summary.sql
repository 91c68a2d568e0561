-- Question:   What does a case cost, and what does the pathway of one patient's linked cases?
-- Grain:      One row a procedure group, cost basis, way of counting (per case, per pathway), currency and price year; a
--             group without any cost has one row without currency and price year.
-- Population: Units (as in cost_unit) with at least one cost on that basis, in that currency and price year. A pathway
--             stands under the procedure of its first case.
-- Denominator: n, the units of the row. cases_without_cost: units of the group with no cost on that basis at all.
-- Missing:    A unit with no cost recorded is counted apart, never as 0.
-- Units:      Thousandths of the currency's major unit; quartiles in quarter thousandths (divide by 4), type 7.
--             centre is a whole number near the mean, deviation and square_deviation the sums of (cost - centre) and of
--             its square: the variance without cancellation. mean is in the major unit, for a reader.
-- Source:     unit_cost, cost_unit
CREATE VIEW cost_summary AS
WITH grouped AS (
  SELECT
    g.procedure_group,
    k.cost_per,
    k.cost_basis,
    k.currency,
    k.price_year,
    k.thousandths,
    ROW_NUMBER() OVER (PARTITION BY g.procedure_group, k.cost_per, k.cost_basis, k.currency, k.price_year ORDER BY k.thousandths) - 1 AS position,
    COUNT(*) OVER (PARTITION BY g.procedure_group, k.cost_per, k.cost_basis, k.currency, k.price_year) - 1 AS last_position,
    SUM(k.thousandths) OVER (PARTITION BY g.procedure_group, k.cost_per, k.cost_basis, k.currency, k.price_year)
      / COUNT(*) OVER (PARTITION BY g.procedure_group, k.cost_per, k.cost_basis, k.currency, k.price_year) AS centre
  FROM unit_cost k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
),
figures AS (
  SELECT
    d.procedure_group,
    d.cost_per,
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
  GROUP BY d.procedure_group, d.cost_per, d.cost_basis, d.currency, d.price_year
),
units AS (
  SELECT u.procedure_code, u.cost_per, COUNT(*) AS units
  FROM cost_unit u
  WHERE u.case_id = u.unit_case_id
  GROUP BY u.procedure_code, u.cost_per
),
costed AS (
  SELECT k.procedure_code, k.cost_per, k.cost_basis, COUNT(DISTINCT k.unit_case_id) AS units
  FROM unit_cost k
  GROUP BY k.procedure_code, k.cost_per, k.cost_basis
),
uncosted AS (
  SELECT
    g.procedure_group,
    w.cost_per,
    b.cost_basis,
    COALESCE(SUM(n.units), 0) - COALESCE(SUM(c.units), 0) AS cases_without_cost
  FROM (SELECT DISTINCT cost_basis FROM cost_basis) b
  CROSS JOIN cost_per w
  CROSS JOIN procedure_group g
  LEFT JOIN units n ON n.procedure_code = g.procedure_code AND n.cost_per = w.cost_per
  LEFT JOIN costed c ON c.procedure_code = g.procedure_code AND c.cost_per = w.cost_per AND c.cost_basis = b.cost_basis
  GROUP BY g.procedure_group, w.cost_per, b.cost_basis
)
SELECT
  u.procedure_group,
  u.cost_per,
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
LEFT JOIN figures f ON f.procedure_group = u.procedure_group AND f.cost_per = u.cost_per AND f.cost_basis = u.cost_basis
