-- Question:   How many cases share the same baseline, score and standing?
-- Grain:      One row a procedure, timepoint, instrument, baseline, score and standing: as many rows as there are
--             different courses, however many cases there are. Every figure about scores is a sum over these rows.
-- Population: Cases of the cohort that entered treatment.
-- Missing:    As in case_score.
-- Units:      cases: number of cases. Scores in points of the instrument, higher is worse.
-- Source:     case_score
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
FROM case_score s
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
