"""A time in words, and a text whose time words say another time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from supportterm.coach.promising.finding import find
from supportterm.coach.promising.folding import Token, tokens
from supportterm.coach.promising.found import DAY, HOUR, MINUTE, SECOND, Found
from supportterm.coach.promising.language import Language, every_language, language, troubles
from supportterm.coach.promising.patterns import spread

#: The language of a text in none we have.
_OTHERWISE: Final = "en"
_ENDS: Final = (".", "!", "?", "…", "\n")


def duration_words(ms: int, language: str, *, led: bool = False) -> str:
    """A stretch of time in words: "3 minuten", "anderhalf uur", "1 hour and 20 minutes".

    In whole seconds, at least one, rounded up. ``led``: after a word such as "in", where German says
    "2 Tagen". An unknown language is English.
    """
    saying = known(language).wording.saying
    left = max(1, -(-ms // SECOND)) * SECOND
    if left == 3 * HOUR // 2:
        return saying.hour_and_half
    if left > 2 * HOUR and left % HOUR == HOUR // 2 and left < DAY:
        return f"{left // HOUR}{saying.decimal}5 {saying.hour[1]}"
    parts = []
    for size, (one, many) in (
        (DAY, saying.day),
        (HOUR, saying.hour),
        (MINUTE, saying.minute),
        (SECOND, saying.second),
    ):
        count, left = divmod(left, size)
        if count:
            after = saying.days_after if led and size == DAY and saying.days_after else many
            parts.append(f"{count} {one if count == 1 else after}")
    return f" {saying.and_} ".join(parts)


def reword(text: str, found: Found, ms: int, language: str = "") -> str:
    """The text, saying that it takes ``ms`` from now: its time words replaced, or an honest time put in.

    For ``found = find(text, language)`` and an `allowed` ``ms`` of whole seconds, what `find` sees in the
    result is a duration of exactly ``ms``. Raises nothing.
    """
    spoken = known(found.language or language)
    plain, led = duration_words(ms, spoken.name), duration_words(ms, spoken.name, led=True)
    phrase = spoken.wording.saying.in_.format(time=led)
    counted = led if _is_led(text[: found.start], spoken) else plain
    ways = ways_to_say(text, found, phrase, spoken.wording.saying.alone.format(time=led), spoken, counted)
    said = ""
    for said in ways:
        again = find(said, language)
        if again is not None and again.kind == "duration" and again.ms == ms:
            break
    return said


def ways_to_say(
    text: str, found: Found, phrase: str, alone: str, spoken: Language, counted: str = ""
) -> Iterator[str]:
    """Texts that say another time, the closest to what was written first. ``alone``: a sentence of its own.

    ``phrase``: the time with what leads to it ("in 3 minutes"); ``counted``: without, where a stretch stood.
    """
    start, end = found.start, found.end
    if end == start:
        yield from _replaced(text, start, phrase, spoken)
        kept = text.rstrip()
        yield f"{kept}{'' if kept[-1:] in '.!?…' else '.'} {alone}"
        yield f"{alone} {text}"
        yield alone
        return
    before, after = text[:start], _without(text, found)
    if after[:1] == "." and after[1:].lstrip()[:1].islower():
        after = after[1:]  # the point of an abbreviation that is gone
    if found.kind != "clock" and counted:
        yield before + counted + after
    lead = start if found.kind == "clock" else _lead_of(before, spoken)
    if lead < start or found.kind == "clock":
        yield text[:lead] + _like(text[lead], phrase, text[:lead]) + after
    if counted:
        yield before + phrase + after
    # No time may stay beside the one that counts down: the whole sentence goes.
    first = max(before.rfind(sign) + 1 for sign in _ENDS)
    last = min((place for sign in _ENDS if (place := text.find(sign, end)) >= 0), default=len(text) - 1) + 1
    yield f"{text[:first]} {alone} {text[last:].lstrip()}".strip()
    yield f"{alone} {text}"
    # What is left says a time whatever stands beside it: text and countdown must not differ.
    yield alone


def _without(text: str, found: Found) -> str:
    """What follows the time words, without those that say more of the time."""
    rest = text[found.end :]
    for start, end in sorted(found.more, reverse=True):
        if start >= found.end:
            rest = rest[: start - found.end].rstrip(" ") + rest[end - found.end :]
    return rest


def _like(first: str, phrase: str, before: str = "") -> str:
    """The phrase, with a capital where it begins a sentence that began with one."""
    begins = before.rstrip()[-1:] in {"", *_ENDS}
    return phrase[:1].upper() + phrase[1:] if first.isupper() and begins else phrase


def _lead_of(before: str, spoken: Language) -> int:
    """Where the words that lead to a stretch begin, such as "in about"; the end if there are none."""
    found = tokens(before)
    points = {
        at
        for at, one in enumerate(found)
        if at and one.word == "." and found[at - 1].word in spoken.abbreviations
    }
    found = [one for at, one in enumerate(found) if at not in points]
    words = spoken.words(found)
    first = len(words)
    for leading in (spoken.about, spoken.future):
        while size := next(
            (size for size in (3, 2, 1) if first >= size and size in leading.sizes(words, first - size)), 0
        ):
            first -= size
    return found[first].start if first < len(found) else len(before)


def _is_led(before: str, spoken: Language) -> bool:
    """Whether the text so far ends with a word such as "in"."""
    words = spoken.words(tokens(before[-40:]))
    return any(
        spoken.future.size(words, len(words) - size) == size for size in range(1, min(4, len(words) + 1))
    )


def _replaced(text: str, start: int, phrase: str, spoken: Language) -> Iterator[str]:
    """The text with a vague word made a time, where the language says how."""
    found = tokens(text)
    words = spoken.words(found)
    for rule in spoken.wording.saying.replacing:
        for wanted in spread(rule.find):
            size = len(wanted)
            for at in range(len(words) - size + 1):
                if found[at].start >= start and tuple(words[at : at + size]) == wanted:
                    put = rule.put.format(time=phrase)
                    first, last = _edges(found, at, size)
                    yield text[:first] + _like(text[first], put, text[:first]) + text[last:]


def _edges(found: list[Token], at: int, size: int) -> tuple[int, int]:
    return found[at].start, found[at + size - 1].end


def known(name: str) -> Language:
    """The language; English where we lack it, and any where English cannot be read. Raises `RuntimeError`
    where none can."""
    found = language(name) or language(_OTHERWISE) or next(iter(every_language()), None)
    if found is None:
        raise RuntimeError("no language can be read: " + " ".join(troubles()))
    return found
