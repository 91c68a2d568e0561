-- The tables of the registry, for SQLite. Dates are text, YYYY-MM-DD; instants are text, RFC 3339 UTC; flags are 0 or 1.
-- Every code and every range stands in Registry.Domain too; a test proves that the two agree.

-- Sites. Grain: one row a site.
CREATE TABLE site (
  site_id INTEGER NOT NULL PRIMARY KEY,
  site_code TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  time_zone TEXT NULL,
  UNIQUE (site_code)
);

-- Cases. Grain: one row a case (one patient and one procedure intent).
CREATE TABLE treatment_case (
  case_id INTEGER NOT NULL PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site (site_id),
  case_code TEXT NOT NULL,
  patient_reference TEXT NOT NULL,
  sex TEXT NOT NULL CHECK (sex IN ('male', 'female', 'other', 'unknown')),
  birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
  procedure_code TEXT NOT NULL CHECK (procedure_code IN ('scs', 'drg', 'drez', 'cordotomy')),
  indication TEXT NOT NULL CHECK (indication IN ('postherpetic-neuralgia', 'brachial-plexus-avulsion', 'crps', 'cancer-pain', 'persistent-spinal-pain-syndrome', 'painful-diabetic-neuropathy', 'peripheral-nerve-injury', 'spinal-cord-injury', 'phantom-limb-pain', 'other')),
  pain_side TEXT NULL CHECK (pain_side IN ('left', 'right', 'bilateral', 'midline')),
  pain_levels TEXT NULL,
  pain_duration_months INTEGER NULL CHECK (pain_duration_months BETWEEN 0 AND 1200),
  preceding_case_id INTEGER NULL REFERENCES treatment_case (case_id),
  UNIQUE (site_id, case_code)
);

-- Dated steps of a treatment. Grain: one row a case and event.
CREATE TABLE treatment_event (
  case_id INTEGER NOT NULL REFERENCES treatment_case (case_id),
  event_code TEXT NOT NULL,
  event_type TEXT NOT NULL CHECK (event_type IN ('trial-started', 'trial-ended', 'implanted', 'lesioned', 'revised', 'generator-replaced', 'explanted', 'died', 'lost-to-follow-up', 'withdrawn')),
  occurred_on TEXT NOT NULL,
  lead_type TEXT NULL CHECK (lead_type IN ('percutaneous', 'paddle')),
  outcome TEXT NULL CHECK (outcome IN ('succeeded', 'failed')),
  relief_percent INTEGER NULL CHECK (relief_percent BETWEEN -1000 AND 100),
  threshold_percent INTEGER NULL CHECK (threshold_percent BETWEEN 1 AND 100),
  generator_type TEXT NULL CHECK (generator_type IN ('rechargeable', 'primary-cell')),
  explant_reason TEXT NULL CHECK (explant_reason IN ('loss-of-efficacy', 'infection', 'hardware', 'patient-request', 'mri-need', 'other')),
  is_permanent INTEGER NULL CHECK (is_permanent IN (0, 1)),
  levels TEXT NULL,
  depth_mm REAL NULL CHECK (depth_mm BETWEEN 0 AND 20),
  angle_degrees REAL NULL CHECK (angle_degrees BETWEEN 0 AND 90),
  lesion_side TEXT NULL CHECK (lesion_side IN ('left', 'right', 'bilateral')),
  guidance TEXT NULL CHECK (guidance IN ('ct', 'fluoroscopy', 'open', 'other')),
  PRIMARY KEY (case_id, event_code)
) WITHOUT ROWID;

-- Scores, or the reason why there are none. Grain: one row a case and timepoint.
CREATE TABLE assessment (
  case_id INTEGER NOT NULL REFERENCES treatment_case (case_id),
  timepoint TEXT NOT NULL CHECK (timepoint IN ('baseline', 'post-op', '1m', '3m', '6m', '12m', '24m')),
  assessed_on TEXT NULL,
  nrs INTEGER NULL CHECK (nrs BETWEEN 0 AND 10),
  pdi INTEGER NULL CHECK (pdi BETWEEN 0 AND 70),
  pdi_family_home INTEGER NULL CHECK (pdi_family_home BETWEEN 0 AND 10),
  pdi_recreation INTEGER NULL CHECK (pdi_recreation BETWEEN 0 AND 10),
  pdi_social INTEGER NULL CHECK (pdi_social BETWEEN 0 AND 10),
  pdi_occupation INTEGER NULL CHECK (pdi_occupation BETWEEN 0 AND 10),
  pdi_sexual INTEGER NULL CHECK (pdi_sexual BETWEEN 0 AND 10),
  pdi_self_care INTEGER NULL CHECK (pdi_self_care BETWEEN 0 AND 10),
  pdi_life_support INTEGER NULL CHECK (pdi_life_support BETWEEN 0 AND 10),
  assessment_mode TEXT NULL CHECK (assessment_mode IN ('clinic', 'telephone', 'portal', 'post')),
  not_done_reason TEXT NULL CHECK (not_done_reason IN ('died', 'lost-to-follow-up', 'withdrawn', 'declined', 'too-ill', 'not-done-by-site')),
  PRIMARY KEY (case_id, timepoint),
  CHECK (not_done_reason IS NOT NULL OR assessed_on IS NOT NULL),
  CHECK (not_done_reason IS NULL OR (nrs IS NULL AND pdi IS NULL))
) WITHOUT ROWID;

-- Adverse events. Grain: one row a case and adverse event.
CREATE TABLE adverse_event (
  case_id INTEGER NOT NULL REFERENCES treatment_case (case_id),
  adverse_event_code TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('surgical', 'hardware-related', 'neurological', 'other')),
  term TEXT NOT NULL,
  onset_on TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('mild', 'moderate', 'severe')),
  is_serious INTEGER NOT NULL CHECK (is_serious IN (0, 1)),
  outcome TEXT NULL CHECK (outcome IN ('recovered', 'recovered-with-sequelae', 'recovering', 'not-recovered', 'fatal', 'unknown')),
  resolved_on TEXT NULL,
  PRIMARY KEY (case_id, adverse_event_code),
  CHECK (resolved_on >= onset_on)
) WITHOUT ROWID;

-- Costs. Grain: one row a case and cost. The amount is in whole thousandths of the currency's major unit, so that both engines add exactly.
CREATE TABLE cost_item (
  case_id INTEGER NOT NULL REFERENCES treatment_case (case_id),
  cost_code TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('operation', 'device', 'anaesthesia', 'trial', 'hospital-stay', 'revision', 'explant', 'follow-up', 'medication', 'other')),
  amount_thousandths INTEGER NOT NULL CHECK (amount_thousandths BETWEEN 0 AND 10000000000000),
  currency TEXT NOT NULL,
  price_year INTEGER NOT NULL CHECK (price_year BETWEEN 1980 AND 2100),
  incurred_on TEXT NULL,
  PRIMARY KEY (case_id, cost_code)
) WITHOUT ROWID;

-- Hospital stays. Grain: one row a case and stay.
CREATE TABLE hospital_stay (
  case_id INTEGER NOT NULL REFERENCES treatment_case (case_id),
  stay_code TEXT NOT NULL,
  admitted_on TEXT NOT NULL,
  discharged_on TEXT NOT NULL,
  PRIMARY KEY (case_id, stay_code),
  CHECK (discharged_on >= admitted_on)
) WITHOUT ROWID;

-- Every version of everything that was ever recorded, and the source of what is current: the newest version of a key, unless retracted.
-- The tables above hold the same content once more, as columns, for the views. Grain: one row a resource and version.
-- case_code is empty for a site; resource_code is empty for a site and for a case.
CREATE TABLE resource_version (
  site_code TEXT NOT NULL,
  case_code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('site', 'case', 'assessment', 'event', 'adverse-event', 'cost', 'stay')),
  resource_code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  content TEXT NOT NULL,
  is_retracted INTEGER NOT NULL CHECK (is_retracted IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  reason TEXT NULL,
  PRIMARY KEY (site_code, case_code, kind, resource_code, version)
) WITHOUT ROWID;

-- How many changes each site has recorded; their sum is the version of all data. Grain: one row a site that ever recorded.
CREATE TABLE data_version (
  site_code TEXT NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (site_code)
) WITHOUT ROWID;

-- From a case to the case that followed it.
CREATE INDEX ix_treatment_case_preceding_case_id ON treatment_case (preceding_case_id);

-- The cases of one patient within a site.
CREATE INDEX ix_treatment_case_patient ON treatment_case (site_id, patient_reference);
