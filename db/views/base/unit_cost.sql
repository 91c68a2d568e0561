-- Question:   What did each case, and each pathway, cost?
-- Grain:      One row a unit of cost_unit, cost basis, currency and price year with at least one cost.
-- Population: As in unit_cost_item.
-- Missing:    A unit with no cost recorded has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit. Currencies and price years are never pooled.
-- Source:     unit_cost_item, cost_basis
CREATE VIEW unit_cost AS
SELECT
  i.cost_per,
  i.unit_case_id,
  i.procedure_code,
  b.cost_basis,
  i.currency,
  i.price_year,
  SUM(i.amount_thousandths) AS thousandths
FROM unit_cost_item i
JOIN cost_basis b ON b.category = i.category
GROUP BY i.cost_per, i.unit_case_id, i.procedure_code, b.cost_basis, i.currency, i.price_year
