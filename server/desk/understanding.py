"""How the owner understood the customer, and what the customer says to it."""

from __future__ import annotations

from server.desk.asking import actor_of, digest_of, owned_chat
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.rules import Now, Rules, Shop
from server.desk.state import State
from supportterm.coach import understanding
from supportterm.protocol import frames, kinds
from supportterm.protocol.options import laid_out


def wrong(chat: Chat, who: Person, command: frames.Say) -> Refused | None:
    """Why a summary, options, or an answer to them cannot be taken; None: it can."""
    if command.summary or command.options:
        if who.role != "agent":
            return refuse("not_allowed")
        if command.re or (command.summary and command.options) or len(command.options) == 1:
            return refuse("bad_frame")
        parts = [part for option in command.options for part in (option.label, option.why)]
        if any("\n" in part or "\t" in part for part in parts) or not all(
            option.label.strip() for option in command.options
        ):
            return refuse("bad_text")
    elif command.re:
        if who.role != "customer":
            return refuse("not_allowed")
        asked = chat.options if command.choice else chat.summary
        if command.re != asked or bool(command.choice) == bool(command.answer):
            return refuse("not_asked")
        if command.choice > chat.option_count:
            return refuse("not_asked")
    elif command.answer or command.choice:
        return refuse("bad_frame")
    return None


def text_of(command: frames.Say) -> str:
    """What is stored: options stand below the text, a line each, the reason after a tab."""
    return laid_out(command.text, ((option.label, option.why) for option in command.options))


def digest_kind(command: frames.Say) -> str:
    """Tells a message from the same words that mean something else."""
    if command.summary:
        return "summary"
    if command.re:
        return f"re {command.re} {command.answer}{command.choice}"
    return "message"


def message(
    chat: Chat, who: Person, command: frames.Say, masked: int, holding: bool, rules: Rules
) -> kinds.Message | None:
    """What is to be known of a message beside its words; None: nothing."""
    re, answer, words = command.re, command.answer, False
    if who.role == "customer" and not re and chat.summary and not chat.understood and not chat.telling.said:
        # Only the first thing said after the summary is an answer to it.
        # A browser's language is a guess: who writes another one of the shop's is understood as well.
        tried = dict.fromkeys((chat.lang, *rules.shop(chat.shop).languages))
        answers = (understanding.answer(command.text, language) for language in tried)
        read = next((one for one in answers if one is not None), None)
        if read is not None:
            re, answer, words = chat.summary, "yes" if read == "yes" else "no", True
    if not (masked or holding or command.summary or command.options or re):
        return None
    return kinds.Message(
        masked=masked,
        holding=holding,
        summary=command.summary,
        options=len(command.options),
        re=re,
        answer=answer,
        choice=command.choice,
        words=words,
    )


def is_due(chat: Chat, shop: Shop) -> bool:
    """Whether the customer has told so much that the owner should say how they understood it."""
    if chat.summary and chat.understood == "no":
        return True
    languages = tuple(dict.fromkeys((chat.lang, *shop.languages)))
    return chat.telling.is_enough(
        shop.summary_messages, shop.summary_chars, languages, restated=chat.summary > 0
    )


def missing(state: State, chat: Chat, who: Person, before: str) -> Refused | None:
    """The shop wants a summary ``before`` a handoff or a close, and there is none; None: go on.

    A customer who is gone cannot confirm anything, and a supervisor may have reasons of their own.
    """
    shop = state.rules.shop(chat.shop)
    if shop.summary_required not in (before, "both") or who.role != "agent" or who.supervises:
        return None
    return refuse("summary_first") if not chat.page_gone and is_due(chat, shop) else None


def reread(state: State, who: Person, command: frames.Reread, now: Now) -> Decision:
    """The customer's words were no answer: the summary stands open again."""
    digest = digest_of("reread", str(command.re))
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if not chat.understood or command.re != chat.read_from:
        return refuse("already")
    return Decided(
        [
            state.add(
                chat,
                "reread",
                actor_of(who),
                now,
                name=who.name,
                cid=command.id,
                digest=digest,
                data=kinds.Reread(command.re),
            )
        ]
    )


def tell(state: State, who: Person, command: frames.Tell, now: Now) -> Decision:
    """Why the customer came, or what they were given for that without asking anybody."""
    digest = digest_of("told", f"{command.reason}\0{command.mandate}")
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    reasons = state.rules.shop(chat.shop).reasons
    if command.reason not in reasons:
        return refuse("no_reason")
    if command.mandate and command.mandate not in reasons[command.reason]:
        return refuse("no_mandate")
    if chat.reason == command.reason and not command.mandate:
        return refuse("already")
    data = kinds.Told(command.reason, command.mandate)
    return Decided(
        [state.add(chat, "told", actor_of(who), now, name=who.name, cid=command.id, digest=digest, data=data)]
    )
