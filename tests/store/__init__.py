"""The store: a contract for every implementation, and what SQLite has to prove besides."""
