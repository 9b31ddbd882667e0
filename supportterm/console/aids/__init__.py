"""What helps an agent while they write: one line says what a key will do, or what is missing. Pure."""
