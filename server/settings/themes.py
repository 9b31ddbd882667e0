"""Themes that shops name and that are not there, or whose files cannot be read as they stand."""

from __future__ import annotations

from collections.abc import Mapping

from server.settings.sentences import nearest
from server.settings.shops import Shop
from supportterm.theme import Theme, load_all


def used(shops: Mapping[str, Shop]) -> tuple[dict[str, Theme], list[str]]:
    """The theme of each shop that has one, and a sentence for each mistake.

    A shop whose theme is not there has the usual colours. Without any theme no file is looked at.
    """
    wanted = {key: shop.theme for key, shop in shops.items() if shop.theme}
    if not wanted:
        return {}, []
    themes, problems = load_all()
    problems += [
        f"[shop.{key}] `theme`: there is no theme `{name}`; {nearest(name, themes, 'themes')}"
        for key, name in wanted.items()
        if name not in themes
    ]
    return {key: themes[name] for key, name in wanted.items() if name in themes}, problems


def unusable(shops: Mapping[str, Shop]) -> list[str]:
    """The sentences alone."""
    return used(shops)[1]
