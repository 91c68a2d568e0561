-- Question:   How many cases that responded at first ended on each day after time zero, by loss of response, a competing end or censoring?
-- Grain:      One row a procedure group, instrument, threshold and day on which a case ends, and day 0 of every such
--             group, empty ones too. Each case is in exactly one of events, competing and censored, on one day.
-- Population: Treated cases of the cohort (implanted or operated) with a baseline above 0 whose first follow-up score
--             that may be credited is a response. First is by date, then by timepoint.
-- Window:     Day 0 is time zero. events: the first later credited score that is no response, or else the permanent explant
--             by which observation ended. competing: else the death by which it ended. censored: else the last credited
--             score. What would lie before time zero is put on day 0.
-- Numerator:  events; an explant followed by a re-implant within 180 days is none. A response is
--             100 x (baseline - score) >= threshold x baseline, in whole numbers.
-- Denominator: The cases at risk on a day: all of the group without those that ended on an earlier day.
-- Missing:    A missing score is passed over: the loss of response is dated when it was seen.
-- Units:      day: whole days after time zero. The rest: numbers of cases.
-- Source:     analysis_response, analysis_case. Curves: Registry.Domain, KaplanMeier and CumulativeIncidence
CREATE VIEW loss_of_response_time AS
WITH followed AS (
  SELECT
    r.procedure_code,
    r.instrument,
    h.threshold_percent,
    c.treated_day,
    c.therapy_end,
    c.therapy_end_day,
    CASE
      WHEN r.relief_2 < h.threshold_percent AND r.day_2 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_2
      WHEN r.relief_3 < h.threshold_percent AND r.day_3 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_3
      WHEN r.relief_4 < h.threshold_percent AND r.day_4 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_4
      WHEN r.relief_5 < h.threshold_percent AND r.day_5 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_5
      WHEN r.relief_6 < h.threshold_percent AND r.day_6 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_6
    END AS no_response_day,
    CASE
      WHEN r.day_6 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_6
      WHEN r.day_5 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_5
      WHEN r.day_4 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_4
      WHEN r.day_3 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_3
      WHEN r.day_2 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_2
      ELSE r.day_1
    END AS last_score_day
  FROM analysis_response r
  CROSS JOIN response_threshold h
  JOIN analysis_case c ON c.case_id = r.case_id
  WHERE r.relief_1 >= h.threshold_percent AND r.day_1 <= (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [instrument] AND r.instrument = @instrument
  -- [cohort] AND {conditions}
  UNION ALL
  SELECT
    r.procedure_code,
    r.instrument,
    h.threshold_percent,
    c.treated_day,
    c.therapy_end,
    c.therapy_end_day,
    CASE
      WHEN r.relief_2 < h.threshold_percent AND r.day_2 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_2
      WHEN r.relief_3 < h.threshold_percent AND r.day_3 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_3
      WHEN r.relief_4 < h.threshold_percent AND r.day_4 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_4
      WHEN r.relief_5 < h.threshold_percent AND r.day_5 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_5
      WHEN r.relief_6 < h.threshold_percent AND r.day_6 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_6
    END AS no_response_day,
    CASE
      WHEN r.day_6 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_6
      WHEN r.day_5 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_5
      WHEN r.day_4 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_4
      WHEN r.day_3 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_3
      WHEN r.day_2 <= (SELECT a.as_of_day FROM as_of a) THEN r.day_2
      ELSE r.day_1
    END AS last_score_day
  FROM analysis_response r
  CROSS JOIN response_threshold h
  JOIN analysis_case_earlier c ON c.case_id = r.case_id
  WHERE r.relief_1 >= h.threshold_percent AND r.day_1 <= (SELECT a.as_of_day FROM as_of a) AND c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
  -- [instrument] AND r.instrument = @instrument
  -- [cohort] AND {conditions}
),
ended AS (
  SELECT
    f.procedure_code,
    f.instrument,
    f.threshold_percent,
    CASE
      WHEN f.no_response_day IS NOT NULL THEN f.no_response_day
      WHEN f.therapy_end IN ('explanted', 'died') THEN f.therapy_end_day
      ELSE f.last_score_day
    END - f.treated_day AS day,
    CASE
      WHEN f.no_response_day IS NOT NULL OR f.therapy_end = 'explanted' THEN 'event'
      WHEN f.therapy_end = 'died' THEN 'competing'
      ELSE 'censored'
    END AS ended_by
  FROM followed f
),
alike AS (
  SELECT
    e.procedure_code,
    e.instrument,
    e.threshold_percent,
    e.day,
    SUM(CASE e.ended_by WHEN 'event' THEN 1 ELSE 0 END) AS events,
    SUM(CASE e.ended_by WHEN 'competing' THEN 1 ELSE 0 END) AS competing,
    SUM(CASE e.ended_by WHEN 'censored' THEN 1 ELSE 0 END) AS censored
  FROM ended e
  GROUP BY e.day, e.procedure_code, e.instrument, e.threshold_percent
)
SELECT
  d.procedure_group,
  d.instrument,
  d.threshold_percent,
  d.day,
  SUM(d.events) AS events,
  SUM(d.competing) AS competing,
  SUM(d.censored) AS censored
FROM (
  SELECT g.procedure_group, i.instrument, h.threshold_percent, 0 AS day, 0 AS events, 0 AS competing, 0 AS censored
  FROM procedure_group g
  CROSS JOIN instrument i
  CROSS JOIN response_threshold h
  WHERE i.instrument IS NOT NULL
  -- [instrument] AND i.instrument = @instrument
  UNION ALL
  SELECT g.procedure_group, n.instrument, n.threshold_percent, CASE WHEN n.day < 0 THEN 0 ELSE n.day END, n.events, n.competing, n.censored
  FROM alike n
  JOIN procedure_group g ON g.procedure_code = n.procedure_code
) d
GROUP BY d.procedure_group, d.instrument, d.threshold_percent, d.day
