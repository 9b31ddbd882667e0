"""``/reach eva@example.org``: where the customer is reached, put right without promising anything."""

from __future__ import annotations

import re
from typing import Final

from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.protocol import contact
from supportterm.text import safe_line

_COMMAND: Final = re.compile(r"\s*/reach(?:\s+(.*))?\s*", re.DOTALL)


def asked(text: str) -> str | None:
    """What stands behind ``/reach``; None: it is no such command."""
    found = _COMMAND.fullmatch(text)
    return (found[1] or "").strip() if found is not None else None


class ReachLine:
    """One console's line for the command."""

    def offer(self, moment: Moment) -> Aid | None:
        """What enter does with it."""
        wanted = asked(moment.text) if not moment.noting else None
        if wanted is None:
            return None
        say = moment.words.say
        if not contact.kind_of(wanted):
            if not wanted:
                return Aid(say("reach.help"), briefs=((say("reach.help_brief"), NOTHING),))
            return Aid(say("reach.unread"), tone="warn", briefs=((say("reach.unread_brief"), NOTHING),))
        known = {"key": moment.key("write.send"), "where": safe_line(wanted)}
        brief = say("reach.command_brief", **known)
        return Aid(say("reach.command", **known), tone="promise", briefs=((brief, NOTHING),))

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """It has no keys."""
        return None

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """The customer never gets to read a command."""
        wanted = asked(moment.text)
        if wanted is None:
            return out
        return Held("", reach=wanted) if contact.kind_of(wanted) else Held()

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""
