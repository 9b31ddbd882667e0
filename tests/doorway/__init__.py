"""From a command to what is stored, and from there to its readers."""
