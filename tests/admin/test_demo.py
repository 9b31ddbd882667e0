"""The demo, as a program without a terminal and as a person sees it."""

from __future__ import annotations

import fcntl
import json
import re
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from supportterm.commands.exits import Exit, Stop
from supportterm.commands.stage import Stage

from .running import Machine, Terminal


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


def begin(machine: Machine) -> tuple[subprocess.Popen[str], int]:
    """A demo that plays for long, and the port of its server."""
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
    port = int(found[1])
    socket.create_connection(("127.0.0.1", port)).close()
    return process, port


def test_told_to_stop_it_takes_everything_down(machine: Machine) -> None:
    process, port = begin(machine)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert left_behind(machine) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def is_interrupted() -> None:
    # As a call into a library may: it lets through that the server is gone, and not why.
    with suppress(SystemExit):
        signal.raise_signal(signal.SIGTERM)
    raise Stop("Nothing answers: is the server running?", Exit.UNREACHABLE)


def test_who_is_told_to_stop_says_nothing_of_what_failed_by_it() -> None:
    with pytest.raises(SystemExit) as left, Stage():
        is_interrupted()
    assert left.value.code == 128 + signal.SIGTERM


def test_killed_it_leaves_no_server_behind(machine: Machine) -> None:
    process, port = begin(machine)
    (directory,) = left_behind(machine)
    process.kill()
    process.communicate(timeout=60)
    # A server holds this lock as long as it lives.
    with (machine.home / directory / "data" / "supportterm.lock").open() as lock:
        waiting = threading.Thread(target=fcntl.flock, args=(lock, fcntl.LOCK_EX), daemon=True)
        waiting.start()
        waiting.join(60)
        assert not waiting.is_alive(), "its server lives on"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_wrong_numbers(machine: Machine) -> None:
    done = machine.run("demo", "--headless", "--seconds", "-1")
    assert done.returncode == 2


def test_in_a_terminal(machine: Machine) -> None:
    terminal = Terminal(machine, "demo", "--seed", "4", TMPDIR=str(machine.home))
    terminal.until(r"http://127\.0\.0\.1:\d+/demo/")
    terminal.until("MobilePay|adresse|Hej|Hi|Hallo|Hoi|Dag|Goed")
    terminal.press("\x11")
    terminal.until("Promises that still run")  # the demo begins with two
    terminal.press("\x11")
    assert terminal.end() == 0
    assert left_behind(machine) == []
