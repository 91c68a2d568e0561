-- Question:   Up to which day do the figures look?
-- Grain:      One row.
-- Window:     The data cut-off: nothing dated later is looked at, and a visit is due when its target day has come by then.
-- Units:      Day number: days since 0001-01-01.
-- Source:     The clock of the database, in UTC. The HTTP interface puts the day that was asked for in its place.
CREATE VIEW as_of AS
SELECT DATEDIFF(DAY, CAST('0001-01-01' AS DATE), CAST(SYSUTCDATETIME() AS DATE)) AS as_of_day
