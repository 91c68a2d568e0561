-- Question:   On which day number did each event happen?
-- Grain:      One row a case and event.
-- Units:      Day number: days since 0001-01-01. Calendar year.
-- Source:     treatment_event
CREATE VIEW dated_event AS
SELECT
  case_id,
  event_code,
  event_type,
  outcome,
  is_permanent,
  CAST(julianday(occurred_on) - 1721425.5 AS INTEGER) AS occurred_day,
  CAST(substr(occurred_on, 1, 4) AS INTEGER) AS occurred_year
FROM treatment_event
