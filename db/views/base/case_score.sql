-- Question:   What did each case score at each timepoint, and how does it stand there?
-- Grain:      One row a case of the cohort that entered treatment, timepoint (baseline included) and instrument.
-- Population: Cases of the cohort that entered treatment.
-- Missing:    baseline and score are NULL where not recorded. score is NULL, too, where the score may not be credited
--             to the case; is_observed is 1 where it may and the therapy was in place.
-- Units:      Points of the instrument, higher is worse. Flags as in case_timepoint.
-- Source:     case_timepoint, instrument
CREATE VIEW case_score AS
SELECT
  t.case_id,
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
