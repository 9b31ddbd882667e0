"""What the main screen says where, from a session. Pure: session in, texts out."""

from __future__ import annotations

from typing import Final, NamedTuple

from supportterm.coach.understanding import Fact as Sign
from supportterm.console import callbacks, post, promised, vouched
from supportterm.console.aids.gifts import called
from supportterm.console.inbox import Row
from supportterm.console.keymap import show_key
from supportterm.console.load import bar, explained
from supportterm.console.screens.status import status_line
from supportterm.console.session import Session
from supportterm.console.signs import short as short_sign
from supportterm.console.topics import topic_of
from supportterm.console.widgets.blocks import Setting
from supportterm.console.widgets.chatlist import Line
from supportterm.console.widgets.facts import Fact
from supportterm.console.widgets.wrap import fit, wrap
from supportterm.link.chatlog import ChatLog
from supportterm.text import SafeText, fill, join, safe_line, safe_text, trusted

_NOTHING: Final = trusted("")
_DOT: Final = trusted(" · ")
#: Cells of a name beside a title, at most.
_NAME: Final = 20
_SHOP_CHARS: Final = 10
#: Cells of a load's bar beside the conversation.
_BAR: Final = 12
#: A promise runs.
PROMISED: Final = trusted("◈")
#: Who waits, seen without colour: it is offered; a promise falls due; they wait for you; a callback came up;
#: in the queue; a left message; you wait for them; your callback, on the list; somebody else's; it is over.
MARKS: Final = {
    "offered": trusted("▶"),
    "due": trusted("◆"),
    "waiting": trusted("●"),
    "callback": trusted("☏"),
    "queued": trusted("◌"),
    "left": trusted("✉"),
    "quiet": trusted("○"),
    "listed": trusted("◷"),
    "beside": trusted("◇"),
    "closed": trusted("–"),
}


class Ends(NamedTuple):
    """The two ends of a bar, the class that colours it ("" for none), and which end wins for room."""

    left: SafeText
    right: SafeText = _NOTHING
    tone: str = ""
    left_wins: bool = False


class Wording:
    """The texts of one session; ``key`` gives a key's name by its id."""

    def __init__(self, session: Session) -> None:
        self.session: Final = session

    def key(self, id_: str) -> SafeText:
        """How the key with this id is written; what has none is in the desk's list."""
        keys = self.session.settings.keymap.keys
        return safe_line(show_key(keys[id_] or keys["desk.menu"]))

    def _wait(self, since: int) -> SafeText:
        return self.session.words.age(max(0, self.session.now_ms() - since))

    # --- the list --------------------------------------------------------------------------------

    def lines(self) -> list[Line]:
        """The list of chats."""
        rows = self.session.inbox.rows(self.session.words.customer)
        # With one shop its name would only push the customer's words out of a narrow list.
        several = len({row.shop for row in rows}) > 1
        return [self._line(row, several) for row in rows]

    def _line(self, row: Row, several_shops: bool) -> Line:
        session, words = self.session, self.session.words
        closing = session.closings.seconds_left(row.chat, session.link.now_ms())
        draft = session.state.drafts.get(row.chat)
        if closing:
            wait = trusted("✕")
        elif row.standing == "closed":
            wait = words.say("list.closed")
        elif row.standing == "offered":
            wait = words.say("list.offered")
        elif (promise := self._promise(row)) is not None:
            wait = promise
        else:
            wait = self._wait(row.since) if row.since else _NOTHING
        right = _NOTHING
        if row.unread:
            right = fill("+{n}", n=row.unread)
        shop = row.shop.clip(_SHOP_CHARS) if several_shops else _NOTHING
        detail = join(trusted(" "), [part for part in (row.lang, shop) if part])
        if draft is not None and not draft.empty and row.chat != session.inbox.selected:
            detail = join(_DOT, [detail, words.say("list.draft")])
        if row.snippet:
            detail = join(_DOT, [detail, row.snippet])
        tone = "closed" if row.standing == "closed" else "name"
        mark = MARKS[row.standing]
        if row.due and row.standing in ("waiting", "quiet"):
            mark = PROMISED
        return Line(row.chat, mark, row.name, wait, detail, right, tone)

    def _promise(self, row: Row) -> SafeText | None:
        """How long the promise of one of my chats still runs, or that it was not kept."""
        log = self.session.journal.chats.get(row.chat)
        if log is None or row.standing not in ("due", "waiting", "callback", "quiet"):
            return None
        return promised.row(self.session.words, log, self.session.now_ms())

    def list_title(self) -> Ends:
        """Above the list."""
        words, waiting = self.session.words, self.session.inbox.waiting()
        right = words.say("list.waiting", n=waiting) if waiting else _NOTHING
        return Ends(words.say("list.title"), right)

    def list_empty(self, width: int) -> list[SafeText]:
        """What an empty list says, wrapped."""
        words = self.session.words
        if self.session.stopped is not None:
            return [trusted(" ") + words.say("list.none")]
        if self.session.away:
            hint = words.say("list.none_away", key=self.key("me.status"))
        else:
            hint = words.say("list.none_hint")
        indent = trusted(" ")
        rows = [words.say("list.none"), _NOTHING, *wrap(hint, width - 2)]
        return [indent + row for row in rows]

    # --- the chat --------------------------------------------------------------------------------

    def head(self) -> Ends:
        """Above the conversation."""
        log, words = self.session.log, self.session.words
        if log is None or log.head is None:
            return Ends(words.say("chat.choose"))
        # Signs are rare: where there is not room for all, the row beside has the shop and the language.
        signs = [trusted("▲ ") + short_sign(words, fact) for fact in self._signs(log)]
        known = vouched.mark(words, log, brief=True)
        parts = [self.session.name(log), known, *signs, self.session.shops.name(log.head.shop)]
        parts.append(safe_line(log.head.lang))
        tone = "waiting" if self.session.inbox.standing(log) in ("due", "waiting", "callback") else ""
        return Ends(join(_DOT, [part for part in parts if part]), self._state(log), tone)

    def setting(self, width: int, first_unread: int) -> Setting:
        """What the open chat's rows depend on beside its events, at ``width`` cells."""
        session, log = self.session, self.session.log
        assert log is not None
        return Setting(
            words=session.words,
            width=width,
            customer=session.name(log),
            me=session.team.me,
            first_unread=first_unread,
            now_ms=session.now_ms(),
            online=session.journal.online,
            retry=self.key("write.retry"),
            take_back=self.key("write.take_back"),
            names={one.agent: safe_line(one.name) for one in session.team.agents},
            called=called(session.shops.of(log), session.words.language),
        )

    def _signs(self, log: ChatLog) -> list[Sign]:
        """What happened to this customer so far, if the chat is mine: theirs to know who answers."""
        session = self.session
        if session.team.part(log) != "owner" or log.head is None or log.head.state != "open":
            return []
        return session.readings.of(log).signs(session.now_ms())

    def _state(self, log: ChatLog) -> SafeText:
        words = self.session.words
        assert log.head is not None
        if log.gone:
            # Nobody tells us any more how it stands there.
            other = self._other(log)
            return words.say("chat.with", name=other) if other else _NOTHING
        parts = []
        if (standing := promised.standing(words, log.head, self.session.now_ms())) is not None:
            parts.append(standing)
        match log.head.state:
            case "queued":
                parts.append(words.say("chat.queued"))
            case "left":
                parts.append(words.say("callback.listed" if log.head.callback else "chat.left"))
            case "closed":
                parts.append(words.say("chat.closed"))
            case _ if log.head.waiting_since:
                parts.append(words.say("chat.waiting", time=self._wait(log.head.waiting_since)))
            case _ if not parts:
                parts.append(words.say("chat.open"))
        if self.session.team.part(log) not in ("owner", "offered") and log.head.agent:
            parts.append(words.say("chat.with", name=safe_line(log.head.agent)))
        return join(_DOT, parts)

    def _other(self, log: ChatLog) -> SafeText:
        """Who has a chat that went to somebody else, as far as it was told; "": it was not."""
        head = log.head
        if head is None or head.owner == self.session.team.me:
            return _NOTHING
        return safe_line(head.agent)

    def line(self, text: str, below: int) -> Ends:
        """Above the composer: what is written, to whom; ``below``: unread messages out of sight."""
        session, words, log = self.session, self.session.words, self.session.log
        right = self._line_right(log, text, below)
        closing = session.closings.seconds_left(session.inbox.selected, session.link.now_ms())
        if closing:
            left = words.say(self._closing(log), n=closing, key=self.key("chat.undo_close"))
            return Ends(left, right, "closing", left_wins=True)
        match session.locked:
            case "elsewhere":
                return Ends(
                    words.say("compose.elsewhere", key=self.key("me.take_over")), right, "locked", True
                )
            case "gone" if log is not None and (other := self._other(log)):
                return Ends(words.say("compose.has", name=other), right, "locked", True)
            case "gone" | "back" as why:
                return Ends(words.say(f"compose.{why}"), right, "locked", True)
            case "closed":
                return Ends(words.say("compose.closed", key=self.key("chat.close")), right, "locked", True)
            case "offered":
                accept = words.say("strip.accept", yes=self.key("offer.accept"), no=self.key("offer.decline"))
                return Ends(words.say("compose.offered", act=accept), right, "locked", True)
            case "left":
                assert log is not None
                assert log.head is not None
                says = "compose.callback" if log.head.callback else "compose.left"
                if log.gone and not log.head.callback and callbacks.answered(log):
                    # Nobody tells this console what becomes of the mail; the list does.
                    says = "compose.answered"
                return Ends(words.say(says, key=self.key("desk.menu")), right, "locked", True)
            case "no_chat":
                return Ends(_NOTHING)
        match session.part:
            case "guest":
                return Ends(words.say("compose.guest"), right, "note", True)
            case "watch":
                return Ends(words.say("compose.watch", key=self.key("chat.close")), right, "note", True)
            case _:
                pass
        if session.noting:
            return Ends(words.say("compose.note"), right, "note")
        assert log is not None
        return Ends(words.say("compose.message_to", name=session.name(log)), right)

    def _line_right(self, log: ChatLog | None, text: str, below: int) -> SafeText:
        words = self.session.words
        if over := self.session.too_long(text):
            return words.say("compose.too_long", n=over)
        if below:
            return words.say("chat.new_below", n=below)
        if log is not None and "customer" in log.typing:
            return words.say("compose.typing", name=self.session.name(log))
        return _NOTHING

    def placeholder(self) -> SafeText:
        """In the empty composer."""
        words = self.session.words
        if self.session.locked:
            return _NOTHING
        if self.session.noting:
            return words.say("compose.placeholder_note")
        return words.say("compose.placeholder", send=self.key("write.send"), line=self.key("write.new_line"))

    def empty(self) -> list[SafeText]:
        """Where a conversation would be."""
        words = self.session.words
        if (stopped := self.session.stopped) is not None:
            return [stopped]
        return [words.say("chat.choose"), words.say("chat.choose_hint", key=self.key("help"))]

    # --- the whole -------------------------------------------------------------------------------

    def status(self, notice: SafeText, width: int) -> Ends:
        """At the bottom: the connection, the queue, my load, me. What does not fit is said shorter."""
        online = self.session.link.state.kind == "online"
        left, right = status_line(self.session, notice, self.key, width)
        return Ends(left, right, "" if online else "offline", left_wins=bool(notice) or not online)

    def owed(self, *, open_chat: bool) -> SafeText:
        """Which of my promises has less than a minute, for who looks at something that lies over its row.

        ``open_chat``: the open one is seen below, and needs no name.
        """
        session, words, now = self.session, self.session.words, self.session.now_ms()
        for log in promised.running(session):
            due = promised.deadline(log.head) if log.head is not None else 0
            if not 0 < due - now <= promised.MINUTE:
                continue
            time = promised.left(words, due, now)
            if open_chat and log.chat == session.inbox.selected:
                return words.say("promise.box", time=time)
            return words.say("promise.box_of", name=fit(session.name(log), _NAME), time=time)
        return _NOTHING

    def post(self, width: int) -> Ends:
        """Below the list: messages that were left and are nobody's; empty ends while there are none."""
        session = self.session
        rows = post.waiting(session.journal.left)
        left, right, late = post.hint(session.words, rows, session.now_ms(), self.key("desk.left"), width)
        return Ends(left, right, "waiting" if late else "")

    def _closing(self, log: ChatLog | None) -> str:
        """What is said while a chat closes, by its key: what happens to an answer, or to a given word."""
        if log is None or log.head is None:
            return "compose.closing"
        if callbacks.goes_out(log, self.session.shops.of(log)):
            return "compose.closing_mail"
        if callbacks.waits_here(log):
            return "compose.closing_here"
        return "compose.closing_promised" if log.head.promise_due else "compose.closing"

    def facts(self, banner: SafeText) -> list[Fact]:
        """The side panel."""
        session, words, log = self.session, self.session.words, self.session.log
        found: list[Fact] = []
        load = session.team.load
        if load is not None:
            drawn = bar(load, _BAR) + trusted("\n")
            found.append((words.say("side.load"), drawn + explained(words, load)))
        if log is not None and log.head is not None:
            head, about = log.head, topic_of(session, log)
            page = next((e for e in reversed(log.events) if e.kind == "context" and e.text), None)
            people = [safe_line(e.by.name) for e in log.events if e.kind == "joined" and e.by.name]
            found += [
                (words.say("side.customer"), session.name(log)),
                *([(words.say("side.known"), vouched.told(words, log))] if head.known.identity.sub else []),
                (words.say("side.shop"), self.session.shops.name(head.shop)),
                (words.say("side.language"), safe_line(head.lang) or trusted("–")),
                *([(words.say("side.topic"), about)] if about else []),
                (words.say("side.state"), self._state(log)),
                (
                    words.say("side.opened"),
                    join(_DOT, [words.day(head.opened_at, session.now_ms()), words.clock(head.opened_at)]),
                ),
            ]
            if page is not None:
                found.append((words.say("side.page"), safe_text(page.text, 400)))
            if people:
                found.append((words.say("side.people"), join(trusted(", "), list(dict.fromkeys(people)))))
            if known := self._reach(log):
                found.append((words.say("side.contact"), known))
            found.append((words.say("side.customer_read"), self._read(log)))
            found.append((words.say("side.id"), safe_line(log.chat)))
        if banner:
            found.append((words.say("side.demo"), banner))
        return found

    def _reach(self, log: ChatLog) -> SafeText:
        """Where the customer is reached, and how the newest mail stands; "" where nothing is known."""
        words, known, mail = self.session.words, callbacks.reach(log), callbacks.mail(log)
        rows = [safe_line(part) for part in (known.mail, known.phone) if part]
        if mail.state == "refused":
            rows.append(trusted("! ") + callbacks.refused(words, mail))
        elif (row := callbacks.trying(self.session, log.chat)) is not None:
            rows.append(trusted("! ") + callbacks.tried_in_vain(words, row))
        elif callbacks.goes_out(log, self.session.shops.of(log)):
            rows.append(words.say("callback.goes_out"))
        elif callbacks.waits_here(log):
            rows.append(words.say("callback.waits_here"))
        return join(trusted("\n"), rows)

    def _read(self, log: ChatLog) -> SafeText:
        """How far the customer read what we wrote."""
        words = self.session.words
        ours = [event for event in log.events if event.kind == "message" and event.by.role == "agent"]
        seen = [event for event in ours if event.pub <= log.customer_marks.seen]
        if not seen:
            return words.say("side.nothing")
        if len(seen) == len(ours):
            return words.say("side.all")
        return words.say("side.some", time=words.clock(seen[-1].at))
