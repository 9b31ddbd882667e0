"""The desk's rules."""
