-- Question:   How many cases ended on each day after the first implant, by the first replacement of the generator, a competing end or censoring?
-- Grain:      One row a procedure group, generator group and day on which a case ends, and day 0 of every group, empty ones too.
--             Each case is in exactly one of events, competing and censored, on one day.
-- Population: Cases of the cohort with an implant; never DREZ and cordotomy. The generator is the one first implanted; where its
--             kind is not recorded the case is in the group 'all' alone.
-- Window:     Day 0 is time zero, the first implant. events: the first replacement on or before the end of observation. competing:
--             else death, or the permanent explant, which leaves no generator to replace. censored: else crossover to a later case,
--             withdrawal, loss to follow-up or cut-off. What would lie before time zero is put on day 0.
-- Numerator:  events; an implant after a temporary explant is no replacement.
-- Denominator: The cases at risk on a day: all of the group without those that ended on an earlier day.
-- Missing:    An event that is not recorded did not happen.
-- Units:      day: whole days after time zero. The rest: numbers of cases.
-- Source:     analysis_case. Curves: Registry.Domain, KaplanMeier and CumulativeIncidence
CREATE VIEW generator_replacement_time AS
WITH alike AS (
  SELECT c.procedure_code, c.generator, c.treated_day, c.generator_replaced_day, c.end_day, c.therapy_end, COUNT(*) AS cases
  FROM analysis_case c
  WHERE +c.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.procedure_code IN ('scs', 'drg') AND c.treated_day IS NOT NULL
  -- [procedure] AND c.procedure_code IN @procedure
  -- [cohort but procedure] AND +c.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY c.procedure_code, c.generator, c.treated_day, c.generator_replaced_day, c.end_day, c.therapy_end
  UNION ALL
  SELECT c.procedure_code, c.generator, c.treated_day, c.generator_replaced_day, c.end_day, c.therapy_end, COUNT(*) AS cases
  FROM analysis_case_earlier c
  WHERE c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.procedure_code IN ('scs', 'drg') AND c.treated_day IS NOT NULL
  -- [procedure] AND c.procedure_code IN @procedure
  -- [cohort but procedure] AND +c.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY c.procedure_code, c.generator, c.treated_day, c.generator_replaced_day, c.end_day, c.therapy_end
),
ended AS (
  SELECT
    n.procedure_code,
    COALESCE(n.generator, 'not-recorded') AS generator,
    CASE
      WHEN n.generator_replaced_day IS NOT NULL AND (n.end_day IS NULL OR n.generator_replaced_day <= n.end_day) THEN n.generator_replaced_day
      ELSE COALESCE(n.end_day, (SELECT a.as_of_day FROM as_of a))
    END - n.treated_day AS day,
    CASE
      WHEN n.generator_replaced_day IS NOT NULL AND (n.end_day IS NULL OR n.generator_replaced_day <= n.end_day) THEN 'event'
      WHEN n.therapy_end IN ('explanted', 'died') THEN 'competing'
      ELSE 'censored'
    END AS ended_by,
    n.cases
  FROM alike n
)
SELECT
  d.procedure_group,
  d.generator_group,
  d.day,
  SUM(d.events) AS events,
  SUM(d.competing) AS competing,
  SUM(d.censored) AS censored
FROM (
  SELECT g.procedure_group, t.generator_group, 0 AS day, 0 AS events, 0 AS competing, 0 AS censored
  FROM procedure_group g
  CROSS JOIN generator_group t
  UNION ALL
  SELECT
    g.procedure_group,
    t.generator_group,
    CASE WHEN e.day < 0 THEN 0 ELSE e.day END,
    CASE WHEN e.ended_by = 'event' THEN e.cases ELSE 0 END,
    CASE WHEN e.ended_by = 'competing' THEN e.cases ELSE 0 END,
    CASE WHEN e.ended_by = 'censored' THEN e.cases ELSE 0 END
  FROM ended e
  JOIN procedure_group g ON g.procedure_code = e.procedure_code
  JOIN generator_group t ON t.generator = e.generator
) d
GROUP BY d.procedure_group, d.generator_group, d.day
