-- Question:   On which day number was each cost incurred?
-- Grain:      One row a case and cost.
-- Missing:    incurred_day is NULL where no date was recorded; such a cost counts whatever the cut-off.
-- Units:      Day number: days since 0001-01-01. Thousandths of the currency's major unit.
-- Source:     cost_item
CREATE VIEW dated_cost AS
SELECT
  case_id,
  cost_code,
  category,
  amount_thousandths,
  currency,
  price_year,
  CAST(julianday(incurred_on) - 1721425.5 AS INTEGER) AS incurred_day
FROM cost_item
