"""The console: the Textual app an agent lives in. `run` opens it in this terminal."""

from supportterm.console.entry import run
from supportterm.console.figures import DemoSummary
from supportterm.console.settings import ConsoleSettings, load_settings

__all__ = ["ConsoleSettings", "DemoSummary", "load_settings", "run"]
