"""The demo, as a program without a terminal and as a person sees it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import termios
from pathlib import Path

import pytest

from .running import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def left_behind(machine: Machine) -> list[str]:
    return [path.name for path in machine.home.glob("supportterm-demo-*")]


def test_headless(machine: Machine) -> None:
    done = machine.run("demo", "--headless", "--seconds", "8", "--seed", "4", TMPDIR=str(machine.home))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["exactly_once"]
    assert figures["chats"] >= 1
    assert figures["messages"] == figures["from_customers"] + figures["from_agent"]
    assert figures["from_agent"] >= 1
    assert "Robin: " in done.stdout
    assert left_behind(machine) == []


def test_told_to_stop_it_takes_everything_down(machine: Machine) -> None:
    process = subprocess.Popen(
        machine.command("demo", "--headless", "--seconds", "600"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=machine.home,
        env={**machine.environment, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(machine.home)},
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)/demo/", process.stdout.readline())
    assert found is not None
    socket.create_connection(("127.0.0.1", int(found[1]))).close()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert left_behind(machine) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(found[1])))


def test_wrong_numbers(machine: Machine) -> None:
    done = machine.run("demo", "--headless", "--seconds", "-1")
    assert done.returncode == 2


class Terminal:
    """A command on a pty of 100×30."""

    def __init__(self, machine: Machine, *words: str, **environment: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
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


def test_in_a_terminal(machine: Machine) -> None:
    terminal = Terminal(machine, "demo", "--seed", "4", TMPDIR=str(machine.home))
    terminal.until(r"http://127\.0\.0\.1:\d+/demo/")
    terminal.until("MobilePay|adresse|Hej|Hi|Hallo|Hoi|Dag|Goed")
    terminal.press("\x11")
    assert terminal.end() == 0
    assert left_behind(machine) == []
