"""Before finishing or going: what was promised and who is open, and what happens with each, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, get_args

from supportterm.console.callbacks import goes_out, waits_here
from supportterm.console.flows.chats import SKILL, people, skills
from supportterm.console.flows.understood import restate
from supportterm.console.promised import standing
from supportterm.console.required import summary_first
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.handing import Handing, Wanted
from supportterm.console.screens.stage import Stage
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.frames import Event
from supportterm.text import SafeText, join, safe_line, trusted

_DOT: Final = trusted(" · ")
_ALL: Final = "all"
_GO: Final = "go"


#: What becomes of a chat that is neither handed on nor closed, as it is counted.
Stays = Literal["stays", "queue", "promise", "list", "quiet"]
_STAYS: Final[tuple[Stays, ...]] = get_args(Stays)


class Fate(NamedTuple):
    """What happens with a chat. ``whom``: an agent's id, or a skill after `SKILL`."""

    what: Literal["keep", "hand", "close"] = "keep"
    whom: str = ""


_KEEP: Final = Fate()


async def see_to(stage: Stage, wanted: str) -> list[str] | None:
    """Ask for each chat, or for all at once, and do it; the chats that are on their way. None: stay."""
    session, say = stage.session, stage.words.say
    fates: dict[str, Fate] = {}
    selected = ""
    while True:
        own = sorted(session.inbox.own(), key=_urgency)
        offered = [log for log in own if session.team.handing(log) is not None]
        logs = [log for log in own if log not in offered]
        fates = {log.chat: fates.get(log.chat, _KEEP) for log in logs}
        choices = [_row(stage, log, fates[log.chat], wanted) for log in logs]
        choices += [_under_way(stage, log) for log in offered]
        if len(logs) > 1:
            choices.insert(0, Choice(_ALL, say("leaving.all", n=len(logs))))
        choices.append(
            Choice(
                _GO,
                say(f"leaving.go_{wanted}"),
                about=_what_follows(stage, logs, fates, len(offered), wanted),
            )
        )
        title = say(f"leaving.title_{wanted}")
        selected = await stage.pick(title, choices, about=say("leaving.about"), selected=selected)
        if not selected:
            return None
        if selected != _GO:
            asked = logs if selected == _ALL else [log for log in logs if log.chat == selected]
            fate = await _fate(stage, asked, wanted)
            fates |= {log.chat: fate for log in asked if fate is not None}
            # Who said what happens with all of them is done.
            selected = _GO if selected == _ALL and fate is not None else selected
            continue
        handed = await _hand_over(stage, [log for log in logs if fates[log.chat].what == "hand"], fates)
        if handed is None:
            continue
        closing = [log.chat for log in logs if fates[log.chat].what == "close"]
        for chat in closing:
            session.closings.begin(chat, session.link.now_ms())
        return handed + closing + [log.chat for log in offered]


def _urgency(log: ChatLog) -> tuple[bool, int, int]:
    """Promises first, the next one due before the others; then who waits longest."""
    if log.head is None:
        return (True, 0, 0)
    return (not log.head.promise_due, log.head.promise_due, log.head.waiting_since or 1 << 60)


def _row(stage: Stage, log: ChatLog, fate: Fate, wanted: str) -> Choice:
    return Choice(log.chat, stage.session.name(log), _told(stage, log, fate, wanted), owed(stage, log))


def _stays(log: ChatLog, wanted: str) -> Stays:
    """What the desk does with a chat of who goes: who waits, or was promised a time, waits for anybody."""
    head = log.head
    if wanted != "offline" or head is None:
        return "stays"
    written = [event.kind for event in log.events if event.kind == "left" or _from_us(event)]
    if head.callback or written[-1:] == ["left"]:
        return "quiet" if waits_here(log) and not head.waiting_since else "list"
    if head.promise_due:
        return "promise"
    return "queue" if head.waiting_since else "quiet"


def _from_us(event: Event) -> bool:
    return event.kind == "message" and event.by.role == "agent"


def _under_way(stage: Stage, log: ChatLog) -> Choice:
    """A chat that is being handed on already: it is shown, and there is nothing to choose."""
    handing = stage.session.team.handing(log)
    assert handing is not None
    whom = _name(stage, handing.agent or SKILL + handing.skill)
    told = stage.words.say("leaving.asked", whom=whom)
    return Choice(log.chat, stage.session.name(log), about=owed(stage, log), off=told)


def _told(stage: Stage, log: ChatLog, fate: Fate, wanted: str) -> SafeText:
    say = stage.words.say
    match fate.what:
        case "hand":
            return say("leaving.to", whom=_name(stage, fate.whom))
        case "close":
            return say("leaving.close")
        case "keep":
            stays = _stays(log, wanted)
            return say(f"leaving.keep_{stays}")


def _name(stage: Stage, whom: str) -> SafeText:
    if whom.startswith(SKILL):
        return stage.words.say("handoff.to_skill", skill=safe_line(whom.removeprefix(SKILL)))
    return stage.session.team.name(whom)


def _what_follows(
    stage: Stage, logs: Sequence[ChatLog], fates: dict[str, Fate], offered: int, wanted: str
) -> SafeText:
    """How many are handed on and closed, and what becomes of the others.

    ``offered``: how many wait for a colleague's answer already.
    """
    counts = {what: sum(fate.what == what for fate in fates.values()) for what in ("hand", "close")}
    say = stage.words.say
    parts = [say(f"leaving.n_{what}", n=n) for what, n in counts.items() if n]
    if offered:
        parts.insert(0, say("leaving.n_asked", n=offered))
    kept = [_stays(log, wanted) for log in logs if fates[log.chat].what == "keep"]
    parts += [say(f"leaving.n_{what}", n=kept.count(what)) for what in _STAYS if what in kept]
    return join(_DOT, parts)


async def _fate(stage: Stage, logs: Sequence[ChatLog], wanted: str) -> Fate | None:
    """Keep, close, or to whom; None: as it was."""
    session, say = stage.session, stage.words.say
    one = len(logs) == 1
    title = say("leaving.one", name=session.name(logs[0])) if one else say("leaving.many", n=len(logs))
    choices = people(stage, without=[session.team.me], asked=True)
    choices += skills(stage)
    keep = _told(stage, logs[0], _KEEP, wanted) if one else trusted("")
    choices += [
        Choice("keep", say(f"leaving.choose_keep_{wanted}"), keep),
        Choice("close", say("leaving.choose_close")),
    ]
    chosen = await stage.pick(title, choices, about=owed(stage, logs[0]) if one else trusted(""))
    match chosen:
        case "":
            return None
        case "keep" | "close":
            return Fate(chosen)
        case _:
            return Fate("hand", chosen)


async def _hand_over(stage: Stage, logs: Sequence[ChatLog], fates: dict[str, Fate]) -> list[str] | None:
    """One form for each colleague or skill, whatever number of chats goes there. None: back to the list."""
    session, say = stage.session, stage.words.say
    for log in logs:
        # The desk hands nothing on before that, where the shop wants it.
        if summary_first(session, log, "handoff") and not await restate(stage, log):
            return None
    again = {log.chat for log in logs if session.team.handoffs(log) or log.chat in session.sure_for}
    if again:
        names = join(trusted(", "), [session.name(log) for log in logs if log.chat in again])
        question = say("leaving.second_question", names=names)
        if not await stage.ask(question, say("handoff.second_yes"), say("handoff.second_about")):
            return None
    groups: dict[str, list[ChatLog]] = {}
    for log in logs:
        groups.setdefault(fates[log.chat].whom, []).append(log)
    written: dict[str, Wanted] = {}
    for whom, group in groups.items():
        names = join(trusted(", "), [session.name(log) for log in group])
        draft = session.state.draft(group[0].chat)
        form = Handing(session, names, _name(stage, whom), draft)
        wanted: Wanted | None = await stage.app.push_screen_wait(form)
        if trouble := session.save():
            stage.notice(trouble)
        if wanted is None:
            return None
        written[whom] = wanted
    handed = []
    for log in logs:
        whom = fates[log.chat].whom
        skill = whom.removeprefix(SKILL) if whom.startswith(SKILL) else ""
        wanted = written[whom]
        own = session.state.draft(log.chat).summary.strip()
        summary = wanted.summary if own in wanted.summary else f"{own}\n\n{wanted.summary}"
        trouble = session.acts.hand_off(
            log.chat,
            agent="" if skill else whom,
            skill=skill,
            reason=wanted.reason,
            summary=summary[: session.journal.limits.text],
            sure=log.chat in again,
        )
        session.sure_for.discard(log.chat)
        if trouble:
            stage.notice(trouble)
        else:
            handed.append(log.chat)
    return handed


def owed(stage: Stage, log: ChatLog) -> SafeText:
    """What this chat's customer was told or waits for."""
    session, say, words = stage.session, stage.words.say, stage.words
    now, parts = session.now_ms(), []
    if log.head is None:
        return trusted("")
    if goes_out(log, session.shops.of(log)):
        parts.append(say("callback.goes_out"))
    elif waits_here(log):
        parts.append(say("callback.waits_here"))
    elif (promise := standing(words, log.head, now)) is not None:
        parts.append(promise)
    if since := log.head.waiting_since:
        parts.append(say("chat.waiting", time=words.age(now - since)))
    if not parts:
        parts.append(say("leaving.quiet"))
    return join(_DOT, [*parts, session.shops.name(log.head.shop)])
