"""The console's style sheet, parsed once for each theme."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

#: Textual and the console together have some forty pieces of style; so many themes' of them are kept.
_KEPT: Final = 40 * 16


class Sheet(Stylesheet):
    """Textual parses every piece of style anew whenever a theme is set: twice before the console is first
    seen, and again for every theme that somebody only looks at. What was parsed stays true for the same
    colours."""

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        colours = tuple(self._variables.items())
        return _parsed(css, read_from, is_default_rules, tie_breaker, scope, colours)

    def reparse(self) -> None:
        self.parse()


@lru_cache(maxsize=_KEPT)
def _parsed(
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool,
    tie_breaker: int,
    scope: str,
    colours: tuple[tuple[str, str], ...],
) -> list[RuleSet]:
    plain = Stylesheet(variables=dict(colours))
    return plain._parse_rules(css, read_from, is_default_rules, tie_breaker, scope)
