"""What stands above the status while it holds: silence, callbacks, offers, promises, breathers, banners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from supportterm.console.callbacks import came_up, due, for_the_team
from supportterm.console.promised import rescues
from supportterm.console.session import Session
from supportterm.console.widgets.strips import Notice
from supportterm.protocol.views import Offer
from supportterm.text import SafeText, join, safe_line, trusted

_NOTHING: Final = trusted("")
#: More offers than these are counted, not shown: the most urgent come first.
_OFFERS: Final = 2


def notices(session: Session, key: Callable[[str], SafeText]) -> list[Notice]:
    """The rows from top to bottom; ``key`` gives a key's name by its id."""
    return [
        *_silent(session, key),
        *_rescues(session, key),
        *_callbacks(session, key),
        *_for_the_team(session, key),
        *_offers(session, key),
        *_late(session, key),
        *_wrap_ups(session, key),
        *_banners(session),
    ]


def _silent(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    chat, say = session.team.silent, session.words.say
    if not chat:
        return
    name = session.name_for(chat)
    spent = session.team.silent_ms(session.journal.chats.get(chat))
    if spent:
        what = say("strip.silent_for", name=name, n=round(spent / 1000))
    else:
        what = say("strip.silent", name=name)
    yield Notice(what, say("strip.back", key=key("me.status")), "warn")


def _rescues(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    """A promise was not kept: in a moment a colleague is asked, unless its agent is there after all."""
    say = session.words.say
    for one in rescues(session):
        seconds = max(1, -(-(one.at - session.now_ms()) // 1000))
        if one.chat == session.inbox.selected:
            yield Notice(say("strip.rescue_here", n=seconds), say("strip.keep"), "warn")
        else:
            act = say("strip.keep_there", key=key("promise.next"))
            yield Notice(say("strip.rescue", n=seconds, name=session.name_for(one.chat)), act, "warn")


def _callbacks(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    """Callbacks that came up, in one row, until they are opened: there the line above the text speaks."""
    up = [log for log in came_up(session) if log.chat != session.inbox.selected]
    if not up:
        return
    say, words, first = session.words.say, session.words, up[0]
    how = first.head.callback if first.head is not None else ""
    time = words.when(due(first), session.now_ms())
    if len(up) == 1:
        what = say(f"strip.callback_{how}", name=session.name(first), time=time)
    else:
        what = say("strip.callbacks", n=len(up), time=time)
    yield Notice(what, say("strip.go", key=key("promise.next")), "offer")


def _for_the_team(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    """A callback whose owner is not there, told to who is online: one of them takes it."""
    rows = for_the_team(session) if not session.away else []
    if not rows:
        return
    say, words, first = session.words.say, session.words, rows[0]
    name = safe_line(first.owner_name) or session.team.name(first.owner)
    what = say("strip.callback_team", name=name, time=words.when(first.due_at, session.now_ms()))
    yield Notice(what, say("strip.list", key=key("desk.left")), "warn")


def _offers(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    offers, say = session.team.offers, session.words.say
    meant = session.team.offer(session.inbox.selected)
    for offer in offers[:_OFFERS]:
        act = _NOTHING
        if offer == meant:
            act = say("strip.accept", yes=key("offer.accept"), no=key("offer.decline"))
        yield Notice(_offer(session, offer), act, "offer")
    if len(offers) > _OFFERS:
        yield Notice(say("strip.more_offers", n=len(offers) - _OFFERS), _NOTHING, "offer")


def _offer(session: Session, offer: Offer) -> SafeText:
    say, name = session.words.say, session.name_for(offer.chat)
    left = session.words.countdown(offer.until - session.now_ms())
    if offer.kind == "handoff":
        what = say("strip.handoff", name=name, by=safe_line(offer.by), time=left)
    else:
        what = say("strip.offer", name=name, time=left)
    return join(trusted(": "), [what, safe_line(offer.reason)]) if offer.reason else what


def _late(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    """One row, however many promises; it goes when their chats are opened or left."""
    if not session.late:
        return
    say, chat = session.words.say, first_late(session)
    time = session.words.when(session.late[chat], session.now_ms())
    if len(session.late) == 1:
        what = say("strip.late", name=session.name_for(chat), time=time)
    else:
        what = say("strip.late_more", n=len(session.late), time=time)
    act = "strip.away" if chat == session.inbox.selected else "strip.go"
    yield Notice(what, say(act, key=key("promise.next")))


def first_late(session: Session) -> str:
    """The chat whose promise after closing falls due first; "" if there is none to tell of."""
    return min(session.late, key=lambda chat: (session.late[chat], chat), default="")


def _wrap_ups(session: Session, key: Callable[[str], SafeText]) -> Iterator[Notice]:
    say = session.words.say
    for number, one in enumerate(session.team.wrap_ups):
        left = session.words.countdown(one.until - session.now_ms())
        if number:
            what = say("strip.wrap_up_more", name=session.name_for(one.chat), time=left)
        else:
            what = say("strip.long" if one.long else "strip.wrap_up", time=left)
        act = _NOTHING
        if not number:
            act = say("strip.end", key=key("breather.end"))
            if not one.extended:
                act = join(trusted(" · "), [act, say("strip.extend", key=key("breather.extend"))])
        yield Notice(what, act)


def _banners(session: Session) -> Iterator[Notice]:
    today = session.journal.today
    for held in today.held if today is not None else []:
        if held.what == "banner" and held.text:
            until = session.words.say("strip.until", time=session.words.clock(held.until))
            yield Notice(safe_line(held.text), until)
