"""The console's front door: looks at the terminal, opens what is kept, runs the app."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportterm.console.callbacks import goes_out
from supportterm.console.figures import DemoSummary
from supportterm.console.settings import ConsoleSettings, load_settings
from supportterm.console.words import Words
from supportterm.text import SafeText, safe_line

if TYPE_CHECKING:
    from supportterm.console.app import Console
    from supportterm.link.changes import Change
    from supportterm.link.state import StateChanged

#: How many consoles of one agent on one machine keep files of their own.
_SEATS: Final = 9
#: Enough for the eye and less than half of the bytes of 60 over a thin line.
_FRAMES_PER_SECOND: Final = "15"


def run(
    url: str,
    token: str,
    *,
    who: str = "",
    settings: ConsoleSettings | None = None,
    banner: str = "",
    demo: bool = False,
) -> int:
    """Open the console in this terminal until the agent leaves; the exit code.

    ``who`` is the agent's name: drafts and unsent messages are kept under it and ``url``, so that they
    outlive a new sign-in. ``banner`` is a line above the status. ``demo``: print what happened at the
    end. 2: this terminal will not do; 5: the server ended the sign-in. Raises `LinkError` for an
    address that cannot work.
    """
    settings = settings or load_settings()
    words = Words(settings.language)
    if trouble := terminal_trouble(words, os.environ):
        print(trouble, file=sys.stderr)
        return 2
    # Both are read when Textual is imported.
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES_PER_SECOND)
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    seat = Seat(settings.state_dir, url, who or hashlib.sha256(token.encode()).hexdigest())
    try:
        return _run(url, token, settings, seat, safe_line(banner), demo=demo)
    finally:
        seat.leave()


def terminal_trouble(words: Words, environment: Mapping[str, str]) -> SafeText | None:
    """Why this terminal cannot show a console, as a sentence; None if it can."""
    # Textual draws on stderr, so that one counts too.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return words.say("door.no_tty")
    term = environment.get("TERM", "")
    # Textual would send colours and cursor moves all the same, and they would be printed as text.
    if term in ("", "dumb", "unknown"):
        return words.say("door.dumb", term=safe_line(term or "?"))
    return None


class Seat:
    """The files of one agent at one server. A second console of the same agent gets a seat of its own:

    two of them writing one outbox would undo each other's work.
    """

    def __init__(self, folder: Path, url: str, who: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark = hashlib.sha256(f"{url}\n{who}".encode()).hexdigest()[:16]
        self._lock = -1
        self._base = folder / mark
        for number in range(1, _SEATS + 1):
            self._base = folder / (mark if number == 1 else f"{mark}-{number}")
            self._lock = os.open(self._base.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self._lock)
                self._lock = -1
                continue
            return

    @property
    def outbox(self) -> Path:
        return self._base.with_suffix(".outbox")

    @property
    def state(self) -> Path:
        return self._base.with_suffix(".json")

    def leave(self) -> None:
        """Free the seat."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _run(url: str, token: str, settings: ConsoleSettings, seat: Seat, banner: SafeText, *, demo: bool) -> int:
    from supportterm import __version__
    from supportterm.console.app import Console
    from supportterm.console.hangup import watch
    from supportterm.console.looks import load_looks
    from supportterm.console.session import Session
    from supportterm.console.state import State
    from supportterm.link.journal import Journal
    from supportterm.link.link import Link
    from supportterm.link.outbox import Outbox

    journal, outbox = Journal("agent"), Outbox(seat.outbox)
    outbox.restore(journal)
    state = State(seat.state, int(time.time() * 1000))
    state.trouble = state.trouble or outbox.problem

    def changed(found: Sequence[Change | StateChanged]) -> None:
        app.take(found)

    link = Link(
        url,
        token,
        journal,
        on_change=changed,
        keep=outbox.save,
        lang=settings.language,
        client=f"console {__version__}",
    )
    session = Session(link, settings, state)
    app = Console(session, load_looks(), run_link=link.run, banner=banner)
    watch(session.abandon)
    app.run()
    _farewell(app, demo=demo)
    return app.return_code or (5 if link.state.kind == "stopped" and link.state.code >= 4500 else 0)


def _farewell(app: Console, *, demo: bool) -> None:
    session = app.session
    words, state = session.words, session.link.state
    if state.kind == "stopped" and state.text and (why := session.stopped) is not None:
        print(words.say("notice.stopped", why=why))
    if demo:
        figures = DemoSummary.of(session.journal)
        answer = words.say("demo.unanswered")
        if figures.median_answer_ms is not None:
            answer = words.seconds(figures.median_answer_ms)
        print(
            words.say("demo.summary", chats=figures.chats, messages=figures.messages, answer=answer),
        )
    if going := [log for log in session.inbox.own() if goes_out(log, session.shops.of(log))]:
        print(words.say("notice.left_mail", n=len(going)))
    if unsent := session.unsent():
        print(words.say("notice.left_unsent", n=unsent))
