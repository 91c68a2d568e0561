-- Question:   How many patients responded, at each timepoint?
-- Grain:      One row a procedure group, timepoint (follow-ups), instrument, threshold and analysis set, empty ones too.
-- Population: observed: treated, with a score while the therapy was in place. treated: implanted or operated, and due.
--             intention-to-treat: entered treatment (trial started or operated), and due. All: baseline above 0.
-- Window:     Due when time zero + target day is on or before the cut-off. While a trial is undecided no visit is due.
-- Numerator:  responders: treated, score credited, 100 x (baseline - score) >= threshold x baseline, in whole numbers.
-- Denominator: denominator, as under Population. Every case of the set is in exactly one of denominator, missing
--             (observed only), not_evaluable and not_due.
-- Missing:    observed: missing is due without such a score, and left out. treated, intention-to-treat: missing has no
--             credited score, stays in the denominator and counts as non-response. not_evaluable: baseline missing or 0.
--             died_before: of those without a credited score, died before the target day; excluding_deaths is the
--             denominator without them. undetermined: of the missing, treated cases without a credited score whose
--             course had not ended before the target day. Only their response is unknown: a failed trial, a declined
--             implant, a permanent explant, a crossover and a death are non-response by definition.
-- Units:      Numbers of cases. noticeable: fell by 2 points or more (NRS only, else NULL). worse: rose above baseline. pairs and the
--             sums: the change from baseline as in score_summary, in points of the instrument.
-- Source:     response_count, response_class, case_count. IMMPACT (Dworkin 2008), Farrar 2001
CREATE VIEW response_rate AS
WITH alike AS (
  SELECT
    n.procedure_code,
    n.timepoint,
    n.instrument,
    h.threshold_percent,
    r.is_treated,
    r.is_evaluable,
    r.is_scored,
    CASE WHEN r.is_treated = 1 AND r.relief_percent >= h.threshold_percent THEN 1 ELSE 0 END AS responded,
    CASE WHEN r.is_treated = 1 THEN r.fell_two_points ELSE 0 END AS is_noticeable,
    r.is_worse,
    r.died_before,
    r.ended_before,
    SUM(n.pairs) AS pairs, -- [unless rates]
    SUM(n.sum_baseline) AS sum_baseline, -- [unless rates]
    SUM(n.sum_square_baseline) AS sum_square_baseline, -- [unless rates]
    SUM(n.sum_change) AS sum_change, -- [unless rates]
    SUM(n.sum_square_change) AS sum_square_change, -- [unless rates]
    SUM(n.known) AS known,
    SUM(n.due) AS due
  FROM response_count n
  JOIN response_class r ON r.response_class = n.response_class
  CROSS JOIN response_threshold h
  GROUP BY
    n.procedure_code,
    n.timepoint,
    n.instrument,
    h.threshold_percent,
    r.is_treated,
    r.is_evaluable,
    r.is_scored,
    CASE WHEN r.is_treated = 1 AND r.relief_percent >= h.threshold_percent THEN 1 ELSE 0 END,
    CASE WHEN r.is_treated = 1 THEN r.fell_two_points ELSE 0 END,
    r.is_worse,
    r.died_before,
    r.ended_before
),
placed AS (
  SELECT
    g.procedure_group,
    k.timepoint,
    k.instrument,
    k.threshold_percent,
    s.analysis_set,
    k.is_treated,
    k.is_evaluable,
    k.is_scored,
    k.responded,
    k.is_noticeable,
    k.is_worse,
    k.died_before,
    k.ended_before,
    k.pairs, -- [unless rates]
    k.sum_baseline, -- [unless rates]
    k.sum_square_baseline, -- [unless rates]
    k.sum_change, -- [unless rates]
    k.sum_square_change, -- [unless rates]
    CASE WHEN s.analysis_set = 'observed' AND k.is_scored = 1 THEN k.known ELSE k.due END AS cases,
    CASE WHEN k.is_evaluable = 0 OR (s.analysis_set = 'observed' AND k.is_scored = 0) THEN 0 ELSE 1 END AS counts
  FROM alike k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
  JOIN analysis_set s ON s.analysis_set = 'intention-to-treat' OR k.is_treated = 1
),
counted AS (
  SELECT
    p.procedure_group,
    p.timepoint,
    p.instrument,
    p.threshold_percent,
    p.analysis_set,
    SUM(p.pairs) AS pairs, -- [unless rates]
    SUM(p.sum_baseline) AS sum_baseline, -- [unless rates]
    SUM(p.sum_square_baseline) AS sum_square_baseline, -- [unless rates]
    SUM(p.sum_change) AS sum_change, -- [unless rates]
    SUM(p.sum_square_change) AS sum_square_change, -- [unless rates]
    SUM(p.cases) AS accounted_for,
    SUM(p.counts * p.cases) AS denominator,
    SUM(p.counts * p.responded * p.cases) AS responders,
    SUM(p.counts * p.is_noticeable * p.cases) AS noticeable,
    SUM(p.counts * p.is_worse * p.cases) AS worse,
    SUM(CASE WHEN p.is_evaluable = 1 AND p.is_scored = 0 THEN p.cases ELSE 0 END) AS missing,
    SUM(CASE WHEN p.is_evaluable = 0 THEN p.cases ELSE 0 END) AS not_evaluable,
    SUM(CASE WHEN p.is_evaluable = 1 AND p.is_scored = 0 AND p.died_before = 1 THEN p.cases ELSE 0 END) AS died_before,
    SUM(CASE WHEN p.is_evaluable = 1 AND p.is_scored = 0 AND p.is_treated = 1 AND p.ended_before = 0 THEN p.cases ELSE 0 END) AS undetermined
  FROM placed p
  GROUP BY p.procedure_group, p.timepoint, p.instrument, p.threshold_percent, p.analysis_set
),
members AS (
  SELECT
    g.procedure_group,
    s.analysis_set,
    SUM(c.cases) AS cases
  FROM case_count c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  JOIN analysis_set s ON (s.analysis_set = 'intention-to-treat' AND c.is_entered = 1) OR (s.analysis_set <> 'intention-to-treat' AND c.is_treated = 1)
  GROUP BY g.procedure_group, s.analysis_set
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
  COALESCE(m.cases, 0) - COALESCE(n.accounted_for, 0) AS not_due,
  COALESCE(n.died_before, 0) AS died_before,
  COALESCE(n.undetermined, 0) AS undetermined,
  COALESCE(n.pairs, 0) AS pairs, -- [unless rates]
  COALESCE(n.sum_baseline, 0) AS sum_baseline, -- [unless rates]
  COALESCE(n.sum_square_baseline, 0) AS sum_square_baseline, -- [unless rates]
  COALESCE(n.sum_change, 0) AS sum_change, -- [unless rates]
  COALESCE(n.sum_square_change, 0) AS sum_square_change, -- [unless rates]
  COALESCE(n.denominator - CASE WHEN s.analysis_set = 'observed' THEN 0 ELSE n.died_before END, 0) AS excluding_deaths
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
CROSS JOIN visit_window w
CROSS JOIN instrument i
CROSS JOIN response_threshold h
CROSS JOIN analysis_set s
LEFT JOIN members m ON m.procedure_group = g.procedure_group AND m.analysis_set = s.analysis_set
LEFT JOIN counted n
  ON n.procedure_group = g.procedure_group
  AND n.timepoint = w.timepoint
  AND n.instrument = i.instrument
  AND n.threshold_percent = h.threshold_percent
  AND n.analysis_set = s.analysis_set
WHERE w.timepoint <> 'baseline'
-- [timepoint] AND w.timepoint = @timepoint
-- [instrument] AND i.instrument = @instrument
-- [analysis_set] AND s.analysis_set = @analysis_set
