-- The first schema. Times are milliseconds since 1970 UTC, everywhere.

-- Small facts about the database itself: "epoch" changes on restore.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- The highest fence handed out; whoever appends for the desk must hold it.
CREATE TABLE desk (
  id TEXT PRIMARY KEY,
  fence INTEGER NOT NULL
) WITHOUT ROWID;

-- A stream's name is written once; events carry its number.
CREATE TABLE stream (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

-- The log. Rows are only ever added at the end, in the order of `pos`, which is what projections
-- follow, and never deleted: erasing empties `text` and `digest`, and says so in `erased`.
-- `stream` references the table of that name; a declared reference would look it up for each message.
CREATE TABLE event (
  pos INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  pub INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  v INTEGER NOT NULL,
  actor TEXT NOT NULL,
  name TEXT NOT NULL,
  cid TEXT NOT NULL,
  digest BLOB NOT NULL,
  data BLOB NOT NULL,
  text TEXT NOT NULL,
  erased INTEGER NOT NULL DEFAULT 0
);

-- The only index of the log, because each one costs every message: public numbers are found through
-- it as well (a public number is never above the number), and a client id is unique because only the
-- holder of a desk's fence appends, at the expected number, knowing the whole stream.
CREATE UNIQUE INDEX event_seq ON event (stream, seq);

CREATE TABLE customer (
  id TEXT PRIMARY KEY,
  token_hash BLOB UNIQUE,
  shop TEXT NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX customer_known ON customer (shop, created) WHERE token_hash IS NOT NULL;

-- Where a chat stands, projected in the transaction of its events; its newest numbers are the log's.
-- `texts` is 1 while any of its events may hold a text.
CREATE TABLE chat (
  stream INTEGER PRIMARY KEY REFERENCES stream (id),
  desk TEXT NOT NULL,
  shop TEXT NOT NULL,
  customer TEXT NOT NULL REFERENCES customer (id),
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  texts INTEGER NOT NULL DEFAULT 1
);

CREATE INDEX chat_live ON chat (desk) WHERE state <> 'closed';
CREATE INDEX chat_closed ON chat (desk, closed_at) WHERE state = 'closed';
CREATE INDEX chat_customer ON chat (customer);
CREATE INDEX chat_texts ON chat (shop, closed_at) WHERE state = 'closed' AND texts = 1;

CREATE TABLE mark (
  stream INTEGER NOT NULL REFERENCES stream (id),
  who TEXT NOT NULL,
  got INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (stream, who)
) WITHOUT ROWID;

CREATE TABLE snapshot (
  desk TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  data BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE agent (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  desk TEXT NOT NULL,
  title TEXT NOT NULL,
  "limit" INTEGER NOT NULL,
  languages TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  password TEXT NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,
  agent TEXT NOT NULL REFERENCES agent (id),
  device TEXT NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX session_agent ON session (agent);

CREATE TABLE invite (
  code_hash BLOB PRIMARY KEY,
  agent TEXT NOT NULL REFERENCES agent (id),
  expires INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX invite_agent ON invite (agent);

-- Which erasures this database has seen; those recorded beside it since a backup are repeated on it.
CREATE TABLE erasure (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX erasure_customer ON erasure (customer);
