-- What is counted already, for SQL Server 2016 or later and Babelfish: so that a summary costs the same however many cases there are. All but
-- the changes can be derived from the tables before, and is: Registry.Api/Counting.

-- How many changes each site has recorded, by kind; their sum is the version of all data, and a figure can only change
-- with the kinds it is told from. Grain: one row a site that ever recorded, and kind.
CREATE TABLE change_count (
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  kind NVARCHAR(40) NOT NULL CHECK (kind IN ('site', 'case', 'assessment', 'event', 'adverse-event', 'cost', 'stay')),
  changes BIGINT NOT NULL,
  PRIMARY KEY (site_code, kind)
);
INSERT INTO change_count (site_code, kind, changes) SELECT site_code, 'site', changes FROM data_version;
DROP TABLE data_version;

-- Cases with a change that is not counted yet; each change adds a row. Grain: one row a change.
CREATE TABLE changed_case (
  change_id BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  case_id INT NOT NULL
);

-- The cases that are being counted: empty but within the transaction that does it. Grain: one row a change.
CREATE TABLE counting_case (
  change_id BIGINT NULL,
  case_id INT NOT NULL
);

-- Cases that are counted: as of which day, and on which day, if any, they will stand otherwise by themselves, as a visit
-- falls due or its window ends. Day number: days since 0001-01-01. Grain: one row a case.
CREATE TABLE counted_case (
  case_id INT NOT NULL PRIMARY KEY,
  counted_day INT NOT NULL,
  next_day INT NULL
);

-- The rows of the view case_score as they were counted. Grain: one row a case, timepoint and instrument.
CREATE TABLE counted_score (
  case_id INT NOT NULL,
  timepoint NVARCHAR(40) NOT NULL,
  instrument NVARCHAR(40) NOT NULL,
  procedure_code NVARCHAR(40) NOT NULL,
  timepoint_order INT NOT NULL,
  is_treated INT NOT NULL,
  is_due INT NOT NULL,
  is_observed INT NOT NULL,
  died_before INT NOT NULL,
  ended_before INT NOT NULL,
  baseline INT NULL,
  score INT NULL,
  PRIMARY KEY (case_id, timepoint, instrument)
);

-- How many of these rows are alike. Each counting adds rows, and takes away by rows below zero; what counts is their sum. Now and
-- then they are summed up. Grain: none.
CREATE TABLE score_tally (
  is_new INT NOT NULL DEFAULT 1,
  procedure_code NVARCHAR(40) NOT NULL,
  timepoint NVARCHAR(40) NOT NULL,
  timepoint_order INT NOT NULL,
  instrument NVARCHAR(40) NOT NULL,
  is_treated INT NOT NULL,
  is_due INT NOT NULL,
  is_observed INT NOT NULL,
  died_before INT NOT NULL,
  ended_before INT NOT NULL,
  baseline INT NULL,
  score INT NULL,
  cases BIGINT NOT NULL
);

-- The rows of the view due_visit as they were counted. Grain: one row a case and timepoint.
CREATE TABLE counted_visit (
  case_id INT NOT NULL,
  timepoint NVARCHAR(40) NOT NULL,
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  procedure_code NVARCHAR(40) NOT NULL,
  state NVARCHAR(40) NOT NULL,
  reason NVARCHAR(40) NULL,
  window_position NVARCHAR(40) NULL,
  PRIMARY KEY (case_id, timepoint)
);

-- How many of these rows are alike, as in score_tally. Grain: none.
CREATE TABLE visit_tally (
  is_new INT NOT NULL DEFAULT 1,
  site_code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
  procedure_code NVARCHAR(40) NOT NULL,
  timepoint NVARCHAR(40) NOT NULL,
  state NVARCHAR(40) NOT NULL,
  reason NVARCHAR(40) NULL,
  window_position NVARCHAR(40) NULL,
  cases BIGINT NOT NULL
);

-- The cases that a day changes by itself.
CREATE INDEX ix_counted_case_next_day ON counted_case (next_day);
CREATE INDEX ix_counted_case_counted_day ON counted_case (counted_day);

-- Nothing is counted yet.
INSERT INTO changed_case (case_id) SELECT case_id FROM treatment_case;
