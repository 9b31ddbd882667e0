"""Whether an agent, as an operator describes them, fits a desk of the settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from server.administration.needs import Failed
from server.settings import Settings
from server.settings.about import hundredths
from server.settings.sentences import nearest
from server.store.interface import Agent
from supportterm.coach.timetable import BadHours, shifts_of

TITLES: Final = ("agent", "supervisor", "admin")


def desk_of(desk: str, settings: Settings) -> str:
    """The desk that is meant; "" is enough where there is only one. Raises `Failed`."""
    desks = sorted(settings.desks)
    if not desk and len(desks) == 1:
        return desks[0]
    if desk not in settings.desks:
        have = ", ".join(desks)
        raise Failed(
            f"There is no desk `{desk}` in {settings.path}: use --desk with one of {have}."
            if desk
            else f"There are several desks: say which one with --desk ({have})."
        )
    return desk


def check(agent: Agent, settings: Settings, fields: Collection[str] = Agent.__struct_fields__) -> None:
    """Raises `Failed` if a desk cannot have an agent like this. Only ``fields`` are looked at."""
    if "title" in fields and agent.title not in TITLES:
        raise Failed(f"`{agent.title}` is no title: use agent, supervisor or admin.")
    if "limit" in fields and not 0 <= agent.limit <= 50:
        raise Failed("The limit must be from 1 to 50 chats, or 0 for the desk's own.")
    if "shifts" in fields:
        try:
            shifts_of(agent.shifts)
        except BadHours as bad:
            raise Failed(str(bad)) from None
    desk = settings.desks.get(agent.desk)
    if desk is None:
        return  # a desk that the settings no longer have: nobody can say what fits
    least = hundredths(desk.weight_waiting) + hundredths(desk.hysteresis)
    if "ceiling" in fields and agent.ceiling and not least <= agent.ceiling <= 5_000:
        raise Failed(
            f"The ceiling must be from {least / 100} to 50 points, or 0 for the desk's own: below that"
            f" the desk `{agent.desk}` could not give them a single chat."
        )
    if "skills" in fields:
        lacks = f"[desk.{agent.desk}] has no skill"
        _check_words(settings, agent.skills, desk.skills, lacks, "skills")
    if "languages" in fields:
        lacks = f"no shop of [desk.{agent.desk}] has the language"
        _check_words(settings, agent.languages, settings.languages_of(agent.desk), lacks, "languages")


def _check_words(
    settings: Settings, words: Iterable[str], known: Collection[str], lacks: str, what: str
) -> None:
    for word in words:
        if word not in known:
            raise Failed(
                f"In {settings.path}, {lacks} `{word}`: {nearest(word, known, what)}"
                f" A new one is added to `{what}` there."
            )


def tidy(shifts: Iterable[str]) -> tuple[str, ...]:
    """Each once, as they are shown again."""
    return tuple(dict.fromkeys(" ".join(shift.lower().split()) for shift in shifts))
