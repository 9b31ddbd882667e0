"""What customers' and agents' sessions share: reading frames, subscriptions, commands and marks."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from server.desk.commands import Masked, Person
from server.desk.decision import Decided, Decision, Refused, Repeated
from server.feeds import Cursor, Feed, to_frame
from server.gateway.outlet import Connection, Outlet
from server.gateway.rates import Bucket
from supportterm.protocol import frames
from supportterm.protocol.codec import BadFrame, decode_client, encode
from supportterm.protocol.codes import CLOSE_TEXT, ERRORS, Close
from supportterm.protocol.limits import PAGE_EVENTS
from supportterm.text.masking import mask
from supportterm.text.wire import wire_text

if TYPE_CHECKING:
    from server.gateway.hub import Hub

#: A reader further behind than this is given the newest page instead of everything between.
_FAR_BEHIND = 1_000
#: A page of older events ends early at this many characters: an answer must not fill a slow line.
_PAGE_CHARS = 40_000
#: Refusals for speed after which a connection is closed instead.
_PATIENCE = 50
#: How a message begins, as every encoder of ours writes it.
_SAY = b'{"t":"say",'
#: A client says these once and relies on them; without an id to refuse, they wait their turn.
_ASKED_ONCE = (frames.Sync, frames.More, frames.Mark)


class Session:
    """One connection of one person, after its ``hello``."""

    public = True

    def __init__(self, hub: Hub, connection: Connection, person: Person, outlet: Outlet, bucket: Bucket):
        self.hub = hub
        self.person = person
        self.outlet = outlet
        self.cursors: dict[str, Cursor] = {}
        self._connection = connection
        self._bucket = bucket
        #: Messages in a minute, where those are limited apart from frames.
        self._sayings: Bucket | None = None
        self._strikes = 0
        self._loop = asyncio.get_running_loop()
        self._ended = False
        self._closing: asyncio.Future[None] | None = None
        self._shown: dict[str, bytes] = {}
        outlet.on_resume(self._resume)

    async def read(self) -> None:
        """Take frames until the connection ends."""
        connection, outlet = self._connection, self.outlet
        loop = self._loop
        while True:
            connection.take = self._take_at_once
            try:
                raw = await connection.recv()
            finally:
                connection.take = None
            if not isinstance(raw, str):
                await connection.close(Close.UNSUPPORTED_DATA, "text frames only")
                return
            try:
                frame = decode_client(raw)
            except BadFrame as error:
                outlet.answer(frames.Err(code="bad_frame", text=str(error)))
                await connection.close(Close.PROTOCOL, CLOSE_TEXT[Close.PROTOCOL])
                return
            now = loop.time()
            if self._bucket.take(now) and self._may_say(frame, now):
                if self._strikes:
                    self._strikes -= 1
                await self._take(frame)
            elif not self._too_fast(frame):
                await connection.close(Close.TOO_FAST, CLOSE_TEXT[Close.TOO_FAST])
                return
            elif isinstance(frame, _ASKED_ONCE):
                await asyncio.sleep(self._bucket.wait())
                self._bucket.take(loop.time())
                await self._take(frame)

    def _take_at_once(self, raw: bytes) -> bool:
        """Take a message, which nothing has to be awaited for; False: the frame is something else."""
        if not raw.startswith(_SAY):
            return False
        try:
            frame = decode_client(raw.decode())
        except (UnicodeDecodeError, BadFrame):
            return False
        if not isinstance(frame, frames.Say):
            return False
        now = self._loop.time()
        if self._bucket.take(now) and self._may_say(frame, now):
            if self._strikes:
                self._strikes -= 1
            self._write(frame)
            return True
        return self._strikes + 1 < _PATIENCE and self._too_fast(frame)

    def _may_say(self, frame: frames.FromClient, now: float) -> bool:
        """Whether one more message may pass, by what its writer may say in a minute."""
        if self._sayings is None or not isinstance(frame, (frames.Say, frames.GiveContact)):
            return True
        return self._sayings.take(now)

    def _too_fast(self, frame: frames.FromClient) -> bool:
        """Refuse a frame for speed; False when it was once too often."""
        self._strikes += 1
        cid = getattr(frame, "id", "")
        if cid:
            error = ERRORS["too_fast"]
            wait = max(self._bucket.wait(), self._sayings.wait() if self._sayings else 0.0)
            after = max(error.after_ms, int(wait * 1000))
            chat = getattr(frame, "chat", "")
            self.outlet.answer(frames.Err(error.code, True, after, error.text, cid, chat))
        return self._strikes < _PATIENCE

    async def _take(self, frame: frames.FromClient) -> None:
        match frame:
            case frames.Say() | frames.Note() | frames.HandOff() | frames.LeaveMessage():
                self._write(frame)
            case frames.Mark():
                await self._mark(frame)
            case frames.Typing():
                self._typing(frame)
            case frames.Beat():
                self.outlet.answer(frames.BeatBack(self.hub.clock.now().at))
            case frames.Sync():
                await self._sync(frame)
            case frames.More():
                await self._more(frame)
            case frames.Why() | frames.Watch() | frames.Report() | frames.Active() | frames.Draft():
                await self.ask(frame)
            case frames.Hello() | frames.Login():
                self.outlet.answer(frames.Err("bad_frame", text="hello was said already"))
            case _:
                self.command(frame)

    # --- commands --------------------------------------------------------------------------------

    def command(self, command: frames.Command | Masked) -> None:
        """Hand a command to the desk."""
        plain = command.command if isinstance(command, Masked) else command
        self.hub.doorway.submit(self.person, command, partial(self._answer, plain))

    async def ask(self, frame: frames.Asked) -> None:
        """What only staff may ask for."""
        chat = getattr(frame, "chat", "")
        self.outlet.answer(frames.Err("not_allowed", text=ERRORS["not_allowed"].text, chat=chat))

    def _write(self, frame: frames.Say | frames.Note | frames.HandOff | frames.LeaveMessage) -> None:
        text, masked = mask(wire_text(frame.text))
        if text is not frame.text:
            frame = replace(frame, text=text)
        if isinstance(frame, frames.Say) and frame.options:
            frame, more = _masked_options(frame)
            masked += more
        self.command(Masked(frame, masked) if masked else frame)

    def _answer(self, command: frames.Command, decision: Decision) -> None:
        """Tell the author what no event tells."""
        if isinstance(decision, Decided):
            events = decision.events
            # Nearly always the last of them, which is looked at first.
            told = bool(events) and events[-1].cid == command.id
            if told and isinstance(command, frames.Say) and command.chat in self.cursors:
                return  # Nearly always: its event, which the cursor brings, is the answer.
            if told or any(event.cid == command.id for event in events):
                self.decided(command)
            else:
                # Nothing the author reads says that it is done, such as the block of a closed chat.
                self.outlet.answer(frames.Ok(command.id))
            return
        match decision:
            case Refused(error, chat, who, until):
                chat = chat or getattr(command, "chat", "")
                self.outlet.answer(
                    frames.Err(
                        error.code, error.retry, error.after_ms, error.text, command.id, chat, who, until
                    )
                )
            case Repeated(seq, pub):
                self.outlet.answer(frames.Ok(command.id, pub if self.public else seq))

    def decided(self, command: frames.Command) -> None:
        """The command's events are stored; cursors bring them.

        A chat not shown at ``hello`` is read from here on: its event is the answer.
        """
        if isinstance(command, frames.Deskwide):
            self.outlet.answer(frames.Ok(command.id))
        elif command.chat not in self.cursors:
            feed = self.hub.doorway.feeds.get(command.chat)
            if feed is not None and feed.chat.readable_by(self.person):
                self.subscribe(feed, 0)

    # --- reading ---------------------------------------------------------------------------------

    async def readable(self, chat: str) -> Feed | None:
        """The chat's feed if this person may read it. "Not yours" and "unknown" look the same."""
        feed = await self.hub.doorway.feed(chat)
        return feed if feed is not None and feed.chat.readable_by(self.person) else None

    def subscribe(self, feed: Feed, have: int) -> None:
        """Begin to send the chat from after number ``have`` (0: nothing is shown yet)."""
        if self._ended:
            return
        self.unsubscribe(feed.chat.id)
        last = feed.chat.pub if self.public else feed.chat.seq
        reset = have > last
        first = have + 1
        if reset or not have or last - have > _FAR_BEHIND:
            first = max(1, last - PAGE_EVENTS + 1)
        self.outlet.send(encode(frames.Chat(feed.chat.id, first, last, feed.head(self.public), reset)))
        cursor = Cursor(feed, self.outlet, self.public, first - 1)
        self.cursors[feed.chat.id] = cursor
        feed.cursors.append(cursor)
        self.hub.doorway.feeds.pump(cursor)

    def unsubscribe(self, chat: str) -> None:
        """Stop sending the chat."""
        cursor = self.cursors.pop(chat, None)
        if cursor is not None:
            self.hub.doorway.feeds.drop_cursor(cursor)

    async def _sync(self, frame: frames.Sync) -> None:
        feed = await self.readable(frame.chat)
        if feed is None:
            self._no_chat(frame.chat)
        else:
            self.subscribe(feed, frame.have)

    async def _more(self, frame: frames.More) -> None:
        feed = await self.readable(frame.chat)
        if feed is None:
            self._no_chat(frame.chat)
            return
        events, more = await self.hub.doorway.page(feed, frame.before, self.public)
        if not feed.chat.readable_by(self.person):
            self._no_chat(frame.chat)  # it went to somebody else while the page was read
            return
        size, fits = 0, len(events)
        while fits and size < _PAGE_CHARS:
            fits -= 1
            size += len(events[fits].text)
        page = [to_frame(event, self.public) for event in events[fits:]]
        self.outlet.answer(frames.Page(frame.chat, page, more or fits > 0))

    def _no_chat(self, chat: str) -> None:
        self.outlet.answer(frames.Err("no_chat", text=ERRORS["no_chat"].text, chat=chat))

    def _resume(self) -> None:
        for cursor in list(self.cursors.values()):
            self.hub.doorway.feeds.pump(cursor)

    # --- state that is not events ------------------------------------------------------------------

    async def _mark(self, frame: frames.Mark) -> None:
        feed = await self.readable(frame.chat)
        if feed is not None and self.speaks_in(feed):
            self.hub.mark(feed, self.public, frame.got, frame.seen)

    def _typing(self, frame: frames.Typing) -> None:
        feed = self.hub.doorway.feeds.get(frame.chat)
        if feed is not None and self.speaks_in(feed):
            self.hub.typing(feed, self, frame.on)

    def speaks_in(self, feed: Feed) -> bool:
        """Whether the other side is to know that this person reads and types here."""
        return feed.chat.readable_by(self.person)

    def view(self, name: str, value: bytes) -> None:
        """Show a small value; the same as before is not sent again."""
        if self._shown.get(name) != value:
            self._shown[name] = value
            self.outlet.state(("view", name), self.hub.showcase.view_frame(name, value))

    def end(self) -> None:
        """The connection is gone."""
        self._ended = True
        for chat in list(self.cursors):
            self.unsubscribe(chat)
        self.outlet.stop()

    def replace(self) -> None:
        """A newer connection of the same window or console stands: this one is of no use any more."""
        self._closing = asyncio.ensure_future(self.close(Close.REPLACED))

    async def close(self, code: Close) -> None:
        """End the connection from our side."""
        await self._connection.close(code, CLOSE_TEXT[code])


async def read_until_closed(session: Session) -> None:
    """Read a session to its end, whatever ends it."""
    try:
        await session.read()
    except ConnectionClosed:
        pass
    finally:
        session.end()


def _masked_options(frame: frames.Say) -> tuple[frames.Say, int]:
    """The same without card and account numbers in what a customer may choose, and how many there were."""
    count, options = 0, []
    for option in frame.options:
        label, in_label = mask(wire_text(option.label))
        why, in_why = mask(wire_text(option.why))
        count += in_label + in_why
        options.append(frames.Option(label, why))
    return replace(frame, options=tuple(options)), count
