"""What the browser tests' servers are forked from: it has imported all that they need, and read the words."""

from __future__ import annotations

from supportterm.coach.troubles import troubles
from tests.browser import running

__all__ = ["running"]

troubles()
