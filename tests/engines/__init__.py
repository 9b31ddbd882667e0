"""The widget in other engines than Chromium: ``make engines``."""
