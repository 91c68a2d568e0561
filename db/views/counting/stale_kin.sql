-- Question:   Which cases tell how the stale cases stand?
-- Grain:      One row a case: each stale one, and each that follows a stale one, for a crossover is told from it.
-- Source:     stale_case, treatment_case
CREATE VIEW stale_kin AS
SELECT s.case_id
FROM stale_case s
UNION
SELECT l.case_id
FROM stale_case s
JOIN treatment_case l ON l.preceding_case_id = s.case_id
