-- Question:   Of which cases do the counted scores no longer hold?
-- Grain:      One row a case: changed since it was counted, or standing otherwise since a day began, or counted as of a
--             day that has not come.
-- Units:      Day number: days since 0001-01-01.
-- Source:     changed_case, counted_case, as_of
CREATE VIEW stale_case AS
SELECT h.case_id
FROM changed_case h
UNION
SELECT c.case_id
FROM as_of a
CROSS JOIN counted_case c
WHERE c.next_day <= a.as_of_day
UNION
SELECT c.case_id
FROM as_of a
CROSS JOIN counted_case c
WHERE c.counted_day > a.as_of_day
