-- Question:   On which day after time zero did those who responded at first stop responding, and until when was each seen?
-- Grain:      One row a procedure group, instrument, threshold and day on which a case ends, and day 0 of every such
--             group, empty ones too. Each case is in exactly one of events, competing and censored, on one day.
-- Population: Treated cases of the cohort (implanted or operated) with a baseline above 0 whose first follow-up score
--             that may be credited is a response. First is by date, then by timepoint.
-- Window:     Day 0 is time zero. events: the first later credited score that is no response, or else the permanent
--             explant, if there is one, which no credited score can follow; also after a loss, a withdrawal or a
--             crossover. competing: else death. censored: else the last credited score, or the loss to follow-up or
--             withdrawal where that came before it; no credited score is later than a crossover. What would lie before
--             time zero is put on day 0.
-- Numerator:  events; an explant followed by a re-implant is none. A response is
--             100 x (baseline - score) >= threshold x baseline, in whole numbers.
-- Denominator: The cases at risk on a day: all of the group without those that ended on an earlier day.
-- Missing:    A missing score is passed over: the loss of response is dated when it was seen.
-- Units:      day: whole days after time zero. The rest: numbers of cases.
-- Source:     case_timepoint, cohort. Curves: Registry.Domain, KaplanMeier and CumulativeIncidence
CREATE VIEW loss_of_response_time AS
WITH scored AS (
  SELECT
    t.case_id,
    t.timepoint_order,
    t.assessed_day,
    i.instrument,
    CASE i.instrument WHEN 'nrs' THEN t.baseline_nrs ELSE t.baseline_pdi END AS baseline,
    CASE i.instrument WHEN 'nrs' THEN t.nrs ELSE t.pdi END AS score
  FROM case_timepoint t
  CROSS JOIN instrument i
  WHERE t.timepoint <> 'baseline' AND t.is_treated = 1 AND t.is_credited = 1
),
judged AS (
  SELECT
    s.case_id,
    s.instrument,
    h.threshold_percent,
    s.assessed_day,
    -- By date, then by timepoint.
    10 * s.assessed_day + s.timepoint_order AS visit,
    CASE WHEN 100 * (s.baseline - s.score) >= h.threshold_percent * s.baseline THEN 1 ELSE 0 END AS responded
  FROM scored s
  CROSS JOIN response_threshold h
  WHERE s.baseline > 0 AND s.score IS NOT NULL
),
course AS (
  SELECT
    j.case_id,
    j.instrument,
    j.threshold_percent,
    MIN(CASE WHEN j.responded = 0 THEN j.assessed_day END) AS no_response_day,
    MAX(j.assessed_day) AS last_score_day
  FROM judged j
  -- The case comes last: first, it tempts SQLite 3.35 to go through the cases in order and through all events for each.
  GROUP BY j.instrument, j.threshold_percent, j.case_id
  HAVING MIN(CASE WHEN j.responded = 1 THEN j.visit END) = MIN(j.visit)
),
followed AS (
  SELECT
    c.procedure_code,
    r.instrument,
    r.threshold_percent,
    c.time_zero_day,
    COALESCE(r.no_response_day, c.permanent_explant_day) AS event_day,
    c.died_day,
    CASE
      WHEN c.lost_day <= r.last_score_day AND c.lost_day <= COALESCE(c.withdrawn_day, c.lost_day) THEN c.lost_day
      WHEN c.withdrawn_day <= r.last_score_day THEN c.withdrawn_day
      ELSE r.last_score_day
    END AS censored_day
  FROM course r
  JOIN cohort c ON c.case_id = r.case_id
),
ended AS (
  SELECT
    f.procedure_code,
    f.instrument,
    f.threshold_percent,
    COALESCE(f.event_day, f.died_day, f.censored_day) - f.time_zero_day AS day,
    CASE WHEN f.event_day IS NOT NULL THEN 1 ELSE 0 END AS had_event,
    CASE WHEN f.event_day IS NULL AND f.died_day IS NOT NULL THEN 1 ELSE 0 END AS had_competing,
    CASE WHEN f.event_day IS NULL AND f.died_day IS NULL THEN 1 ELSE 0 END AS was_censored
  FROM followed f
)
SELECT
  d.procedure_group,
  d.instrument,
  d.threshold_percent,
  d.day,
  SUM(d.had_event) AS events,
  SUM(d.had_competing) AS competing,
  SUM(d.was_censored) AS censored
FROM (
  SELECT
    g.procedure_group,
    i.instrument,
    h.threshold_percent,
    0 AS day,
    0 AS had_event,
    0 AS had_competing,
    0 AS was_censored
  FROM procedure_group g
  CROSS JOIN instrument i
  CROSS JOIN response_threshold h
  UNION ALL
  SELECT
    g.procedure_group,
    e.instrument,
    e.threshold_percent,
    CASE WHEN e.day < 0 THEN 0 ELSE e.day END,
    e.had_event,
    e.had_competing,
    e.was_censored
  FROM ended e
  JOIN procedure_group g ON g.procedure_code = e.procedure_code
) d
GROUP BY d.procedure_group, d.instrument, d.threshold_percent, d.day
