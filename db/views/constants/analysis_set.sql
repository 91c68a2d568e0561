-- Question:   Which analysis sets are there?
-- Grain:      One row an analysis set.
-- Source:     Registry.Domain, AnalysisSet
CREATE VIEW analysis_set AS
SELECT 'observed' AS analysis_set
UNION ALL SELECT 'treated'
UNION ALL SELECT 'intention-to-treat'
