"""A connection's end as feeds see it: keeps what it was sent, and can be full."""

from __future__ import annotations

from supportterm.protocol import frames
from supportterm.protocol.codec import decode_server


class Reader:
    """`server.feeds.Outlet` without a socket behind it; takes ``room`` frames, then is full."""

    def __init__(self) -> None:
        self.paused = False
        self.room = -1
        self.events: list[frames.Event] = []
        self.states: dict[tuple[str, str], frames.ServerFrame] = {}
        self.others: list[frames.ServerFrame] = []

    def send(self, frame: bytes) -> None:
        decoded = decode_server(frame)
        assert decoded is not None
        if isinstance(decoded, frames.Event):
            self.events.append(decoded)
        else:
            self.others.append(decoded)
        if self.room > 0:
            self.room -= 1
            self.paused = self.room == 0

    def put(self, frame: bytes) -> None:
        self.send(frame)

    def flush(self) -> None:
        pass

    def state(self, key: tuple[str, str], frame: frames.ServerFrame) -> None:
        self.states[key] = frame

    def passing(self, frame: frames.ServerFrame) -> None:
        self.others.append(frame)

    def numbers(self) -> list[int]:
        """The numbers of the events that came, in order."""
        return [event.seq for event in self.events]
