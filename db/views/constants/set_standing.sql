-- Question:   Whom does each analysis set count?
-- Grain:      One row an analysis set and standing of a case at a timepoint that belongs to the set.
-- Population: observed and treated: implanted or operated. intention-to-treat: entered treatment, and so every case that a
--             figure about scores looks at.
-- Denominator: counts is 1 where the case counts: observed: scored while the therapy was in place. The other sets: due.
-- Units:      Flags, 0 or 1.
-- Source:     analysis_set
CREATE VIEW set_standing AS
SELECT
  s.analysis_set,
  f.is_treated,
  f.is_due,
  f.is_observed,
  CASE s.analysis_set WHEN 'observed' THEN f.is_observed ELSE f.is_due END AS counts
FROM analysis_set s
CROSS JOIN (
  SELECT t.flag AS is_treated, d.flag AS is_due, o.flag AS is_observed
  FROM (SELECT 0 AS flag UNION ALL SELECT 1) t
  CROSS JOIN (SELECT 0 AS flag UNION ALL SELECT 1) d
  CROSS JOIN (SELECT 0 AS flag UNION ALL SELECT 1) o
) f
WHERE f.is_treated = 1 OR s.analysis_set = 'intention-to-treat'
