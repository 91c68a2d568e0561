-- Question:   From which to which day number did each hospital stay last?
-- Grain:      One row a case and stay.
-- Units:      Day number: days since 0001-01-01.
-- Source:     hospital_stay
CREATE VIEW dated_stay AS
SELECT
  case_id,
  stay_code,
  CAST(julianday(admitted_on) - 1721425.5 AS INTEGER) AS admitted_day,
  CAST(julianday(discharged_on) - 1721425.5 AS INTEGER) AS discharged_day
FROM hospital_stay
