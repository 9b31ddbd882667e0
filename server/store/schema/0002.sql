-- What an agent can and may carry. `ceiling` counts points of load in hundredths; 0 there and in `limit`
-- is the desk's own. `skills` is a JSON list, as `languages` is.
ALTER TABLE agent ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';
ALTER TABLE agent ADD COLUMN ceiling INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN trainee INTEGER NOT NULL DEFAULT 0;
