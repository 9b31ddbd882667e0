-- Facts of why customers came, what they were given for it, and who kept a promise, whoever made it. All facts
-- are made anew. `reason`: what was picked, by the agent `reason_by`; `replied_by`: who wrote last.
ALTER TABLE report_chat ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE report_chat ADD COLUMN reason_by TEXT NOT NULL DEFAULT '';
ALTER TABLE report_chat ADD COLUMN replied_by TEXT NOT NULL DEFAULT '';

-- `kept_by`: who wrote the answer; `answered_by` is empty where it reached the customer by itself, later.
ALTER TABLE report_promise ADD COLUMN kept_by TEXT NOT NULL DEFAULT '';

-- One row for each use of a mandate: for which reason, and by whom.
CREATE TABLE report_given (
  desk TEXT NOT NULL,
  at INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  agent TEXT NOT NULL,
  reason TEXT NOT NULL,
  mandate TEXT NOT NULL,
  PRIMARY KEY (desk, at, stream, seq)
) WITHOUT ROWID;
