-- Question:   Which response rates are there?
-- Grain:      One row a timepoint (follow-ups), instrument, threshold and analysis set.
-- Units:      question: its number, from 1 on, in the order of these.
-- Source:     visit_window, instrument, response_threshold, analysis_set
CREATE VIEW response_question AS
SELECT
  w.timepoint,
  w.timepoint_order,
  i.instrument,
  h.threshold_percent,
  s.analysis_set,
  ROW_NUMBER() OVER (ORDER BY w.timepoint_order, i.instrument, h.threshold_percent, s.analysis_set) AS question
FROM visit_window w
CROSS JOIN instrument i
CROSS JOIN response_threshold h
CROSS JOIN analysis_set s
WHERE w.timepoint <> 'baseline'
-- [timepoint] AND w.timepoint = @timepoint
-- [instrument] AND i.instrument = @instrument
-- [analysis_set] AND s.analysis_set = @analysis_set
