-- Question:   What did each case, and each pathway, cost in each category?
-- Grain:      One row a unit of cost_unit, category, currency and price year with at least one cost.
-- Population: The units of the cohort; costs without a date, or dated on or before the cut-off.
-- Missing:    A unit with no cost recorded has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit. Currencies and price years are never pooled.
-- Source:     cost_unit, dated_cost
CREATE VIEW unit_category_cost AS
SELECT
  u.cost_per,
  u.unit_case_id,
  u.procedure_code,
  d.category,
  d.currency,
  d.price_year,
  SUM(d.amount_thousandths) AS thousandths
FROM cost_unit u
JOIN dated_cost d ON d.case_id = u.case_id
CROSS JOIN as_of a
WHERE COALESCE(d.incurred_day, a.last_data_day) <= a.last_data_day
GROUP BY u.cost_per, u.unit_case_id, u.procedure_code, d.category, d.currency, d.price_year
