"""What speaks to browsers and consoles."""
