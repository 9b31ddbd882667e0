"""A client's connection: the rules of a client, the socket that comes back, the outbox on disk."""
