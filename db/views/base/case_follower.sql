-- Question:   Which case does each case follow?
-- Grain:      One row a case.
-- Missing:    preceding_case_id is NULL where the case follows none.
-- Source:     treatment_case
CREATE VIEW case_follower AS
SELECT
  case_id,
  preceding_case_id
FROM treatment_case
