"""What a shop has set reaches its widget."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from server.gateway.pages import Pages
from server.gateway.prelude import two_toned, widget_prelude
from server.settings import Shop
from supportterm.theme import load_all


def _said(shops: dict[str, Shop]) -> dict[str, Any]:
    prelude = widget_prelude(shops).decode()
    name, _, value = prelude.rstrip(";\n").partition("=")
    assert name == "window.supporttermShops"
    found: dict[str, Any] = json.loads(value)
    return found


def _rules(shops: dict[str, Shop]) -> dict[str, str]:
    return {key: said["style"] for key, said in _said(shops).items()}


def _familiar(**shops: Shop) -> dict[str, list[str]]:
    return {key: said["familiar"] for key, said in _said(shops).items()}


def test_no_theme_and_no_tone_add_nothing() -> None:
    polite = Shop(desk="main", languages=["nl", "da"], tone={"nl": "polite", "da": "familiar"})
    assert widget_prelude({"acme": Shop(desk="main"), "polite": polite}) == b""


def test_a_tone_is_said_where_the_widget_has_two() -> None:
    assert two_toned() == ["de", "fr", "nl"]
    some = Shop(desk="main", languages=["nl", "de"], tone={"nl": "familiar", "de": "polite"})
    # Of one for all: a page may be in another language than those the shop's customers write in.
    every = Shop(desk="main", languages=["en", "nl"], tone="familiar")
    assert _familiar(some=some, every=every, none=Shop(desk="main")) == {
        "some": ["nl"],
        "every": ["de", "fr", "nl"],
    }


def test_a_shop_has_both() -> None:
    shop = Shop(desk="main", languages=["nl"], tone="familiar", theme="dawn")
    said = _said({"acme": shop})["acme"]
    assert said.keys() == {"style", "familiar"}


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
        assert widget_prelude({"acme": Shop(desk="main", theme="duks")}) == b""
    assert "did you mean `dusk`?" in caplog.text


def test_the_prelude_stands_before_the_widget_and_can_change() -> None:
    pages = Pages(False, str, bytes)
    plain = pages.find("/widget.js", "")
    pages.begin_widget(b"themes;\n")
    coloured = pages.find("/widget.js", "")
    assert plain is not None
    assert coloured is not None
    assert coloured.body == b"themes;\n" + plain.body
    pages.begin_widget(b"")
    assert pages.find("/widget.js", "") == plain
