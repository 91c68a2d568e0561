-- Question:   Which cases does a figure look at?
-- Grain:      One row a case of the cohort.
-- Source:     analysis_case, as cohort
CREATE VIEW cohort_member AS
SELECT c.case_id
FROM analysis_case c
WHERE c.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cohort] AND {conditions}
UNION ALL
SELECT c.case_id
FROM analysis_case_earlier c
WHERE c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cohort] AND {conditions}
