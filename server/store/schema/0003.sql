-- What reports are made of: facts projected from the log, behind it and beside its writer. All of it can
-- be emptied and made anew; none of it is personal text. Times are ms since 1970, 0: not (yet).

-- How far each projection has followed the log, and by which version of its rules.
CREATE TABLE report_cursor (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  pos INTEGER NOT NULL
) WITHOUT ROWID;

-- How far time has passed for a desk: what agents carried is summed up to here.
CREATE TABLE report_desk (
  desk TEXT PRIMARY KEY,
  first_at INTEGER NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- An agent at `report_desk.at`; since when they have been online and at their ceiling.
CREATE TABLE report_agent (
  desk TEXT NOT NULL,
  agent TEXT NOT NULL,
  status TEXT NOT NULL,
  absent INTEGER NOT NULL,
  ceiling INTEGER NOT NULL,
  today INTEGER NOT NULL,
  online_since INTEGER NOT NULL,
  full_since INTEGER NOT NULL,
  PRIMARY KEY (desk, agent)
) WITHOUT ROWID;

-- One row for each chat, in the order of `server.reports.facts.ChatFacts`.
CREATE TABLE report_chat (
  stream INTEGER PRIMARY KEY,
  desk TEXT NOT NULL,
  shop TEXT NOT NULL,
  lang TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  answered_by TEXT NOT NULL,
  wrote_again INTEGER NOT NULL,
  left_at INTEGER NOT NULL,
  page_gone INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  closed TEXT NOT NULL,
  owner TEXT NOT NULL,
  waiting INTEGER NOT NULL,
  said_at INTEGER NOT NULL,
  promised_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  wrap_until INTEGER NOT NULL,
  wrap_extended INTEGER NOT NULL,
  run_seq INTEGER NOT NULL,
  run_since INTEGER NOT NULL,
  run_covered INTEGER NOT NULL,
  live INTEGER NOT NULL
);

CREATE INDEX report_chat_opened ON report_chat (desk, opened_at);
CREATE INDEX report_chat_live ON report_chat (desk) WHERE live = 1;

-- What customers wrote without an answer in between, from its first message to the answer.
CREATE TABLE report_gap (
  desk TEXT NOT NULL,
  since INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  until INTEGER NOT NULL,
  agent TEXT NOT NULL,
  covered INTEGER NOT NULL,
  PRIMARY KEY (desk, since, stream, seq)
) WITHOUT ROWID;

-- Who wrote in which chat, with their first message.
CREATE TABLE report_served (
  stream INTEGER NOT NULL,
  agent TEXT NOT NULL,
  desk TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (stream, agent)
) WITHOUT ROWID;

CREATE INDEX report_served_at ON report_served (desk, at);

-- When agents were online.
CREATE TABLE report_online (
  desk TEXT NOT NULL,
  until INTEGER NOT NULL,
  agent TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (desk, until, agent)
) WITHOUT ROWID;

-- How long an agent that was online was at the ceiling, by quarter of an hour.
CREATE TABLE report_full (
  desk TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  agent TEXT NOT NULL,
  ms INTEGER NOT NULL,
  PRIMARY KEY (desk, quarter, agent)
) WITHOUT ROWID;
