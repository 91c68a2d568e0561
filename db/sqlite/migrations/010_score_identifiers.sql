-- The identifiers by which a sender itself knows a score, for SQLite, as FHIR resources state them. They lie here alone, so that they can be
-- erased with the patient's reference: the content of an assessment says how many of them a score has, so its version says which.
-- instrument: nrs or pdi. identifier_number: 1, 2, 3 and so on within the score, in the order of arrival. resource_type: the resource that stated it.
-- system_uri: empty where none was stated. identifier_value: empty where it was erased. Grain: one row a score and identifier.
CREATE TABLE score_identifier (
  site_code TEXT NOT NULL,
  case_code TEXT NOT NULL,
  timepoint TEXT NOT NULL,
  instrument TEXT NOT NULL,
  identifier_number INTEGER NOT NULL,
  resource_type TEXT NOT NULL,
  system_uri TEXT NOT NULL,
  identifier_value TEXT NOT NULL,
  PRIMARY KEY (site_code, case_code, timepoint, instrument, identifier_number)
) WITHOUT ROWID;
CREATE INDEX ix_score_identifier_value ON score_identifier (identifier_value, system_uri);
