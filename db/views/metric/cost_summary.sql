-- Question:   What does a case cost, and what does the pathway of one patient's linked cases?
-- Grain:      One row a procedure group, cost basis, way of counting (per case, per pathway), currency and price year; a
--             group without any cost has one row without currency and price year.
-- Population: Units (as in cost_unit) with at least one cost on that basis, in that currency and price year. A pathway
--             stands under the procedure of its first case.
-- Denominator: n, the units of the row. cases_without_cost: units of the group with no cost on that basis at all.
-- Missing:    A unit with no cost recorded is counted apart, never as 0.
-- Units:      Thousandths of the currency's major unit; quartiles in quarter thousandths (divide by 4), type 7.
--             square_e20 to square_e0: the sum of the squares, exact, is the sum of square_eK x 10^K. mean is in the
--             major unit, for a reader.
-- Source:     unit_cost, cost_unit
CREATE VIEW cost_summary AS
WITH parts AS (
  SELECT
    k.procedure_code,
    k.cost_per,
    k.cost_basis,
    k.currency,
    k.price_year,
    k.thousandths,
    k.thousandths / 10000000000 AS high,
    k.thousandths / 100000 % 100000 AS middle,
    k.thousandths % 100000 AS low
  FROM unit_cost k
),
summed AS (
  SELECT
    p.procedure_code,
    p.cost_per,
    p.cost_basis,
    p.currency,
    p.price_year,
    COUNT(*) AS n,
    SUM(p.thousandths) AS total_thousandths,
    SUM(p.high * p.high) AS square_e20,
    SUM(2 * p.high * p.middle) AS square_e15,
    SUM(2 * p.high * p.low + p.middle * p.middle) AS square_e10,
    SUM(2 * p.middle * p.low) AS square_e5,
    SUM(p.low * p.low) AS square_e0
  FROM parts p
  GROUP BY p.procedure_code, p.cost_per, p.cost_basis, p.currency, p.price_year
),
figures AS (
  SELECT
    g.procedure_group,
    s.cost_per,
    s.cost_basis,
    s.currency,
    s.price_year,
    ROW_NUMBER() OVER (ORDER BY g.procedure_group, s.cost_per, s.cost_basis, s.currency, s.price_year) AS figure,
    SUM(s.n) AS n,
    SUM(s.total_thousandths) AS total_thousandths,
    SUM(s.square_e20) AS square_e20,
    SUM(s.square_e15) AS square_e15,
    SUM(s.square_e10) AS square_e10,
    SUM(s.square_e5) AS square_e5,
    SUM(s.square_e0) AS square_e0
  FROM summed s
  JOIN procedure_group g ON g.procedure_code = s.procedure_code
  GROUP BY g.procedure_group, s.cost_per, s.cost_basis, s.currency, s.price_year
),
ranked AS (
  SELECT
    f.figure,
    k.thousandths,
    f.n - 1 AS last_position,
    ROW_NUMBER() OVER (PARTITION BY f.figure ORDER BY k.thousandths) - 1 AS position
  FROM unit_cost k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
  JOIN figures f
    ON f.procedure_group = g.procedure_group
    AND f.cost_per = k.cost_per
    AND f.cost_basis = k.cost_basis
    AND f.currency = k.currency
    AND f.price_year = k.price_year
),
quartiles AS (
  SELECT
    r.figure,
    SUM(r.thousandths * CASE r.position - 1 * r.last_position / 4 WHEN 0 THEN 4 - 1 * r.last_position % 4 WHEN 1 THEN 1 * r.last_position % 4 ELSE 0 END) AS q1_quarters,
    SUM(r.thousandths * CASE r.position - 2 * r.last_position / 4 WHEN 0 THEN 4 - 2 * r.last_position % 4 WHEN 1 THEN 2 * r.last_position % 4 ELSE 0 END) AS median_quarters,
    SUM(r.thousandths * CASE r.position - 3 * r.last_position / 4 WHEN 0 THEN 4 - 3 * r.last_position % 4 WHEN 1 THEN 3 * r.last_position % 4 ELSE 0 END) AS q3_quarters
  FROM ranked r
  GROUP BY r.figure
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
  COALESCE(f.square_e20, 0) AS square_e20,
  COALESCE(f.square_e15, 0) AS square_e15,
  COALESCE(f.square_e10, 0) AS square_e10,
  COALESCE(f.square_e5, 0) AS square_e5,
  COALESCE(f.square_e0, 0) AS square_e0,
  q.q1_quarters,
  q.median_quarters,
  q.q3_quarters,
  u.cases_without_cost
FROM uncosted u
LEFT JOIN figures f ON f.procedure_group = u.procedure_group AND f.cost_per = u.cost_per AND f.cost_basis = u.cost_basis
LEFT JOIN quartiles q ON q.figure = f.figure
