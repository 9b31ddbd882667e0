"""What a stranger can do with a socket or a text, against a real server."""
