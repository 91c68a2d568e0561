-- Question:   How many adverse events were there, and how many patients and cases had at least one?
-- Grain:      One row a procedure group, category group and analysis set, empty ones too.
-- Population: intention-to-treat: cases of the cohort that entered treatment (trial started or operated). treated:
--             implanted or operated. There is no observed set: an adverse event has no score that could be missing.
-- Window:     Onset on or before the cut-off, with no other bound: an adverse event counts for the case that it is
--             recorded under, on the day of a trial and after an explant as well.
-- Numerator:  cases_with_event: cases of the set with at least one adverse event of the category. patients: the same in
--             patients, of whom one may have several cases.
-- Denominator: cases: cases of the set, with or without an adverse event.
-- Missing:    An adverse event that is not recorded did not happen.
-- Units:      events, serious, mild, moderate, severe: numbers of adverse events; serious is apart from severity.
--             cases, cases_with_event: numbers of cases. patients: site and patient reference, each once.
-- Source:     case_count, known_adverse_event
CREATE VIEW adverse_event_summary AS
WITH population AS (
  SELECT
    g.procedure_group,
    s.analysis_set,
    SUM(c.cases) AS cases
  FROM case_count c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  JOIN analysis_set s ON (s.analysis_set = 'intention-to-treat' AND c.is_entered = 1) OR (s.analysis_set = 'treated' AND c.is_treated = 1)
  GROUP BY g.procedure_group, s.analysis_set
),
alike AS (
  SELECT
    e.procedure_code,
    e.category,
    e.is_treated,
    COUNT(*) AS events,
    SUM(e.is_first_of_category) AS cases_with_category,
    SUM(e.is_first_of_case) AS cases_with_any,
    SUM(e.is_only_case * e.is_first_of_category) AS patients_with_category,
    SUM(e.is_only_case * e.is_first_of_case) AS patients_with_any,
    SUM(e.is_serious) AS serious,
    SUM(CASE e.severity WHEN 'mild' THEN 1 ELSE 0 END) AS mild,
    SUM(CASE e.severity WHEN 'moderate' THEN 1 ELSE 0 END) AS moderate,
    SUM(CASE e.severity WHEN 'severe' THEN 1 ELSE 0 END) AS severe
  FROM known_adverse_event e
  GROUP BY e.procedure_code, e.category, e.is_treated
),
counted AS (
  SELECT
    g.procedure_group,
    k.category_group,
    s.analysis_set,
    SUM(n.events) AS events,
    SUM(CASE k.category_group WHEN 'all' THEN n.cases_with_any ELSE n.cases_with_category END) AS cases_with_event,
    SUM(CASE k.category_group WHEN 'all' THEN n.patients_with_any ELSE n.patients_with_category END) AS patients_of_one_case,
    SUM(n.serious) AS serious,
    SUM(n.mild) AS mild,
    SUM(n.moderate) AS moderate,
    SUM(n.severe) AS severe
  FROM alike n
  JOIN procedure_group g ON g.procedure_code = n.procedure_code
  JOIN adverse_event_category k ON k.category = n.category
  JOIN analysis_set s ON s.analysis_set = 'intention-to-treat' OR (s.analysis_set = 'treated' AND n.is_treated = 1)
  GROUP BY g.procedure_group, k.category_group, s.analysis_set
),
others AS (
  SELECT
    p.procedure_group,
    p.category_group,
    p.analysis_set,
    COUNT(*) AS patients
  FROM (
    SELECT DISTINCT g.procedure_group, k.category_group, s.analysis_set, e.person_id
    FROM known_adverse_event e
    JOIN procedure_group g ON g.procedure_code = e.procedure_code
    JOIN adverse_event_category k ON k.category = e.category
    JOIN analysis_set s ON s.analysis_set = 'intention-to-treat' OR (s.analysis_set = 'treated' AND e.is_treated = 1)
    WHERE e.is_only_case = 0
  ) p
  GROUP BY p.procedure_group, p.category_group, p.analysis_set
)
SELECT
  g.procedure_group,
  k.category_group,
  s.analysis_set,
  COALESCE(n.events, 0) AS events,
  COALESCE(n.patients_of_one_case, 0) + COALESCE(p.patients, 0) AS patients,
  COALESCE(q.cases, 0) AS cases,
  COALESCE(n.cases_with_event, 0) AS cases_with_event,
  CAST(COALESCE(n.cases_with_event, 0) AS FLOAT) / NULLIF(q.cases, 0) AS rate,
  COALESCE(n.serious, 0) AS serious,
  COALESCE(n.mild, 0) AS mild,
  COALESCE(n.moderate, 0) AS moderate,
  COALESCE(n.severe, 0) AS severe
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
CROSS JOIN (SELECT DISTINCT category_group FROM adverse_event_category) k
CROSS JOIN analysis_set s
LEFT JOIN population q ON q.procedure_group = g.procedure_group AND q.analysis_set = s.analysis_set
LEFT JOIN counted n ON n.procedure_group = g.procedure_group AND n.category_group = k.category_group AND n.analysis_set = s.analysis_set
LEFT JOIN others p ON p.procedure_group = g.procedure_group AND p.category_group = k.category_group AND p.analysis_set = s.analysis_set
WHERE s.analysis_set <> 'observed'
