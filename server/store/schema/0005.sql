-- Answers that are on their way by mail. Nothing of what they say is kept here: a mail is written from its
-- chat's events each time it is sent, so that what was erased meanwhile is not in it.

-- The log's decisions to mail, and what became of them. Other events are not in this index and pay nothing.
CREATE INDEX event_mail ON event (pos) WHERE kind IN ('mailing', 'mailed', 'seen');

-- How far the outbox has followed the log.
CREATE TABLE mail_cursor (
  pos INTEGER NOT NULL
);

INSERT INTO mail_cursor (pos) VALUES (0);

-- One row for each mail whose outcome is not in the log yet, in the order in which they were decided.
-- `upto`: the public number of the newest message in it, which with the chat makes its Message-ID;
-- `since`: when it was decided (ms since 1970).
CREATE TABLE mail_outbox (
  pos INTEGER PRIMARY KEY,
  chat TEXT NOT NULL,
  upto INTEGER NOT NULL,
  since INTEGER NOT NULL,
  UNIQUE (chat, upto)
);
