"""Answers by mail: what they say, and mail servers that accept, refuse, stall and lie."""
