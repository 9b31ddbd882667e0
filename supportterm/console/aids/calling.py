"""Callbacks on the line above the text: ``/callback tomorrow 10:00``, and what one that came up asks for.

By phone: the number, and the keys that say whether they were reached. By mail: where the answer goes, and how
far it is. Here: whether they came to see it. Enter promises nothing: it opens the dialog, which asks how.
"""

from __future__ import annotations

import re
from typing import Final

from supportterm.console.aids import back
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import Time, clock, nobody, there
from supportterm.console.callbacks import (
    answered,
    goes_out,
    mail,
    reach,
    refused,
    settled,
    ticked,
    tried,
    tried_in_vain,
    trying,
    waits_here,
)
from supportterm.console.promised import late
from supportterm.console.reminders import last_call
from supportterm.text import SafeText, join, safe_line, trusted

_COMMAND: Final = re.compile(r"\s*/callback(?:\s+(.*))?\s*", re.DOTALL)
_DOT: Final = trusted(" · ")


def asked(text: str) -> str | None:
    """What stands behind ``/callback``; None: it is no such command."""
    found = _COMMAND.fullmatch(text)
    return (found[1] or "").strip() if found is not None else None


class CallbackLine:
    """One console's line for callbacks."""

    def offer(self, moment: Moment) -> Aid | None:
        """What enter does with the command; with nothing written, what the callback needs."""
        if moment.noting:
            return None
        wanted = asked(moment.text)
        if wanted is not None:
            return _command(moment, wanted)
        head = moment.log.head
        if moment.text.strip() or head is None or not head.callback or head.state != "open":
            return None
        if moment.chat in moment.session.closings or settled(moment.log):
            return None
        return _phone(moment) if head.callback == "phone" else _mail(moment)

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """They were reached, or not."""
        if act not in ("fill", "shorter"):
            return None
        return Pressed(said=moment.session.phoned(reached=act == "fill"))

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """The customer never gets to read a command."""
        wanted = asked(moment.text)
        if wanted is None:
            return out
        time = back.read(moment, wanted) if wanted else None
        if isinstance(time, str):
            return Held()
        return Held("", call_back=time.at if time is not None else 0)

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""


def _command(moment: Moment, wanted: str) -> Aid:
    say = moment.words.say
    key = moment.key("write.send")
    known = reach(moment.log).any
    why = say("callback.unknown") if not known else trusted("")
    if not wanted:
        what = say("callback.command", key=key)
        brief = say("callback.unknown_brief") if why else NOTHING
        return Aid(what, why or say("callback.command_help"), briefs=((what, brief), (what, NOTHING)))
    time = back.read(moment, wanted)
    if not isinstance(time, Time):
        if time == "chip.unread":
            brief = say("callback.unread_brief")
            return Aid(say("callback.unread"), tone="warn", briefs=((brief, NOTHING),))
        return Aid(say(time), tone="warn", briefs=((say(f"{time}_brief"), NOTHING),))
    what = say("callback.command_at", key=key, time=clock(moment, time.at))
    if time.outside is not None:
        why = nobody(moment, time)
    brief = say("callback.unknown_brief") if why and time.outside is None else why
    least = say("callback.command_at_least", key=key, time=there(moment, time))
    return Aid(what, why, "promise", ((what, brief), (what, NOTHING), (least, brief), (least, NOTHING)))


# --- one that came up --------------------------------------------------------------------------


def _phone(moment: Moment) -> Aid | None:
    say = moment.words.say
    if ticked(moment.log):
        return None
    number = safe_line(reach(moment.log).phone)
    parts = [say("callback.phone", number=number)]
    if at := tried(moment.log):
        parts.append(say("callback.tried", time=moment.words.clock(at)))
    keys = {"reached": moment.key("aid.fill"), "not_reached": moment.key("aid.shorter")}
    act, brief = say("callback.phoned", **keys), say("callback.phoned_brief", **keys)
    what, tone = _in_time(moment, join(_DOT, parts))
    return Aid(
        what,
        act,
        "warn" if tone else "promise",
        ((what, brief), (parts[0], brief)),
        frozenset({"fill", "shorter"}),
        seal=f"phoned {number} {at}",
        read_first=True,
    )


def _mail(moment: Moment) -> Aid | None:
    say, words, standing = moment.words.say, moment.words, mail(moment.log)
    if standing.state == "refused":
        key = moment.key("promise.give")
        act, few = say("callback.refused_act", key=key), say("callback.refused_act_brief", key=key)
        brief = say("callback.back" if standing.back else "callback.refused")
        return Aid(refused(words, standing), act, "warn", ((brief, act), (brief, few)))
    head = moment.log.head
    here, address = head is not None and head.callback == "here", safe_line(reach(moment.log).mail)
    if waits_here(moment.log) and not goes_out(moment.log, moment.shop):
        return Aid(say("callback.waits_here"), say("callback.waits_here_act"), "good")
    if answered(moment.log):
        row = trying(moment.session, moment.chat)
        if row is not None:
            told, brief = (
                tried_in_vain(words, row),
                say("callback.trying_brief", time=words.clock(row.again_at)),
            )
            act = say("callback.trying_act")
            return Aid(told, act, "warn", ((told, trusted("")), (brief, act), (brief, trusted(""))))
        return Aid(say("callback.goes_out"), tone="good")
    if not (address or here):
        return None
    what = say("callback.here") if here else say("callback.mail", address=address)
    what, warns = _in_time(moment, what)
    return Aid(what, say("callback.write"), "warn" if warns else "promise", ((what, trusted("")),))


def _in_time(moment: Moment, what: SafeText) -> tuple[SafeText, bool]:
    """The same with how late it is; and whether time runs out: more can be given."""
    head = moment.log.head
    assert head is not None
    if head.overdue_at and not head.promise_due:
        return join(_DOT, [late(moment.words, head.overdue_at, moment.now_ms), what]), True
    return what, bool(head.promise_due) and moment.now_ms >= last_call(moment.log)
