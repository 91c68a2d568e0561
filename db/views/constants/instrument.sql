-- Question:   By which instruments is pain measured?
-- Grain:      One row an instrument.
-- Source:     Registry.Domain, Instrument
CREATE VIEW instrument AS
SELECT 'nrs' AS instrument
UNION ALL SELECT 'pdi'
