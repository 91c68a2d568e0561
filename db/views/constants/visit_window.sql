-- Question:   When is each visit due, and when is it on time?
-- Grain:      One row a timepoint.
-- Window:     first_day to last_day, both inclusive. The baseline has none.
-- Units:      Days after time zero.
-- Source:     Registry.Domain, VisitWindow
CREATE VIEW visit_window AS
SELECT 'baseline' AS timepoint, 0 AS timepoint_order, CAST(NULL AS INT) AS target_day, CAST(NULL AS INT) AS first_day, CAST(NULL AS INT) AS last_day
UNION ALL SELECT 'post-op', 1, 7, 1, 14
UNION ALL SELECT '1m', 2, 30, 15, 60
UNION ALL SELECT '3m', 3, 91, 61, 136
UNION ALL SELECT '6m', 4, 183, 137, 273
UNION ALL SELECT '12m', 5, 365, 274, 547
UNION ALL SELECT '24m', 6, 730, 548, 913
