-- Question:   On which day number was each assessment taken?
-- Grain:      One row a case and timepoint.
-- Missing:    assessed_day, nrs and pdi are NULL where nothing was recorded.
-- Units:      Day number: days since 0001-01-01. NRS 0-10, PDI 0-70, higher is worse.
-- Source:     assessment
CREATE VIEW dated_assessment AS
SELECT
  case_id,
  timepoint,
  CAST(julianday(assessed_on) - 1721425.5 AS INTEGER) AS assessed_day,
  nrs,
  pdi,
  not_done_reason
FROM assessment
