"""Reopening a chat that was ended because of abuse: asked first, with what becomes of a block."""

from __future__ import annotations

from supportterm.console.screens.stage import Stage
from supportterm.console.session import Session
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import kinds


def asks(session: Session, log: ChatLog) -> bool:
    """Whether a closed chat is not to be reopened by one key: its customer may not do it either."""
    return bool(_blocked_until(session, log)) or _for_abuse(log)


async def reopen(stage: Stage) -> None:
    """Ask once, and reopen the open chat."""
    session, say = stage.session, stage.words.say
    log = session.log
    if log is None or not session.may_reopen:
        return
    name, until = session.name(log), _blocked_until(session, log)
    if until:
        when = stage.words.when(until, session.now_ms())
        question, about = say("reopen.blocked", name=name, time=when), say("reopen.about_blocked")
    else:
        question, about = say("reopen.abuse", name=name), say("reopen.about_abuse")
    # It may have been reopened, or put in other hands, while it was asked.
    if await stage.ask(question, say("reopen.yes"), about) and session.log is log and session.may_reopen:
        stage.notice(session.close_or_reopen())


def _blocked_until(session: Session, log: ChatLog) -> int:
    mine = session.journal.mine
    return mine.blocked.get(log.chat, 0) if mine is not None else 0


def _for_abuse(log: ChatLog) -> bool:
    for event in reversed(log.events):
        if event.kind == "closed":
            closed = data_of(event, kinds.Closed)
            return closed is not None and closed.reason == "abuse"
    return False
