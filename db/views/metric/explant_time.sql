-- Question:   On which day after the first implant was the therapy given up for good, and until when was each case seen?
-- Grain:      One row a procedure group and day on which a case ends, and day 0 of every group, empty ones too. Each
--             case is in exactly one of events, competing and censored, on one day.
-- Population: Cases of the cohort with an implant, with or without a recorded trial; never DREZ and cordotomy.
-- Window:     Day 0 is time zero, the first implant. events: the permanent explant, if there is one; also after a loss,
--             a withdrawal or a crossover, and before a death on the same day. competing: else death. censored: else the
--             loss to follow-up, withdrawal, crossover to a later case or cut-off, whichever is first. What would lie
--             before time zero is put on day 0.
-- Numerator:  events; an explant followed by a re-implant is none, and the removal of trial leads is no explant.
-- Denominator: The cases at risk on a day: all of the group without those that ended on an earlier day.
-- Missing:    An event that is not recorded did not happen.
-- Units:      day: whole days after time zero. The rest: numbers of cases.
-- Source:     cohort, as_of. Curves: Registry.Domain, KaplanMeier and CumulativeIncidence
CREATE VIEW explant_time AS
WITH followed AS (
  SELECT
    c.procedure_code,
    c.time_zero_day,
    c.permanent_explant_day,
    c.died_day,
    CASE
      WHEN c.lost_day <= a.as_of_day
        AND c.lost_day <= COALESCE(c.withdrawn_day, c.lost_day)
        AND c.lost_day <= COALESCE(c.crossover_day, c.lost_day) THEN c.lost_day
      WHEN c.withdrawn_day <= a.as_of_day
        AND c.withdrawn_day <= COALESCE(c.crossover_day, c.withdrawn_day) THEN c.withdrawn_day
      WHEN c.crossover_day <= a.as_of_day THEN c.crossover_day
      ELSE a.as_of_day
    END AS censored_day
  FROM cohort c
  CROSS JOIN as_of a
  WHERE c.is_treated = 1 AND c.procedure_code IN ('scs', 'drg')
),
ended AS (
  SELECT
    f.procedure_code,
    COALESCE(f.permanent_explant_day, f.died_day, f.censored_day) - f.time_zero_day AS day,
    CASE WHEN f.permanent_explant_day IS NOT NULL THEN 1 ELSE 0 END AS had_event,
    CASE WHEN f.permanent_explant_day IS NULL AND f.died_day IS NOT NULL THEN 1 ELSE 0 END AS had_competing,
    CASE WHEN f.permanent_explant_day IS NULL AND f.died_day IS NULL THEN 1 ELSE 0 END AS was_censored
  FROM followed f
)
SELECT
  d.procedure_group,
  d.day,
  SUM(d.had_event) AS events,
  SUM(d.had_competing) AS competing,
  SUM(d.was_censored) AS censored
FROM (
  SELECT procedure_group, 0 AS day, 0 AS had_event, 0 AS had_competing, 0 AS was_censored FROM procedure_group
  UNION ALL
  SELECT
    g.procedure_group,
    CASE WHEN e.day < 0 THEN 0 ELSE e.day END,
    e.had_event,
    e.had_competing,
    e.was_censored
  FROM ended e
  JOIN procedure_group g ON g.procedure_code = e.procedure_code
) d
GROUP BY d.procedure_group, d.day
