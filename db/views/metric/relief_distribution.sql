-- Question:   How many patients have each relief, at each timepoint?
-- Grain:      One row a procedure group, timepoint (follow-ups), instrument, analysis set and relief; a row without a relief for every
--             group, empty ones too.
-- Population: As in response_rate. The rows of a group add up to its denominator there.
-- Missing:    relief_percent is NULL for cases without a credited score, and for the untreated: non-response at every threshold.
-- Units:      relief_percent: whole percent of baseline, rounded down; -1 is a worsening. cases: number of cases.
-- Source:     response_count, response_class
CREATE VIEW relief_distribution AS
WITH alike AS (
  SELECT
    n.procedure_code,
    n.timepoint,
    n.instrument,
    r.is_treated,
    r.is_scored,
    CASE WHEN r.is_treated = 1 THEN r.relief_percent END AS relief_percent,
    SUM(n.known) AS known,
    SUM(n.due) AS due
  FROM response_count n
  JOIN response_class r ON r.response_class = n.response_class
  WHERE r.is_evaluable = 1
  GROUP BY n.procedure_code, n.timepoint, n.instrument, r.is_treated, r.is_scored, CASE WHEN r.is_treated = 1 THEN r.relief_percent END
)
SELECT
  d.procedure_group,
  d.timepoint,
  d.timepoint_order,
  d.instrument,
  d.analysis_set,
  d.relief_percent,
  SUM(d.cases) AS cases
FROM (
  SELECT g.procedure_group, w.timepoint, w.timepoint_order, i.instrument, s.analysis_set, CAST(NULL AS INT) AS relief_percent, CAST(0 AS BIGINT) AS cases
  FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
  CROSS JOIN visit_window w
  CROSS JOIN instrument i
  CROSS JOIN analysis_set s
  WHERE w.timepoint <> 'baseline'
  UNION ALL
  SELECT
    g.procedure_group,
    k.timepoint,
    w.timepoint_order,
    k.instrument,
    s.analysis_set,
    k.relief_percent,
    CASE WHEN s.analysis_set = 'observed' AND k.is_scored = 1 THEN k.known WHEN s.analysis_set = 'observed' THEN 0 ELSE k.due END
  FROM alike k
  JOIN procedure_group g ON g.procedure_code = k.procedure_code
  JOIN visit_window w ON w.timepoint = k.timepoint
  JOIN analysis_set s ON s.analysis_set = 'intention-to-treat' OR k.is_treated = 1
) d
WHERE d.timepoint <> 'baseline'
-- [timepoint] AND d.timepoint = @timepoint
-- [instrument] AND d.instrument = @instrument
-- [analysis_set] AND d.analysis_set = @analysis_set
GROUP BY d.procedure_group, d.timepoint, d.timepoint_order, d.instrument, d.analysis_set, d.relief_percent
