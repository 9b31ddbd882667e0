"""What an agent runs, and what both sides of the wire speak."""

__version__ = "0.1.0"
