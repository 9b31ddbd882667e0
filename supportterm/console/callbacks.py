"""Callbacks as the console shows them: how a customer is reached, and how far the answer is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from supportterm.console.words import Words
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import contact, kinds
from supportterm.protocol.callbacks import How, Phoned
from supportterm.protocol.frames import Event, Head
from supportterm.protocol.views import Hour, Left, LeftRow, ShopFacts
from supportterm.text import SafeText, safe_line

if TYPE_CHECKING:
    from supportterm.console.session import Session

#: The wire's longest address.
CONTACT_CHARS: Final = 200
_HOUR: Final = 3_600_000
#: From when on a callback whose owner is not there is everybody's.
_SOON_MS: Final = 10 * 60_000
#: A promise this far ahead may well outlive the chat: the customer need not sit it out.
BEYOND_MS: Final = 30 * 60_000


class Reach(Struct, frozen=True):
    """Where a customer is reached: the newest address and number, and ``newest`` of both; what they did not
    tell, as their shop has it; "": not known. ``here``: the shop knows them, so that an answer can wait."""

    name: str = ""
    mail: str = ""
    phone: str = ""
    newest: str = ""
    here: bool = False

    def by(self, how: How) -> str:
        """The address or the number; for what waits here there is none."""
        return {"mail": self.mail, "phone": self.phone, "here": ""}[how]

    @property
    def any(self) -> bool:
        """Whether there is any way at all."""
        return bool(self.newest or self.here)


def reach(log: ChatLog) -> Reach:
    """What the chat's contacts say, and the shop. An erased one says nothing."""
    known = log.head.known if log.head is not None else contact.Known()
    return Reach(
        name=known.name,
        mail=known.mail,
        phone=known.phone,
        newest=known.told or known.mail or known.phone,
        here=bool(known.identity.sub),
    )


def ways(shop: ShopFacts | None, known: Reach) -> list[How]:
    """How an answer can reach the customer as things are."""
    found: list[How] = []
    if known.mail and shop is not None and shop.mail:
        found.append("mail")
    if known.phone:
        found.append("phone")
    if known.here:
        found.append("here")
    return found


# --- how far the answer is ------------------------------------------------------------------------


class Mail(Struct, frozen=True):
    """The newest answer by mail: none yet, on its way, with the mail server, or refused (``why``), also if it
    was accepted first and came ``back``."""

    state: Literal["", "waiting", "accepted", "refused"] = ""
    why: str = ""
    back: bool = False


def mail(log: ChatLog) -> Mail:
    """How the newest mail of a chat stands."""
    for event in reversed(log.events):
        if event.kind == "mailed":
            mailed = data_of(event, kinds.Mailed)
            return Mail(mailed.how, event.text) if mailed is not None else Mail()
        if event.kind == "bounced":
            return Mail("refused", event.text, back=True)
        if event.kind == "mailing":
            return Mail("waiting")
        if event.kind in ("message", "callback"):
            return Mail()
    return Mail()


def answered(log: ChatLog) -> int:
    """The public number of the newest answer that the customer cannot have yet; 0: there is none.

    They have what they saw in the widget, and what the mail server took, if it did not come back.
    """
    taken = _taken(log)
    newest = 0
    for event in reversed(log.events):
        if event.kind in ("callback", "left") or (event.kind == "message" and event.by.role == "customer"):
            break
        if _answers(event):
            newest = event.pub
            break
    return newest if newest > max(taken, log.customer_marks.seen) else 0


def _taken(log: ChatLog) -> int:
    """Up to where mails have arrived, as far as anybody knows."""
    taken, begins = 0, dict[int, int]()
    for event in log.events:
        if event.kind == "mailing" and (mailing := data_of(event, kinds.Mailing)):
            begins[event.seq] = mailing.after
        elif event.kind == "mailed" and (mailed := data_of(event, kinds.Mailed)) and mailed.how == "accepted":
            taken = max(taken, mailed.upto)
        elif event.kind == "bounced" and (bounced := data_of(event, kinds.Bounced)):
            taken = min(taken, begins.get(bounced.mail, 0))
    return taken


def trying(session: Session, chat: str) -> LeftRow | None:
    """The chat's row, if the mail server has not taken its mail yet though it was asked; None: it is not."""
    left = session.journal.left
    return next((row for row in left.rows if row.chat == chat and row.tried), None) if left else None


def _answers(event: Event) -> bool:
    if event.kind != "message" or event.by.role != "agent":
        return False
    about = data_of(event, kinds.Message)
    return about is None or not about.holding


def goes_out(log: ChatLog, shop: ShopFacts | None) -> bool:
    """Whether an answer reaches the customer by mail in a moment, whatever happens to the chat."""
    if shop is None or not shop.mail or log.head is None or not reach(log).mail or not answered(log):
        return False
    for event in reversed(log.events):
        if event.kind in ("callback", "left"):
            return mail(log).state != "refused"
        if event.kind == "message" and event.by.role == "customer":
            # Who writes is there again, and reads the answer where they wrote.
            return False
    return False


def waits_here(log: ChatLog) -> bool:
    """Whether an answer was promised to wait here, and does: its customer has not come to see it."""
    head = log.head
    return head is not None and head.callback == "here" and bool(answered(log)) and not settled(log)


def waits(log: ChatLog) -> bool:
    """Whether a callback that came up still needs its owner: nobody answered, or the mail was refused."""
    head = log.head
    if head is None or not head.callback or head.state != "open" or ticked(log) or settled(log):
        return False
    if head.callback == "phone":
        # What is written reaches them when they look, and nobody knows when that is.
        return True
    return not answered(log) or mail(log).state == "refused"


def settled(log: ChatLog) -> bool:
    """Whether the answer has arrived since it was promised, in time or late, or means nothing any more."""
    for event in reversed(log.events):
        match event.kind:
            case "callback":
                return False
            case "bounced":
                bounced = data_of(event, kinds.Bounced)
                if bounced is not None and bounced.ended_at:
                    return False
            case "made_good":
                return True
            case "promise_ended":
                ended = data_of(event, kinds.PromiseEnded)
                if ended is None or ended.how != "broken":
                    return True
            case "phoned":
                phoned = data_of(event, kinds.Phoned)
                if phoned is not None and phoned.reached:
                    return True
            case _:
                pass
    return False


def ticked(log: ChatLog) -> bool:
    """Whether it was ticked that they were reached, and the desk has not answered yet."""
    return any(isinstance(entry.command, Phoned) and entry.command.reached for entry in log.outbox)


def tried(log: ChatLog) -> int:
    """When somebody called last and did not reach them, since it was promised; 0: nobody did."""
    for event in reversed(log.events):
        if event.kind == "callback":
            return 0
        if event.kind == "phoned":
            phoned = data_of(event, kinds.Phoned)
            return 0 if phoned is None or phoned.reached else event.at
    return 0


def touched(log: ChatLog) -> bool:
    """Whether its owner did anything about it since they have it again."""
    for event in reversed(log.events):
        if event.kind in ("joined", "callback"):
            return False
        if event.kind == "phoned" or (event.kind == "message" and event.by.role == "agent"):
            return True
    return False


def came_up(session: Session) -> list[ChatLog]:
    """My callbacks that are up and that nothing was done about, the one due first before the others."""
    found = [log for log in session.inbox.own() if waits(log) and not touched(log)]
    return sorted(found, key=lambda log: (due(log), log.chat))


def for_the_team(session: Session) -> list[LeftRow]:
    """Callbacks that are due soon, or late, and whose owner is not there: anybody may take them."""
    now, left = session.now_ms(), session.journal.left
    found = []
    for row in left.rows if left is not None else []:
        owner = session.team.colleague(row.owner)
        there = owner is not None and owner.present and owner.status == "online"
        if row.how and not row.answered_at and row.due_at - now <= _SOON_MS and not there:
            found.append(row)
    return sorted(found, key=lambda row: (row.due_at, row.chat))


def listed_for(left: Left | None, log: ChatLog, agent: str) -> bool:
    """Whether the chat is a callback of this agent's that waits on the list, and comes up by itself."""
    on_list = log.head is not None and log.head.state == "left" and bool(log.head.callback)
    rows = left.rows if left is not None else []
    return on_list and any(row.chat == log.chat and row.owner == agent for row in rows)


def due(log: ChatLog) -> int:
    """When it falls due, or fell due; 0: nothing is promised."""
    head = log.head
    return head.promise_due or head.overdue_at if head is not None else 0


# --- how full an hour is --------------------------------------------------------------------------


def hour(left: Left | None, at: int) -> Hour | None:
    """The hour that moment lies in, if callbacks fall due in it."""
    hours = left.hours if left is not None else []
    return next((one for one in hours if one.at <= at < one.at + _HOUR), None)


# --- in words -------------------------------------------------------------------------------------


def standing(words: Words, head: Head, now: int) -> SafeText | None:
    """For the head of the chat: "call before Friday 10:00", "mail 5m late"; None: none is promised."""
    if not head.callback:
        return None
    if head.promise_due:
        return words.say(f"callback.{head.callback}_by", time=words.when(head.promise_due, now))
    if head.overdue_at:
        return words.say(f"callback.{head.callback}_late", time=words.late(max(0, now - head.overdue_at)))
    return None


def refused(words: Words, mail: Mail) -> SafeText:
    """What the mail server said, or the one behind it, in one row."""
    plain, told = ("callback.refused", "callback.refused_why")
    if mail.back:
        plain, told = ("callback.back", "callback.back_why")
    return words.say(told, why=safe_line(mail.why)) if mail.why else words.say(plain)


def tried_in_vain(words: Words, row: LeftRow) -> SafeText:
    """ "not accepted yet: tried 3×, next 15:04: it cannot be reached"."""
    time = words.clock(row.again_at)
    return words.say("callback.trying", n=row.tried, time=time, why=safe_line(row.why))
