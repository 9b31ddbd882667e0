"""What an agent does, between the screen and the link: write, retry, close with undo, go away.

No Textual here. Each act returns a sentence for the person, or nothing when the screen shows it anyway.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final, Literal, Protocol

import msgspec

from supportterm.console import callbacks
from supportterm.console.acts import Acts, new_id
from supportterm.console.aids.aid import Outgoing
from supportterm.console.aids.canned import CannedReplies
from supportterm.console.aids.gifts import Gifts, told_as
from supportterm.console.aids.modelled import Modelled
from supportterm.console.aids.reading import Reading, Readings
from supportterm.console.closing import Closings
from supportterm.console.inbox import Inbox, name_of, tag_of
from supportterm.console.keymap import show_key
from supportterm.console.leaving import Leaving
from supportterm.console.settings import ConsoleSettings
from supportterm.console.shops import Shops
from supportterm.console.state import Draft, State
from supportterm.console.team import Part, Team
from supportterm.console.words import Words
from supportterm.link.address import AGENT_PATH
from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import Journal, OutboxFull, Question
from supportterm.link.state import LinkError, LinkState
from supportterm.protocol.codes import Close
from supportterm.protocol.frames import CloseChat, Command, Note, Option, Reopen, Say, SetStatus
from supportterm.text import SafeText, join, safe_line, trusted

#: Why nothing can be written now; "" means it can.
Locked = Literal["", "no_chat", "elsewhere", "gone", "back", "closed", "offered", "left"]


class Wire(Protocol):
    """What a session needs of a `supportterm.link.Link`."""

    @property
    def journal(self) -> Journal: ...
    @property
    def state(self) -> LinkState: ...
    @property
    def url(self) -> str: ...
    def put(self, command: Command) -> None: ...
    def saw(self, chat: str) -> None: ...
    def more(self, chat: str) -> None: ...
    def typed(self, chat: str) -> None: ...
    def stopped_typing(self, chat: str) -> None: ...
    def pressed(self) -> None: ...
    def ask(self, question: Question) -> None: ...
    def watch(self, chat: str) -> None: ...
    def unwatch(self, chat: str) -> None: ...
    def take_over(self) -> None: ...
    def hurry(self) -> None: ...
    def now_ms(self) -> int: ...
    def stop(self) -> None: ...
    async def drained(self) -> None: ...


class Session:
    """One agent's visit. ``inbox.selected`` is the open chat; `draft` is what is written in it."""

    def __init__(self, link: Wire, settings: ConsoleSettings, state: State) -> None:
        self.link: Final = link
        self.journal: Final = link.journal
        self.settings: Final = settings
        self.state: Final = state
        self.inbox: Final = Inbox(link.journal, self.now_ms)
        self.team: Final = Team(link.journal)
        self.shops: Final = Shops(link.journal)
        self.acts: Final = Acts(link, self.put)
        self.closings: Final = Closings()
        self.leaving: Final = Leaving(link.journal, self.team, self.closings)
        #: My promises that fall after closing and that I was not told about by opening their chat, each with
        #: its deadline.
        self.late: Final[dict[str, int]] = {}
        self.readings: Final = Readings(self.shops, state, self.now_ms)
        self.modelled: Final = Modelled(link)
        self.gifts: Final = Gifts(state)
        self.canned: Final = CannedReplies(self, state.used)
        #: Chats whose taking or handing on the desk refused unless it is meant: it is asked next time.
        self.sure_for: Final[set[str]] = set()
        #: Chats that the desk does not close or hand on before a summary was sent.
        self.summary_first: Final[set[str]] = set()
        look = state.look
        self.words = Words(look.language or settings.language, settings.zone)
        self.bell = settings.bell if look.bell is None else look.bell
        self.rings_promises: Final = settings.bell_promises

    # --- what holds ------------------------------------------------------------------------------

    @property
    def log(self) -> ChatLog | None:
        """The open chat."""
        return self.journal.chats.get(self.inbox.selected)

    @property
    def reading(self) -> Reading | None:
        """What is understood of the open chat."""
        return self.readings.of(self.log) if self.log is not None else None

    @property
    def draft(self) -> Draft:
        """What is written in the open chat."""
        return self.state.draft(self.inbox.selected) if self.inbox.selected else Draft()

    @property
    def noting(self) -> bool:
        """Whether what is written now is a note; in a chat that is somebody else's nothing else can be."""
        return self.draft.noting or self.part in ("guest", "watch")

    @property
    def part(self) -> Part:
        """What the open chat is to me."""
        log = self.log
        return self.team.part(log) if log is not None else "owner"

    @property
    def locked(self) -> Locked:
        """Why the composer is read-only."""
        log = self.log
        if log is None:
            return "no_chat"
        if self.journal.mine is not None and not self.journal.mine.writing:
            return "elsewhere"
        if log.gone and log.head is not None and log.head.state == "left":
            return "left"
        if log.gone:
            return "gone" if log.head is None or log.head.owner else "back"
        match self.part:
            case "other":
                return "gone"
            case "offered":
                return "offered"
            case "owner" if log.head is not None and log.head.state == "left":
                return "left"
            case _:
                pass
        if log.head is not None and log.head.state == "closed" and not self.noting:
            return "closed"
        return ""

    @property
    def may_close(self) -> bool:
        """Whether the open chat is mine and goes on."""
        log = self.log
        mine = log is not None and self.part == "owner" and not log.gone and self.locked != "elsewhere"
        return mine and log is not None and log.head is not None and log.head.state == "open"

    @property
    def may_reopen(self) -> bool:
        """Whether the open chat is mine, and closed."""
        log = self.log
        mine = log is not None and self.part == "owner" and not log.gone and self.locked != "elsewhere"
        return mine and log is not None and log.head is not None and log.head.state == "closed"

    @property
    def status(self) -> tuple[str, str]:
        """My status and the reason for being away, as asked last."""
        for entry in reversed(self.journal.own):
            if isinstance(entry.command, SetStatus):
                return entry.command.status, entry.command.reason
        mine = self.journal.mine
        return (mine.status, mine.reason) if mine is not None else ("online", "")

    @property
    def away(self) -> bool:
        """Whether no new chats come."""
        return self.status[0] != "online"

    @property
    def stopped(self) -> SafeText | None:
        """Why the connection does not come back by itself, and what to do; None: it may."""
        state, say = self.link.state, self.words.say
        if state.kind != "stopped":
            return None
        if state.code in (Close.BAD_TOKEN, Close.SIGNED_OUT):
            server = self.link.url.removesuffix(AGENT_PATH)
            return say("status.signed_out", command=safe_line(f"supportterm login {server}"))
        return safe_line(state.text) or say("status.stopped")

    def now_ms(self) -> int:
        """The server's time as well as it is known, in ms since 1970."""
        at = self.journal.server_time(self.link.now_ms())
        return at if at is not None else int(time.time() * 1000)

    def name(self, log: ChatLog) -> SafeText:
        """What this chat's customer is called here."""
        return name_of(log, self.words.customer)

    def name_for(self, chat: str) -> SafeText:
        """The same for a chat that may not be here."""
        log = self.journal.chats.get(chat)
        return self.name(log) if log is not None else self.words.customer(tag_of(chat))

    def unsent(self) -> int:
        """Messages and notes on their way or refused."""
        logs = self.journal.chats.values()
        return sum(isinstance(e.command, Say | Note) for log in logs for e in log.outbox) + sum(
            len(log.refused) for log in logs
        )

    # --- writing ---------------------------------------------------------------------------------

    def written(self, text: str) -> None:
        """The composer's text changed by hand."""
        chat, draft = self.inbox.selected, self.draft
        if not chat:
            return
        draft.at = self.now_ms()
        if self.noting:
            # It stays a note even if the chat becomes mine while it is written.
            draft.noting = True
            draft.note = text
            return
        draft.message = text
        if text.strip():
            self.link.typed(chat)
        else:
            self.link.stopped_typing(chat)

    def too_long(self, text: str) -> int:
        """How many characters must go; 0 if it fits."""
        return max(0, len(text) - self.journal.limits.text)

    def note(self, text: str) -> SafeText | None:
        """Keep a note in the open chat; its draft is cleared once the outbox holds it."""
        trouble = self.put(Note(id=new_id(), chat=self.inbox.selected, text=text))
        if trouble is None:
            # Still a note afterwards: a mode that ended by itself would one day send a remark about
            # a customer to the customer.
            self.draft.note = ""
        return trouble

    def restate(self, chat: str, text: str) -> SafeText | None:
        """Send the customer how they were understood, for them to confirm."""
        trouble = self._say(Say(id=new_id(), chat=chat, text=text, summary=True))
        if trouble is None:
            self.state.draft(chat).restated = ""
            self.summary_first.discard(chat)
        return trouble

    def offer(self, chat: str, text: str, options: Sequence[tuple[str, str]]) -> SafeText | None:
        """Send two or three solutions to choose from, each with its why."""
        buttons = tuple(Option(label, why) for label, why in options)
        trouble = self._say(Say(id=new_id(), chat=chat, text=text, options=buttons))
        if trouble is None:
            self.state.draft(chat).options = []
        return trouble

    def let_go(self, chat: str, out: Outgoing) -> SafeText | None:
        """Send a message, also when another chat is open; its draft is cleared once the outbox holds it."""
        trouble = self._say(_say_of(chat, out))
        draft = self.state.draft(chat)
        if trouble is None and draft.message == out.text:
            draft.message = ""
        return trouble

    def _say(self, command: Say) -> SafeText | None:
        trouble = self.put(command)
        if trouble is None:
            self._left(command)
            # Writing to a customer means not being done with them.
            self.closings.drop(command.chat)
        return trouble

    def _left(self, command: Say) -> None:
        """A message is in the outbox, with what was put into it."""
        self.canned.sent(command.chat)
        self.gifts.left(command.id, command.chat, command.text)

    def count_gifts(self) -> bool:
        """Tell the desk of gifts whose message it has; whether there were any."""
        if not self.state.leaving:
            return False
        logs = self.journal.chats.values()
        for refused in (one for log in logs for one in log.refused):
            self.gifts.refused(refused.command.id)
        found = self.gifts.arrived({entry.id for log in logs for entry in log.outbox})
        for message, one in found.items():
            told = [
                self.acts.tell(one.chat, gift.reason, gift.mandate, id=told_as(message, gift))
                for gift in one.gifts
            ]
            if not any(told):
                self.gifts.counted(message)
        return bool(found)

    def toggle_note(self) -> None:
        """Between message and note; each keeps its own draft."""
        if self.inbox.selected:
            self.draft.noting = not self.noting or self.part in ("guest", "watch")
            if self.draft.noting:
                self.link.stopped_typing(self.inbox.selected)

    def retry(self) -> SafeText:
        """Send the oldest refused text of this chat again, as a new command."""
        log = self.log
        if log is None or not log.refused:
            return self.words.say("notice.nothing_refused")
        command = log.refused[0].command
        assert isinstance(command, Say | Note)
        # With all that went with it: a promise, and that it is a summary.
        again = msgspec.structs.replace(command, id=new_id())
        trouble = self.put(again)
        if trouble is None:
            self.journal.dismiss(log.chat, command.id)
            self.gifts.again(command.id, again.id)
        return trouble or self.words.say("notice.retried")

    def take_back(self) -> tuple[str, SafeText]:
        """The text of the oldest refused message, or of the newest that has not left; and a sentence."""
        log = self.log
        found: Command | None = None
        if log is not None and log.refused:
            found = self.journal.dismiss(log.chat, log.refused[0].command.id)
        elif log is not None:
            for entry in reversed(log.outbox):
                if isinstance(entry.command, Say | Note) and (found := self.journal.take_back(entry.id)):
                    break
        if not isinstance(found, Say | Note):
            return "", self.words.say("notice.nothing_refused")
        draft = self.draft
        if isinstance(found, Say):
            self.gifts.back(found.id)
        if isinstance(found, Say) and found.options:
            # Each goes back where it was written, and leaves from there as what it was.
            draft.options = [(option.label, option.why) for option in found.options]
            return "", self.words.say("notice.options_back")
        if isinstance(found, Say) and found.summary:
            draft.restated = found.text
            return "", self.words.say("notice.summary_back")
        draft.noting = isinstance(found, Note)
        return found.text, self.words.say("notice.taken_back")

    def phoned(self, *, reached: bool) -> SafeText:
        """The open chat's customer was called; a sentence."""
        log = self.log
        owed = log is not None and log.head is not None and log.head.callback and not callbacks.settled(log)
        if log is None or not owed or self.part != "owner" or self.locked:
            return self.words.say("notice.no_callback")
        trouble = self.acts.phoned(log.chat, reached=reached)
        return trouble or self.words.say("notice.phoned" if reached else "notice.phoned_not")

    def reached_at(self, chat: str, where: str) -> SafeText:
        """The customer's address or number was put right; a sentence."""
        where = where.strip()[: callbacks.CONTACT_CHARS]
        trouble = self.acts.give_contact(chat, where)
        return trouble or self.words.say("notice.reached_at", where=safe_line(where))

    # --- chats -----------------------------------------------------------------------------------

    def close_or_reopen(self) -> SafeText | None:
        """Begin closing the open chat, or ask to reopen a closed one; stop reading along in others'."""
        log = self.log
        if log is not None and self.part == "watch":
            self.link.unwatch(log.chat)
            return self.words.say("notice.unwatched")
        if self.locked == "left":
            menu = safe_line(show_key(self.settings.keymap.keys["desk.menu"]))
            return self.words.say("notice.take_first", key=menu)
        if self.part != "owner":
            return self.words.say("notice.cannot_close")
        if log is None or log.head is None or log.gone or self.locked == "elsewhere":
            return self.words.say("notice.cannot_close")
        if log.head.state == "closed":
            return self.put(Reopen(id=new_id(), chat=log.chat)) or self.words.say("notice.reopening")
        reading = self.readings.of(log)
        self.closings.begin(log.chat, self.link.now_ms(), reading=bool(reading.gaps) or reading.asks_still)
        return None

    def undo_close(self) -> SafeText | None:
        """Undo a closing; None if there was none to undo."""
        return self.words.say("notice.undone") if self.closings.undo(self.inbox.selected) else None

    def close_due(self, *, all_: bool = False) -> SafeText | None:
        """Send the closings whose time is over, or all when the person leaves."""
        due = self.closings.take_all() if all_ else self.closings.take_due(self.link.now_ms())
        trouble: SafeText | None = None
        for chat in due:
            log = self.journal.chats.get(chat)
            if log is not None and log.head is not None and log.head.state != "closed" and not log.gone:
                trouble = self.put(CloseChat(id=new_id(), chat=chat)) or trouble
        return trouble

    def leave_if_settled(self) -> SafeText | None:
        """Go offline if I wanted to and what I handed on or closed is done; a sentence then."""
        settled = self.leaving.settle()
        if settled is None:
            return None
        if settled.back:
            names = join(trusted(", "), [self.name_for(chat) for chat in settled.back])
            return self.words.say("notice.leaving_back", names=names)
        return self.acts.status("offline") or self.words.say("notice.status_offline")

    def save(self) -> SafeText | None:
        """Put the drafts on the disk; a sentence when it refuses."""
        trouble = self.state.save()
        return self.words.say("notice.draft_unsaved", why=safe_line(trouble)) if trouble else None

    def abandon(self) -> None:
        """Keep everything, without a word: the terminal is gone. Closings somebody began are meant."""
        self.close_due(all_=True)
        self.save()

    def welcomed(self) -> None:
        """The server told which history its numbers belong to."""
        self.state.of_epoch(self.journal.epoch)

    def over(self, chat: str) -> bool:
        """Forget what was put away in a chat if it is closed; whether there is something to save."""
        log = self.journal.chats.get(chat)
        is_over = log is not None and log.head is not None and log.head.state == "closed"
        return is_over and self.state.closed(chat)

    def erased(self, chat: str) -> None:
        """Texts of a chat were erased: what was drafted from them goes too."""
        self.state.forget(chat)
        self.modelled.forget(chat)
        self.gifts.erased(chat)

    def put(self, command: Command) -> SafeText | None:
        """Hand a command to the outbox; a sentence when it could not be kept."""
        try:
            self.link.put(command)
        except OutboxFull as error:
            return safe_line(str(error))
        except LinkError as error:
            return safe_line(str(error))
        return None


def _say_of(chat: str, out: Outgoing) -> Say:
    """The message as it leaves, with all that goes with it."""
    return Say(
        id=new_id(),
        chat=chat,
        text=out.text,
        promise=out.promise,
        due=out.due,
        summary=out.summary,
        options=out.options,
    )
