"""A server that starts later than it does: an outage of many minutes that no test has to sit through.

``python -m tests.crash.later <milliseconds>`` is ``supportterm serve`` on a machine whose wall clock is that
far ahead.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

from server import logs
from server.node import serve
from server.platform import RealPlatform
from server.settings import load
from supportterm.commands.serve import _ready


class Later(RealPlatform):
    """This machine, ``ahead`` milliseconds from now."""

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead

    def wall(self) -> int:
        return super().wall() + self._ahead


def main(ahead: int) -> int:
    """Serve the settings of the directory it is started in."""
    settings = load(Path("supportterm.toml"))
    logs.configure(settings.server.log_level, settings.server.log_format)
    ready = partial(_ready, until_eof=False)
    return asyncio.run(serve(settings, platform=Later(ahead), ready=ready))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
