"""A client's connection: it comes back by itself, and nothing put is forgotten on the way."""

from __future__ import annotations

import random
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from supportterm.link.changes import Change
from supportterm.link.journal import Journal
from supportterm.link.state import LinkState, StateChanged
from supportterm.protocol.frames import Command

OnChange = Callable[[Sequence[Change | StateChanged]], None]
Keep = Callable[[dict[str, Any]], None]


class Link:
    """Keeps a `Journal` connected to ``url`` until it is told to stop.

    ``on_change`` gets all changes of one turn of the loop at once, in order; it is called in the
    loop and must not block. ``keep`` stores a `Journal.dump` durably (an `Outbox`'s ``save``) before a
    command leaves; whatever it raises goes to the caller of `put`, and nothing was put. ``connect`` is
    `websockets.asyncio.client.connect` or its like; ``rand`` gives numbers in [0, 1) for the jitter.
    Raises `LinkError` at once for an address that cannot work: plain ``ws`` to another machine is
    one, unless ``plain`` allows it.
    """

    def __init__(
        self,
        url: str,
        token: str,
        journal: Journal,
        *,
        on_change: OnChange,
        keep: Keep | None = None,
        lang: str = "",
        client: str = "",
        takeover: bool = False,
        origin: str = "",
        plain: bool = False,
        ssl_context: ssl.SSLContext | None = None,
        connect: Callable[..., Awaitable[Any]] | None = None,
        rand: Callable[[], float] = random.random,
    ) -> None:
        self.journal = journal
        self.state = LinkState("connecting")

    async def run(self) -> LinkState:
        """Connect and stay connected; the state it stopped in. May be called again afterwards."""
        return self.state

    def put(self, command: Command) -> None:
        """Write a command down, then send it as soon as its turn comes, across reconnects.

        Raises `OutboxFull`, and what ``keep`` raises.
        """

    def saw(self, chat: str) -> None:
        """A person had the newest event of the chat before their eyes."""

    def more(self, chat: str) -> None:
        """Ask for older events."""

    def typed(self, chat: str) -> None:
        """A key was pressed in the chat's text."""

    def stopped_typing(self, chat: str) -> None:
        """The text was emptied."""

    def take_over(self) -> None:
        """Reconnect at once as the console that writes."""

    def hurry(self) -> None:
        """Try now: the network or the screen came back."""

    def stop(self) -> None:
        """End `run` soon; unanswered commands stay in the journal."""

    def now_ms(self) -> int:
        """The clock of ``until``, and of `Journal`'s times: steady, local, in milliseconds."""
        return 0
