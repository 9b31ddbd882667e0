"""The widget in a real Chromium, against a real server in a process of its own."""
