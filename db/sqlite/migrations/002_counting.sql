-- What is counted already, for SQLite: so that a summary costs the same however many cases there are. All but
-- the changes can be derived from the tables before, and is: Registry.Api/Counting.

-- How many changes each site has recorded, by kind; their sum is the version of all data, and a figure can only change
-- with the kinds it is told from. Grain: one row a site that ever recorded, and kind.
CREATE TABLE change_count (
  site_code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('site', 'case', 'assessment', 'event', 'adverse-event', 'cost', 'stay')),
  changes INTEGER NOT NULL,
  PRIMARY KEY (site_code, kind)
) WITHOUT ROWID;
INSERT INTO change_count (site_code, kind, changes) SELECT site_code, 'site', changes FROM data_version;
DROP TABLE data_version;

-- Cases with a change that is not counted yet; each change adds a row. Grain: one row a change.
CREATE TABLE changed_case (
  change_id INTEGER NOT NULL PRIMARY KEY,
  case_id INTEGER NOT NULL
);

-- The cases that are being counted: empty but within the transaction that does it. Grain: one row a change.
CREATE TABLE counting_case (
  change_id INTEGER NULL,
  case_id INTEGER NOT NULL
);

-- Cases that are counted: as of which day, and on which day, if any, they will stand otherwise by themselves, as a visit
-- falls due or its window ends. Day number: days since 0001-01-01. Grain: one row a case.
CREATE TABLE counted_case (
  case_id INTEGER NOT NULL PRIMARY KEY,
  counted_day INTEGER NOT NULL,
  next_day INTEGER NULL
);

-- The rows of the view case_score as they were counted. Grain: one row a case, timepoint and instrument.
CREATE TABLE counted_score (
  case_id INTEGER NOT NULL,
  timepoint TEXT NOT NULL,
  instrument TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  timepoint_order INTEGER NOT NULL,
  is_treated INTEGER NOT NULL,
  is_due INTEGER NOT NULL,
  is_observed INTEGER NOT NULL,
  died_before INTEGER NOT NULL,
  ended_before INTEGER NOT NULL,
  baseline INTEGER NULL,
  score INTEGER NULL,
  PRIMARY KEY (case_id, timepoint, instrument)
) WITHOUT ROWID;

-- How many of these rows are alike. Each counting adds rows, and takes away by rows below zero; what counts is their sum. Now and
-- then they are summed up. Grain: none.
CREATE TABLE score_tally (
  is_new INTEGER NOT NULL DEFAULT 1,
  procedure_code TEXT NOT NULL,
  timepoint TEXT NOT NULL,
  timepoint_order INTEGER NOT NULL,
  instrument TEXT NOT NULL,
  is_treated INTEGER NOT NULL,
  is_due INTEGER NOT NULL,
  is_observed INTEGER NOT NULL,
  died_before INTEGER NOT NULL,
  ended_before INTEGER NOT NULL,
  baseline INTEGER NULL,
  score INTEGER NULL,
  cases INTEGER NOT NULL
);

-- The rows of the view due_visit as they were counted. Grain: one row a case and timepoint.
CREATE TABLE counted_visit (
  case_id INTEGER NOT NULL,
  timepoint TEXT NOT NULL,
  site_code TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NULL,
  window_position TEXT NULL,
  PRIMARY KEY (case_id, timepoint)
) WITHOUT ROWID;

-- How many of these rows are alike, as in score_tally. Grain: none.
CREATE TABLE visit_tally (
  is_new INTEGER NOT NULL DEFAULT 1,
  site_code TEXT NOT NULL,
  procedure_code TEXT NOT NULL,
  timepoint TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NULL,
  window_position TEXT NULL,
  cases INTEGER NOT NULL
);

-- The cases that a day changes by itself.
CREATE INDEX ix_counted_case_next_day ON counted_case (next_day);
CREATE INDEX ix_counted_case_counted_day ON counted_case (counted_day);

-- Nothing is counted yet.
INSERT INTO changed_case (case_id) SELECT case_id FROM treatment_case;
