-- Question:   Which cases does a figure look at?
-- Grain:      One row a case of the cohort.
-- Source:     cohort
CREATE VIEW cohort_member AS
SELECT c.case_id
FROM cohort c
