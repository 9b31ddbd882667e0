"""A supervisor's alerts, and what each suggested move would do, as sentences. Pure."""

from __future__ import annotations

from supportterm.console.words import Words
from supportterm.protocol.views import Alert, Move
from supportterm.text import SafeText, safe_line


def alert_line(words: Words, alert: Alert, customer: SafeText) -> SafeText:
    """An alert as a sentence."""
    name = safe_line(alert.name or alert.agent)
    if alert.kind == "queue" and alert.gone:
        return words.say("alert.queue_and_gone", n=alert.n, gone=alert.gone)
    return words.say(f"alert.{alert.kind}", name=name, customer=customer, n=alert.n)


def move_line(words: Words, move: Move, customer: SafeText, giver: SafeText) -> SafeText:
    """A suggested move with both loads before and after."""
    return words.say(
        "alert.move",
        customer=customer,
        name=safe_line(move.name or move.to),
        giver=giver or words.say("alert.giver"),
        from_now=words.points(move.from_now, exact=True),
        from_then=words.points(move.from_then, exact=True),
        to_now=words.points(move.to_now, exact=True),
        to_then=words.points(move.to_then, exact=True),
    )
