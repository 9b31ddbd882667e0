"""A desk's rules: state, command and time in; events or a refusal out. No I/O, no clock, no chance."""
