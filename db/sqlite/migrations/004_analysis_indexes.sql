-- Indexes of the analysis tables, for SQLite: each in the order in which a figure groups its rows, with all that it reads.

-- Cases counted by class, narrowed by any filter.
CREATE INDEX ix_analysis_case_class ON analysis_case (
  procedure_code, case_class, known_from, site_code, indication, sex, age_years, pain_side, pain_duration_months, time_zero_day, is_primary
);

-- Treated cases by the end of their therapy.
CREATE INDEX ix_analysis_case_therapy ON analysis_case (procedure_code, therapy_end, therapy_days, treated_day, known_from);

-- Response classes and scores.
CREATE INDEX ix_analysis_visit_nrs ON analysis_visit (timepoint, procedure_code, is_treated, nrs_class, nrs, baseline_nrs, known_from, target_day);
CREATE INDEX ix_analysis_visit_pdi ON analysis_visit (timepoint, procedure_code, is_treated, pdi_class, pdi, baseline_pdi, known_from, target_day);

-- Completeness of follow-up.
CREATE INDEX ix_analysis_visit_state ON analysis_visit (
  timepoint, procedure_code, site_code, state, reason, window_position, target_day, window_last_day, known_from
);

-- The work list.
CREATE INDEX ix_analysis_visit_open ON analysis_visit (target_day, site_code, procedure_code, timepoint, window_last_day, known_from)
WHERE state = 'open';

-- Costs of a unit; and costs by size, for the quartiles.
CREATE INDEX ix_analysis_cost_unit ON analysis_cost (unit_case_id);
CREATE INDEX ix_analysis_cost_surgical ON analysis_cost (procedure_code, currency, price_year, unit, surgical_bucket, known_from, surgical_thousandths);
CREATE INDEX ix_analysis_cost_all ON analysis_cost (procedure_code, currency, price_year, unit, all_bucket, known_from, all_thousandths, surgical_thousandths);

-- Stays by length.
CREATE INDEX ix_analysis_stay_days ON analysis_stay (procedure_code, days, known_from, is_first_of_case);

-- What held at earlier cut-offs: of the cut-off of today next to nothing.
CREATE INDEX ix_analysis_case_earlier_until ON analysis_case_earlier (
  known_until, known_from, procedure_code, case_class, site_code, indication, sex, age_years, pain_side, pain_duration_months, time_zero_day, is_primary
);
CREATE INDEX ix_analysis_visit_earlier_until ON analysis_visit_earlier (known_until, known_from);
CREATE INDEX ix_analysis_cost_earlier_until ON analysis_cost_earlier (known_until, known_from);
