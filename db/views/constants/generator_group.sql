-- Question:   Which generators does each row of a summary pool?
-- Grain:      One row a group and member. Every kind is a group of its own; 'all' pools them and what is not recorded.
-- Source:     Registry.Domain, GeneratorType
CREATE VIEW generator_group AS
SELECT 'rechargeable' AS generator_group, 'rechargeable' AS generator
UNION ALL SELECT 'primary-cell', 'primary-cell'
UNION ALL SELECT 'all', 'rechargeable'
UNION ALL SELECT 'all', 'primary-cell'
UNION ALL SELECT 'all', 'not-recorded'
