-- Question:   At what relief does a patient count as a responder?
-- Grain:      One row a threshold.
-- Units:      Percent of baseline: 30 is moderate, 50 substantial improvement (IMMPACT, Dworkin 2008; Farrar 2001).
-- Source:     Registry.Domain, ResponseThreshold. The HTTP interface puts the thresholds that were asked for in their place.
CREATE VIEW response_threshold AS
SELECT 30 AS threshold_percent
UNION ALL SELECT 50
