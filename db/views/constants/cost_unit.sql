-- Question:   Which units are added up where costs are counted per case, and which where they are counted per pathway?
-- Grain:      One row a way of counting and unit. A case that is a pathway by itself is one unit, 'both'; the cases of a
--             longer pathway are units 'case', and their sum is a unit 'pathway'.
-- Source:     Registry.Domain, CostUnit
CREATE VIEW cost_unit AS
SELECT 'case' AS cost_per, 'case' AS unit
UNION ALL SELECT 'case', 'both'
UNION ALL SELECT 'pathway', 'pathway'
UNION ALL SELECT 'pathway', 'both'
