-- Question:   How many cases share the same baseline, score and standing?
-- Grain:      One row a procedure, timepoint, instrument, baseline, score and standing: as many rows as there are
--             different courses, however many cases there are. Every figure about scores is a sum over these rows.
-- Population: Cases of the cohort that entered treatment.
-- Missing:    baseline and score are NULL where not recorded. score is NULL, too, where the score may not be credited
--             to the case; is_observed is 1 where it may and the therapy was in place.
-- Units:      cases: number of cases. Scores in points of the instrument, higher is worse.
-- Source:     case_timepoint, instrument
CREATE VIEW score_cell AS
SELECT
  s.procedure_code,
  s.timepoint,
  s.timepoint_order,
  s.instrument,
  s.is_treated,
  s.is_due,
  s.is_observed,
  s.died_before,
  s.ended_before,
  s.baseline,
  s.score,
  CAST(COUNT(*) AS BIGINT) AS cases
FROM (
  SELECT
    t.procedure_code,
    t.timepoint,
    t.timepoint_order,
    i.instrument,
    t.is_treated,
    t.is_due,
    t.died_before,
    t.ended_before,
    CASE i.instrument WHEN 'nrs' THEN t.baseline_nrs ELSE t.baseline_pdi END AS baseline,
    CASE WHEN t.is_credited = 1 THEN CASE i.instrument WHEN 'nrs' THEN t.nrs ELSE t.pdi END END AS score,
    CASE
      WHEN t.is_treated = 1 AND t.is_credited = 1 AND t.is_in_place = 1
        AND CASE i.instrument WHEN 'nrs' THEN t.nrs ELSE t.pdi END IS NOT NULL THEN 1
      ELSE 0
    END AS is_observed
  FROM case_timepoint t
  CROSS JOIN instrument i
  WHERE t.is_entered = 1
) s
GROUP BY
  s.procedure_code,
  s.timepoint,
  s.timepoint_order,
  s.instrument,
  s.is_treated,
  s.is_due,
  s.is_observed,
  s.died_before,
  s.ended_before,
  s.baseline,
  s.score
