-- Question:   Up to which day do the figures look?
-- Grain:      One row.
-- Window:     Visits are due up to as_of_day. Data count up to last_data_day, a day later: at a site east of Greenwich
--             tomorrow has begun.
-- Units:      Day number: days since 0001-01-01.
-- Source:     The clock of the database, in UTC. The HTTP interface puts the day that was asked for in the place of both.
CREATE VIEW as_of AS
SELECT
  DATEDIFF(DAY, CAST('0001-01-01' AS DATE), CAST(SYSUTCDATETIME() AS DATE)) AS as_of_day,
  DATEDIFF(DAY, CAST('0001-01-01' AS DATE), CAST(SYSUTCDATETIME() AS DATE)) + 1 AS last_data_day
