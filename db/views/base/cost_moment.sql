-- Question:   What are the sum and the sum of squares of the costs, by kind of unit?
-- Grain:      None: the rows of one basis, procedure, unit, currency and price year add up.
-- Population: Units (a case, a pathway, or a case that is a pathway by itself) whose case, or first case, is in the cohort,
--             with at least one cost on the basis that is undated or dated on or before the cut-off.
-- Units:      n: number of units. units_with_cost: of these, each unit once, whatever currencies and price years it has.
--             total_e9 and total_e0: the sum in thousandths of the currency's major unit is total_e9 x 10^9 + total_e0.
--             square_e22, square_e11, square_e0: in the same way the sum of the squares. No part can overflow.
-- Source:     analysis_cost
CREATE VIEW cost_moment AS
SELECT
  b.cost_basis,
  s.procedure_code,
  s.unit,
  s.currency,
  s.price_year,
  CASE b.cost_basis WHEN 'all' THEN s.all_n ELSE s.surgical_n END AS n,
  CASE b.cost_basis WHEN 'all' THEN s.all_units ELSE s.surgical_units END AS units_with_cost,
  CASE b.cost_basis WHEN 'all' THEN s.all_e9 ELSE s.surgical_e9 END AS total_e9,
  CASE b.cost_basis WHEN 'all' THEN s.all_e0 ELSE s.surgical_e0 END AS total_e0,
  CASE b.cost_basis WHEN 'all' THEN s.all_square_e22 ELSE s.surgical_square_e22 END AS square_e22,
  CASE b.cost_basis WHEN 'all' THEN s.all_square_e11 ELSE s.surgical_square_e11 END AS square_e11,
  CASE b.cost_basis WHEN 'all' THEN s.all_square_e0 ELSE s.surgical_square_e0 END AS square_e0
FROM (
  SELECT
    k.procedure_code,
    k.unit,
    k.currency,
    k.price_year,
    CAST(COUNT(k.surgical_thousandths) AS BIGINT) AS surgical_n,
    SUM(k.is_first_surgical) AS surgical_units,
    SUM(k.surgical_thousandths / 1000000000) AS surgical_e9,
    SUM(k.surgical_thousandths % 1000000000) AS surgical_e0,
    SUM(k.surgical_square_e22) AS surgical_square_e22,
    SUM(k.surgical_square_e11) AS surgical_square_e11,
    SUM(k.surgical_square_e0) AS surgical_square_e0,
    CAST(COUNT(*) AS BIGINT) AS all_n,
    SUM(k.is_first) AS all_units,
    SUM(k.all_thousandths / 1000000000) AS all_e9,
    SUM(k.all_thousandths % 1000000000) AS all_e0,
    SUM(k.all_square_e22) AS all_square_e22,
    SUM(k.all_square_e11) AS all_square_e11,
    SUM(k.all_square_e0) AS all_square_e0
  FROM analysis_cost k
  WHERE +k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [procedure] AND k.procedure_code IN @procedure
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY k.procedure_code, k.currency, k.price_year, k.unit
  UNION ALL
  SELECT
    k.procedure_code,
    k.unit,
    k.currency,
    k.price_year,
    CAST(COUNT(k.surgical_thousandths) AS BIGINT) AS surgical_n,
    SUM(k.is_first_surgical) AS surgical_units,
    SUM(k.surgical_thousandths / 1000000000) AS surgical_e9,
    SUM(k.surgical_thousandths % 1000000000) AS surgical_e0,
    SUM(k.surgical_square_e22) AS surgical_square_e22,
    SUM(k.surgical_square_e11) AS surgical_square_e11,
    SUM(k.surgical_square_e0) AS surgical_square_e0,
    CAST(COUNT(*) AS BIGINT) AS all_n,
    SUM(k.is_first) AS all_units,
    SUM(k.all_thousandths / 1000000000) AS all_e9,
    SUM(k.all_thousandths % 1000000000) AS all_e0,
    SUM(k.all_square_e22) AS all_square_e22,
    SUM(k.all_square_e11) AS all_square_e11,
    SUM(k.all_square_e0) AS all_square_e0
  FROM analysis_cost_earlier k
  WHERE k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [procedure] AND k.procedure_code IN @procedure
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY k.procedure_code, k.currency, k.price_year, k.unit
) s
CROSS JOIN (SELECT DISTINCT cost_basis FROM cost_basis) b
WHERE (b.cost_basis = 'all' OR s.surgical_n > 0)
-- [cost_basis] AND b.cost_basis = @cost_basis
