"""What happens when the terminal is gone: a closed window, a cut ssh.

Textual's writer may then wait for ever on a terminal that takes nothing, with the event loop behind
it, while its reader spins. So this looks from outside the loop, keeps what was written, and ends the
process at once; there is nobody left to say goodbye to.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

#: 128 + SIGHUP, as shells count.
GONE: Final = 129


def watch(keep: Callable[[], object]) -> None:
    """Call ``keep`` and end the process when the terminal on stdin goes away. Main thread only."""
    before = signal.getsignal(signal.SIGHUP)

    def gone(number: int, frame: FrameType | None) -> None:
        try:
            with contextlib.suppress(Exception):
                keep()
            # What the program around the console does then, such as ending what it started.
            if callable(before):
                before(number, frame)
        finally:
            os._exit(GONE)

    signal.signal(signal.SIGHUP, gone)
    if sys.platform == "linux":
        # Not every hang-up brings a signal: only the leader of the terminal's session gets one.
        threading.Thread(target=_look, args=(sys.stdin.fileno(),), name="hang-up", daemon=True).start()


def _look(terminal: int) -> None:
    poll = select.poll()
    poll.register(terminal, 0)
    poll.poll()
    os.kill(os.getpid(), signal.SIGHUP)
