-- Question:   On which day number did each adverse event begin?
-- Grain:      One row a case and adverse event.
-- Units:      Day number: days since 0001-01-01. is_serious is 0 or 1.
-- Source:     adverse_event
CREATE VIEW dated_adverse_event AS
SELECT
  case_id,
  adverse_event_code,
  category,
  severity,
  is_serious,
  DATEDIFF(DAY, CAST('0001-01-01' AS DATE), onset_on) AS onset_day
FROM adverse_event
