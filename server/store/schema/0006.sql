-- When an agent works, as a JSON list of texts such as "mon-fri 9:00-17:00"; empty: not known.
ALTER TABLE agent ADD COLUMN shifts TEXT NOT NULL DEFAULT '[]';
