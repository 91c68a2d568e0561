-- Question:   Which categories of adverse events does each row of a summary pool?
-- Grain:      One row a group and member. Every category is a group of its own; 'all' pools the four.
-- Source:     Registry.Domain, AdverseEventCategory
CREATE VIEW adverse_event_category AS
SELECT 'surgical' AS category_group, 'surgical' AS category
UNION ALL SELECT 'hardware-related', 'hardware-related'
UNION ALL SELECT 'neurological', 'neurological'
UNION ALL SELECT 'other', 'other'
UNION ALL SELECT 'all', 'surgical'
UNION ALL SELECT 'all', 'hardware-related'
UNION ALL SELECT 'all', 'neurological'
UNION ALL SELECT 'all', 'other'
