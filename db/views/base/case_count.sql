-- Question:   How many cases have the same standing at the cut-off?
-- Grain:      One row a procedure, case class and whether the row is of an earlier cut-off: as many rows as there are different
--             courses, however many cases there are.
-- Population: The cohort.
-- Units:      cases: number of cases. Flags are 0 or 1. case_class holds them as one number: Registry.Domain, CaseClass.
-- Source:     analysis_case
CREATE VIEW case_count AS
SELECT
  n.procedure_code,
  n.cases,
  CASE WHEN n.case_class & 1 = 0 THEN 0 ELSE 1 END AS is_entered,
  CASE WHEN n.case_class & 2 = 0 THEN 0 ELSE 1 END AS is_treated,
  CASE WHEN n.case_class & 4 = 0 THEN 0 ELSE 1 END AS is_trialled,
  CASE WHEN n.case_class & 8 = 0 THEN 0 ELSE 1 END AS is_trial_ended,
  CASE WHEN n.case_class & 16 = 0 THEN 0 ELSE 1 END AS is_trial_succeeded,
  CASE WHEN n.case_class & 32 = 0 THEN 0 ELSE 1 END AS is_left_before_implant,
  CASE WHEN n.case_class & 64 = 0 THEN 0 ELSE 1 END AS is_declined,
  CASE WHEN n.case_class & 128 = 0 THEN 0 ELSE 1 END AS is_awaiting_implant,
  CASE WHEN n.case_class & 256 = 0 THEN 0 ELSE 1 END AS is_explanted,
  CASE WHEN n.case_class & 512 = 0 THEN 0 ELSE 1 END AS is_permanently_explanted,
  CASE WHEN n.case_class & 1024 = 0 THEN 0 ELSE 1 END AS is_reimplanted,
  CASE WHEN n.case_class & 2048 = 0 THEN 0 ELSE 1 END AS is_crossed_over,
  CASE WHEN n.case_class & 4096 = 0 THEN 0 ELSE 1 END AS is_died,
  CASE WHEN n.case_class & 8192 = 0 THEN 0 ELSE 1 END AS is_lost,
  CASE WHEN n.case_class & 16384 = 0 THEN 0 ELSE 1 END AS is_withdrawn,
  CASE WHEN n.case_class & 32768 = 0 THEN 0 ELSE 1 END AS is_primary,
  CASE WHEN n.case_class & 65536 = 0 THEN 0 ELSE 1 END AS is_only_case,
  CASE WHEN n.case_class & 131072 = 0 THEN 0 ELSE 1 END AS is_ended_by_death,
  CASE WHEN n.case_class & 262144 = 0 THEN 0 ELSE 1 END AS is_ended_by_explant,
  CASE WHEN n.case_class & 524288 = 0 THEN 0 ELSE 1 END AS is_ended_by_crossover,
  CASE WHEN n.case_class & 1048576 = 0 THEN 0 ELSE 1 END AS is_ended_by_withdrawal,
  CASE WHEN n.case_class & 2097152 = 0 THEN 0 ELSE 1 END AS is_ended_by_loss
FROM (
  SELECT c.procedure_code, c.case_class, CAST(COUNT(*) AS BIGINT) AS cases
  FROM analysis_case c
  WHERE +c.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [cohort] AND {conditions}
  GROUP BY c.procedure_code, c.case_class
  UNION ALL
  SELECT c.procedure_code, c.case_class, CAST(COUNT(*) AS BIGINT) AS cases
  FROM analysis_case_earlier c
  WHERE c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [cohort] AND {conditions}
  GROUP BY c.procedure_code, c.case_class
) n
