"""A reference server: the wire's rules in the fewest words, to hold a client against."""

from __future__ import annotations

from collections import deque
from typing import Literal

from msgspec import Raw

from supportterm.protocol import frames, views
from supportterm.protocol.codec import encode
from supportterm.protocol.frames import By, ClientFrame, Event, Head, ServerFrame

Refusal = Literal["", "retry", "final"]
OTHER = By(role="agent", name="Mia")
SELF = By(role="customer")
MINE = frames.Me(role="customer", id="c1")


class Model:
    """One customer's chats: a log per chat and what was answered.

    ``refusals`` says what happens to the next commands: "" takes them in.
    """

    def __init__(self, page: int = 1_000) -> None:
        self.epoch = "epoch-1"
        self.page = page
        self.now = 1_700_000_000_000
        self.chats: dict[str, list[Event]] = {}
        self.ids: dict[str, tuple[str, int]] = {}
        self.refused: set[str] = set()
        self.refusals: deque[Refusal] = deque()
        self.marks: dict[str, frames.Marks] = {}

    def receive(self, frame: ClientFrame) -> list[ServerFrame]:
        """What one frame is answered with."""
        match frame:
            case frames.Hello():
                return self._hello(frame)
            case frames.Open():
                return self._open(frame)
            case frames.Say():
                return self._command(frame.id, frame.chat, "message", frame.text)
            case frames.CloseChat():
                return self._command(frame.id, frame.chat, "closed", "")
            case frames.Sync():
                return self._from(frame.chat, frame.have)
            case frames.More():
                return [self._page(frame)]
            case frames.Mark():
                self.marks[frame.chat] = frames.Marks(got=frame.got, seen=frame.seen)
                return []
            case frames.Beat():
                return [frames.BeatBack(time=self.now)]
            case _:
                return []

    def says(self, chat: str, text: str) -> list[ServerFrame]:
        """The agent writes."""
        return [self._add(chat, "message", text, by=OTHER)]

    def _hello(self, frame: frames.Hello) -> list[ServerFrame]:
        have = frame.have if frame.epoch == self.epoch else {}
        welcome = frames.Welcome(
            epoch=self.epoch, time=self.now, me=MINE, limits=frames.Limits(), chats=list(self.chats)
        )
        found: list[ServerFrame] = [welcome]
        found.append(frames.View(name="door", version=1, value=Raw(encode_view(views.Door(open=True)))))
        for chat in self.chats:
            found += self._from(chat, have.get(chat, 0))
        return found

    def _from(self, chat: str, have: int) -> list[ServerFrame]:
        log = self.chats.get(chat)
        if log is None:
            return [frames.Err(code="no_chat", chat=chat)]
        first = have + 1 if len(log) - self.page <= have <= len(log) else max(1, len(log) - self.page + 1)
        start = frames.Chat(
            chat=chat, first=first, last=len(log), head=self._head(chat), reset=have > len(log)
        )
        return [start, *log[first - 1 :]]

    def _head(self, chat: str) -> Head:
        state: Literal["open", "closed"] = "open"
        for event in self.chats[chat]:
            state = "closed" if event.kind == "closed" else state
        marks = self.marks.get(chat, frames.Marks())
        return Head(state=state, shop="acme", lang="nl", opened_at=1, agent="Mia", customer_marks=marks)

    def _page(self, frame: frames.More) -> frames.Page:
        older = self.chats[frame.chat][: frame.before - 1]
        return frames.Page(chat=frame.chat, events=older[-self.page :], more=len(older) > self.page)

    def _open(self, frame: frames.Open) -> list[ServerFrame]:
        if frame.chat in self.chats or frame.id in self.ids:
            return self._known(frame.id, frame.chat)
        if refusal := self._refusal(frame.id):
            return [refusal]
        self.chats[frame.chat] = []
        self._add(frame.chat, "opened", "", id=frame.id)
        return self._from(frame.chat, 0)

    def _command(self, id: str, chat: str, kind: str, text: str) -> list[ServerFrame]:
        if id in self.ids:
            return self._known(id, chat)
        if refusal := self._refusal(id):
            return [refusal]
        if chat not in self.chats:
            self.refused.add(id)
            return [frames.Err(code="no_chat", id=id)]
        return [self._add(chat, kind, text, id=id)]

    def _known(self, id: str, chat: str) -> list[ServerFrame]:
        known = self.ids.get(id)
        if known is None or known[0] != chat:
            self.refused.add(id)
            return [frames.Err(code="id_conflict", id=id)]
        return [frames.Ok(id=id, seq=known[1])]

    def _refusal(self, id: str) -> frames.Err | None:
        match self.refusals.popleft() if self.refusals else "":
            case "retry":
                return frames.Err(code="busy", retry=True, after_ms=1_000, id=id)
            case "final":
                self.refused.add(id)
                return frames.Err(code="bad_text", id=id)
            case _:
                return None

    def _add(self, chat: str, kind: str, text: str, *, id: str = "", by: By = SELF) -> Event:
        log = self.chats[chat]
        self.now += 1_000
        event = Event(chat=chat, seq=len(log) + 1, at=self.now, kind=kind, by=by, id=id, text=text)
        log.append(event)
        if id:
            self.ids[id] = (chat, event.seq)
        return event


def encode_view(value: object) -> bytes:
    """A view's value as JSON."""
    return encode(value)  # type: ignore[arg-type]
