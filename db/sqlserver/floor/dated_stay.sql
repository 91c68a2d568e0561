-- Question:   From which to which day number did each hospital stay last?
-- Grain:      One row a case and stay.
-- Units:      Day number: days since 0001-01-01.
-- Source:     hospital_stay
CREATE VIEW dated_stay AS
SELECT
  case_id,
  stay_code,
  DATEDIFF(DAY, CAST('0001-01-01' AS DATE), admitted_on) AS admitted_day,
  DATEDIFF(DAY, CAST('0001-01-01' AS DATE), discharged_on) AS discharged_day
FROM hospital_stay
