"""The real command in real processes."""

from __future__ import annotations

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
from pathlib import Path
from types import TracebackType


class Machine:
    """A home of its own, so that no command touches the tester's files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        keep = ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV")
        self.environment = {name: os.environ[name] for name in keep if name in os.environ}
        self.environment |= {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "share"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "error",
            "PYTHONDEVMODE": "1",
        }

    def command(self, *words: str) -> list[str]:
        """The command line of ``supportterm``."""
        return [sys.executable, "-m", "supportterm.cli", *words]

    def run(self, *words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end in the home; never a traceback."""
        done = subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            text=True,
            cwd=self.home,
            env={**self.environment, "PYTHONPATH": str(Path.cwd()), **environment},
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def good(self, *words: str, stdin: str = "") -> str:
        """Run a command that must succeed; what it printed."""
        done = self.run(*words, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, *words: str) -> Serving:
        """A server in a process of its own, listening."""
        return Serving(self, *words)


class Serving:
    """A running ``supportterm serve``; ``url`` is its socket address."""

    def __init__(self, machine: Machine, *words: str) -> None:
        self.process = subprocess.Popen(
            machine.command("serve", *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=machine.home,
            env={**machine.environment, "PYTHONPATH": str(Path.cwd())},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on http(s?://\S+)\n", line)
        if found is None:
            self.process.kill()
            raise AssertionError(line + self.process.communicate()[1])
        self.url = "ws" + found[1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> str:
        """End it and check that it ended well; its log."""
        self.process.send_signal(number)
        _, log = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, log
        return log

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Terminal:
    """A command on a pty of 100×30."""

    def __init__(self, machine: Machine, *words: str, **environment: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            # Who runs the tests in the background ignores ctrl+c, and a command would inherit that.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            machine.command(*words),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=machine.home,
            env={
                **machine.environment,
                "PYTHONPATH": str(Path.cwd()),
                "TERM": "xterm-256color",
                # Somebody's libraries may warn; a person's terminal does not show that.
                "PYTHONWARNINGS": "ignore",
                "PYTHONDEVMODE": "",
                **environment,
            },
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def until(self, pattern: str) -> None:
        """Read until the pattern was written, control sequences left out."""
        while not re.search(pattern, self.shown):
            try:
                self._read()
            except OSError:  # how Linux says that nobody holds the other side any more
                raise AssertionError(f"it ended: {self.shown}") from None

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def interrupt(self) -> None:
        """Ctrl+c at a question, and again if nothing comes of it: between two looks for signals a process may
        begin to wait for input, and notices with the next one."""
        for _ in range(10):
            self.process.send_signal(signal.SIGINT)
            if select.select([self._master], [], [], 5)[0]:
                return

    def end(self) -> int:
        """Read to the end; the exit code."""
        try:
            while True:
                self._read()
        except (EOFError, OSError):
            pass
        os.close(self._master)
        return self.process.wait()

    def _read(self) -> None:
        ready, _, _ = select.select([self._master], [], [], 60)
        assert ready, f"nothing was shown any more after: {self.shown[-2000:]}"
        data = os.read(self._master, 65_536)
        if not data:
            raise EOFError
        self.shown += re.sub(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b[()][A-Z0-9]", "", data.decode(errors="replace"))
