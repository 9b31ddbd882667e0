"""My status: what it may be, and what to see to before going."""

from __future__ import annotations

from typing import Final, Literal, cast

from supportterm.console.flows.chats import hand_over
from supportterm.console.load import sentence
from supportterm.console.promised import standing
from supportterm.console.screens.dialog import TYPED, Choice
from supportterm.console.screens.stage import Stage
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.frames import Status
from supportterm.text import SafeText, join, safe_line, trusted

_REASONS: Final = ("break", "lunch", "training")
#: The wire's longest reason.
_REASON_CHARS: Final = 80
_DOT: Final = trusted(" · ")
Fate = Literal["keep", "hand", "close"]
_FATES: Final[tuple[Fate, ...]] = ("keep", "hand", "close")


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
    choices = [one._replace(detail=say("status.now")) if one.id == current else one for one in choices]

    def own_words(text: SafeText) -> Choice:
        return Choice(TYPED + text, say("status.choose_own", text=text))

    load = session.team.load
    about = sentence(session.words, load) if load is not None else trusted("")
    selected = "online" if now != "online" else ""
    chosen = await stage.pick(say("status.title"), choices, about=about, free=own_words, selected=selected)
    if not chosen:
        return
    if chosen.startswith(TYPED):
        wanted, reason = "away", chosen.removeprefix(TYPED)[:_REASON_CHARS]
    else:
        wanted, _, reason = chosen.partition(" ")
    if wanted in ("finishing", "offline") and session.inbox.own() and not await _see_to(stage, wanted):
        return
    trouble = session.acts.status(cast("Status", wanted), reason)
    stage.notice(trouble or say(f"notice.status_{wanted}"))


async def _see_to(stage: Stage, wanted: str) -> bool:
    """Before going: running promises and open chats, each kept, handed over or closed; whether to go."""
    session, say = stage.session, stage.words.say
    fates: dict[str, Fate] = {}
    selected = ""
    while True:
        logs = session.inbox.own()
        logs.sort(
            key=lambda log: (not (log.head and log.head.promise_due), log.head.promise_due if log.head else 0)
        )
        choices = [
            Choice(
                log.chat,
                session.name(log),
                say(f"leaving.{fates.get(log.chat, 'keep')}"),
                _owed(stage, log),
            )
            for log in logs
        ]
        choices.append(Choice("go", say(f"leaving.go_{wanted}"), about=say("leaving.about_go")))
        chosen = await stage.pick(
            say(f"leaving.title_{wanted}"), choices, about=say("leaving.about"), selected=selected
        )
        if not chosen:
            return False
        if chosen == "go":
            break
        fates[chosen] = _FATES[(_FATES.index(fates.get(chosen, "keep")) + 1) % len(_FATES)]
        selected = chosen
    for log in logs:
        match fates.get(log.chat, "keep"):
            case "hand":
                await hand_over(stage, log)
            case "close":
                session.closings.begin(log.chat, session.link.now_ms())
            case _:
                pass
    return True


def _owed(stage: Stage, log: ChatLog) -> SafeText:
    """What this chat's customer was told or waits for."""
    session, say, words = stage.session, stage.words.say, stage.words
    assert log.head is not None
    now, parts = session.now_ms(), []
    if (promise := standing(words, log.head, now)) is not None:
        parts.append(promise)
    if since := log.head.waiting_since:
        parts.append(say("chat.waiting", time=words.age(now - since)))
    if not parts:
        parts.append(say("leaving.quiet"))
    return join(_DOT, [*parts, safe_line(log.head.shop)])
