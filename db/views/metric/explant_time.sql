-- Question:   How many cases ended on each day after the first implant, by permanent explant, death or censoring?
-- Grain:      One row a procedure group and day on which a case ends, and day 0 of every group, empty ones too. Each
--             case is in exactly one of events, competing and censored, on one day.
-- Population: Cases of the cohort with an implant, with or without a recorded trial; never DREZ and cordotomy.
-- Window:     Day 0 is time zero, the first implant. Each case ends when observation of it does: by a permanent explant
--             (events), by death (competing), else by crossover to a later case, withdrawal, loss to follow-up or cut-off
--             (censored). What would lie before time zero is put on day 0.
-- Numerator:  events; an explant followed by a re-implant within 180 days is none, and the removal of trial leads is no explant.
-- Denominator: The cases at risk on a day: all of the group without those that ended on an earlier day.
-- Missing:    An event that is not recorded did not happen.
-- Units:      day: whole days after time zero. The rest: numbers of cases.
-- Source:     analysis_case. Curves: Registry.Domain, KaplanMeier and CumulativeIncidence
CREATE VIEW explant_time AS
WITH alike AS (
  SELECT c.procedure_code, c.therapy_end, c.therapy_days, c.treated_day, COUNT(*) AS cases
  FROM analysis_case c
  WHERE +c.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.procedure_code IN ('scs', 'drg') AND c.treated_day IS NOT NULL
  -- [procedure] AND c.procedure_code IN @procedure
  -- [cohort but procedure] AND +c.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY c.procedure_code, c.therapy_end, c.therapy_days, c.treated_day
  UNION ALL
  SELECT c.procedure_code, c.therapy_end, c.therapy_days, c.treated_day, COUNT(*) AS cases
  FROM analysis_case_earlier c
  WHERE c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.procedure_code IN ('scs', 'drg') AND c.treated_day IS NOT NULL
  -- [procedure] AND c.procedure_code IN @procedure
  -- [cohort but procedure] AND +c.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY c.procedure_code, c.therapy_end, c.therapy_days, c.treated_day
),
ended AS (
  SELECT
    n.procedure_code,
    CASE WHEN n.therapy_end IS NULL THEN (SELECT a.as_of_day FROM as_of a) - n.treated_day ELSE n.therapy_days END AS day,
    SUM(CASE WHEN n.therapy_end = 'explanted' THEN n.cases ELSE 0 END) AS events,
    SUM(CASE WHEN n.therapy_end = 'died' THEN n.cases ELSE 0 END) AS competing,
    SUM(CASE WHEN COALESCE(n.therapy_end, 'censored') = 'censored' THEN n.cases ELSE 0 END) AS censored
  FROM alike n
  GROUP BY n.procedure_code, CASE WHEN n.therapy_end IS NULL THEN (SELECT a.as_of_day FROM as_of a) - n.treated_day ELSE n.therapy_days END
)
SELECT
  d.procedure_group,
  d.day,
  SUM(d.events) AS events,
  SUM(d.competing) AS competing,
  SUM(d.censored) AS censored
FROM (
  SELECT g.procedure_group, 0 AS day, 0 AS events, 0 AS competing, 0 AS censored FROM procedure_group g
  UNION ALL
  SELECT g.procedure_group, CASE WHEN e.day < 0 THEN 0 ELSE e.day END, e.events, e.competing, e.censored
  FROM ended e
  JOIN procedure_group g ON g.procedure_code = e.procedure_code
) d
GROUP BY d.procedure_group, d.day
