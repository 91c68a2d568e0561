-- Question:   What are the costs made of?
-- Grain:      One row a procedure group, cost basis, way of counting, currency, price year and category with at least one
--             cost.
-- Population: The costs of the units of cost_moment.
-- Denominator: n, the units (cases, or pathways) with at least one cost of the category.
-- Missing:    A category without a cost has no row: it has no cost, not cost 0.
-- Units:      The total, in thousandths of the currency's major unit, is total_e9 x 10^9 + total_e0. mean is a unit's mean in the
--             major unit, for a reader.
-- Source:     analysis_cost, cost_basis
CREATE VIEW cost_category AS
WITH alike AS (
  SELECT
    k.procedure_code,
    k.unit,
    k.currency,
    k.price_year,
    CAST(COUNT(k.operation) AS BIGINT) AS operation_n,
    SUM(k.operation / 1000000000) AS operation_e9,
    SUM(k.operation % 1000000000) AS operation_e0,
    CAST(COUNT(k.device) AS BIGINT) AS device_n,
    SUM(k.device / 1000000000) AS device_e9,
    SUM(k.device % 1000000000) AS device_e0,
    CAST(COUNT(k.anaesthesia) AS BIGINT) AS anaesthesia_n,
    SUM(k.anaesthesia / 1000000000) AS anaesthesia_e9,
    SUM(k.anaesthesia % 1000000000) AS anaesthesia_e0,
    CAST(COUNT(k.trial) AS BIGINT) AS trial_n,
    SUM(k.trial / 1000000000) AS trial_e9,
    SUM(k.trial % 1000000000) AS trial_e0,
    CAST(COUNT(k.hospital_stay) AS BIGINT) AS hospital_stay_n,
    SUM(k.hospital_stay / 1000000000) AS hospital_stay_e9,
    SUM(k.hospital_stay % 1000000000) AS hospital_stay_e0,
    CAST(COUNT(k.revision) AS BIGINT) AS revision_n,
    SUM(k.revision / 1000000000) AS revision_e9,
    SUM(k.revision % 1000000000) AS revision_e0,
    CAST(COUNT(k.explant) AS BIGINT) AS explant_n,
    SUM(k.explant / 1000000000) AS explant_e9,
    SUM(k.explant % 1000000000) AS explant_e0,
    CAST(COUNT(k.follow_up) AS BIGINT) AS follow_up_n,
    SUM(k.follow_up / 1000000000) AS follow_up_e9,
    SUM(k.follow_up % 1000000000) AS follow_up_e0,
    CAST(COUNT(k.medication) AS BIGINT) AS medication_n,
    SUM(k.medication / 1000000000) AS medication_e9,
    SUM(k.medication % 1000000000) AS medication_e0,
    CAST(COUNT(k.other) AS BIGINT) AS other_n,
    SUM(k.other / 1000000000) AS other_e9,
    SUM(k.other % 1000000000) AS other_e0
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
    CAST(COUNT(k.operation) AS BIGINT) AS operation_n,
    SUM(k.operation / 1000000000) AS operation_e9,
    SUM(k.operation % 1000000000) AS operation_e0,
    CAST(COUNT(k.device) AS BIGINT) AS device_n,
    SUM(k.device / 1000000000) AS device_e9,
    SUM(k.device % 1000000000) AS device_e0,
    CAST(COUNT(k.anaesthesia) AS BIGINT) AS anaesthesia_n,
    SUM(k.anaesthesia / 1000000000) AS anaesthesia_e9,
    SUM(k.anaesthesia % 1000000000) AS anaesthesia_e0,
    CAST(COUNT(k.trial) AS BIGINT) AS trial_n,
    SUM(k.trial / 1000000000) AS trial_e9,
    SUM(k.trial % 1000000000) AS trial_e0,
    CAST(COUNT(k.hospital_stay) AS BIGINT) AS hospital_stay_n,
    SUM(k.hospital_stay / 1000000000) AS hospital_stay_e9,
    SUM(k.hospital_stay % 1000000000) AS hospital_stay_e0,
    CAST(COUNT(k.revision) AS BIGINT) AS revision_n,
    SUM(k.revision / 1000000000) AS revision_e9,
    SUM(k.revision % 1000000000) AS revision_e0,
    CAST(COUNT(k.explant) AS BIGINT) AS explant_n,
    SUM(k.explant / 1000000000) AS explant_e9,
    SUM(k.explant % 1000000000) AS explant_e0,
    CAST(COUNT(k.follow_up) AS BIGINT) AS follow_up_n,
    SUM(k.follow_up / 1000000000) AS follow_up_e9,
    SUM(k.follow_up % 1000000000) AS follow_up_e0,
    CAST(COUNT(k.medication) AS BIGINT) AS medication_n,
    SUM(k.medication / 1000000000) AS medication_e9,
    SUM(k.medication % 1000000000) AS medication_e0,
    CAST(COUNT(k.other) AS BIGINT) AS other_n,
    SUM(k.other / 1000000000) AS other_e9,
    SUM(k.other % 1000000000) AS other_e0
  FROM analysis_cost_earlier k
  WHERE k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [procedure] AND k.procedure_code IN @procedure
  -- [cohort but procedure] AND +k.unit_case_id IN (SELECT m.case_id FROM cohort_member m)
  GROUP BY k.procedure_code, k.currency, k.price_year, k.unit
),
by_category AS (
  SELECT
    n.procedure_code,
    n.unit,
    n.currency,
    n.price_year,
    c.category,
    CASE c.category WHEN 'operation' THEN n.operation_n WHEN 'device' THEN n.device_n WHEN 'anaesthesia' THEN n.anaesthesia_n WHEN 'trial' THEN n.trial_n WHEN 'hospital-stay' THEN n.hospital_stay_n WHEN 'revision' THEN n.revision_n WHEN 'explant' THEN n.explant_n WHEN 'follow-up' THEN n.follow_up_n WHEN 'medication' THEN n.medication_n WHEN 'other' THEN n.other_n END AS n,
    CASE c.category WHEN 'operation' THEN n.operation_e9 WHEN 'device' THEN n.device_e9 WHEN 'anaesthesia' THEN n.anaesthesia_e9 WHEN 'trial' THEN n.trial_e9 WHEN 'hospital-stay' THEN n.hospital_stay_e9 WHEN 'revision' THEN n.revision_e9 WHEN 'explant' THEN n.explant_e9 WHEN 'follow-up' THEN n.follow_up_e9 WHEN 'medication' THEN n.medication_e9 WHEN 'other' THEN n.other_e9 END AS total_e9,
    CASE c.category WHEN 'operation' THEN n.operation_e0 WHEN 'device' THEN n.device_e0 WHEN 'anaesthesia' THEN n.anaesthesia_e0 WHEN 'trial' THEN n.trial_e0 WHEN 'hospital-stay' THEN n.hospital_stay_e0 WHEN 'revision' THEN n.revision_e0 WHEN 'explant' THEN n.explant_e0 WHEN 'follow-up' THEN n.follow_up_e0 WHEN 'medication' THEN n.medication_e0 WHEN 'other' THEN n.other_e0 END AS total_e0
  FROM alike n
  CROSS JOIN (SELECT DISTINCT category FROM cost_basis) c
),
totals AS (
  SELECT
    g.procedure_group,
    u.cost_per,
    b.cost_basis,
    k.currency,
    k.price_year,
    k.category,
    SUM(k.n) AS n,
    SUM(k.total_e9) AS total_e9,
    SUM(k.total_e0) AS total_e0
  FROM by_category k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
  JOIN cost_unit u ON u.unit = k.unit
  JOIN cost_basis b ON b.category = k.category
  WHERE k.n > 0
  -- [cost_per] AND u.cost_per = @cost_per
  -- [cost_basis] AND b.cost_basis = @cost_basis
  GROUP BY g.procedure_group, u.cost_per, b.cost_basis, k.currency, k.price_year, k.category
)
SELECT
  t.procedure_group,
  t.cost_per,
  t.cost_basis,
  t.currency,
  t.price_year,
  t.category,
  t.n,
  t.total_e9,
  t.total_e0,
  (CAST(t.total_e9 AS FLOAT) * 1000000000 + t.total_e0) / 1000 / t.n AS mean
FROM totals t
