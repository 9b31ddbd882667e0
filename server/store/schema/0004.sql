-- Facts of promises. Those of chats know more now, and are made anew.
DROP INDEX report_chat_live;
DROP INDEX report_chat_opened;
DROP TABLE report_chat;

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
  promise_seq INTEGER NOT NULL,
  promise_broken INTEGER NOT NULL,
  live INTEGER NOT NULL
);

CREATE INDEX report_chat_opened ON report_chat (desk, opened_at);
CREATE INDEX report_chat_live ON report_chat (desk) WHERE live = 1;

-- One row for each promise. `seq`: the number of its event in the chat's stream; `promised_ms`: how long it
-- was meant to take at first; `due_at`: its deadline now; `how` it ended, '' while it runs. `answered_at`:
-- when what was promised came, in time or late; `given_up_at`: when the chat closed without it.
CREATE TABLE report_promise (
  desk TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  agent TEXT NOT NULL,
  promised_ms INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  extended INTEGER NOT NULL DEFAULT 0,
  how TEXT NOT NULL DEFAULT '',
  answered_at INTEGER NOT NULL DEFAULT 0,
  answered_by TEXT NOT NULL DEFAULT '',
  given_up_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (desk, made_at, stream, seq)
) WITHOUT ROWID;

CREATE INDEX report_promise_stream ON report_promise (stream, seq);
CREATE INDEX report_promise_answered ON report_promise (desk, answered_at);
