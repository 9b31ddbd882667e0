"""Whether peers are still there: each connection is asked now and then, and who says nothing is cut off.

One timer for all of them. The library's own keepalive is a task and two timers for each connection: two
kilobytes and more than twice the time. It would also wait for a peer that reads nothing to read its ping.
"""

from __future__ import annotations

import asyncio
from typing import Final

from websockets.protocol import State

from server.gateway.outlet import Connection

#: Each connection is asked this often, and has as long to say anything at all.
ASK_SECONDS: Final = 20.0
#: Not all in one moment: so many parts take turns.
PARTS: Final = 80
#: A ping without a payload (RFC 6455 §5.5.2).
_PING: Final = b"\x89\x00"


class Keepalive:
    """Asks the connections between `add` and `drop`."""

    def __init__(self, seconds: float = ASK_SECONDS) -> None:
        self._pause = seconds / PARTS
        # Dictionaries, because they keep the order in which connections came.
        self._parts: list[dict[Connection, None]] = [{} for _ in range(PARTS)]
        self._added = 0
        self._at = 0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to ask."""
        self._timer = asyncio.get_running_loop().call_later(self._pause, self._ring)

    def stop(self) -> None:
        """Ask nobody any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def add(self, connection: Connection) -> None:
        """Ask this one, too; the parts are kept equally big, however many come at once."""
        connection.part = self._added = (self._added + 1) % PARTS
        self._parts[connection.part][connection] = None

    def drop(self, connection: Connection) -> None:
        """It is gone."""
        self._parts[connection.part].pop(connection, None)

    def _ring(self) -> None:
        # Counted in turns, not by the clock: a machine that slept or was busy heard nobody meanwhile.
        self.start()
        self.turn()

    def turn(self) -> None:
        """Ask one part of the connections; cut off those of it that said nothing since they were asked."""
        self._at = (self._at + 1) % PARTS
        for connection in list(self._parts[self._at]):
            if connection.protocol.state is not State.OPEN or connection.transport.is_closing():
                continue  # the library sees to its end
            if connection.heard:
                connection.heard = False
                connection.transport.write(_PING)
            else:
                connection.transport.abort()
