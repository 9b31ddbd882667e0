"""What a supervisor does from the board: with an agent, with an alert, with a block."""

from __future__ import annotations

from typing import Final, cast

from supportterm.console.alerts import alert_line, move_line
from supportterm.console.flows.chats import give, load_after, status_of, take
from supportterm.console.load import explained
from supportterm.console.screens.dialog import TYPED, Choice
from supportterm.console.screens.stage import Stage
from supportterm.protocol.frames import Status
from supportterm.text import SafeText, join, safe_line, trusted

_STATUSES: Final = ("online", "away", "finishing", "offline")
#: Ceilings that can be picked, in hundredths.
_CEILINGS: Final = (100, 150, 200, 250, 300, 350, 400)
_ARROW: Final = trusted(" → ")
_NOTHING: Final = trusted("")


async def with_agent(stage: Stage, agent: str) -> None:
    """Read along in one of their chats, set their status or their ceiling for today."""
    session, say = stage.session, stage.words.say
    one = session.team.colleague(agent)
    if one is None:
        return
    read = "board.open" if agent == session.team.me else "board.read"
    choices = [Choice(f"chat {chat}", say(read, name=session.name_for(chat))) for chat in one.chats]
    choices += [
        Choice("status", say("board.set_status"), status_of(stage, one)),
        Choice("ceiling", say("board.set_ceiling"), load_after(stage, one.load, 0)),
    ]
    about = explained(stage.words, one.load)
    chosen = await stage.pick(safe_line(one.name), choices, about=about)
    if chosen.startswith("chat "):
        stage.console.watch_chat(chosen.removeprefix("chat "))
    elif chosen == "status":
        await _status(stage, agent)
    elif chosen == "ceiling":
        await _ceiling(stage, agent)


async def _status(stage: Stage, agent: str) -> None:
    session, say = stage.session, stage.words.say
    name = session.team.name(agent)
    choices = [Choice(status, say(f"status.choose_{status}")) for status in _STATUSES]
    wanted = await stage.pick(say("board.status_of", name=name), choices)
    if wanted:
        trouble = session.acts.set_status(agent, cast("Status", wanted))
        stage.notice(trouble or say("notice.set", name=name))


async def _ceiling(stage: Stage, agent: str) -> None:
    session, say, words = stage.session, stage.words.say, stage.words
    name = session.team.name(agent)

    def typed(text: SafeText) -> Choice | None:
        points = words.read_points(text)
        if points is None or not 0 < points <= 5_000:
            return None
        return Choice(f"{TYPED}{points}", words.points(points, exact=True))

    choices = [Choice("0", say("board.ceiling_usual"))]
    choices += [Choice(str(points), words.points(points, exact=True)) for points in _CEILINGS]
    wanted = await stage.pick(
        say("board.ceiling_of", name=name), choices, free=typed, about=say("board.ceiling_about")
    )
    if wanted:
        trouble = session.acts.set_ceiling(agent, int(wanted.removeprefix(TYPED)))
        stage.notice(trouble or say("notice.set", name=name))


async def with_alert(stage: Stage, key: str) -> None:
    """Make one of the suggested moves, or look at what it is about."""
    session, say, words = stage.session, stage.words.say, stage.words
    alert = next((one for one in session.team.alerts if one.key == key), None)
    if alert is None:
        return
    customer = session.name_for(alert.chat) if alert.chat else _NOTHING
    giver = safe_line(alert.name)
    choices = [
        Choice(f"move {n}", move_line(words, move, session.name_for(move.chat), giver))
        for n, move in enumerate(alert.moves)
    ]
    if alert.kind == "callback_due":
        choices += [Choice("take", say("queue.take")), Choice("give", say("queue.give"))]
    if alert.chat:
        choices.append(Choice("chat", say("board.read", name=customer)))
    if alert.agent:
        choices.append(Choice("agent", say("board.more", name=giver or safe_line(alert.agent))))
    # Why there is nothing better to do than to look at it.
    about = say("alert.no_moves") if alert.kind == "over_ceiling" and not alert.moves else _NOTHING
    chosen = await stage.pick(alert_line(words, alert, customer), choices, about=about)
    if chosen.startswith("move "):
        move = alert.moves[int(chosen.removeprefix("move "))]
        name = session.name_for(move.chat)
        whom = safe_line(move.name)
        if await stage.ask(join(_ARROW, [name, whom]), say("alert.do_move")):
            said = say("notice.assigned", name=name, whom=whom)
            stage.notice(session.acts.assign(move.chat, move.to) or said)
    elif chosen == "take":
        await take(stage, alert.chat)
    elif chosen == "give":
        await give(stage, alert.chat)
    elif chosen == "chat":
        stage.console.watch_chat(alert.chat)
    elif chosen == "agent":
        await with_agent(stage, alert.agent)


async def with_block(stage: Stage, block: str) -> None:
    """End a block."""
    say, session = stage.words.say, stage.session
    blocks = session.journal.blocks.blocks if session.journal.blocks else []
    found = next((one for one in blocks if one.block == block), None)
    if found is None:
        return
    if await stage.ask(say("block.question", name=session.name_for(found.chat)), say("block.end")):
        stage.notice(session.acts.unblock(block) or say("notice.unblocked"))
