"""One chat as a client holds it: shown events in order without gaps, its head, marks and typing."""

from __future__ import annotations

from typing import Final, Literal, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.protocol import frames, kinds
from supportterm.protocol.earlier import EarlierChat
from supportterm.protocol.frames import Command, Event, Head, Marks, Side

T = TypeVar("T", bound=Struct)
Reading = Literal["shown", "known", "gap"]


class Entry(Struct):
    """A command on its way. ``sent``: it left on this connection and is unanswered.

    ``not_before`` (local ms) is when a refused and retryable command may leave again.
    """

    command: Command
    sent: bool = False
    not_before: int = 0

    @property
    def id(self) -> str:
        return self.command.id


class TypingSign(Struct, frozen=True):
    """Somebody types; the sign fades at ``until`` (local ms)."""

    until: int
    name: str = ""


class ChatLog:
    """A chat of a `Journal`; read it, let the journal change it.

    ``events`` are the shown events, oldest first, of kinds this client knows. ``first`` is the number
    of the first one held, ``last`` of the last (numbers also count events of unknown kinds).
    ``head`` is the chat as it stands now, None before its first `chat` frame. ``older``: there are
    events before ``first``. ``outbox`` are the unanswered commands, in order; ``refused`` the messages
    and notes the server would not take. ``earlier`` are the customer's chats before this one, as far as
    staff are told. ``gone``: no longer ours to read.
    """

    __slots__ = (
        "_folded",
        "agent_marks",
        "chat",
        "customer_marks",
        "earlier",
        "events",
        "first",
        "gone",
        "head",
        "last",
        "newest_foreign",
        "no_more",
        "outbox",
        "paging",
        "refused",
        "role",
        "syncing",
        "typing",
    )

    def __init__(self, chat: str, role: Side) -> None:
        self.chat: Final = chat
        self.role: Final = role
        self.events: list[Event] = []
        self.first = 1
        self.last = 0
        self.no_more = False
        self.head: Head | None = None
        self.customer_marks = Marks()
        self.agent_marks = Marks()
        self.typing: dict[str, TypingSign] = {}
        self.outbox: list[Entry] = []
        self.refused: list[changes.Refused] = []
        self.earlier: tuple[EarlierChat, ...] = ()
        self.gone = False
        self.syncing: Literal["", "due", "sent"] = ""
        self.paging: Literal["", "due", "sent"] = ""
        #: The highest public number that somebody else caused: what marks speak about.
        self.newest_foreign = 0
        #: Events up to this number are already in ``head``.
        self._folded = 0

    @property
    def older(self) -> bool:
        """Whether `Journal.more` can bring earlier events."""
        return self.first > 1 and not self.no_more

    def public(self, event: Event) -> int:
        """The number a customer knows the event by; 0: hidden from the customer."""
        return event.seq if self.role == "customer" else event.pub

    def begin(self, frame: frames.Chat) -> list[Change]:
        """A subscription begins (rule 5)."""
        dropped = frame.reset or frame.first != self.last + 1
        if dropped:
            self.forget()
            self.first, self.last = frame.first, frame.first - 1
        self.head = frame.head
        self.earlier = ()
        self._folded = frame.last
        self.customer_marks, self.agent_marks = frame.head.customer_marks, frame.head.agent_marks
        self.gone = False
        self.syncing = ""
        return [changes.Began(self.chat, dropped), changes.HeadChanged(self.chat)]

    def forget(self) -> None:
        """Drop everything the server said of this chat; what this side wrote stays."""
        self.events = []
        self.first, self.last = 1, 0
        self.no_more = False
        self.head = None
        self.earlier = ()
        self.customer_marks = self.agent_marks = Marks()
        self.typing.clear()
        self.syncing = self.paging = ""
        self.newest_foreign = 0
        self._folded = 0

    def read(self, event: Event) -> tuple[Reading, list[Change]]:
        """An event arrived (rule 4)."""
        if event.seq <= self.last:
            return "known", []
        if event.seq > self.last + 1 or self.syncing:
            # Between `sync` and `chat` nothing is shown: the answer starts at the number asked for.
            self.syncing = self.syncing or "due"
            return "gap", []
        self.last = event.seq
        found: list[Change] = []
        if event.by.role != self.role:
            self.newest_foreign = max(self.newest_foreign, self.public(event))
        if event.kind == "erased":
            self._erase(event.seq)
            found.append(changes.Erased(self.chat, event.seq))
        if _known(event, self.role):
            self.events.append(event)
            found.append(changes.Grew(self.chat, [event]))
        if event.kind == "message" and event.by.role in self.typing:
            del self.typing[event.by.role]
            found.append(changes.TypingChanged(self.chat))
        if event.seq > self._folded and self.head is not None:
            self._folded = event.seq
            head = fold(self.head, event, staff=self.role == "agent")
            if head != self.head:
                self.head = head
                found.append(changes.HeadChanged(self.chat))
        return "shown", found

    def prepend(self, page: frames.Page) -> list[Change]:
        """A page of older events; one that does not end right before ``first`` is of no use any more."""
        self.paging = ""
        if not page.events:
            self.no_more = not page.more
            return [changes.Older(self.chat, [])]
        numbers = [event.seq for event in page.events]
        if numbers != list(range(self.first - len(numbers), self.first)):
            return []
        self.first = numbers[0]
        self.no_more = not page.more
        shown = [event for event in page.events if _known(event, self.role)]
        self.events[:0] = shown
        return [changes.Older(self.chat, shown)]

    def marked(self, frame: frames.MarksOf) -> list[Change]:
        """Marks of one side; they only grow."""
        old = self.customer_marks if frame.who == "customer" else self.agent_marks
        new = Marks(got=max(old.got, frame.got), seen=max(old.seen, frame.seen))
        if new == old:
            return []
        if frame.who == "customer":
            self.customer_marks = new
        else:
            self.agent_marks = new
        return [changes.MarksChanged(self.chat)]

    def tells(self, frame: frames.Earlier) -> list[Change]:
        """What the customer's chats before this one were about."""
        self.earlier = tuple(frame.chats)
        return [changes.EarlierTold(self.chat)]

    def types(self, frame: frames.TypingOf, until: int) -> list[Change]:
        """Somebody types or stopped."""
        before = self.typing.get(frame.who)
        if frame.on:
            self.typing[frame.who] = TypingSign(until, frame.name)
            return [] if before and before.name == frame.name else [changes.TypingChanged(self.chat)]
        if self.typing.pop(frame.who, None):
            return [changes.TypingChanged(self.chat)]
        return []

    def fade(self, now_ms: int) -> list[Change]:
        """Typing signs nobody repeated end."""
        over = [who for who, sign in self.typing.items() if sign.until <= now_ms]
        for who in over:
            del self.typing[who]
        return [changes.TypingChanged(self.chat)] if over else []

    def _erase(self, before: int) -> None:
        self.events = [
            replace(event, text="", erased=True) if event.seq < before and event.text else event
            for event in self.events
        ]
        self.refused = []
        self.earlier = ()


def _known(event: Event, role: Side) -> bool:
    return event.kind in kinds.PUBLIC or (role == "agent" and event.kind in kinds.HIDDEN)


def fold(head: Head, event: Event, *, staff: bool) -> Head:
    """The head after one more event, as the desk folds it: state before + events = state after.

    ``waiting_since`` and ``owner`` are kept for staff only: customers' heads carry neither.
    """
    waiting = head.waiting_since
    match event.kind:
        case "message":
            head = _after_message(head, event, staff)
        case "opened":
            opened = data_of(event, kinds.Opened)
            lang = opened.lang if opened else head.lang
            head = replace(head, state="queued", lang=lang, opened_at=event.at, waiting_since=event.at)
        case "joined":
            joined = data_of(event, kinds.Joined)
            name = joined.name if joined else event.by.name
            head = replace(head, state="open", agent=name, owner=event.by.id)
        case "unassigned":
            # Hidden: the customer goes on believing in the agent who is gone, until another joins.
            ended = data_of(event, kinds.Unassigned)
            head = replace(head, state="left" if ended and ended.left else "queued", agent="", owner="")
        case "left":
            head = replace(head, state="left", agent="")
        case "callback":
            head = _after_callback(head, event, staff)
        case "made_good":
            # The answer was written before that, and has arrived now.
            waiting = 0 if waiting == head.overdue_at else waiting
            head = replace(head, waiting_since=waiting, overdue_at=0)
        case "bounced" if (bounced := data_of(event, kinds.Bounced)) and bounced.again:
            head = _after_bounce(head, event, bounced)
        case "contact" | "identified" | "erased":
            told = data_of(event, kinds.Identified) if event.kind == "identified" else None
            known = head.known.after(event.kind, event.text, moved=told is not None and bool(told.was))
            head = replace(head, known=known)
        case "phoned" if (phoned := data_of(event, kinds.Phoned)) and phoned.reached:
            head = replace(head, waiting_since=0, overdue_at=0)
        case "promised":
            promised = data_of(event, kinds.Promised)
            due = promised.due_at if promised else head.promise_due
            head = replace(head, promise_due=due, promise_at=event.at)
        case "promise_extended":
            extended = data_of(event, kinds.PromiseExtended)
            due = extended.due_at if extended else head.promise_due
            head = replace(head, promise_due=due, promise_at=event.at)
        case "promise_moved":
            moved = data_of(event, kinds.PromiseMoved)
            by = moved.due_at - head.promise_due if moved else 0
            # Given as long ago as before, by the clock that was set.
            head = replace(head, promise_due=head.promise_due + by, promise_at=head.promise_at + by)
        case "promise_ended":
            how = data_of(event, kinds.PromiseEnded)
            overdue = head.overdue_at
            if how and how.how == "broken":
                overdue = min(head.promise_due, event.at)
                waiting = waiting or overdue
            head = replace(head, waiting_since=waiting, overdue_at=overdue, promise_due=0, promise_at=0)
        case "page_back":
            back = data_of(event, kinds.PageBack)
            head = replace(head, waiting_since=event.at if back and back.waits else waiting)
        case "reread":
            head = replace(head, understood="")
        case "closed":
            head = replace(head, state="closed", waiting_since=0, promise_due=0, promise_at=0, overdue_at=0)
            head = replace(head, callback="")
        case "reopened":
            state: Literal["open", "queued"] = "open" if (head.owner if staff else head.agent) else "queued"
            # An agent who opens a chat again does so for themselves: nobody waits for that.
            waits = event.at if event.by.role == "customer" else waiting
            head = replace(head, state=state, waiting_since=waits)
        case "requeued":
            head = replace(head, state="queued", agent="", owner="", callback="")
        case _:
            return head
    return head if staff else replace(head, waiting_since=0, overdue_at=0, owner="", callback="")


def _after_bounce(head: Head, event: Event, bounced: kinds.Bounced) -> Head:
    """What was kept by a mail that came back runs again, or is late again. Hidden: only staff learn of it."""
    if bounced.due_at:
        head = replace(head, promise_due=bounced.due_at, promise_at=event.at)
    if bounced.late_at:
        waiting = head.waiting_since or bounced.late_at
        head = replace(head, overdue_at=bounced.late_at, waiting_since=waiting)
    return replace(head, callback=bounced.how or head.callback)


def _after_callback(head: Head, event: Event, staff: bool) -> Head:
    if not staff:
        # They need not stay, and know it; that nobody has the chat any more, staff are told by another event.
        return replace(head, state="left", agent="")
    said = data_of(event, kinds.Callback)
    return replace(head, callback=said.how if said else "", waiting_since=0, overdue_at=0)


def _after_message(head: Head, event: Event, staff: bool) -> Head:
    about = (data_of(event, kinds.Message) if event.data else None) or kinds.Message()
    if event.by.role == "customer":
        head = replace(head, waiting_since=head.waiting_since or event.at)
        if head.state == "open":
            head = replace(head, callback="")
        return replace(head, understood=about.answer) if about.answer else head
    if about.holding:
        # It only asks for patience: whoever waits goes on waiting.
        return head
    head = replace(head, waiting_since=0, overdue_at=0)
    if about.summary:
        head = replace(head, summary=event.pub if staff else event.seq, understood="")
    return head


def data_of(event: Event, shape: type[T]) -> T | None:
    """The event's ``data`` in the shape of its kind; None if a newer server means something else by it."""
    try:
        return msgspec.json.decode(event.data or b"{}", type=shape)
    except msgspec.ValidationError:
        return None
