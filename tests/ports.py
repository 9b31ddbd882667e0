"""A port that stays one server's while that server is down."""

from __future__ import annotations

import socket
import sys


class HeldPort:
    """Bound, and never listened on: whoever asks for any port is not given this one.

    The server that it is for binds it beside us, as Linux lets two do that say so. Elsewhere nothing is held.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def hold(self) -> int:
        """The port, the same each time; 0, any, where it cannot be held."""
        if sys.platform != "linux":
            return 0
        if self._socket is None:
            self._socket = socket.socket()
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind(("127.0.0.1", 0))
        port: int = self._socket.getsockname()[1]
        return port

    def let_go(self) -> None:
        """Whoever asks may have it again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
