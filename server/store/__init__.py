"""The log of all streams, what is projected from it, and the people who may read it."""
