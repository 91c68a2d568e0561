-- Question:   Which costs does each case, and each pathway, have?
-- Grain:      One row a way of counting and cost: a cost belongs to one case, and to one pathway at most.
-- Population: The units of cost_unit; costs without a date, or dated on or before the cut-off.
-- Missing:    A unit with no cost recorded has no row: it has no cost, not cost 0.
-- Units:      Thousandths of the currency's major unit.
-- Source:     cost_unit, dated_cost
CREATE VIEW unit_cost_item AS
SELECT
  u.cost_per,
  u.unit_case_id,
  u.procedure_code,
  d.case_id,
  d.cost_code,
  d.category,
  d.currency,
  d.price_year,
  d.amount_thousandths
FROM cost_unit u
JOIN dated_cost d ON d.case_id = u.case_id
CROSS JOIN as_of a
WHERE COALESCE(d.incurred_day, a.last_data_day) <= a.last_data_day
