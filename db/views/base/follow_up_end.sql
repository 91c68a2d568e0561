-- Question:   Which event, if any, ended the follow-up of each case, and when?
-- Grain:      One row a case of the cohort that has a time zero.
-- Population: The cohort; a case that never entered treatment has no follow-up to end.
-- Window:     end_day is the earliest of death, permanent explant, crossover to a later case, withdrawal and loss to
--             follow-up, dated on or before the cut-off. On one day they count in that order. An explant that is not
--             permanent ends nothing.
-- Missing:    end_reason and end_day are NULL where none of the five is recorded.
-- Units:      Day number: days since 0001-01-01. end_reason as in Registry.Domain, CensoringReason.
-- Source:     cohort
CREATE VIEW follow_up_end AS
SELECT
  e.case_id,
  e.site_code,
  e.case_code,
  e.patient_reference,
  e.procedure_code,
  e.time_zero_day,
  e.died_day,
  e.end_reason,
  CASE e.end_reason
    WHEN 'died' THEN e.died_day
    WHEN 'explanted' THEN e.permanent_explant_day
    WHEN 'crossed-over' THEN e.crossover_day
    WHEN 'withdrawn' THEN e.withdrawn_day
    WHEN 'lost-to-follow-up' THEN e.lost_day
  END AS end_day
FROM (
  SELECT
    c.case_id,
    c.site_code,
    c.case_code,
    c.patient_reference,
    c.procedure_code,
    c.time_zero_day,
    c.died_day,
    c.permanent_explant_day,
    c.crossover_day,
    c.withdrawn_day,
    c.lost_day,
    CASE
      WHEN c.died_day <= COALESCE(c.permanent_explant_day, c.died_day)
        AND c.died_day <= COALESCE(c.crossover_day, c.died_day)
        AND c.died_day <= COALESCE(c.withdrawn_day, c.died_day)
        AND c.died_day <= COALESCE(c.lost_day, c.died_day) THEN 'died'
      WHEN c.permanent_explant_day <= COALESCE(c.crossover_day, c.permanent_explant_day)
        AND c.permanent_explant_day <= COALESCE(c.withdrawn_day, c.permanent_explant_day)
        AND c.permanent_explant_day <= COALESCE(c.lost_day, c.permanent_explant_day) THEN 'explanted'
      WHEN c.crossover_day <= COALESCE(c.withdrawn_day, c.crossover_day)
        AND c.crossover_day <= COALESCE(c.lost_day, c.crossover_day) THEN 'crossed-over'
      WHEN c.withdrawn_day <= COALESCE(c.lost_day, c.withdrawn_day) THEN 'withdrawn'
      WHEN c.lost_day IS NOT NULL THEN 'lost-to-follow-up'
    END AS end_reason
  FROM cohort c
  WHERE c.time_zero_day IS NOT NULL
) e
