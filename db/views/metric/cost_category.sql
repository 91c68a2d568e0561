-- Question:   What are the costs made of?
-- Grain:      One row a procedure group, cost basis, way of counting, currency, price year and category with at least one
--             cost.
-- Population: Costs of the units in cost_unit, without a date or dated on or before the cut-off.
-- Denominator: n, the units (cases, or pathways) with at least one cost of the category.
-- Missing:    A category without a cost has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit. mean is a unit's mean in the major unit, for a reader.
-- Source:     cost_unit, dated_cost, cost_basis
CREATE VIEW cost_category AS
WITH totals AS (
  SELECT
    g.procedure_group,
    u.cost_per,
    b.cost_basis,
    d.currency,
    d.price_year,
    d.category,
    COUNT(DISTINCT u.unit_case_id) AS n,
    SUM(d.amount_thousandths) AS total_thousandths
  FROM cost_unit u
  JOIN procedure_group g ON g.procedure_code = u.procedure_code
  JOIN dated_cost d ON d.case_id = u.case_id
  JOIN cost_basis b ON b.category = d.category
  CROSS JOIN as_of a
  WHERE COALESCE(d.incurred_day, a.last_data_day) <= a.last_data_day
  GROUP BY g.procedure_group, u.cost_per, b.cost_basis, d.currency, d.price_year, d.category
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
