"""What the `supportterm` command can do, one module for each kind of thing."""
