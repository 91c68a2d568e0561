-- Question:   Up to which day do the figures look?
-- Grain:      One row.
-- Window:     Visits are due up to as_of_day. Data count up to last_data_day, a day later: at a site east of Greenwich
--             tomorrow has begun.
-- Units:      Day number: days since 0001-01-01.
-- Source:     The clock of the database, in UTC. The HTTP interface puts the day that was asked for in the place of both.
CREATE VIEW as_of AS
SELECT
  CAST(julianday(date('now')) - 1721425.5 AS INTEGER) AS as_of_day,
  CAST(julianday(date('now')) - 1721425.5 AS INTEGER) + 1 AS last_data_day
