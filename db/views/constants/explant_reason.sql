-- Question:   Why can a system be explanted?
-- Grain:      One row a reason.
-- Source:     Registry.Domain, ExplantReason
CREATE VIEW explant_reason AS
SELECT 'loss-of-efficacy' AS explant_reason
UNION ALL SELECT 'infection'
UNION ALL SELECT 'hardware'
UNION ALL SELECT 'patient-request'
UNION ALL SELECT 'mri-need'
UNION ALL SELECT 'other'
