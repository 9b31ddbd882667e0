"""Benchmarks. Each prints ratios against a baseline that runs in the same minutes; see `make bench`."""
