-- Question:   Which adverse events are known at the cut-off?
-- Grain:      One row a case and adverse event.
-- Population: Cases of the cohort that entered treatment.
-- Window:     Onset on or before the cut-off, with no other bound: an adverse event counts for the case that it is recorded
--             under, on the day of a trial and after an explant as well.
-- Units:      Flags are 0 or 1. is_first_of_case, is_first_of_category: the first of its case, and of its case and category.
-- Source:     analysis_adverse_event, analysis_case
CREATE VIEW known_adverse_event AS
SELECT
  e.case_id,
  e.adverse_event_code,
  e.procedure_code,
  e.category,
  e.severity,
  e.is_serious,
  e.is_first_of_case,
  e.is_first_of_category,
  c.person_id,
  c.is_only_case,
  c.is_treated
FROM analysis_adverse_event e
JOIN analysis_case c ON c.case_id = e.case_id
WHERE e.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.is_entered = 1 AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cohort] AND {conditions}
UNION ALL
SELECT
  e.case_id,
  e.adverse_event_code,
  e.procedure_code,
  e.category,
  e.severity,
  e.is_serious,
  e.is_first_of_case,
  e.is_first_of_category,
  c.person_id,
  c.is_only_case,
  c.is_treated
FROM analysis_adverse_event e
JOIN analysis_case_earlier c ON c.case_id = e.case_id
WHERE e.known_from <= (SELECT a.as_of_day FROM as_of a) AND c.is_entered = 1 AND c.known_until > (SELECT a.as_of_day FROM as_of a) AND c.known_from <= (SELECT a.as_of_day FROM as_of a)
-- [cohort] AND {conditions}
