-- Question:   Which procedures does each row of a summary pool?
-- Grain:      One row a group and member. Every procedure is a group of its own; 'all' pools the four.
-- Source:     Registry.Domain, Procedure
CREATE VIEW procedure_group AS
SELECT 'scs' AS procedure_group, 'scs' AS procedure_code
UNION ALL SELECT 'drg', 'drg'
UNION ALL SELECT 'drez', 'drez'
UNION ALL SELECT 'cordotomy', 'cordotomy'
UNION ALL SELECT 'all', 'scs'
UNION ALL SELECT 'all', 'drg'
UNION ALL SELECT 'all', 'drez'
UNION ALL SELECT 'all', 'cordotomy'
