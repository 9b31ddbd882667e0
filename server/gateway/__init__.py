"""Sockets: the door, customers, agents, pages, and the operator's own socket."""
