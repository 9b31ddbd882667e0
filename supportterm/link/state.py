"""How a link stands, as a person may be told."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class LinkState(Struct, frozen=True):
    """``waiting``: offline, the next attempt comes at ``until`` (local ms, the clock of `Link.now_ms`).

    ``stopped``: it will not come back by itself; ``text`` says why and what to do, ``code`` is the
    close code (0: the person ended it). ``waiting`` may carry a sentence too.
    """

    kind: Literal["connecting", "online", "waiting", "stopped"]
    text: str = ""
    until: int = 0
    code: int = 0


class StateChanged(Struct, frozen=True):
    """The connection stands differently; given to ``on_change`` among a journal's changes."""

    state: LinkState


class LinkError(Exception):
    """It cannot work like this. The message is a sentence for the person."""


class SignInRefused(LinkError):
    """The server did not let them in; ``code`` is from `protocol/codes.py`, ``after_ms`` a wait."""

    def __init__(self, code: str, text: str, after_ms: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.after_ms = after_ms
