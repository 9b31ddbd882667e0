"""What can be done with one chat beside handing it on: invite somebody, give it away, act against abuse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from supportterm.console.load import bar, short
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.stage import Stage
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.views import Colleague, Load
from supportterm.text import SafeText, join, safe_line, trusted

_DOT: Final = trusted(" · ")
_NOTHING: Final = trusted("")
#: Before a skill in the id of a choice, where others are agents.
SKILL: Final = "skill "
#: How long a block may be chosen to last, in minutes.
BLOCKS: Final = {"hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}


def open_chat(stage: Stage) -> ChatLog | None:
    """The open chat, if it is one of mine that goes on; otherwise it is said why not."""
    log = stage.session.log
    if log is None or log.head is None or log.gone or stage.session.part != "owner":
        stage.notice(stage.words.say("notice.not_yours"))
        return None
    if log.head.state != "open":
        stage.notice(stage.words.say("notice.not_open"))
        return None
    return log


def people(stage: Stage, *, without: Iterable[str], cost: int = 0, asked: bool = False) -> list[Choice]:
    """The agents of the desk with their loads; who is not there cannot be chosen, and is shown.

    ``cost``: show their load with so many points more. ``asked``: they must say yes, or help, so who is
    away cannot be chosen either.
    """
    say, left_out = stage.words.say, set(without)
    choices = []
    for one in sorted(stage.session.team.agents, key=_by_room):
        if one.agent in left_out:
            continue
        off = _NOTHING if one.present and one.status != "offline" else say("person.not_there")
        if asked and not off and one.status == "away":
            off = say("person.away")
        choices.append(
            Choice(one.agent, safe_line(one.name), load_after(stage, one.load, cost), about(stage, one), off)
        )
    return choices


def _by_room(one: Colleague) -> tuple[bool, bool, float, str]:
    there = one.present and one.status != "offline"
    return (not there, one.status != "online", one.load.points / max(1, one.load.ceiling), one.name)


def load_after(stage: Stage, load: Load, cost: int) -> SafeText:
    """A load as bar and figures; with ``cost``: and what it becomes."""
    words = stage.words
    now = bar(load, 6) + trusted(" ") + short(words, load)
    if not cost:
        return now
    then = words.say("load.becomes", points=words.points(load.points + cost))
    return now + trusted(" ") + then


def about(stage: Stage, one: Colleague) -> SafeText:
    """Status, languages and skills of somebody, in one row."""
    parts = [status_of(stage, one), join(trusted(" "), [safe_line(lang) for lang in one.languages])]
    parts.append(join(trusted(", "), [safe_line(skill) for skill in one.skills]))
    return join(_DOT, [part for part in parts if part])


def status_of(stage: Stage, one: Colleague) -> SafeText:
    """Their status in words, with the reason."""
    return stage.words.status(one.status, one.reason, present=one.present)


def skills(stage: Stage) -> list[Choice]:
    """The desk's skills that somebody else has, with how many of them are online."""
    session, say = stage.session, stage.words.say
    team, found = session.team, []
    for skill in session.journal.team.skills if session.journal.team else []:
        able = [one for one in team.agents if skill in one.skills and one.agent != team.me]
        there = sum(one.present and one.status == "online" for one in able)
        label = say("handoff.to_skill", skill=safe_line(skill))
        found.append(Choice(SKILL + skill, label, say("handoff.able", n=there, all=len(able))))
    return found


async def invite(stage: Stage) -> None:
    """Invite a colleague into the open chat, or say that one is done; a guest leaves by it."""
    session, say = stage.session, stage.words.say
    log = session.log
    if log is not None and session.part == "guest":
        if await stage.ask(say("consult.leave_question"), say("consult.leave")):
            stage.notice(session.acts.uninvite(log.chat, session.team.me) or say("notice.guest_left"))
        return
    log = open_chat(stage)
    if log is None:
        return
    guests = session.team.guests(log)
    choices = [Choice(f"out {guest}", say("consult.done", name=session.team.name(guest))) for guest in guests]
    choices += people(stage, without=[session.team.me, *guests], asked=True)
    nobody = say("person.nobody")
    chosen = await stage.pick(say("consult.title"), choices, about=say("consult.about"), nobody=nobody)
    if not chosen:
        return
    if chosen.startswith("out "):
        guest = chosen.removeprefix("out ")
        said = say("notice.uninvited", name=session.team.name(guest))
        stage.notice(session.acts.uninvite(log.chat, guest) or said)
    else:
        said = say("notice.invited", name=session.team.name(chosen))
        stage.notice(session.acts.invite(log.chat, chosen) or said)


async def abuse(stage: Stage) -> None:
    """Warn, end or block, each with what it does."""
    log = open_chat(stage)
    if log is None:
        return
    say, acts = stage.words.say, stage.session.acts
    choices = [
        Choice("warn", say("abuse.warn"), about=say("abuse.about_warn")),
        Choice("end", say("abuse.end"), about=say("abuse.about_end")),
        *(
            Choice(f"block {name}", say(f"abuse.block_{name}"), about=say("abuse.about_block"))
            for name in BLOCKS
        ),
    ]
    chosen = await stage.pick(say("abuse.title", name=stage.session.name(log)), choices)
    act, _, span = chosen.partition(" ")
    match act:
        case "warn":
            stage.notice(acts.abuse(log.chat, "warn") or say("notice.abuse_warn"))
        case "end":
            if await stage.ask(say("abuse.end_question"), say("abuse.end")):
                stage.notice(acts.abuse(log.chat, "end") or say("notice.abuse_end"))
        case "block":
            if await stage.ask(say("abuse.block_question"), say(f"abuse.block_{span}")):
                stage.notice(acts.abuse(log.chat, "block", BLOCKS[span]) or say("notice.abuse_block"))
        case _:
            pass


async def assign(stage: Stage) -> None:
    """A supervisor gives the open chat to somebody."""
    log = stage.session.log
    if not stage.session.team.supervises:
        stage.notice(stage.words.refusal("not_allowed"))
    elif log is None or log.head is None or log.head.state == "closed":
        stage.notice(stage.words.say("notice.not_open"))
    else:
        await give(stage, log.chat)


async def give(stage: Stage, chat: str) -> None:
    """Pick who shall have this chat; their load is shown as it is and as it would be."""
    session, say = stage.session, stage.words.say
    log = session.journal.chats.get(chat)
    owner = log.head.owner if log is not None and log.head is not None else ""
    cost = session.team.cost(log, session.now_ms())
    choices = people(stage, without=[owner, session.team.me], cost=cost)
    mine = session.team.load
    if owner != session.team.me and mine is not None:
        choices.insert(0, Choice(session.team.me, say("assign.me"), load_after(stage, mine, cost)))
    title, nobody = say("assign.title", name=session.name_for(chat)), say("person.nobody")
    chosen = await stage.pick(title, choices, nobody=nobody)
    if chosen:
        whom = say("chat.you") if chosen == session.team.me else session.team.name(chosen)
        said = say("notice.assigned", name=session.name_for(chat), whom=whom)
        stage.notice(session.acts.assign(chat, chosen) or said)


async def take(stage: Stage, chat: str) -> None:
    """Take a waiting chat by hand; above the ceiling it is asked once."""
    session, say, words = stage.session, stage.words.say, stage.words
    load = session.team.load
    cost = session.team.cost(session.journal.chats.get(chat), session.now_ms())
    sure = False
    if load is not None and (load.points + cost > load.ceiling or chat in session.sure_for):
        question = say(
            "take.over",
            points=words.points(load.points + cost),
            ceiling=words.points(load.ceiling),
        )
        sure = await stage.ask(question, say("take.anyway"))
        if not sure:
            return
        session.sure_for.discard(chat)
    stage.console.main.wanted = chat
    stage.notice(session.acts.take(chat, sure=sure) or say("notice.taking"))
