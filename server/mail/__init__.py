"""Answers by mail: what one says, the outbox that survives a restart, and how a mail server is asked."""
