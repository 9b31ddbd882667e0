"""The real ``supportterm console`` on a real pty, and the screen a person would see."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyte

from supportterm.commands.tokens import Tokens

ROOT: Final = Path(__file__).resolve().parents[2]
WIDTH: Final = 120
HEIGHT: Final = 40
#: pyte knows neither mode queries nor the kitty keyboard nor pointer shapes, and would print their ends.
_UNKNOWN: Final = re.compile(rb"\x1b\[\?[0-9]+\$p|\x1b\[[<>=][0-9]*u|\x1b\]22;[^\x07\x1b]*(\x07|\x1b\\)")
#: A console appears within a second or two; this is for a machine that is busy with everything else too.
_SECONDS: Final = 60


class ConsoleTerminal:
    """``output`` is every byte the console wrote; ``shown`` what stands on the screen now."""

    def __init__(self, home: Path, url: str, agent: str, token: str) -> None:
        self.output = b""
        Tokens(home / "config" / "supportterm" / "signins.json").keep(url, agent, token)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "supportterm.cli", "console", url],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=home,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home / "config"),
                "XDG_STATE_HOME": str(home / "state"),
            },
            start_new_session=True,
        )
        os.close(slave)
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def shown(self) -> str:
        # Not `Screen.display`, which stumbles over half of a wide character.
        rows = (self._screen.buffer[y] for y in range(HEIGHT))
        return "\n".join("".join(row[x].data for x in range(WIDTH)).rstrip() for row in rows)

    async def until(self, holds: str | Callable[[], object]) -> None:
        """Follow the output until a text stands on the screen, or until something else holds."""
        await asyncio.to_thread(
            self._until, (lambda: holds in self.shown) if isinstance(holds, str) else holds
        )

    def _until(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + _SECONDS
        while not holds():
            # A look now and then, because what is waited for need not change the screen.
            if not self._read(0.2) and (time.monotonic() > end or self.process.poll() is not None):
                raise AssertionError(f"it never came:\n{self.shown}")

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def leave(self) -> int:
        """Ctrl+Q, and everything up to the end; the exit code."""
        self.press("\x11")
        await asyncio.to_thread(self._to_the_end)
        return self.process.returncode

    def _to_the_end(self) -> None:
        while self._read(_SECONDS):
            pass
        self.process.wait(_SECONDS)

    async def kill(self) -> None:
        """``kill -9``."""
        self.process.kill()
        assert await asyncio.to_thread(self.process.wait) == -signal.SIGKILL

    def end(self) -> None:
        """Leave neither a process nor a pty behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)

    def _read(self, seconds: float) -> bool:
        """Take what was written, waiting at most so long; False if nothing more comes."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            chunk = os.read(self._master, 65_536)
        except OSError:  # how Linux says that nobody holds the other side any more
            return False
        self.output += chunk
        self._stream.feed(_UNKNOWN.sub(b"", chunk))
        return bool(chunk)
