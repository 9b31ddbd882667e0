"""The rules of one desk: who may do what, and what happens then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from server.desk import (
    blocking,
    bouncing,
    breathing,
    callbacks,
    commands,
    handing,
    identifying,
    measuring,
    offers,
    page,
    presence,
    promises,
    running_out,
    supervising,
    understanding,
    visiting,
    writing,
)
from server.desk.commands import Person
from server.desk.decision import Decided, Decision
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import frames

Rule = Callable[[State, Person, Any, Now], Decision]


def _masked(state: State, who: Person, command: commands.Masked, now: Now) -> Decision:
    match command.command:
        case frames.Say() | frames.Note() as plain:
            return writing.write(state, who, plain, now, command.count)
        case frames.HandOff() as plain:
            return handing.hand_off(state, who, plain, now)
        case frames.LeaveMessage() as plain:
            return visiting.leave_message(state, who, plain, now, command.count)


#: Each command's rule; where to look for what happens when somebody asks for something.
RULES: Final[dict[type, Rule]] = {
    frames.Say: writing.write,
    frames.Note: writing.write,
    commands.Masked: _masked,
    frames.Reread: understanding.reread,
    frames.Tell: understanding.tell,
    frames.CloseChat: writing.close,
    frames.Reopen: writing.reopen,
    commands.Erase: lambda state, _, command, now: writing.erase(state, command, now),
    frames.Open: visiting.open_chat,
    frames.LeaveMessage: visiting.leave_message,
    frames.ChooseLanguage: visiting.choose_language,
    frames.NeedTime: visiting.need_time,
    frames.GiveContact: visiting.give_contact,
    commands.PageShown: page.shown,
    commands.PageLeft: page.left,
    commands.Identify: identifying.identify,
    frames.SetStatus: presence.set_status,
    commands.Arrive: presence.arrive,
    commands.Leave: presence.leave,
    commands.Noticed: presence.noticed,
    commands.Typed: promises.typed,
    commands.Retire: presence.retire,
    frames.Take: offers.take,
    frames.Accept: offers.accept,
    frames.Decline: offers.decline,
    frames.HandOff: handing.hand_off,
    frames.Recall: handing.recall,
    frames.Invite: handing.invite,
    frames.Uninvite: handing.uninvite,
    frames.Breather: breathing.breather,
    frames.Abuse: blocking.abuse,
    frames.Unblock: blocking.unblock,
    frames.CallBack: callbacks.call_back,
    frames.Phoned: callbacks.phoned,
    commands.Mailed: callbacks.mailed,
    commands.Bounced: bouncing.bounced,
    commands.Seen: callbacks.seen,
    frames.Assign: supervising.assign,
    frames.SetAgent: supervising.set_agent,
    frames.Control: supervising.control,
    commands.LearnPaces: measuring.learn_paces,
    commands.Due: lambda state, _, __, now: Decided(running_out.due(state, now)),
}


#: What a console does without a key being pressed; all else shows that its agent is there.
_NO_KEY: Final = frozenset({commands.Arrive, commands.Leave})


class Desk(State):
    """A desk's state and its decisions.

    `decide` applies what it decides at once, before anything is stored: decisions follow one another
    without locks. If storing fails, the caller throws this object away and folds a new one.
    """

    def decide(self, who: Person, command: commands.Command, now: Now) -> Decision:
        """Decide one command and apply the outcome. A refusal changes nothing."""
        decision = RULES[type(command)](self, who, command, now)
        if who.role == "agent" and isinstance(decision, Decided) and type(command) not in _NO_KEY:
            presence.acted(self, who.id, now)
        return decision

    def next_due(self) -> int | None:
        """When `commands.Due` has something to do, on the running clock; None: nothing is waited for."""
        return self.deadlines.next()
