"""What changed, as far as a person must be told: sentences, and when to ring. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from supportterm.console.alerts import alert_line
from supportterm.console.callbacks import came_up
from supportterm.console.session import Session
from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.link.chatlog import data_of
from supportterm.link.state import StateChanged
from supportterm.protocol.frames import CloseChat, HandOff, Note, Say, Take
from supportterm.protocol.kinds import PageBack, PromiseEnded
from supportterm.text import SafeText, safe_line, trusted


class Heard(NamedTuple):
    """``said``: what to say at the bottom, the newest last. ``wrote``: a customer did, or is
    back to wait for the answer.

    ``offered``: a chat is. ``came_up``: a callback did. ``alarm``: an alert is new. ``ask_take``: chats
    whose taking the desk refused unless it is meant.
    """

    said: list[SafeText]
    wrote: bool
    offered: bool
    came_up: bool
    alarm: bool
    ask_take: list[str]


class News:
    """Remembers what was told already: an alert or a late promise is told once, however long it holds."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self._alerts: set[str] = set()
        self._offers: set[tuple[str, int]] = set()
        #: None: it is not known yet where I am a guest, and being one already is no news.
        self._guest_in: set[str] | None = None
        self._late: dict[str, int] = {}
        self._up: set[str] = set()

    def read(self, found: Sequence[Change | StateChanged]) -> Heard:
        """One turn's changes."""
        said: list[SafeText] = []
        wrote = offered = alarm = False
        ask_take: list[str] = []
        session = self._session
        for change in found:
            match change:
                case changes.Refused():
                    if isinstance(change.command, Take) and change.code == "over_ceiling":
                        session.sure_for.add(change.chat)
                        ask_take.append(change.chat)
                    elif text := self._refused(change):
                        said.append(text)
                case changes.Trouble():
                    why = session.words.refusal(change.code)
                    said.append(session.words.say("notice.refused", why=why))
                case changes.Grew():
                    wrote = self._grew(change, said) or wrote
                case changes.ViewChanged(name="alerts"):
                    alarm = self._alert(said) or alarm
                case changes.ViewChanged(name="mine"):
                    offered = self._offer() or offered
                    offered = self._guest(said) or offered
                case changes.ViewChanged(name="today"):
                    self._promises()
                case _:
                    pass
        return Heard(said, wrote, offered, self._callbacks(), alarm, ask_take)

    def _refused(self, change: changes.Refused) -> SafeText | None:
        session, say = self._session, self._session.words.say
        why = session.words.refusal(change.code, change.who)
        match change.command:
            case Say() | Note():
                # It stands in its chat, with its own hints.
                return None
            case HandOff() | CloseChat() if change.code == "summary_first":
                # The line above the text offers it.
                session.summary_first.add(change.chat)
                return say("notice.refused", why=why)
            case HandOff():
                if change.code == "second_handoff":
                    session.sure_for.add(change.chat)
                return say("notice.handoff_refused", why=why)
            case _:
                return say("notice.refused", why=why)

    def _grew(self, change: changes.Grew, said: list[SafeText]) -> bool:
        """New events of a chat; whether its customer wrote, or is back and waits."""
        session = self._session
        wrote = any(event.kind == "message" and event.by.role == "customer" for event in change.events)
        # Who writes again has not been helped yet.
        if wrote and session.closings.drop(change.chat):
            said.append(session.words.say("notice.wrote_again"))
        for event in change.events:
            if event.kind == "handoff" and event.by.id == session.team.me and event.id:
                # It is with the colleague now.
                draft = session.state.draft(change.chat)
                draft.summary = draft.why = ""
        return self._left_or_back(change, said) or wrote

    def _left_or_back(self, change: changes.Grew, said: list[SafeText]) -> bool:
        """Say that my customer left before the time I gave them, or is back to wait; whether they are."""
        session, log = self._session, self._session.journal.chats.get(change.chat)
        newest = change.events[-1] if change.events else None
        # What is read of the past is no news.
        if log is None or newest is None or newest.seq != log.last or session.team.part(log) != "owner":
            return False
        if newest.kind == "promise_ended" and (ended := data_of(newest, PromiseEnded)) and ended.gone:
            said.append(session.words.say("notice.customer_left", name=session.name_for(change.chat)))
        back = data_of(newest, PageBack) if newest.kind == "page_back" else None
        if back is None or not back.waits:
            return False
        said.append(session.words.say("notice.customer_back", name=session.name_for(change.chat)))
        return True

    def _alert(self, said: list[SafeText]) -> bool:
        session = self._session
        alerts = session.team.alerts
        fresh = [alert for alert in alerts if alert.key not in self._alerts]
        self._alerts = {alert.key for alert in alerts}
        if fresh:
            newest = fresh[-1]
            customer = session.name_for(newest.chat) if newest.chat else safe_line("")
            said.append(trusted("▲ ") + alert_line(session.words, newest, customer))
        return bool(fresh)

    def _guest(self, said: list[SafeText]) -> bool:
        """Whether a colleague asked me in."""
        session, mine = self._session, self._session.journal.mine
        guest_in = set(mine.guest_in) if mine is not None else set()
        fresh = sorted(guest_in - self._guest_in) if self._guest_in is not None else []
        self._guest_in = guest_in
        said += [session.words.say("notice.guest_in", name=session.name_for(chat)) for chat in fresh]
        return bool(fresh)

    def _promises(self) -> None:
        """My promises that fall after closing: each deadline is told once."""
        session, found = self._session, {}
        for chat in session.journal.today.late_promises if session.journal.today else []:
            log = session.journal.chats.get(chat)
            if log is not None and log.head is not None and session.team.part(log) == "owner":
                found[chat] = log.head.promise_due
        for chat in session.late.keys() - found.keys():
            del session.late[chat]
        session.late.update({chat: due for chat, due in found.items() if due and self._late.get(chat) != due})
        self._late = found

    def _callbacks(self) -> bool:
        """Whether one of my callbacks came up."""
        before, self._up = self._up, {log.chat for log in came_up(self._session)}
        return bool(self._up - before)

    def _offer(self) -> bool:
        offers = {(offer.chat, offer.until) for offer in self._session.team.offers}
        fresh = offers - self._offers
        self._offers = offers
        return bool(fresh)
