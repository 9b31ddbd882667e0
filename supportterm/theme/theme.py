"""A theme: every role with its colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from supportterm.theme.colour import contrast
from supportterm.theme.roles import TEXT_PAIRS, WIDGET_PAIRS

#: WCAG 2.2, 1.4.3: the contrast of text with what it stands on, level AA.
AA: Final = 4.5


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. All three mappings hold every role of theirs, as ``#rrggbb``.

    ``colours`` are the roles in `ROLES`; ``widget`` those in `WIDGET_ROLES`; ``console`` those in
    `ROLES` as the console shows them: names of terminal colours (``ansi_…``) if ``ansi``.
    """

    name: str
    title: str
    about: str
    dark: bool
    ansi: bool
    colours: Mapping[str, str]
    console: Mapping[str, str]
    widget: Mapping[str, str]


def weak_pairs(theme: Theme, least: float = AA) -> list[str]:
    """A sentence for each text that is hard to read on its ground; none if all is well.

    Terminal colours are not judged: how they look is the terminal's choice.
    """
    tables = [("colours", theme.colours, TEXT_PAIRS), ("widget", theme.widget, WIDGET_PAIRS)]
    if not theme.ansi:
        tables.append(("console", theme.console, TEXT_PAIRS))
    found = []
    for table, colours, pairs in tables:
        for text, ground in pairs:
            ratio = contrast(colours[text], colours[ground])
            if ratio < least:
                found.append(
                    f"{theme.name}: [{table}] `{text}` {colours[text]} on `{ground}` {colours[ground]}"
                    f" has a contrast of {ratio:.2f}; readable text needs {least:g}."
                )
    return found
