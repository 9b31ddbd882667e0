"""Hand a chat on: to whom, why, and with what summary; and take that back."""

from __future__ import annotations

from typing import Final

from supportterm.console.flows.chats import SKILL, open_chat, people, skills
from supportterm.console.flows.understood import restate
from supportterm.console.required import summary_first
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.handing import Handing, Wanted
from supportterm.console.screens.stage import Stage
from supportterm.link.chatlog import ChatLog
from supportterm.text import safe_line, trusted

_NOTHING: Final = trusted("")
#: The choice to say first how the customer was understood.
_RESTATE: Final = "restate"


async def hand_off(stage: Stage) -> None:
    """Hand the open chat to a colleague or a skill; or take back a handoff nobody answered yet."""
    log = open_chat(stage)
    if log is None:
        return
    handing = stage.session.team.handing(log)
    if handing is None:
        await hand_over(stage, log)
        return
    say, team = stage.words.say, stage.session.team
    whom = team.name(handing.agent) if handing.agent else safe_line(handing.skill)
    if await stage.ask(say("handoff.recall_question", name=whom), say("handoff.recall")):
        stage.notice(stage.session.acts.recall(log.chat) or say("notice.recalled"))


async def hand_over(stage: Stage, log: ChatLog) -> None:
    """Ask to whom, why and with what summary, and hand the chat over. What is written is kept as a draft;
    but a promise of a time at which the agent is not there is sent, and whoever takes the chat keeps it."""
    session, say = stage.session, stage.words.say
    team = session.team
    sure = bool(team.handoffs(log)) or log.chat in session.sure_for
    if sure and not await stage.ask(
        say("handoff.second_question"), say("handoff.second_yes"), say("handoff.second_about")
    ):
        return
    choices = people(stage, without=[team.me], asked=True) + skills(stage)
    name = session.name(log)
    first = next((choice.id for choice in choices if not choice.off), "")
    writing = stage.console.main.writing
    due = writing.handed_on() if log.chat == session.inbox.selected else None
    about = say("handoff.with_promise", time=due) if due is not None else _NOTHING
    if choices and not first:
        about = say("handoff.nobody")
    required = summary_first(session, log, "handoff")
    if required or session.readings.of(log).due("handoff") is not None:
        about_it = say("handoff.restate_required" if required else "handoff.restate_about")
        choices.insert(0, Choice(_RESTATE, say("handoff.restate", name=name), about=about_it))
        first = _RESTATE if required else first
    nobody = say("person.nobody")
    title = say("handoff.title", name=name)
    whom = await stage.pick(title, choices, about=about, selected=first, nobody=nobody)
    if whom == _RESTATE:
        stage.then(lambda: stage.console.action_flow("summary"))
        return
    # Who was chosen is asked once the summary left: the desk would refuse it before.
    if not whom or (summary_first(session, log, "handoff") and not await restate(stage, log)):
        return
    skill = whom.removeprefix(SKILL) if whom.startswith(SKILL) else ""
    agent = "" if skill else whom
    shown = say("handoff.to_skill", skill=safe_line(skill)) if skill else team.name(agent)
    draft = session.state.draft(log.chat)
    wanted: Wanted | None = await stage.app.push_screen_wait(Handing(session, name, shown, draft))
    if trouble := session.save():
        stage.notice(trouble)
    if wanted is None:
        return
    session.sure_for.discard(log.chat)
    if due is not None and log.chat == session.inbox.selected:
        writing.send(stage.console.main.composer.text)
    trouble = session.acts.hand_off(
        log.chat, agent=agent, skill=skill, reason=wanted.reason, summary=wanted.summary, sure=sure
    )
    stage.notice(trouble or say("notice.handing", name=shown))
