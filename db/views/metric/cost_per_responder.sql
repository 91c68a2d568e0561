-- Question:   What does one responder cost?
-- Grain:      One row a procedure group, timepoint (follow-ups), instrument, threshold, analysis set, cost basis, currency
--             and price year with at least one cost of a case in the denominator of the response rate.
-- Population: The cases in the denominator of that response rate, failed trials and explants included, that have a cost
--             on that basis, in that currency and price year.
-- Window:     Costs without a date, or dated on or before the cut-off, be it before or after the timepoint.
-- Numerator:  The total, in thousandths of the currency's major unit, is total_e9 x 10^9 + total_e0: all their costs on that basis.
-- Denominator: responders, those of them who responded.
-- Missing:    A case with no cost recorded is not among them: neither its cost nor its response counts. Without a
--             responder cost_per_responder is NULL.
-- Units:      cost_per_responder in the major unit, for a reader. cases and responders: numbers of cases.
-- Source:     analysis_visit, response_class, analysis_cost
CREATE VIEW cost_per_responder AS
WITH alike AS (
  SELECT
    k.procedure_code,
    k.currency,
    k.price_year,
    MIN(m.question) AS question,
    CAST(COUNT(*) AS BIGINT) AS all_cases,
    SUM(m.responded) AS all_responders,
    SUM(k.all_thousandths / 1000000000) AS all_e9,
    SUM(k.all_thousandths % 1000000000) AS all_e0,
    CAST(COUNT(k.surgical_thousandths) AS BIGINT) AS surgical_cases,
    SUM(CASE WHEN k.surgical_thousandths IS NULL THEN 0 ELSE m.responded END) AS surgical_responders,
    SUM(k.surgical_thousandths / 1000000000) AS surgical_e9,
    SUM(k.surgical_thousandths % 1000000000) AS surgical_e0
  FROM analysis_cost k
  CROSS JOIN response_member m
  WHERE +k.known_from <= (SELECT a.as_of_day FROM as_of a)
    AND m.case_id = k.unit_case_id -- [unless responses]
  -- [responses] AND substr(@responses, k.unit_case_id, 1) > x'00'
  -- [responses] AND m.answer = substr(@responses, k.unit_case_id, 1)
  GROUP BY
    k.procedure_code,
    k.currency,
    k.price_year,
    m.question, -- [unless timepoint instrument threshold analysis_set]
    k.unit
  HAVING k.unit <> 'pathway'
  UNION ALL
  SELECT
    k.procedure_code,
    k.currency,
    k.price_year,
    MIN(m.question) AS question,
    CAST(COUNT(*) AS BIGINT) AS all_cases,
    SUM(m.responded) AS all_responders,
    SUM(k.all_thousandths / 1000000000) AS all_e9,
    SUM(k.all_thousandths % 1000000000) AS all_e0,
    CAST(COUNT(k.surgical_thousandths) AS BIGINT) AS surgical_cases,
    SUM(CASE WHEN k.surgical_thousandths IS NULL THEN 0 ELSE m.responded END) AS surgical_responders,
    SUM(k.surgical_thousandths / 1000000000) AS surgical_e9,
    SUM(k.surgical_thousandths % 1000000000) AS surgical_e0
  FROM analysis_cost_earlier k
  CROSS JOIN response_member m
  WHERE k.known_until > (SELECT a.as_of_day FROM as_of a) AND k.known_from <= (SELECT a.as_of_day FROM as_of a)
    AND m.case_id = k.unit_case_id -- [unless responses]
  -- [responses] AND substr(@responses, k.unit_case_id, 1) > x'00'
  -- [responses] AND m.answer = substr(@responses, k.unit_case_id, 1)
  GROUP BY
    k.procedure_code,
    k.currency,
    k.price_year,
    m.question, -- [unless timepoint instrument threshold analysis_set]
    k.unit
  HAVING k.unit <> 'pathway'
),
counted AS (
  SELECT
    g.procedure_group,
    n.question,
    b.cost_basis,
    n.currency,
    n.price_year,
    SUM(CASE b.cost_basis WHEN 'all' THEN n.all_cases ELSE n.surgical_cases END) AS cases,
    SUM(CASE b.cost_basis WHEN 'all' THEN n.all_responders ELSE n.surgical_responders END) AS responders,
    SUM(CASE b.cost_basis WHEN 'all' THEN n.all_e9 ELSE n.surgical_e9 END) AS total_e9,
    SUM(CASE b.cost_basis WHEN 'all' THEN n.all_e0 ELSE n.surgical_e0 END) AS total_e0
  FROM alike n
  JOIN procedure_group g ON g.procedure_code = n.procedure_code
  CROSS JOIN (SELECT DISTINCT cost_basis FROM cost_basis) b
  -- [cost_basis] WHERE b.cost_basis = @cost_basis
  GROUP BY g.procedure_group, n.question, b.cost_basis, n.currency, n.price_year
)
SELECT
  n.procedure_group,
  q.timepoint,
  q.timepoint_order,
  q.instrument,
  q.threshold_percent,
  q.analysis_set,
  n.cost_basis,
  n.currency,
  n.price_year,
  n.cases,
  n.total_e9,
  n.total_e0,
  n.responders,
  (CAST(n.total_e9 AS FLOAT) * 1000000000 + n.total_e0) / 1000 / NULLIF(n.responders, 0) AS cost_per_responder
FROM counted n
JOIN response_question q ON q.question = n.question
WHERE n.cases > 0
