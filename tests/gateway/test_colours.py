"""A shop's theme reaches its widget."""

from __future__ import annotations

import json
import logging

import pytest

from server.gateway.colours import widget_prelude
from server.gateway.pages import Pages
from server.settings import Shop
from supportterm.theme import load_all


def _rules(shops: dict[str, Shop]) -> dict[str, str]:
    prelude = widget_prelude(shops).decode()
    name, _, value = prelude.rstrip(";\n").partition("=")
    assert name == "window.supporttermThemes"
    found: dict[str, str] = json.loads(value)
    return found


def test_no_theme_adds_nothing() -> None:
    assert widget_prelude({"acme": Shop(desk="main")}) == b""


def test_each_shop_has_the_colours_of_its_own_theme() -> None:
    themes, _ = load_all()
    rules = _rules({key: Shop(desk="main", theme=key) for key in themes} | {"plain": Shop(desk="main")})
    assert rules.keys() == themes.keys()
    assert len(set(rules.values())) == len(themes)
    assert "color-scheme:light" in rules["dawn"]
    assert "color-scheme:dark" in rules["dusk"]
    for rule in rules.values():
        assert rule.startswith(".frame{")
        assert "--accent:#" in rule
        assert "--on-accent:#" in rule


def test_an_unknown_theme_leaves_the_usual_colours_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "supportterm.gateway"):
        assert _rules({"acme": Shop(desk="main", theme="duks")}) == {}
    assert "did you mean `dusk`?" in caplog.text


def test_the_prelude_stands_before_the_widget_and_can_change() -> None:
    pages = Pages(False, str, bytes)
    plain = pages.find("/widget.js", "")
    pages.colour(b"themes;\n")
    coloured = pages.find("/widget.js", "")
    assert plain is not None
    assert coloured is not None
    assert coloured.body == b"themes;\n" + plain.body
    pages.colour(b"")
    assert pages.find("/widget.js", "") == plain
