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
  DATEDIFF(DAY, CAST('0001-01-01' AS DATE), occurred_on) AS occurred_day,
  YEAR(occurred_on) AS occurred_year
FROM treatment_event
