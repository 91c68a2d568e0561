-- Question:   What are the counts of the flow chart of the case series, and why did observation end?
-- Grain:      One row a procedure group, empty ones too.
-- Population: The cohort; events dated on or before the cut-off. patients: the patients of these cases, each once a site.
-- Window:     ended_by_...: observation of the case, from time zero on, has ended by the cut-off, and what ended it came first;
--             on one day in the order death, permanent explant, crossover, withdrawal, loss to follow-up.
-- Numerator:  enrolled = not_started (neither trial nor treatment) + trialled (trial started) + implanted_without_trial
--             (no recorded start of a trial) + operated_first (lesioned, no preceding case) + operated_after_trial
--             (lesioned, with a preceding case: as a rule a trial or an implant).
--             trialled = trial_failed + trial_succeeded + trial_undecided (no end recorded).
--             trial_succeeded = implanted after it + left_before_implant (died, lost, withdrawn or crossed over) +
--             declined + awaiting_implant. No event says that an implant was declined: declined is alive, in sight, in
--             the registry, not crossed over, and without an implant 90 days after the successful trial or later;
--             awaiting_implant is the same before that.
--             implanted: with or without a trial. explanted: of those, permanently or not. reimplanted: implanted again
--             on or after the first explant. crossed_over: a later case of the patient has started.
--             died, lost, withdrawn: of all enrolled, the person; a loss is void when anything dated after it is known.
-- Missing:    An event that is not recorded did not happen.
-- Units:      Numbers of cases; patients: number of patients.
-- Source:     case_count, cohort
CREATE VIEW flow_summary AS
WITH counted AS (
  SELECT
    g.procedure_group,
    SUM(c.cases) AS enrolled,
    SUM((1 - c.is_entered) * c.cases) AS not_started,
    SUM(c.is_trialled * c.cases) AS trialled,
    SUM(c.is_trialled * c.is_trial_ended * (1 - c.is_trial_succeeded) * c.cases) AS trial_failed,
    SUM(c.is_trialled * c.is_trial_succeeded * c.cases) AS trial_succeeded,
    SUM(c.is_trialled * (1 - c.is_trial_ended) * c.cases) AS trial_undecided,
    SUM(c.is_trialled * c.is_left_before_implant * c.cases) AS left_before_implant,
    SUM(c.is_trialled * c.is_declined * c.cases) AS declined,
    SUM(c.is_trialled * c.is_awaiting_implant * c.cases) AS awaiting_implant,
    SUM(c.is_stimulation * c.is_treated * c.cases) AS implanted,
    SUM(c.is_stimulation * c.is_treated * (1 - c.is_trialled) * c.cases) AS implanted_without_trial,
    SUM(c.is_treated * c.is_explanted * c.cases) AS explanted,
    SUM(c.is_treated * c.is_permanently_explanted * c.cases) AS permanently_explanted,
    SUM(c.is_reimplanted * c.cases) AS reimplanted,
    SUM(c.is_crossed_over * c.cases) AS crossed_over,
    SUM((1 - c.is_stimulation) * c.is_treated * c.is_primary * c.cases) AS operated_first,
    SUM((1 - c.is_stimulation) * c.is_treated * (1 - c.is_primary) * c.cases) AS operated_after_trial,
    SUM(c.is_died * c.cases) AS died,
    SUM(c.is_lost * c.cases) AS lost,
    SUM(c.is_withdrawn * c.cases) AS withdrawn,
    SUM(c.is_ended_by_death * c.cases) AS ended_by_death,
    SUM(c.is_ended_by_explant * c.cases) AS ended_by_explant,
    SUM(c.is_ended_by_crossover * c.cases) AS ended_by_crossover,
    SUM(c.is_ended_by_withdrawal * c.cases) AS ended_by_withdrawal,
    SUM(c.is_ended_by_loss * c.cases) AS ended_by_loss,
    SUM(c.is_only_case * c.cases) AS patients_of_one_case
  FROM (
    SELECT
      k.procedure_code,
      CASE WHEN k.procedure_code IN ('scs', 'drg') THEN 1 ELSE 0 END AS is_stimulation,
      k.cases,
      k.is_entered,
      k.is_treated,
      k.is_trialled,
      k.is_trial_ended,
      k.is_trial_succeeded,
      k.is_left_before_implant,
      k.is_declined,
      k.is_awaiting_implant,
      k.is_explanted,
      k.is_permanently_explanted,
      k.is_reimplanted,
      k.is_crossed_over,
      k.is_died,
      k.is_lost,
      k.is_withdrawn,
      k.is_primary,
      k.is_only_case,
      k.is_ended_by_death,
      k.is_ended_by_explant,
      k.is_ended_by_crossover,
      k.is_ended_by_withdrawal,
      k.is_ended_by_loss
    FROM case_count k
  ) c
  JOIN procedure_group g ON g.procedure_code = c.procedure_code
  GROUP BY g.procedure_group
),
others AS (
  SELECT
    p.procedure_group,
    COUNT(*) AS patients
  FROM (
    SELECT DISTINCT g.procedure_group, c.person_id
    FROM cohort c
    JOIN procedure_group g ON g.procedure_code = c.procedure_code
    WHERE c.is_only_case = 0
  ) p
  GROUP BY p.procedure_group
)
SELECT
  g.procedure_group,
  COALESCE(n.patients_of_one_case, 0) + COALESCE(p.patients, 0) AS patients,
  COALESCE(n.enrolled, 0) AS enrolled,
  COALESCE(n.not_started, 0) AS not_started,
  COALESCE(n.trialled, 0) AS trialled,
  COALESCE(n.trial_failed, 0) AS trial_failed,
  COALESCE(n.trial_succeeded, 0) AS trial_succeeded,
  COALESCE(n.trial_undecided, 0) AS trial_undecided,
  COALESCE(n.left_before_implant, 0) AS left_before_implant,
  COALESCE(n.declined, 0) AS declined,
  COALESCE(n.awaiting_implant, 0) AS awaiting_implant,
  COALESCE(n.implanted, 0) AS implanted,
  COALESCE(n.implanted_without_trial, 0) AS implanted_without_trial,
  COALESCE(n.explanted, 0) AS explanted,
  COALESCE(n.permanently_explanted, 0) AS permanently_explanted,
  COALESCE(n.reimplanted, 0) AS reimplanted,
  COALESCE(n.crossed_over, 0) AS crossed_over,
  COALESCE(n.operated_first, 0) AS operated_first,
  COALESCE(n.operated_after_trial, 0) AS operated_after_trial,
  COALESCE(n.died, 0) AS died,
  COALESCE(n.lost, 0) AS lost,
  COALESCE(n.withdrawn, 0) AS withdrawn,
  COALESCE(n.ended_by_death, 0) AS ended_by_death,
  COALESCE(n.ended_by_explant, 0) AS ended_by_explant,
  COALESCE(n.ended_by_crossover, 0) AS ended_by_crossover,
  COALESCE(n.ended_by_withdrawal, 0) AS ended_by_withdrawal,
  COALESCE(n.ended_by_loss, 0) AS ended_by_loss
FROM (SELECT DISTINCT procedure_group FROM procedure_group) g
LEFT JOIN counted n ON n.procedure_group = g.procedure_group
LEFT JOIN others p ON p.procedure_group = g.procedure_group
