-- Question:   Which categories of costs does each basis add up?
-- Grain:      One row a basis and category. 'surgical' is operation, device and anaesthesia; 'all' is every category.
-- Source:     Registry.Domain, CostBasis, CostCategory
CREATE VIEW cost_basis AS
SELECT 'surgical' AS cost_basis, 'operation' AS category
UNION ALL SELECT 'surgical', 'device'
UNION ALL SELECT 'surgical', 'anaesthesia'
UNION ALL SELECT 'all', 'operation'
UNION ALL SELECT 'all', 'device'
UNION ALL SELECT 'all', 'anaesthesia'
UNION ALL SELECT 'all', 'trial'
UNION ALL SELECT 'all', 'hospital-stay'
UNION ALL SELECT 'all', 'revision'
UNION ALL SELECT 'all', 'explant'
UNION ALL SELECT 'all', 'follow-up'
UNION ALL SELECT 'all', 'medication'
UNION ALL SELECT 'all', 'other'
