-- The tables of the registry, for SQL Server 2016 or later and Babelfish. Flags are 0 or 1.
-- Every code and every range stands in Registry.Domain too; a test proves that the two agree.

-- Sites. Grain: one row a site.
CREATE TABLE site (
  site_id INT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  name NVARCHAR(200) NOT NULL,
  country NVARCHAR(2) NOT NULL,
  time_zone NVARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
  UNIQUE (site_code)
);

-- Cases. Grain: one row a case (one patient and one procedure intent).
CREATE TABLE treatment_case (
  case_id INT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  site_id INT NOT NULL REFERENCES site (site_id),
  case_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  patient_reference NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  sex NVARCHAR(40) NOT NULL CHECK (sex IN ('male', 'female', 'other', 'unknown')),
  birth_year INT NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
  procedure_code NVARCHAR(40) NOT NULL CHECK (procedure_code IN ('scs', 'drg', 'drez', 'cordotomy')),
  indication NVARCHAR(40) NOT NULL CHECK (indication IN ('postherpetic-neuralgia', 'brachial-plexus-avulsion', 'crps', 'cancer-pain', 'persistent-spinal-pain-syndrome', 'painful-diabetic-neuropathy', 'peripheral-nerve-injury', 'spinal-cord-injury', 'phantom-limb-pain', 'other')),
  pain_side NVARCHAR(40) NULL CHECK (pain_side IN ('left', 'right', 'bilateral', 'midline')),
  pain_levels NVARCHAR(200) NULL,
  pain_duration_months INT NULL CHECK (pain_duration_months BETWEEN 0 AND 1200),
  preceding_case_id INT NULL REFERENCES treatment_case (case_id),
  UNIQUE (site_id, case_code)
);

-- Dated steps of a treatment. Grain: one row a case and event.
CREATE TABLE treatment_event (
  case_id INT NOT NULL REFERENCES treatment_case (case_id),
  event_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  event_type NVARCHAR(40) NOT NULL CHECK (event_type IN ('trial-started', 'trial-ended', 'implanted', 'lesioned', 'revised', 'generator-replaced', 'explanted', 'died', 'lost-to-follow-up', 'withdrawn')),
  occurred_on DATE NOT NULL,
  lead_type NVARCHAR(40) NULL CHECK (lead_type IN ('percutaneous', 'paddle')),
  outcome NVARCHAR(40) NULL CHECK (outcome IN ('succeeded', 'failed')),
  relief_percent INT NULL CHECK (relief_percent BETWEEN -1000 AND 100),
  threshold_percent INT NULL CHECK (threshold_percent BETWEEN 1 AND 100),
  generator_type NVARCHAR(40) NULL CHECK (generator_type IN ('rechargeable', 'primary-cell')),
  explant_reason NVARCHAR(40) NULL CHECK (explant_reason IN ('loss-of-efficacy', 'infection', 'hardware', 'patient-request', 'mri-need', 'other')),
  is_permanent INT NULL CHECK (is_permanent IN (0, 1)),
  levels NVARCHAR(200) NULL,
  depth_mm DECIMAL(4, 1) NULL CHECK (depth_mm BETWEEN 0 AND 20),
  angle_degrees DECIMAL(4, 1) NULL CHECK (angle_degrees BETWEEN 0 AND 90),
  lesion_side NVARCHAR(40) NULL CHECK (lesion_side IN ('left', 'right', 'bilateral')),
  guidance NVARCHAR(40) NULL CHECK (guidance IN ('ct', 'fluoroscopy', 'open', 'other')),
  PRIMARY KEY (case_id, event_code)
);

-- Scores, or the reason why there are none. Grain: one row a case and timepoint.
CREATE TABLE assessment (
  case_id INT NOT NULL REFERENCES treatment_case (case_id),
  timepoint NVARCHAR(40) NOT NULL CHECK (timepoint IN ('baseline', 'post-op', '1m', '3m', '6m', '12m', '24m')),
  assessed_on DATE NULL,
  nrs INT NULL CHECK (nrs BETWEEN 0 AND 10),
  pdi INT NULL CHECK (pdi BETWEEN 0 AND 70),
  pdi_family_home INT NULL CHECK (pdi_family_home BETWEEN 0 AND 10),
  pdi_recreation INT NULL CHECK (pdi_recreation BETWEEN 0 AND 10),
  pdi_social INT NULL CHECK (pdi_social BETWEEN 0 AND 10),
  pdi_occupation INT NULL CHECK (pdi_occupation BETWEEN 0 AND 10),
  pdi_sexual INT NULL CHECK (pdi_sexual BETWEEN 0 AND 10),
  pdi_self_care INT NULL CHECK (pdi_self_care BETWEEN 0 AND 10),
  pdi_life_support INT NULL CHECK (pdi_life_support BETWEEN 0 AND 10),
  assessment_mode NVARCHAR(40) NULL CHECK (assessment_mode IN ('clinic', 'telephone', 'portal', 'post')),
  not_done_reason NVARCHAR(40) NULL CHECK (not_done_reason IN ('died', 'lost-to-follow-up', 'withdrawn', 'declined', 'too-ill', 'not-done-by-site')),
  PRIMARY KEY (case_id, timepoint),
  CHECK (not_done_reason IS NOT NULL OR assessed_on IS NOT NULL),
  CHECK (not_done_reason IS NULL OR (nrs IS NULL AND pdi IS NULL))
);

-- Adverse events. Grain: one row a case and adverse event.
CREATE TABLE adverse_event (
  case_id INT NOT NULL REFERENCES treatment_case (case_id),
  adverse_event_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  category NVARCHAR(40) NOT NULL CHECK (category IN ('surgical', 'hardware-related', 'neurological', 'other')),
  term NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  onset_on DATE NOT NULL,
  severity NVARCHAR(40) NOT NULL CHECK (severity IN ('mild', 'moderate', 'severe')),
  is_serious INT NOT NULL CHECK (is_serious IN (0, 1)),
  outcome NVARCHAR(40) NULL CHECK (outcome IN ('recovered', 'recovered-with-sequelae', 'recovering', 'not-recovered', 'fatal', 'unknown')),
  resolved_on DATE NULL,
  PRIMARY KEY (case_id, adverse_event_code),
  CHECK (resolved_on >= onset_on)
);

-- Costs. Grain: one row a case and cost. The amount is in whole thousandths of the currency's major unit, so that both engines add exactly.
CREATE TABLE cost_item (
  case_id INT NOT NULL REFERENCES treatment_case (case_id),
  cost_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  category NVARCHAR(40) NOT NULL CHECK (category IN ('operation', 'device', 'anaesthesia', 'trial', 'hospital-stay', 'revision', 'explant', 'follow-up', 'medication', 'other')),
  amount_thousandths BIGINT NOT NULL CHECK (amount_thousandths BETWEEN 0 AND 10000000000000),
  currency NVARCHAR(3) NOT NULL,
  price_year INT NOT NULL CHECK (price_year BETWEEN 1980 AND 2100),
  incurred_on DATE NULL,
  PRIMARY KEY (case_id, cost_code)
);

-- Hospital stays. Grain: one row a case and stay.
CREATE TABLE hospital_stay (
  case_id INT NOT NULL REFERENCES treatment_case (case_id),
  stay_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  admitted_on DATE NOT NULL,
  discharged_on DATE NOT NULL,
  PRIMARY KEY (case_id, stay_code),
  CHECK (discharged_on >= admitted_on)
);

-- Every version of everything that was ever recorded, and the source of what is current: the newest version of a key, unless retracted.
-- The tables above hold the same content once more, as columns, for the views. Grain: one row a resource and version.
-- case_code is empty for a site; resource_code is empty for a site and for a case.
CREATE TABLE resource_version (
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  case_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  kind NVARCHAR(40) NOT NULL CHECK (kind IN ('site', 'case', 'assessment', 'event', 'adverse-event', 'cost', 'stay')),
  resource_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  version INT NOT NULL CHECK (version >= 1),
  content NVARCHAR(MAX) NOT NULL,
  is_retracted INT NOT NULL CHECK (is_retracted IN (0, 1)),
  recorded_at DATETIME2(6) NOT NULL,
  recorded_by NVARCHAR(200) NOT NULL,
  reason NVARCHAR(500) NULL,
  PRIMARY KEY (site_code, case_code, kind, resource_code, version)
);

-- How many changes each site has recorded; their sum is the version of all data. Grain: one row a site that ever recorded.
CREATE TABLE data_version (
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  changes BIGINT NOT NULL,
  PRIMARY KEY (site_code)
);

-- From a case to the case that followed it.
CREATE INDEX ix_treatment_case_preceding_case_id ON treatment_case (preceding_case_id);

-- The cases of one patient within a site.
CREATE INDEX ix_treatment_case_patient ON treatment_case (site_id, patient_reference);
