"""What happened in a chat beside its messages, each as one line: for everybody, and the desk's decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supportterm.console import callbacks, vouched
from supportterm.console.aids.gifts import TOPIC
from supportterm.console.words import Words
from supportterm.link.chatlog import data_of
from supportterm.protocol import contact, kinds
from supportterm.protocol.frames import Event
from supportterm.text import SafeText, join, safe_line, trusted

#: What customers never learn of; many in a row are folded into one line.
DECISIONS: Final = frozenset(
    {
        "entered",
        "widened",
        "offered",
        "offer_ended",
        "routed",
        "unassigned",
        "handoff",
        "handoff_ended",
        "invited",
        "uninvited",
        "page_gone",
        "page_back",
    }
)

Names = Mapping[str, SafeText]


def decision(event: Event, words: Words, names: Names) -> SafeText | None:
    """A decision of the desk as a sentence; None for what needs none."""

    def name(agent: str, told: str = "") -> SafeText:
        return names.get(agent) or safe_line(told or agent)

    match event.kind, _data(event):
        case "entered", kinds.Entered(skill=skill, lang=lang) if skill or lang:
            wants = join(trusted(", "), [safe_line(part) for part in (skill, lang) if part])
            return words.say("decision.entered", wants=wants)
        case "widened", kinds.Widened(skill=skill, langs=langs):
            spoken = join(trusted(", "), [safe_line(lang) for lang in langs])
            key = "decision.widened" if skill else "decision.widened_skill"
            return words.say(key, langs=spoken or words.say("decision.any_language"))
        case "offered", kinds.Offered(agent=agent, name=told):
            return words.say("decision.offered", name=name(agent, told))
        case "offer_ended", kinds.OfferEnded(agent=agent, reason=reason):
            return words.say(f"decision.offer_{reason}", name=name(agent))
        case "routed", kinds.Routed() as routed:
            return _routed(routed, words, names)
        case "unassigned", kinds.Unassigned(agent=agent, reason=reason):
            return words.say(f"decision.unassigned_{reason}", name=name(agent))
        case "handoff", kinds.Handoff(agent=agent, overdue=True):
            return words.say("decision.handoff_overdue", whom=name(agent))
        case "handoff", kinds.Handoff(agent=agent, skill=skill, reason=reason):
            whom = name(agent) if agent else words.say("handoff.to_skill", skill=safe_line(skill))
            text = words.say("decision.handoff", name=safe_line(event.by.name), whom=whom)
            return join(trusted(": "), [text, safe_line(reason)]) if reason else text
        case "handoff_ended", kinds.HandoffEnded(how="accepted"):
            # The decision that follows says so, with the load it was taken with.
            return None
        case "handoff_ended", kinds.HandoffEnded(how=how, agent=agent):
            return words.say(f"decision.handoff_{how}", name=name(agent, event.by.name))
        case "invited", kinds.Invited(agent=agent, name=told):
            return words.say("decision.invited", name=name(agent, told))
        case "uninvited", kinds.Uninvited(agent=agent, name=told):
            return words.say("decision.uninvited", name=name(agent, told))
        case "page_back", kinds.PageBack(waits=True):
            return words.say("decision.page_back_waits")
        case (("page_gone" | "page_back"), _):
            return words.say(f"decision.{event.kind}")
        case _:
            return None


def _routed(routed: kinds.Routed, words: Words, names: Names) -> SafeText:
    name = names.get(routed.agent) or safe_line(routed.agent)
    load = words.say("load.of", points=words.points(routed.points), ceiling=words.points(routed.ceiling))
    by = names.get(routed.by) or safe_line(routed.by)
    text = words.say(f"decision.routed_{routed.how}", name=name, load=load, by=by)
    return text + words.say("decision.sure") if routed.sure else text


def happening(
    event: Event,
    who: SafeText,
    words: Words,
    now_ms: int,
    called: Names | None = None,
    *,
    kept_for: bool = False,
    owed_by: int = 0,
) -> SafeText | None:
    """Something everybody in the chat knows, as a sentence. ``who`` did it.

    ``called``: what the shop calls its reasons, gifts and topics. ``kept_for``: a promise ended by somebody
    else than who gave it, and the sentence names them. ``owed_by``: when what was answered late had been due.
    """
    named = called or {}
    match event.kind, _data(event):
        case "opened", kinds.Opened(topic=topic) if topic:
            about = named.get(TOPIC + topic) or safe_line(topic)
            return words.say("event.opened_about", topic=about)
        case (("opened" | "reopened" | "erased" | "warned" | "language_chosen"), data):
            if isinstance(data, kinds.LanguageChosen):
                return words.say(f"event.language_{data.choice}")
            return words.say(f"event.{event.kind}")
        case "joined", data:
            told = data.name if isinstance(data, kinds.Joined) else event.by.name
            name = safe_line(told) or words.say("chat.agent")
            if isinstance(data, kinds.Joined) and data.instead_of:
                return words.say("event.joined_instead", name=name, other=safe_line(data.instead_of))
            return words.say("event.joined", name=name)
        case "closed", data:
            reason = data.reason if isinstance(data, kinds.Closed) else "idle"
            return words.say(f"event.closed_{reason}", name=who)
        case "requeued", data:
            why = data.reason if isinstance(data, kinds.Requeued) else "reopened"
            return words.say(f"event.requeued_{why}")
        case "context", _ if event.text and not event.erased:
            return words.say("event.context", page=safe_line(event.text))
        case "contact", _ if event.text and not event.erased:
            return _contact(event, who, words)
        case "identified", _:
            return vouched.sentence(event, words)
        case "callback", kinds.Callback(due_at=due, how=how):
            return words.say(f"event.callback_{how}", time=words.when(due, event.at))
        case "mailing", _:
            return words.say("event.mailing")
        case "mailed", kinds.Mailed(how="refused"):
            return callbacks.refused(words, callbacks.Mail("refused", event.text))
        case "mailed", _:
            return words.say("event.mailed")
        case "bounced", _:
            return callbacks.refused(words, callbacks.Mail("refused", event.text, back=True))
        case "phoned", kinds.Phoned(reached=reached):
            return words.say("event.phoned" if reached else "event.phoned_not", name=who)
        case "promised", kinds.Promised(due_at=due):
            return words.say("event.promised", time=words.when(due, event.at))
        case "promise_extended", kinds.PromiseExtended(due_at=due):
            return words.say("event.promise_extended", time=words.when(due, event.at))
        case "promise_moved", kinds.PromiseMoved(due_at=due):
            return words.say("event.promise_moved", time=words.when(due, event.at))
        case "promise_ended", kinds.PromiseEnded(gone=True):
            return words.say("event.promise_withdrawn_gone")
        case "promise_ended", kinds.PromiseEnded(how=how):
            if kept_for and how in ("kept", "extended"):
                return words.say("event.promise_kept_by", name=safe_line(event.by.name) or who)
            return words.say("event.promise_extended_kept" if how == "extended" else f"event.promise_{how}")
        case "made_good", kinds.MadeGood(late_ms=late):
            if owed_by:
                had_been = words.when(owed_by, event.at)
                return words.say("event.promise_made_good_by", due=had_been, time=words.late(late))
            return words.say("event.promise_made_good", time=words.late(late))
        case "reread", _:
            return words.say("event.reread")
        case "told", kinds.Told(reason=reason, mandate=mandate):
            key = "event.told_mandate" if mandate else "event.told"
            what = named.get(f"{reason}/{mandate}") or safe_line(mandate)
            return words.say(key, reason=named.get(reason) or safe_line(reason), mandate=what)
        case "language_asked", kinds.LanguageAsked() as asked:
            lang, wanted = safe_line(asked.lang), safe_line(asked.wanted)
            if not asked.opens_at:
                return words.say("event.language_asked", lang=lang, wanted=wanted)
            day = words.day(asked.opens_at, now_ms) + trusted(" ") + words.clock(asked.opens_at)
            return words.say("event.language_asked_at", lang=lang, wanted=wanted, time=day)
        case "handing", kinds.Handing(name=name, skill=skill):
            whom = safe_line(name) if name else words.say("handoff.to_skill", skill=safe_line(skill))
            return words.say("event.handing", name=whom)
        case "stays", kinds.Stays(name=name):
            return words.say("event.stays", name=safe_line(name))
        case "left", kinds.Left(due_at=due):
            day = words.day(due, now_ms) + trusted(" ") + words.clock(due)
            return words.say("event.left", time=day)
        case "nudged", kinds.Nudged(closes_at=at):
            return words.say("event.nudged", time=words.clock(at))
        case "time_needed", kinds.TimeNeeded(until=at):
            return words.say("event.time_needed", time=words.clock(at))
        case _:
            return None


def is_bad(event: Event) -> bool:
    """Whether it is something to see at once: a mail that was refused, or came back."""
    if event.kind == "bounced":
        return True
    mailed = data_of(event, kinds.Mailed) if event.kind == "mailed" else None
    return mailed is not None and mailed.how == "refused"


def _contact(event: Event, who: SafeText, words: Words) -> SafeText | None:
    told = contact.read(event.text)
    parts = [vouched.claimed(part) for part in (told.name, told.contact) if part]
    if not parts:
        return None
    where = join(trusted(" · "), parts)
    if event.by.role == "agent":
        return words.say("event.contact_noted", contact=where, name=who)
    return words.say("event.contact", contact=where)


def _data(event: Event) -> Any:
    shape = kinds.PUBLIC.get(event.kind) or kinds.HIDDEN.get(event.kind)
    return data_of(event, shape) if shape is not None else None
