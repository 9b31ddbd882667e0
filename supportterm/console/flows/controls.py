"""Live controls: what a supervisor changes for a while, and how it ends by itself."""

from __future__ import annotations

import re
from typing import Final

from supportterm.console.acts import What
from supportterm.console.screens.dialog import TYPED, Choice
from supportterm.console.screens.stage import Stage
from supportterm.console.words import Words
from supportterm.protocol.limits import BANNER_CHARS
from supportterm.protocol.views import Held
from supportterm.text import SafeText, join, safe_line, trusted

_WHATS: Final[tuple[What, ...]] = ("closed", "open", "banner", "queue", "languages", "invitations")
#: Minutes that can be picked; other times are typed.
_SPANS: Final = (30, 60, 120, 240)
_DOT: Final = trusted(" · ")
_ALL: Final = "*"
_LANGUAGES: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?( [a-z]{2,3}(-[A-Za-z0-9]{2,8})?)*")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def held_line(words: Words, held: Held, shop: SafeText) -> SafeText:
    """One control that holds: what, where, until when, by whom."""
    what = words.say(f"control.held_{held.what}", n=held.value, text=safe_line(held.text))
    until = words.say("control.until", time=words.clock(held.until), name=safe_line(held.by))
    return join(_DOT, [what, shop, until])


async def controls(stage: Stage) -> None:
    """Pick what to change, where and until when; or end what holds."""
    session, say = stage.session, stage.words.say
    if not session.team.supervises:
        stage.notice(stage.words.refusal("not_allowed"))
        return
    held = session.journal.today.held if session.journal.today else []
    choices = [Choice(what, say(f"control.{what}"), about=say(f"control.about_{what}")) for what in _WHATS]
    choices += [
        Choice(f"end {n}", say("control.end", what=held_line(stage.words, one, _shop(stage, one.shop))))
        for n, one in enumerate(held)
    ]
    chosen = await stage.pick(say("control.title"), choices)
    if chosen.startswith("end "):
        one = held[int(chosen.removeprefix("end "))]
        trouble = session.acts.control(_what(one.what), until=0, shop=one.shop)
        stage.notice(trouble or say("notice.control_ended"))
    elif chosen:
        await _change(stage, _what(chosen))


def _what(name: str) -> What:
    return next(what for what in _WHATS if what == name)


def _shop(stage: Stage, key: str) -> SafeText:
    return stage.session.shops.name(key) if key else stage.words.say("control.all_shops")


async def _change(stage: Stage, what: What) -> None:
    session, say = stage.session, stage.words.say
    shops = session.journal.today.shops if session.journal.today else []
    shop = _ALL
    if len(shops) > 1:
        choices = [Choice(_ALL, say("control.all_shops"))]
        choices += [Choice(one.shop, safe_line(one.name or one.shop)) for one in shops]
        shop = await stage.pick(say("control.where"), choices)
        if not shop:
            return
    value, text = 0, ""
    match what:
        case "banner":
            text = (await stage.line(say("control.banner"), say("control.banner_hint")))[:BANNER_CHARS]
        case "queue":
            typed = await stage.line(say("control.queue"), say("control.queue_hint"))
            value = min(int(typed), 100_000) if typed.isascii() and typed.isdigit() else -1
        case "languages":
            typed = (await stage.line(say("control.languages"), say("control.languages_hint"))).strip()
            text = typed if _LANGUAGES.fullmatch(typed) else ""
        case _:
            text = "-"
    if value < 0 or (not text and what != "queue"):
        stage.notice(say("notice.control_nothing"))
        return
    until = await _until(stage, shop)
    if until:
        text = "" if text == "-" else text
        where = "" if shop == _ALL else shop
        trouble = session.acts.control(what, until=until, shop=where, value=value, text=text)
        stage.notice(trouble or say("notice.control_set", time=stage.words.clock(until)))


async def _until(stage: Stage, shop: str) -> int:
    """Until when, in ms since 1970; 0: it was closed."""
    session, say, words = stage.session, stage.words.say, stage.words
    now = session.now_ms()
    choices = [
        Choice(str(now + span * 60_000), words.age(span * 60_000), words.clock(now + span * 60_000))
        for span in _SPANS
    ]
    today = session.journal.today
    closing = [
        one.changes_at
        for one in (today.shops if today else [])
        if one.open and one.changes_at > now and shop in (_ALL, one.shop)
    ]
    if closing:
        at = max(closing)
        choices.append(Choice(str(at), say("control.until_closing"), words.clock(at)))

    def typed(text: SafeText) -> Choice | None:
        found = _TIME.fullmatch(text.strip())
        if found is None:
            return None
        at = words.next_clock(now, int(found[1]), int(found[2]))
        return Choice(TYPED + str(at), say("control.until_time", time=words.clock(at)), words.day(at, now))

    chosen = await stage.pick(
        say("control.until_title"), choices, free=typed, about=say("control.until_about")
    )
    return int(chosen.removeprefix(TYPED)) if chosen else 0
