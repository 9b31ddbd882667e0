"""What the console is made of: widgets that take only SafeText."""
