-- Question:   What did each case cost?
-- Grain:      One row a case of the cohort, cost basis, currency and price year with at least one cost.
-- Population: The cohort; costs without a date, or dated on or before the cut-off.
-- Missing:    A case with no cost recorded has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit. Currencies and price years are never pooled.
-- Source:     cohort, dated_cost, cost_basis
CREATE VIEW case_cost AS
SELECT
  c.case_id,
  c.procedure_code,
  b.cost_basis,
  d.currency,
  d.price_year,
  SUM(d.amount_thousandths) AS thousandths
FROM cohort c
JOIN dated_cost d ON d.case_id = c.case_id
JOIN cost_basis b ON b.category = d.category
CROSS JOIN as_of a
WHERE COALESCE(d.incurred_day, a.last_data_day) <= a.last_data_day
GROUP BY c.case_id, c.procedure_code, b.cost_basis, d.currency, d.price_year
