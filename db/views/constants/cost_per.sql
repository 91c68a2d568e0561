-- Question:   What is a cost counted for?
-- Grain:      One row a way of counting: the case, or the pathway of linked cases of one patient.
-- Source:     Registry.Api, CostPer
CREATE VIEW cost_per AS
SELECT 'case' AS cost_per
UNION ALL SELECT 'pathway'
