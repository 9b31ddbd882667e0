"""The process between widgets and consoles: gateway, desk, log."""
