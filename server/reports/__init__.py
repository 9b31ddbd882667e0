"""Figures for whoever runs a desk, from facts that are projected out of the log."""
