-- Question:   How many patients responded, at each timepoint?
-- Grain:      One row a procedure group, timepoint (follow-ups), instrument, threshold and analysis set, empty ones too.
-- Population: observed: treated, with a score while the therapy was in place. treated: implanted or operated, and due.
--             intention-to-treat: entered treatment (trial started or operated), and due. All: baseline above 0.
-- Window:     Due when time zero + target day is on or before the cut-off.
-- Numerator:  responders: treated, score credited, 100 x (baseline - score) >= threshold x baseline, in whole numbers.
-- Denominator: denominator, as under Population. Every case of the set is in exactly one of denominator, missing
--             (observed only), not_evaluable and not_due.
-- Missing:    observed: missing is due without such a score, and left out. treated, intention-to-treat: missing has no
--             credited score, stays in the denominator and counts as non-response. not_evaluable: baseline missing or 0.
--             died_before: of those without a credited score, died before the target day; excluding_deaths is the
--             denominator without them. undetermined: of the missing, treated cases without a credited score whose
--             course had not ended before the target day. Only their response is unknown: a failed trial, a declined
--             implant, a permanent explant, a crossover and a death are non-response by definition.
-- Units:      Numbers of cases. noticeable: fell by 2 points or more (NRS only, else NULL). worse: rose above baseline.
-- Source:     cell_response, set_standing. IMMPACT (Dworkin 2008), Farrar 2001
CREATE VIEW response_rate AS
WITH alike AS (
  SELECT
    r.procedure_code,
    r.timepoint,
    r.instrument,
    r.threshold_percent,
    r.is_treated,
    r.is_due,
    r.is_observed,
    r.is_scored,
    r.is_evaluable,
    r.responded,
    r.is_noticeable,
    r.is_worse,
    r.died_before,
    r.ended_before,
    SUM(r.cases) AS cases
  FROM cell_response r
  GROUP BY
    r.timepoint,
    r.procedure_code,
    r.is_scored,
    r.responded,
    r.is_worse,
    r.is_noticeable,
    r.instrument,
    r.threshold_percent,
    r.is_treated,
    r.is_due,
    r.is_observed,
    r.is_evaluable,
    r.died_before,
    r.ended_before
),
counted AS (
  SELECT
    g.procedure_group,
    r.timepoint,
    r.instrument,
    r.threshold_percent,
    s.analysis_set,
    SUM(CASE WHEN s.counts = 1 AND r.is_evaluable = 1 THEN r.cases ELSE 0 END) AS denominator,
    SUM(CASE WHEN s.counts = 1 AND r.responded = 1 THEN r.cases ELSE 0 END) AS responders,
    SUM(CASE WHEN s.counts = 1 AND r.is_evaluable = 1 AND r.is_noticeable = 1 THEN r.cases ELSE 0 END) AS noticeable,
    SUM(CASE WHEN s.counts = 1 AND r.is_evaluable = 1 AND r.is_worse = 1 THEN r.cases ELSE 0 END) AS worse,
    SUM(CASE WHEN r.is_due = 1 AND r.is_evaluable = 1 AND CASE WHEN s.analysis_set = 'observed' THEN r.is_observed ELSE r.is_scored END = 0 THEN r.cases ELSE 0 END) AS missing,
    SUM(CASE WHEN (r.is_due = 1 OR s.counts = 1) AND r.is_evaluable = 0 THEN r.cases ELSE 0 END) AS not_evaluable,
    SUM(CASE WHEN r.is_due = 0 AND s.counts = 0 THEN r.cases ELSE 0 END) AS not_due,
    SUM(CASE WHEN r.is_due = 1 AND r.is_evaluable = 1 AND r.died_before = 1 AND r.is_scored = 0 THEN r.cases ELSE 0 END) AS died_before,
    SUM(CASE WHEN r.is_due = 1 AND r.is_evaluable = 1 AND r.is_treated = 1 AND r.ended_before = 0 AND r.is_scored = 0 THEN r.cases ELSE 0 END) AS undetermined
  FROM alike r
  JOIN set_standing s ON s.is_treated = r.is_treated AND s.is_due = r.is_due AND s.is_observed = r.is_observed
  JOIN procedure_group g ON g.procedure_code = r.procedure_code
  GROUP BY g.procedure_group, r.timepoint, r.instrument, r.threshold_percent, s.analysis_set
)
SELECT
  g.procedure_group,
  w.timepoint,
  w.timepoint_order,
  i.instrument,
  h.threshold_percent,
  s.analysis_set,
  COALESCE(n.responders, 0) AS responders,
  COALESCE(n.denominator, 0) AS denominator,
  CAST(n.responders AS FLOAT) / NULLIF(n.denominator, 0) AS rate,
  CASE WHEN i.instrument = 'nrs' THEN COALESCE(n.noticeable, 0) END AS noticeable,
  COALESCE(n.worse, 0) AS worse,
  COALESCE(n.missing, 0) AS missing,
  COALESCE(n.not_evaluable, 0) AS not_evaluable,
  COALESCE(n.not_due, 0) AS not_due,
  COALESCE(n.died_before, 0) AS died_before,
  COALESCE(n.undetermined, 0) AS undetermined,
  COALESCE(n.denominator - CASE WHEN s.analysis_set = 'observed' THEN 0 ELSE n.died_before END, 0) AS excluding_deaths
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
CROSS JOIN visit_window w
CROSS JOIN instrument i
CROSS JOIN response_threshold h
CROSS JOIN analysis_set s
LEFT JOIN counted n
  ON n.procedure_group = g.procedure_group
  AND n.timepoint = w.timepoint
  AND n.instrument = i.instrument
  AND n.threshold_percent = h.threshold_percent
  AND n.analysis_set = s.analysis_set
WHERE w.timepoint <> 'baseline'
