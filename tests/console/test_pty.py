"""The console on a real pty: what a stranger writes never becomes a command to the terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).resolve().parents[2]
ATTACKS = json.loads((ROOT / "tests" / "data" / "terminal_attacks.json").read_text("utf-8"))
WIDTH, HEIGHT = 120, 40
#: What is waited for comes much sooner; this is for a machine that is busy with everything else too.
SECONDS = 60
#: All that Textual itself says to a terminal: colours, cursor moves, modes, queries of modes, the
#: pointer's shape, and the kitty keyboard's push and pop.
OURS = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[[0-9;]*H|\x1b\[\?[0-9;]+[hl]|\x1b\[\?[0-9]+\$p|\x1b\[[<>=][0-9]*u"
    rb"|\x1b\]22;[a-z]*(?:\x07|\x1b\\)|\x1b\[[0-9]* q|\x1b\[6n"
)
#: Control codes in UTF-8: C0 but the newline and return of a farewell, DEL, C1.
CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Stands at the edge of the page of keys.
HELP = "esc closes this page"
#: Nothing on the screen begins like it.
WORDS = "jazzy foxes"


class Terminal:
    """A child console, its pty and a pyte screen that follows it."""

    def __init__(self, folder: Path, foreign: str, *problems: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        reading, self._frames = os.pipe()
        environment = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TEXTUAL_ANIMATIONS": "none",
            "TEXTUAL_FPS": "15",
            "CONSOLE_FRAMES": str(reading),
        }
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.console.pty_child", str(folder), foreign, *problems],
            cwd=ROOT,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            pass_fds=[reading],
            start_new_session=True,
        )
        os.close(slave)
        os.close(reading)
        self.output = b""
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self.screen)

    def read(self, patience: float = 0.6) -> bytes:
        """Everything up to a silence."""
        found = b""
        while len(found) < 2_000_000 and select.select([self.master], [], [], patience)[0]:
            try:
                chunk = os.read(self.master, 65536)
            except OSError:
                break
            if not chunk:
                break
            found += chunk
            # pyte does not know mode queries nor the kitty keyboard and would print their ends.
            self._stream.feed(
                re.sub(
                    rb"\x1b\[\?[0-9]+\$p|\x1b\[[<>=][0-9]*u|\x1b\]22;[^\x07\x1b]*(\x07|\x1b\\)", b"", chunk
                )
            )
        self.output += found
        return found

    def until(self, text: str, *, gone: bool = False) -> None:
        """Follow the output until a text stands on the screen, or until it does not any more."""
        end = time.monotonic() + SECONDS
        while (text in self.shown) is gone:
            assert time.monotonic() < end, f"{text!r} never {'went' if gone else 'came'}:\n{self.shown}"
            self.read()

    def falls_silent(self, seconds: float) -> bool:
        """Whether nothing is written for so long, at last; what blinks or ticks never lets it."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if not select.select([self.master], [], [], seconds)[0]:
                return True
            self.read(0)
        return False

    def cost(self, text: str) -> int:
        """The bytes that are written until a text stands on the screen."""
        before = len(self.output)
        self.until(text)
        return len(self.output) - before

    @property
    def shown(self) -> str:
        return "\n".join(self.screen.display)

    def press(self, keys: bytes, patience: float = 0.6) -> bytes:
        os.write(self.master, keys)
        return self.read(patience)

    def say(self, text: str) -> None:
        os.write(self._frames, json.dumps(text).encode() + b"\n")

    def leave(self) -> int:
        os.write(self.master, b"\x11")
        self.read(SECONDS)  # to the end
        return self._child.wait(SECONDS)

    def end(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        os.close(self.master)
        os.close(self._frames)


FOREIGN = "ev\x1b]52;c;ZXZpbA==\x07il\x9b2J\x1b]0;PWNED\x1b\\[b]x[/b]\u202etxt"


@pytest.fixture
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, FOREIGN, *getattr(request, "param", ()))
    yield terminal
    terminal.end()


def nothing_foreign(output: bytes) -> None:
    rest = OURS.sub(b"", output)
    found = CONTROL.search(rest)
    assert found is None, rest[max(0, found.start() - 40) : found.end() + 40]
    assert BIDI.search(rest.decode("utf-8", "replace")) is None
    assert b"\x1b]52" not in output
    assert b"\x1b]0;" not in output


@pytest.mark.parametrize("terminal", [(FOREIGN,)], indirect=True, ids=["with a problem told"])
def test_no_strangers_text_becomes_a_command(terminal: Terminal) -> None:
    terminal.until("first")
    assert len(ATTACKS) > 50
    for attack in ATTACKS:
        terminal.say(f"before {attack['text'][:3000]} after")
    terminal.say("the last of them")
    terminal.until("the last of them")
    for _ in range(60):
        terminal.press(b"\x1b[5~", patience=0.2)
        if "The chat was opened" in terminal.shown:
            break
    terminal.until("The chat was opened")
    # An escape that is read together with the next key would be half of another one.
    terminal.press(b"\x1bOP")
    terminal.until(HELP)
    terminal.press(b"\x1b")
    terminal.until(HELP, gone=True)
    terminal.press(b"\x10")
    terminal.until("chat: Close")
    assert terminal.falls_silent(1.2), "the palette does not blink"
    terminal.press(b"\x1b")
    terminal.until("chat: Close", gone=True)
    assert terminal.leave() == 0
    nothing_foreign(terminal.output)


def test_a_paste_of_control_codes_is_shown_and_not_obeyed(terminal: Terminal) -> None:
    terminal.until("first")
    # Terminals take the escape character itself out of what they paste.
    terminal.press(b"\x1b[200~copied ]0;PWNED\x07 \xc2\x9b2J words\r\nmore\x1b[201~")
    terminal.until("copied")
    assert "words" in terminal.shown
    assert "more" in terminal.shown
    assert "You  " not in terminal.shown, "a line break in a paste does not send"
    assert terminal.leave() == 0
    nothing_foreign(terminal.output)


def test_what_is_pasted_into_the_palette_is_shown_and_not_obeyed(terminal: Terminal) -> None:
    terminal.until("first")
    terminal.press(b"\x10")
    terminal.until("chat: Close")
    terminal.press("\x1b[200~looked ]0;PWNED\x07 \u009b2J \u202e for\x0e\x1b[201~".encode())
    terminal.until("looked")
    assert "for" in terminal.shown
    terminal.press(b"\x1b")
    terminal.until("looked", gone=True)
    assert terminal.leave() == 0
    nothing_foreign(terminal.output)


def test_a_key_and_a_message_cost_few_bytes(terminal: Terminal) -> None:
    terminal.until("first")
    for number in range(60):
        terminal.say(f"filling the conversation with line {number}")
    terminal.until("line 59")
    terminal.read(1.0)
    keys = []
    for typed in range(1, len(WORDS) + 1):
        os.write(terminal.master, WORDS[typed - 1].encode())
        keys.append(terminal.cost(WORDS[:typed].strip()))
    assert max(keys[2:]) < 2_000, keys
    messages = []
    for number in range(5):
        terminal.say(f"one more message, number {number}")
        messages.append(terminal.cost(f"number {number}"))
    assert min(messages) > 0, "each message is shown"
    assert max(messages) < 20_000, messages
    assert terminal.falls_silent(1.5), "nothing blinks, nothing ticks"
