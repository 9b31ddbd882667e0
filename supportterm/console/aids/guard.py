"""Nobody is interrupted: while the customer types, a message waits for them to pause; six seconds at most,
and never until a promise breaks.

A pause lets it go. A message of theirs does not: it may change what is to be said, so the agent is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from supportterm.console.aids.aid import Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.link.chatlog import ChatLog

if TYPE_CHECKING:
    from supportterm.console.session import Session

#: Nobody waits longer for somebody who thinks while typing.
LONGEST_MS: Final = 6_000
#: Who sends stops typing, too: so long after it their message would be here.
SETTLE_MS: Final = 800
#: So long before a promise falls due what keeps it leaves, for it has to arrive in time.
HURRY_MS: Final = 3_000
#: A sign of typing is repeated every half of its life; so much later its absence is a pause.
_LATE_MS: Final = 300


class _Waiting(Struct):
    """``seq``: the customer's last message when it was held. ``quiet_since``: they pause since then."""

    out: Outgoing
    since: int
    seq: int
    quiet_since: int = -1
    asks: bool = False


class Guard:
    """Held messages by chat: speaks before everybody, and holds after everybody, by its `gate`."""

    def __init__(self) -> None:
        self._waiting: Final[dict[str, _Waiting]] = {}
        self.gate: Final = Gate(self)

    # --- holding -----------------------------------------------------------------------------------

    def hold(self, moment: Moment, out: Outgoing, *, plain: bool) -> Outgoing | None:
        """What leaves now; None: it waits. A second enter, and whoever was asked, sends.

        What waited without a promise leaves without one: while it waits no line says that enter promises.
        """
        shop = moment.shop
        if not moment.session.settings.guard or (shop is not None and not shop.guard):
            return out
        waiting = self._waiting.pop(moment.chat, None)
        if waiting is not None and waiting.out.text == out.text:
            return out if plain or waiting.out.promise or waiting.out.due else waiting.out
        if not _types(moment.session, moment.log) or _hurries(moment.session, moment.log):
            return out
        self._waiting[moment.chat] = _Waiting(out, moment.run_ms, _newest(moment.log))
        return None

    @property
    def waits(self) -> bool:
        """Whether time or the customer may let something go."""
        return any(not one.asks for one in self._waiting.values())

    def take_due(self, session: Session, run_ms: int) -> tuple[list[tuple[str, Outgoing]], list[str]]:
        """What may leave now, by chat; and the chats in which something new came in instead."""
        due: list[tuple[str, Outgoing]] = []
        asks: list[str] = []
        for chat, one in list(self._waiting.items()):
            log = session.journal.chats.get(chat)
            if log is None or log.gone or log.head is None or log.head.state != "open":
                del self._waiting[chat]
            elif one.asks:
                continue
            elif _newest(log) > one.seq:
                one.asks = True
                asks.append(chat)
            elif self._over(session, log, one, run_ms):
                del self._waiting[chat]
                due.append((chat, one.out))
        return due, asks

    def _over(self, session: Session, log: ChatLog, one: _Waiting, run_ms: int) -> bool:
        if _types(session, log):
            one.quiet_since = -1
        elif one.quiet_since < 0:
            one.quiet_since = run_ms
        paused = 0 <= one.quiet_since <= run_ms - SETTLE_MS
        return paused or run_ms - one.since >= LONGEST_MS or _hurries(session, log)

    # --- speaking ----------------------------------------------------------------------------------

    def offer(self, moment: Moment) -> Aid | None:
        """Why the message has not left, and what sends it."""
        waiting = self._waiting.get(moment.chat)
        if waiting is None or moment.noting:
            return None
        if moment.text != waiting.out.text:
            # It is being rewritten: that is not what was to be sent.
            del self._waiting[moment.chat]
            return None
        words = moment.words
        keys = {"send": moment.key("write.send"), "back": moment.key("aid.dismiss")}
        act, brief = words.say("guard.act", **keys), words.say("guard.act_brief", **keys)
        name = moment.session.name(moment.log)
        what = words.say("guard.new") if waiting.asks else words.say("guard.typing", name=name)
        short = what if waiting.asks else words.say("guard.typing_brief")
        return Aid(
            what,
            act,
            "warn" if waiting.asks else "held",
            briefs=((what, brief), (short, brief)),
            takes=frozenset({"dismiss"}),
        )

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Back to the text."""
        self._waiting.pop(moment.chat, None)
        return Pressed()

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """Held is what the others have made of it."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """It left."""
        self._waiting.pop(moment.chat, None)


class Gate:
    """The last to be asked on enter, so that what is held is the message as it shall leave."""

    def __init__(self, guard: Guard) -> None:
        self._guard: Final = guard

    def offer(self, moment: Moment) -> Aid | None:
        """The guard speaks."""
        return None

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """The guard has the keys."""
        return None

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """Hold it while the customer types."""
        leaves = self._guard.hold(moment, out, plain=plain)
        return Held() if leaves is None else leaves

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""


def _hurries(session: Session, log: ChatLog) -> bool:
    due = log.head.promise_due if log.head is not None else 0
    return 0 < due - session.now_ms() <= HURRY_MS


def _types(session: Session, log: ChatLog) -> bool:
    """Whether the customer's fingers move: a sign that was not repeated in time is a pause."""
    sign = log.typing.get("customer")
    if sign is None:
        return False
    half = session.journal.limits.typing_ms // 2
    return session.link.now_ms() < sign.until - half + _LATE_MS


def _newest(log: ChatLog) -> int:
    """The number of the customer's last message."""
    found = (e.seq for e in reversed(log.events) if e.kind == "message" and e.by.role == "customer")
    return next(found, 0)
