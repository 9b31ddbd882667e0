"""All rules of a client, without a socket: frames and commands in, changes and frames out.

The rules are those of `docs/protocol.md`, "What a client does". Times are local milliseconds of any
steady clock; `Journal.server_time` turns them into the server's.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.link.chatlog import ChatLog, Entry
from supportterm.link.signs import Signs
from supportterm.protocol import frames, views
from supportterm.protocol.codes import ERRORS
from supportterm.protocol.frames import ClientFrame, Command, FromServer, Limits, Side
from supportterm.protocol.limits import VERSION

#: The name under which commands without a chat wait.
NO_CHAT: Final = ""

#: Commands about this moment: the next visit does not send them again.
OF_THE_MOMENT: Final = (frames.Take, frames.Accept, frames.Decline, frames.Assign, frames.Breather)

#: Questions: answered or not, never kept.
Question = frames.Why | frames.Report | frames.Draft

#: How many chats a `hello` may name; the others begin again.
HAVE_CHATS: Final = 200


class OutboxFull(Exception):
    """Too many commands wait for an answer. The message is a sentence for the person."""


class Journal:
    """What one person's client knows and still has to say.

    ``chats`` maps ids to `ChatLog`; ``welcome`` is the server's newest (None before the first);
    ``online`` is true between `welcome` and `lost`. ``queue``, ``mine``, ``team``, ``today``, ``left``,
    ``promises``, ``shops``, ``replies``, ``alerts``, ``blocks``, ``door`` and ``wait`` are the views, None
    until they came. ``watched`` are the chats a supervisor reads along in; ``because`` and ``report`` the
    newest answers to questions.
    ``stored`` grows whenever `dump` would say something else.
    """

    def __init__(self, role: Side) -> None:
        self.role: Final = role
        self.chats: dict[str, ChatLog] = {}
        self.welcome: frames.Welcome | None = None
        self.epoch = ""
        self.online = False
        self.limits = Limits()
        self.queue: views.Queue | None = None
        self.mine: views.Mine | None = None
        self.team: views.Team | None = None
        self.today: views.Today | None = None
        self.left: views.Left | None = None
        self.promises: views.Promises | None = None
        self.shops: views.Shops | None = None
        self.replies: views.Replies | None = None
        self.alerts: views.Alerts | None = None
        self.blocks: views.Blocks | None = None
        self.door: views.Door | None = None
        self.wait: views.Wait | None = None
        self.watched: set[str] = set()
        self.because: dict[str, frames.Because] = {}
        self.report: frames.ReportOf | None = None
        self._questions: list[ClientFrame] = []
        self.stored = 0
        self._offset: int | None = None
        self._versions: dict[str, int] = {}
        #: Chats named by `welcome` whose `chat` frame has not come yet.
        self._awaited: set[str] = set()
        #: Commands without a chat, in order.
        self.own: list[Entry] = []
        self._entries: dict[str, str] = {}
        self._signs = Signs(role)

    # --- what the person does --------------------------------------------------------------------

    def log(self, chat: str) -> ChatLog:
        """The chat, made empty if it is new."""
        found = self.chats.get(chat)
        if found is None:
            found = self.chats[chat] = ChatLog(chat, self.role)
        return found

    def put(self, command: Command) -> list[Change]:
        """Take a command into the outbox; the same id twice is one command. Raises `OutboxFull`.

        Save `dump` before sending what `to_send` gives.
        """
        if command.id in self._entries:
            return []
        if len(self._entries) >= self.limits.outbox:
            raise OutboxFull(f"{len(self._entries)} messages wait to be sent: wait until they are through.")
        chat = _chat_of(command)
        if isinstance(command, frames.SetStatus):
            self._supersede()
        if isinstance(command, frames.Say | frames.Note):
            command = msgspec.structs.replace(command, text=_sendable(command.text))
        self._waiting(chat).append(Entry(command))
        self._entries[command.id] = chat
        if isinstance(command, frames.Say):
            self._signs.stopped(chat)
        self.stored += 1
        return [changes.OutboxChanged(chat)]

    def take_back(self, id: str) -> Command | None:
        """Remove a command that has not left yet (or is not known to have); None if it has."""
        entries = self._waiting(self._entries.get(id, NO_CHAT))
        for entry in entries:
            if entry.id == id and not entry.sent:
                self._drop(entry)
                return entry.command
        return None

    def dismiss(self, chat: str, id: str) -> Command | None:
        """Forget a refused message; its command, so that its text can be edited. None if unknown."""
        log = self.log(chat)
        for refused in log.refused:
            if refused.command.id == id:
                log.refused.remove(refused)
                self.stored += 1
                return refused.command
        return None

    def saw(self, chat: str) -> None:
        """A person had the newest shown event before their eyes."""
        log = self.chats.get(chat)
        if log is not None and not log.gone:
            self._signs.saw(chat, log.newest_foreign)

    def more(self, chat: str) -> None:
        """Ask for a page of older events, once at a time."""
        log = self.chats.get(chat)
        if log is not None and log.older and not log.paging:
            log.paging = "due"

    def typed(self, chat: str, now_ms: int) -> None:
        """A key was pressed in this chat's text."""
        self._signs.typed(chat, now_ms, self.limits.typing_ms)

    def stopped_typing(self, chat: str) -> None:
        """The text was emptied or put away."""
        self._signs.stopped(chat)

    def pressed(self, now_ms: int) -> None:
        """A key was pressed anywhere: somebody is there."""
        self._signs.pressed(now_ms)

    def ask(self, question: Question) -> None:
        """Ask as soon as the server is there; the newest of a kind counts."""
        self._questions = [other for other in self._questions if type(other) is not type(question)]
        self._questions.append(question)

    def watch(self, chat: str) -> None:
        """Read along in a chat that is not this person's, across reconnects, until `unwatch`."""
        if chat not in self.watched:
            self.watched.add(chat)
            self._questions.append(frames.Watch(chat=chat))

    def unwatch(self, chat: str) -> list[Change]:
        """Read along no more."""
        if chat not in self.watched:
            return []
        self.watched.discard(chat)
        self._questions.append(frames.Watch(chat=chat, on=False))
        return self._gone(chat)

    # --- the connection --------------------------------------------------------------------------

    def hello(
        self, token: str, *, lang: str = "", client: str = "", instance: str = "", takeover: bool = False
    ) -> frames.Hello:
        """The first frame of a connection."""
        shown = [log for log in self.chats.values() if log.last and not log.gone]
        shown.sort(key=lambda log: log.events[-1].at if log.events else 0)
        return frames.Hello(
            v=VERSION,
            token=token,
            epoch=self.epoch,
            have={log.chat: log.last for log in shown[-HAVE_CHATS:]},
            lang=lang,
            client=client,
            instance=instance,
            takeover=takeover,
        )

    def lost(self) -> list[Change]:
        """The connection is gone: what was unanswered will be sent again, same ids."""
        self.online = False
        self._awaited.clear()
        self._signs.lost()
        found: list[Change] = []
        for entry in self.own:
            entry.sent = False
        for log in self.chats.values():
            for entry in log.outbox:
                entry.sent = False
            log.syncing = ""
            log.paging = "due" if log.paging else ""
            if log.typing:
                log.typing.clear()
                found.append(changes.TypingChanged(log.chat))
        return found

    def take(self, frame: FromServer, now_ms: int) -> list[Change]:
        """A frame from the server arrived."""
        match frame:
            case frames.Event():
                return self._event(frame)
            case frames.Ok():
                return self._answered(frame.id)
            case frames.Err():
                return self._refused(frame, now_ms)
            case frames.MarksOf():
                return self.log(frame.chat).marked(frame)
            case frames.Earlier():
                return self.log(frame.chat).tells(frame)
            case frames.TypingOf():
                if frame.who == self.role:
                    return []
                return self.log(frame.chat).types(frame, now_ms + self.limits.typing_ms)
            case frames.Chat():
                return self._chat(frame)
            case frames.Page():
                return self.log(frame.chat).prepend(frame)
            case frames.View():
                return self._view(frame)
            case frames.Welcome():
                return self._welcome(frame, now_ms)
            case frames.BeatBack():
                self._offset = frame.time - now_ms
            case frames.Gone():
                self.watched.discard(frame.chat)
                return self._gone(frame.chat)
            case frames.Because():
                self.because[frame.chat] = frame
                return [changes.Explained(frame.chat)]
            case frames.ReportOf():
                self.report = frame
                return [changes.Reported()]
            case frames.DraftOf():
                return [changes.Drafted(frame.chat, frame)]
            case _:
                pass
        return []

    def fade(self, now_ms: int) -> list[Change]:
        """Signs of typing that nobody repeated end; call it at `next_at`."""
        return [change for log in self.chats.values() if log.typing for change in log.fade(now_ms)]

    def to_send(self, now_ms: int) -> list[ClientFrame]:
        """What may leave now, in order; it counts as sent. Empty while not `online`.

        Of each chat at most one command is unanswered. Save `dump` first.
        """
        if not self.online:
            return []
        found: list[ClientFrame] = []
        for log in self.chats.values():
            if log.syncing == "due":
                log.syncing = "sent"
                found.append(frames.Sync(chat=log.chat, have=log.last))
            if log.paging == "due" and not log.syncing and log.chat not in self._awaited:
                log.paging = "sent"
                found.append(frames.More(chat=log.chat, before=log.first))
            if log.outbox and log.chat not in self._awaited:
                _leave(log.outbox[0], now_ms, found)
        if self.own:
            _leave(self.own[0], now_ms, found)
        found.extend(self._questions)
        self._questions.clear()
        found.extend(self._signs.to_send(now_ms))
        return found

    def next_at(self) -> int | None:
        """When `to_send` or `fade` will have something new to say by time alone (local ms)."""
        times = [sign.until for log in self.chats.values() for sign in log.typing.values()]
        if self.online:
            # What waits for its chat's beginning is not set free by time.
            begun = (log for log in self.chats.values() if log.chat not in self._awaited)
            queues = [self.own, *(log.outbox for log in begun)]
            times += [q[0].not_before for q in queues if q and not q[0].sent and q[0].not_before]
            times += self._signs.times()
        return min(times, default=None)

    # --- time and what outlives the process -------------------------------------------------------

    def server_time(self, now_ms: int) -> int | None:
        """The server's clock, in ms since 1970; None before the first `welcome`."""
        return None if self._offset is None else now_ms + self._offset

    def dump(self) -> dict[str, Any]:
        """What must survive this process, ready for JSON: epoch, outbox, refused messages.

        What is about now (a status, an offer taken) is left out. Drafts belong to the screen.
        """
        return {
            "v": 1,
            "epoch": self.epoch,
            "outbox": [
                msgspec.to_builtins(entry.command)
                for log in self.chats.values()
                for entry in log.outbox
                if not isinstance(entry.command, OF_THE_MOMENT)
            ],
            "refused": [
                {
                    "command": msgspec.to_builtins(refused.command),
                    "code": refused.code,
                    "text": refused.text,
                }
                for log in self.chats.values()
                for refused in log.refused
            ],
        }

    def load(self, dumped: dict[str, Any]) -> None:
        """Take in a `dump`, into a new journal. Raises `ValueError` if it is not one."""
        try:
            dump = msgspec.convert(dumped, _Dump)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from None
        self.epoch = dump.epoch
        for command in dump.outbox:
            chat = _chat_of(command)
            self._waiting(chat).append(Entry(command))
            self._entries[command.id] = chat
        for refused in dump.refused:
            chat = _chat_of(refused.command)
            self.log(chat).refused.append(changes.Refused(chat, refused.command, refused.code, refused.text))

    # --- frames, one by one ----------------------------------------------------------------------

    def _welcome(self, frame: frames.Welcome, now_ms: int) -> list[Change]:
        self.welcome = frame
        self.online = True
        self.limits = frame.limits
        self._offset = frame.time - now_ms
        self._awaited = set(frame.chats)
        self._versions.clear()
        found: list[Change] = [changes.Welcomed()]
        if frame.epoch != self.epoch:
            if self.epoch:
                for log in self.chats.values():
                    log.forget()
                self._signs.forget()
                found.append(changes.Forgotten())
            self.epoch = frame.epoch
            self.stored += 1
        for log in self.chats.values():
            if log.head is not None and not log.gone and log.chat not in self._awaited | self.watched:
                found += self._gone(log.chat)
        for chat in frame.chats:
            self.log(chat)
        # A connection reads along in what it asked for itself.
        self._questions = [q for q in self._questions if not isinstance(q, frames.Watch)]
        self._questions += [frames.Watch(chat=chat) for chat in sorted(self.watched)]
        return found

    def _chat(self, frame: frames.Chat) -> list[Change]:
        self._awaited.discard(frame.chat)
        found = self.log(frame.chat).begin(frame)
        own = frame.head.customer_marks if self.role == "customer" else frame.head.agent_marks
        self._signs.began(frame.chat, own)
        return found

    def _event(self, event: frames.Event) -> list[Change]:
        log = self.log(event.chat)
        _, found = log.read(event)
        if log.newest_foreign and not log.gone:
            self._signs.got(event.chat, log.newest_foreign)
        if event.id and self._entries.get(event.id) == event.chat:
            found += self._answered(event.id)
        return found

    def _answered(self, id: str) -> list[Change]:
        entry = self._entry(id)
        if entry is None:
            return []
        chat = self._entries[id]
        self._drop(entry)
        return [changes.OutboxChanged(chat)]

    def _refused(self, frame: frames.Err, now_ms: int) -> list[Change]:
        entry = self._entry(frame.id)
        known = ERRORS.get(frame.code)
        text = frame.text or (known.text if known else "")
        if entry is None:
            found: list[Change] = [changes.Trouble(frame.code, text, frame.chat)]
            if frame.chat in self.chats:
                self.chats[frame.chat].paging = ""
            if frame.chat in self.watched and not frame.retry:
                self.watched.discard(frame.chat)
                found += self._gone(frame.chat)
            return found
        chat = self._entries[frame.id]
        if frame.retry:
            entry.sent = False
            entry.not_before = now_ms + (frame.after_ms or (known.after_ms if known else 0) or 1_000)
            return [changes.OutboxChanged(chat)]
        self._drop(entry)
        if frame.code == "already_open" and frame.chat and isinstance(entry.command, frames.Open):
            return self._move(chat, frame.chat)
        refused = changes.Refused(chat, entry.command, frame.code, text, frame.who, frame.until)
        if isinstance(entry.command, frames.Say | frames.Note):
            self.log(chat).refused.append(refused)
        return [refused, changes.OutboxChanged(chat)]

    def _move(self, chat: str, to: str) -> list[Change]:
        """The person has a chat already: what they wrote for the new one belongs there."""
        left = self.log(chat)
        moved, left.outbox = left.outbox, []
        target = self.log(to)
        for entry in moved:
            target.outbox.append(Entry(msgspec.structs.replace(entry.command, chat=to)))
            self._entries[entry.id] = to
        if not left.events and not left.refused:
            del self.chats[chat]
        return [changes.Moved(chat, to), changes.OutboxChanged(chat), changes.OutboxChanged(to)]

    def _gone(self, chat: str) -> list[Change]:
        self._awaited.discard(chat)
        self._signs.gone(chat)
        log = self.log(chat)
        log.gone = True
        log.typing.clear()
        log.syncing = log.paging = ""
        return [changes.Gone(chat)]

    def _view(self, frame: frames.View) -> list[Change]:
        shape = views.VIEWS.get(frame.name)
        if shape is None or frame.version < self._versions.get(frame.name, 0):
            return []
        try:
            value = msgspec.json.decode(frame.value, type=shape)
        except msgspec.ValidationError:
            return []
        self._versions[frame.name] = frame.version
        setattr(self, frame.name, value)
        if isinstance(value, views.Mine):
            # What became one's own needs no reading along any more.
            self.watched.difference_update(value.chats)
        return [changes.ViewChanged(frame.name)]

    # --- the outbox ------------------------------------------------------------------------------

    def _waiting(self, chat: str) -> list[Entry]:
        return self.log(chat).outbox if chat else self.own

    def _entry(self, id: str) -> Entry | None:
        chat = self._entries.get(id)
        if chat is None:
            return None
        return next((entry for entry in self._waiting(chat) if entry.id == id), None)

    def _drop(self, entry: Entry) -> None:
        self._waiting(self._entries.pop(entry.id)).remove(entry)
        self.stored += 1

    def _supersede(self) -> None:
        """Of several statuses that have not left, only the newest means anything."""
        unsent = [e for e in self.own if isinstance(e.command, frames.SetStatus) and not e.sent]
        for entry in unsent:
            self._drop(entry)


def _sendable(text: str) -> str:
    """The text less what the wire does not carry: NUL and lone surrogates."""
    return text.encode(errors="ignore").decode().replace("\0", "")


class _DumpedRefusal(msgspec.Struct):
    command: Command
    code: str
    text: str = ""


class _Dump(msgspec.Struct):
    v: Literal[1]
    epoch: str
    outbox: list[Command]
    refused: list[_DumpedRefusal] = []


def _chat_of(command: Command) -> str:
    return NO_CHAT if isinstance(command, frames.Deskwide) else command.chat


def _leave(entry: Entry, now_ms: int, found: list[ClientFrame]) -> None:
    if not entry.sent and entry.not_before <= now_ms:
        entry.sent = True
        found.append(entry.command)
