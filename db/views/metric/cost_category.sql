-- Question:   What are the costs made of?
-- Grain:      One row a procedure group, cost basis, way of counting, currency, price year and category with at least one
--             cost.
-- Population: The costs of unit_cost_item.
-- Denominator: n, the units (cases, or pathways) with at least one cost of the category.
-- Missing:    A category without a cost has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit. mean is a unit's mean in the major unit, for a reader.
-- Source:     unit_cost_item, cost_basis
CREATE VIEW cost_category AS
WITH by_unit AS (
  SELECT
    i.unit_case_id,
    i.cost_per,
    i.procedure_code,
    i.currency,
    i.price_year,
    i.category,
    SUM(i.amount_thousandths) AS thousandths
  FROM unit_cost_item i
  GROUP BY i.unit_case_id, i.cost_per, i.procedure_code, i.currency, i.price_year, i.category
),
by_procedure AS (
  SELECT
    u.procedure_code,
    u.cost_per,
    u.currency,
    u.price_year,
    u.category,
    COUNT(*) AS n,
    SUM(u.thousandths) AS thousandths
  FROM by_unit u
  GROUP BY u.procedure_code, u.cost_per, u.currency, u.price_year, u.category
),
totals AS (
  SELECT
    g.procedure_group,
    p.cost_per,
    b.cost_basis,
    p.currency,
    p.price_year,
    p.category,
    SUM(p.n) AS n,
    SUM(p.thousandths) AS total_thousandths
  FROM by_procedure p
  JOIN procedure_group g ON g.procedure_code = p.procedure_code
  JOIN cost_basis b ON b.category = p.category
  GROUP BY g.procedure_group, p.cost_per, b.cost_basis, p.currency, p.price_year, p.category
)
SELECT
  t.procedure_group,
  t.cost_per,
  t.cost_basis,
  t.currency,
  t.price_year,
  t.category,
  t.n,
  t.total_thousandths,
  CAST(t.total_thousandths AS FLOAT) / 1000 / t.n AS mean
FROM totals t
