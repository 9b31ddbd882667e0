"""Simulated customers and a scripted agent, as real clients of the wire: for demos, training and load."""
