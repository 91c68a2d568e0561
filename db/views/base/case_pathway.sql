-- Question:   Which cases belong together as the pathway of one patient?
-- Grain:      One row a case.
-- Population: Every case, whatever the cohort: a pathway is whole, or it is not looked at.
-- Window:     The chain of preceding cases, followed to its first: 6 cases at most, a bound that recording enforces
--             (Registry.Domain, LinkedCases.MostCases).
-- Missing:    A case without a preceding case is the first of its pathway; without a later one it is a pathway of one.
-- Source:     treatment_case
CREATE VIEW case_pathway AS
SELECT
  c.case_id,
  COALESCE(p4.preceding_case_id, p3.preceding_case_id, p2.preceding_case_id, p1.preceding_case_id, c.preceding_case_id, c.case_id) AS pathway_case_id
FROM treatment_case c
LEFT JOIN treatment_case p1 ON p1.case_id = c.preceding_case_id
LEFT JOIN treatment_case p2 ON p2.case_id = p1.preceding_case_id
LEFT JOIN treatment_case p3 ON p3.case_id = p2.preceding_case_id
LEFT JOIN treatment_case p4 ON p4.case_id = p3.preceding_case_id
