"""My status: what it may be, and what to see to before going."""

from __future__ import annotations

from typing import Final, cast

from supportterm.console.flows.leaving import see_to
from supportterm.console.load import explained
from supportterm.console.screens.dialog import TYPED, Choice
from supportterm.console.screens.stage import Stage
from supportterm.console.words import Words
from supportterm.protocol.frames import Status
from supportterm.text import SafeText, trusted

_REASONS: Final = ("break", "lunch", "training")
#: The wire's longest reason.
_REASON_CHARS: Final = 80


def _english(id_: str) -> SafeText:
    """What a status is called in the guides and by colleagues, in whatever language it stands here."""
    return Words("en").say(f"status.choose_{id_.rpartition(' ')[2]}")


async def status(stage: Stage) -> None:
    """Choose a status; one key is enough to come back after silence."""
    session, say = stage.session, stage.words.say
    if session.team.silent:
        stage.notice(session.acts.status("online") or say("notice.status_online"))
        return
    now, reason = session.status
    current = f"away {reason}" if now == "away" and reason else now
    choices = [
        Choice("online", say("status.choose_online"), about=say("status.about_online")),
        Choice("finishing", say("status.choose_finishing"), about=say("status.about_finishing")),
        *(Choice(f"away {reason}", say(f"status.choose_{reason}")) for reason in _REASONS),
        Choice("away", say("status.choose_away"), about=say("status.about_away")),
        Choice("offline", say("status.choose_offline"), about=say("status.about_offline")),
    ]
    choices = [
        one._replace(detail=say("status.now") if one.id == current else one.detail, also=_english(one.id))
        for one in choices
    ]

    def own_words(text: SafeText) -> Choice:
        return Choice(TYPED + text, say("status.choose_own", text=text))

    load = session.team.load
    about = explained(session.words, load) if load is not None else trusted("")
    selected = "online" if now != "online" else ""
    chosen = await stage.pick(say("status.title"), choices, about=about, free=own_words, selected=selected)
    if not chosen:
        return
    if chosen.startswith(TYPED):
        wanted, reason = "away", chosen.removeprefix(TYPED)[:_REASON_CHARS]
    else:
        wanted, _, reason = chosen.partition(" ")
    session.leaving.stay()
    if wanted in ("finishing", "offline") and session.inbox.own():
        under_way = await see_to(stage, wanted)
        if under_way is None:
            return
        if wanted == "offline" and under_way:
            session.leaving.begin(under_way)
            stage.notice(session.acts.status("finishing") or say("notice.leaving", n=len(under_way)))
            return
    trouble = session.acts.status(cast("Status", wanted), reason)
    stage.notice(trouble or say(f"notice.status_{wanted}"))
