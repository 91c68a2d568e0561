-- Question:   How many cases ended on each day after the first implant, by permanent explant for each reason, a competing end or censoring?
-- Grain:      One row a procedure group, reason and day on which a case ends, and day 0 of every group, empty ones too. Each
--             case is in exactly one of events, competing and censored of each reason, on one day.
-- Population: As in explant_time: cases of the cohort with an implant, with or without a recorded trial; never DREZ and cordotomy.
-- Window:     As in explant_time. Of a permanent explant the reason that is recorded with it counts; an explant for any other reason
--             competes, as death does.
-- Numerator:  events: permanent explants for the reason.
-- Denominator: The cases at risk on a day: all of the group without those that ended on an earlier day.
-- Missing:    An event that is not recorded did not happen.
-- Units:      day: whole days after time zero. The rest: numbers of cases.
-- Source:     analysis_case. Curves: Registry.Domain, CumulativeIncidence
CREATE VIEW explant_reason_time AS
WITH alike AS (
  SELECT c.procedure_code, c.therapy_end, c.explant_reason, c.therapy_days, c.treated_day, COUNT(*) AS cases
  FROM analysis_case c
  WHERE +c.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.procedure_code IN ('scs', 'drg') AND c.treated_day IS NOT NULL
  -- [procedure] AND c.procedure_code IN @procedure
  -- [cohort but procedure] AND +c.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY c.procedure_code, c.therapy_end, c.explant_reason, c.therapy_days, c.treated_day
  UNION ALL
  SELECT c.procedure_code, c.therapy_end, c.explant_reason, c.therapy_days, c.treated_day, COUNT(*) AS cases
  FROM analysis_case_earlier c
  WHERE c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.procedure_code IN ('scs', 'drg') AND c.treated_day IS NOT NULL
  -- [procedure] AND c.procedure_code IN @procedure
  -- [cohort but procedure] AND +c.case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY c.procedure_code, c.therapy_end, c.explant_reason, c.therapy_days, c.treated_day
),
ended AS (
  SELECT
    n.procedure_code,
    r.explant_reason,
    CASE WHEN n.therapy_end IS NULL THEN (SELECT a.as_of_day FROM as_of a) - n.treated_day ELSE n.therapy_days END AS day,
    CASE WHEN n.therapy_end = 'explanted' AND n.explant_reason = r.explant_reason THEN n.cases ELSE 0 END AS events,
    CASE WHEN n.therapy_end = 'died' OR (n.therapy_end = 'explanted' AND n.explant_reason <> r.explant_reason) THEN n.cases ELSE 0 END AS competing,
    CASE WHEN COALESCE(n.therapy_end, 'censored') = 'censored' THEN n.cases ELSE 0 END AS censored
  FROM alike n
  CROSS JOIN explant_reason r
)
SELECT
  d.procedure_group,
  d.explant_reason,
  d.day,
  SUM(d.events) AS events,
  SUM(d.competing) AS competing,
  SUM(d.censored) AS censored
FROM (
  SELECT g.procedure_group, r.explant_reason, 0 AS day, 0 AS events, 0 AS competing, 0 AS censored
  FROM procedure_group g
  CROSS JOIN explant_reason r
  UNION ALL
  SELECT g.procedure_group, e.explant_reason, CASE WHEN e.day < 0 THEN 0 ELSE e.day END, e.events, e.competing, e.censored
  FROM ended e
  JOIN procedure_group g ON g.procedure_code = e.procedure_code
) d
GROUP BY d.procedure_group, d.explant_reason, d.day
