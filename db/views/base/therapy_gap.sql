-- Question:   When was an implanted therapy not in place?
-- Grain:      One row an explant.
-- Window:     From the day after from_day to the day before until_day; from_day itself still counts as in place.
-- Missing:    until_day is NULL where no re-implant is recorded.
-- Units:      Day number: days since 0001-01-01.
-- Source:     dated_event
CREATE VIEW therapy_gap AS
SELECT
  o.case_id,
  o.occurred_day AS from_day,
  (
    SELECT MIN(i.occurred_day)
    FROM dated_event i
    CROSS JOIN as_of a
    WHERE i.case_id = o.case_id AND i.event_type = 'implanted' AND i.occurred_day >= o.occurred_day AND i.occurred_day <= a.last_data_day
  ) AS until_day
FROM dated_event o
CROSS JOIN as_of b
WHERE o.event_type = 'explanted' AND o.occurred_day <= b.last_data_day
