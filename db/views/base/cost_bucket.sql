-- Question:   How many units cost about the same?
-- Grain:      None: the rows of one basis, procedure, unit, currency, price year and bucket add up.
-- Population: As in cost_moment.
-- Units:      bucket: 1000 x the number of digits + the three leading digits of the cost in thousandths, so that a higher bucket
--             means a higher cost. coarse_bucket: the same with two leading digits. n: number of units.
-- Source:     analysis_cost
CREATE VIEW cost_bucket AS
SELECT
  'surgical' AS cost_basis,
  k.procedure_code,
  k.unit,
  k.currency,
  k.price_year,
  k.surgical_bucket AS bucket,
  k.surgical_bucket - k.surgical_bucket % 10 AS coarse_bucket,
  CAST(COUNT(*) AS BIGINT) AS n
FROM analysis_cost k
WHERE +k.known_from <= (SELECT a.as_of_day FROM as_of a) AND k.surgical_thousandths IS NOT NULL
-- [cost_basis] AND 'surgical' = @cost_basis
-- [procedure] AND k.procedure_code IN @procedure
-- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY k.procedure_code, k.currency, k.price_year, k.unit, k.surgical_bucket
UNION ALL
SELECT
  'surgical' AS cost_basis,
  k.procedure_code,
  k.unit,
  k.currency,
  k.price_year,
  k.surgical_bucket AS bucket,
  k.surgical_bucket - k.surgical_bucket % 10 AS coarse_bucket,
  CAST(COUNT(*) AS BIGINT) AS n
FROM analysis_cost_earlier k
WHERE k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a) AND k.surgical_thousandths IS NOT NULL
-- [cost_basis] AND 'surgical' = @cost_basis
-- [procedure] AND k.procedure_code IN @procedure
-- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY k.procedure_code, k.currency, k.price_year, k.unit, k.surgical_bucket
UNION ALL
SELECT
  'all' AS cost_basis,
  k.procedure_code,
  k.unit,
  k.currency,
  k.price_year,
  k.all_bucket AS bucket,
  k.all_bucket - k.all_bucket % 10 AS coarse_bucket,
  CAST(COUNT(*) AS BIGINT) AS n
FROM analysis_cost k
WHERE +k.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cost_basis] AND 'all' = @cost_basis
-- [procedure] AND k.procedure_code IN @procedure
-- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY k.procedure_code, k.currency, k.price_year, k.unit, k.all_bucket
UNION ALL
SELECT
  'all' AS cost_basis,
  k.procedure_code,
  k.unit,
  k.currency,
  k.price_year,
  k.all_bucket AS bucket,
  k.all_bucket - k.all_bucket % 10 AS coarse_bucket,
  CAST(COUNT(*) AS BIGINT) AS n
FROM analysis_cost_earlier k
WHERE k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cost_basis] AND 'all' = @cost_basis
-- [procedure] AND k.procedure_code IN @procedure
-- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
GROUP BY k.procedure_code, k.currency, k.price_year, k.unit, k.all_bucket
