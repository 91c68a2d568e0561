-- Question:   Whose costs are added up to one figure?
-- Grain:      One row a way of counting (per case, per pathway), unit and case of the unit.
-- Population: case: the cases of the cohort, each by itself. pathway: the pathways whose first case is in the cohort,
--             each with all of its cases. So a filter picks pathways by their first case, and cuts none short.
-- Units:      unit_case_id and procedure_code: the case itself, or the first case of the pathway, and its procedure.
-- Source:     cost_per, cohort, case_pathway
CREATE VIEW cost_unit AS
SELECT
  w.cost_per,
  c.case_id AS unit_case_id,
  c.procedure_code,
  c.case_id
FROM cost_per w
CROSS JOIN cohort c
WHERE w.cost_per = 'case'
UNION ALL
SELECT
  w.cost_per,
  c.case_id,
  c.procedure_code,
  p.case_id
FROM cost_per w
CROSS JOIN case_pathway p
JOIN cohort c ON c.case_id = p.pathway_case_id
WHERE w.cost_per = 'pathway'
