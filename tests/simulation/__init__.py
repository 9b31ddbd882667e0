"""The whole system in virtual time, from a seed: the server's own code, real protocol clients, faults."""
