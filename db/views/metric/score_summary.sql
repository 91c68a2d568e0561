-- Question:   How high are the scores at each timepoint, and how far did they fall from baseline?
-- Grain:      One row a procedure group, timepoint, instrument and analysis set, empty ones too.
-- Population: Cases with a score that may be credited to the case. observed, treated: implanted or operated; a score that is
--             credited was taken while the therapy was in place. intention-to-treat: entered treatment.
-- Missing:    Left out; n says how many are in. The paired figures take the cases that have a baseline as well.
-- Units:      Points of the instrument, higher is worse. The change is baseline - score: a fall is positive, a worsening
--             negative. Quartiles are in quarter points (divide by 4), exact: linear interpolation of order statistics,
--             Hyndman-Fan type 7. The 5th and 95th percentiles in the same way, in twentieths of a point.
-- Source:     score_count
CREATE VIEW score_summary AS
WITH scored AS (
  SELECT
    c.timepoint,
    c.procedure_code,
    c.instrument,
    c.is_treated,
    c.score,
    SUM(c.cases) AS cases,
    SUM(CASE WHEN c.baseline IS NOT NULL THEN c.cases ELSE 0 END) AS pairs,
    SUM(c.baseline * c.cases) AS sum_baseline,
    SUM(c.baseline * c.baseline * c.cases) AS sum_square_baseline,
    SUM(CASE WHEN c.score > c.baseline THEN c.cases ELSE 0 END) AS worse
  FROM score_count c
  GROUP BY c.score, c.is_treated, c.instrument, c.timepoint, c.procedure_code
),
histogram AS (
  SELECT
    g.procedure_group,
    c.timepoint,
    c.instrument,
    f.only_treated,
    c.score,
    SUM(c.cases) AS cases,
    SUM(c.pairs) AS pairs,
    SUM(c.sum_baseline) AS sum_baseline,
    SUM(c.sum_square_baseline) AS sum_square_baseline,
    SUM(c.worse) AS worse
  FROM scored c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  JOIN (SELECT 0 AS only_treated UNION ALL SELECT 1) f ON f.only_treated <= c.is_treated
  GROUP BY g.procedure_group, c.timepoint, c.instrument, f.only_treated, c.score
),
ordered AS (
  SELECT
    h.procedure_group,
    h.timepoint,
    h.instrument,
    h.only_treated,
    h.score,
    h.cases,
    h.pairs,
    h.sum_baseline,
    h.sum_square_baseline,
    h.worse,
    SUM(h.cases) OVER (PARTITION BY h.procedure_group, h.timepoint, h.instrument, h.only_treated) AS n,
    SUM(h.cases) OVER (PARTITION BY h.procedure_group, h.timepoint, h.instrument, h.only_treated ORDER BY h.score ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto
  FROM histogram h
),
figures AS (
  SELECT
    o.procedure_group,
    o.timepoint,
    o.instrument,
    o.only_treated,
    SUM(o.cases) AS n,
    SUM(o.score * o.cases) AS sum_score,
    SUM(o.score * o.score * o.cases) AS sum_square_score,
    MIN(o.score) AS lowest,
    MAX(o.score) AS highest,
    SUM(o.score * (CASE WHEN 1 * (o.n - 1) / 4 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 4 - 1 * (o.n - 1) % 4 ELSE 0 END + CASE WHEN 1 * (o.n - 1) / 4 + 1 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 1 * (o.n - 1) % 4 ELSE 0 END)) AS q1_quarters,
    SUM(o.score * (CASE WHEN 2 * (o.n - 1) / 4 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 4 - 2 * (o.n - 1) % 4 ELSE 0 END + CASE WHEN 2 * (o.n - 1) / 4 + 1 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 2 * (o.n - 1) % 4 ELSE 0 END)) AS median_quarters,
    SUM(o.score * (CASE WHEN 3 * (o.n - 1) / 4 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 4 - 3 * (o.n - 1) % 4 ELSE 0 END + CASE WHEN 3 * (o.n - 1) / 4 + 1 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 3 * (o.n - 1) % 4 ELSE 0 END)) AS q3_quarters,
    SUM(o.score * (CASE WHEN 1 * (o.n - 1) / 20 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 20 - 1 * (o.n - 1) % 20 ELSE 0 END + CASE WHEN 1 * (o.n - 1) / 20 + 1 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 1 * (o.n - 1) % 20 ELSE 0 END)) AS p5_twentieths,
    SUM(o.score * (CASE WHEN 19 * (o.n - 1) / 20 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 20 - 19 * (o.n - 1) % 20 ELSE 0 END + CASE WHEN 19 * (o.n - 1) / 20 + 1 BETWEEN o.upto - o.cases AND o.upto - 1 THEN 19 * (o.n - 1) % 20 ELSE 0 END)) AS p95_twentieths,
    SUM(o.pairs) AS pairs,
    SUM(o.sum_baseline) AS sum_baseline,
    SUM(o.sum_square_baseline) AS sum_square_baseline,
    SUM(o.sum_baseline - o.score * o.pairs) AS sum_change,
    SUM(o.sum_square_baseline - 2 * o.score * o.sum_baseline + o.score * o.score * o.pairs) AS sum_square_change,
    SUM(o.worse) AS worse
  FROM ordered o
  GROUP BY o.procedure_group, o.timepoint, o.instrument, o.only_treated
)
SELECT
  g.procedure_group,
  w.timepoint,
  w.timepoint_order,
  i.instrument,
  s.analysis_set,
  COALESCE(f.n, 0) AS n,
  COALESCE(f.sum_score, 0) AS sum_score,
  COALESCE(f.sum_square_score, 0) AS sum_square_score,
  CAST(f.sum_score AS FLOAT) / NULLIF(f.n, 0) AS mean,
  f.lowest,
  f.q1_quarters,
  f.median_quarters,
  f.q3_quarters,
  f.highest,
  f.p5_twentieths,
  f.p95_twentieths,
  COALESCE(f.pairs, 0) AS pairs,
  COALESCE(f.sum_baseline, 0) AS sum_baseline,
  COALESCE(f.sum_square_baseline, 0) AS sum_square_baseline,
  COALESCE(f.sum_change, 0) AS sum_change,
  COALESCE(f.sum_square_change, 0) AS sum_square_change,
  COALESCE(f.worse, 0) AS worse
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
CROSS JOIN visit_window w
CROSS JOIN instrument i
CROSS JOIN analysis_set s
LEFT JOIN figures f
  ON f.procedure_group = g.procedure_group
  AND f.timepoint = w.timepoint
  AND f.instrument = i.instrument
  AND f.only_treated = CASE s.analysis_set WHEN 'intention-to-treat' THEN 0 ELSE 1 END
WHERE w.timepoint_order >= 0
-- [timepoint] AND w.timepoint = @timepoint
-- [instrument] AND i.instrument = @instrument
-- [analysis_set] AND s.analysis_set = @analysis_set
