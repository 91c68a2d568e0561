-- Question:   What did each case, and each pathway, cost?
-- Grain:      One row a unit of cost_unit, cost basis, currency and price year with at least one cost.
-- Population: As in unit_category_cost.
-- Missing:    A unit with no cost recorded has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit. Currencies and price years are never pooled.
-- Source:     unit_category_cost, cost_basis
CREATE VIEW unit_cost AS
SELECT
  u.cost_per,
  u.unit_case_id,
  u.procedure_code,
  b.cost_basis,
  u.currency,
  u.price_year,
  SUM(u.thousandths) AS thousandths
FROM unit_category_cost u
JOIN cost_basis b ON b.category = u.category
GROUP BY u.cost_per, u.unit_case_id, u.procedure_code, b.cost_basis, u.currency, u.price_year
