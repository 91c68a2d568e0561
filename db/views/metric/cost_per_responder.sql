-- Question:   What did it cost to make one patient respond?
-- Grain:      One row a procedure group, timepoint (follow-ups), instrument, threshold, analysis set, cost basis, currency
--             and price year with at least one cost of a case in the denominator of the response rate.
-- Population: The cases in the denominator of that response rate, failed trials and explants included, that have a cost
--             on that basis, in that currency and price year.
-- Window:     Costs without a date, or dated on or before the cut-off, be it before or after the timepoint.
-- Numerator:  total_thousandths, all their costs on that basis.
-- Denominator: responders, those of them who responded.
-- Missing:    A case with no cost recorded is not among them: neither its cost nor its response counts. Without a
--             responder cost_per_responder is NULL.
-- Units:      Thousandths of the currency's major unit; cost_per_responder in the major unit, for a reader. cases and
--             responders: numbers of cases.
-- Source:     cell_response, set_standing, case_score, unit_cost
CREATE VIEW cost_per_responder AS
WITH costed AS (
  SELECT
    s.procedure_code,
    s.timepoint,
    s.instrument,
    s.is_treated,
    s.is_due,
    s.is_observed,
    s.died_before,
    s.ended_before,
    s.baseline,
    s.score,
    k.cost_basis,
    k.currency,
    k.price_year,
    COUNT(*) AS cases,
    SUM(k.thousandths) AS thousandths
  FROM case_score s
  JOIN unit_cost k ON k.unit_case_id = s.case_id
  WHERE k.cost_per = 'case' AND s.timepoint <> 'baseline'
  GROUP BY s.procedure_code, s.timepoint, s.instrument, s.is_treated, s.is_due, s.is_observed, s.died_before, s.ended_before, s.baseline, s.score, k.cost_basis, k.currency, k.price_year
),
alike AS (
  SELECT
    r.procedure_code,
    r.timepoint,
    r.timepoint_order,
    r.instrument,
    r.threshold_percent,
    r.is_treated,
    r.is_due,
    r.is_observed,
    r.responded,
    d.cost_basis,
    d.currency,
    d.price_year,
    SUM(d.cases) AS cases,
    SUM(d.thousandths) AS thousandths
  FROM cell_response r
  JOIN costed d
    ON d.procedure_code = r.procedure_code
    AND d.timepoint = r.timepoint
    AND d.instrument = r.instrument
    AND d.is_treated = r.is_treated
    AND d.is_due = r.is_due
    AND d.is_observed = r.is_observed
    AND d.died_before = r.died_before
    AND d.ended_before = r.ended_before
    AND d.baseline = r.baseline
    AND COALESCE(d.score, -1) = COALESCE(r.score, -1)
  WHERE r.is_evaluable = 1
  GROUP BY r.procedure_code, r.timepoint, r.timepoint_order, r.instrument, r.threshold_percent, r.is_treated, r.is_due, r.is_observed, r.responded, d.cost_basis, d.currency, d.price_year
),
counted AS (
  SELECT
    g.procedure_group,
    r.timepoint,
    r.timepoint_order,
    r.instrument,
    r.threshold_percent,
    s.analysis_set,
    r.cost_basis,
    r.currency,
    r.price_year,
    SUM(r.cases) AS cases,
    SUM(r.thousandths) AS total_thousandths,
    SUM(CASE WHEN r.responded = 1 THEN r.cases ELSE 0 END) AS responders
  FROM alike r
  JOIN set_standing s ON s.is_treated = r.is_treated AND s.is_due = r.is_due AND s.is_observed = r.is_observed
  JOIN procedure_group g ON g.procedure_code = r.procedure_code
  WHERE s.counts = 1
  GROUP BY g.procedure_group, r.timepoint, r.timepoint_order, r.instrument, r.threshold_percent, s.analysis_set, r.cost_basis, r.currency, r.price_year
)
SELECT
  n.procedure_group,
  n.timepoint,
  n.timepoint_order,
  n.instrument,
  n.threshold_percent,
  n.analysis_set,
  n.cost_basis,
  n.currency,
  n.price_year,
  n.cases,
  n.total_thousandths,
  n.responders,
  CAST(n.total_thousandths AS FLOAT) / 1000 / NULLIF(n.responders, 0) AS cost_per_responder
FROM counted n
