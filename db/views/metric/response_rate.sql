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
-- Source:     cell_response. IMMPACT (Dworkin 2008), Farrar 2001
CREATE VIEW response_rate AS
WITH counted AS (
  SELECT
    g.procedure_group,
    j.timepoint,
    j.instrument,
    j.threshold_percent,
    j.analysis_set,
    SUM(CASE WHEN j.counts = 1 AND j.is_evaluable = 1 THEN j.cases ELSE 0 END) AS denominator,
    SUM(CASE WHEN j.counts = 1 AND j.responded = 1 THEN j.cases ELSE 0 END) AS responders,
    SUM(CASE WHEN j.counts = 1 AND j.is_evaluable = 1 AND j.is_treated = 1 AND j.baseline - j.score >= 2 THEN j.cases ELSE 0 END) AS noticeable,
    SUM(CASE WHEN j.counts = 1 AND j.is_evaluable = 1 AND j.score > j.baseline THEN j.cases ELSE 0 END) AS worse,
    SUM(CASE WHEN j.is_due = 1 AND j.is_evaluable = 1 AND CASE WHEN j.analysis_set = 'observed' THEN 1 - j.is_observed WHEN j.score IS NULL THEN 1 ELSE 0 END = 1 THEN j.cases ELSE 0 END) AS missing,
    SUM(CASE WHEN (j.is_due = 1 OR j.counts = 1) AND j.is_evaluable = 0 THEN j.cases ELSE 0 END) AS not_evaluable,
    SUM(CASE WHEN j.is_due = 0 AND j.counts = 0 THEN j.cases ELSE 0 END) AS not_due,
    SUM(CASE WHEN j.is_due = 1 AND j.is_evaluable = 1 AND j.died_before = 1 AND j.score IS NULL THEN j.cases ELSE 0 END) AS died_before,
    SUM(CASE WHEN j.is_due = 1 AND j.is_evaluable = 1 AND j.is_treated = 1 AND j.ended_before = 0 AND j.score IS NULL THEN j.cases ELSE 0 END) AS undetermined
  FROM cell_response j
  JOIN procedure_group g ON g.procedure_code = j.procedure_code
  GROUP BY g.procedure_group, j.timepoint, j.instrument, j.threshold_percent, j.analysis_set
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
