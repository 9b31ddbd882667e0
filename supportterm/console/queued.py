"""How many wait, in words: who is there, and who has left the page and keeps their place. Pure."""

from __future__ import annotations

from supportterm.console.words import Words
from supportterm.protocol.views import Queue
from supportterm.text import SafeText


def queue_forms(words: Words, queue: Queue | None, now_ms: int) -> tuple[SafeText, ...]:
    """The whole queue in a few words, from the longest form to the shortest."""
    if queue is None or not queue.size:
        return (words.say("status.queue_empty"),)
    there = queue.size - queue.gone
    short = words.say("status.queue_short", n=there)
    if not there:
        return words.say("status.queue_gone", n=there, gone=queue.gone), short
    time = words.age(max(0, now_ms - queue.oldest_at))
    full = words.say("status.queue", n=there, time=time)
    if not queue.gone:
        return full, short
    return words.say("status.queue_and_gone", n=there, time=time, gone=queue.gone), full, short
