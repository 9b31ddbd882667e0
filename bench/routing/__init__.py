"""Are customers better off for how chats are routed? Whole days of one desk, simulated; see ``--help``."""
