"""Only safe text reaches a widget: read from the source, so that no path is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import supportterm.console

SOURCE = Path(supportterm.console.__file__).parent
#: What shows text. A plain string there is markup, or carries what nobody made safe.
SHOWS = {
    "Static",
    "Label",
    "Button",
    "Option",
    "Tooltip",
    "TabPane",
    "Collapsible",
    "update",
    "notify",
    "Content",
}
TITLES = {"border_title", "border_subtitle", "title", "sub_title", "tooltip", "placeholder"}
#: What makes text safe without looking: only for literals of the source.
TRUSTING = {"trusted", "fill"}


def texts_made_here(node: ast.expr) -> bool:
    """Whether the expression is a string put together on the spot, or made plain again."""
    match node:
        case ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Mod()) if isinstance(node.left, ast.Constant | ast.JoinedStr):
            return True
        case ast.BinOp():
            return texts_made_here(node.left) or texts_made_here(node.right)
        case ast.Call(func=ast.Name(id="str" | "repr")):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "strip" | "replace" | "join" | "lower" | "upper")):
            return True
        case ast.IfExp():
            return texts_made_here(node.body) or texts_made_here(node.orelse)
        case _:
            return False


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                titled = isinstance(target, ast.Attribute) and target.attr in TITLES
                if titled and node.value is not None and texts_made_here(node.value):
                    assert isinstance(target, ast.Attribute)
                    yield f"{node.lineno}: {target.attr} is given a plain string"
            continue
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node)
        given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in TITLES)]
        if name in SHOWS and any(texts_made_here(each) for each in given):
            yield f"{node.lineno}: {name} is given a plain string"
        if name in {"Static", "Label"} and node.args and not is_content(node.args[0]):
            yield f"{node.lineno}: {name} takes Content only"
        if name == "notify" and not any(
            k.arg == "markup" and getattr(k.value, "value", None) is False for k in node.keywords
        ):
            yield f"{node.lineno}: notify without markup=False"
        if name in {"from_markup", "from_text", "render_markup", "open_url"}:
            yield f"{node.lineno}: {name} reads markup or opens what a stranger wrote"
        if name in TRUSTING and node.args and not is_ours(node.args[0]):
            yield f"{node.lineno}: {name} is for literals"
        if name == "Segment" and node.args and isinstance(node.args[0], ast.JoinedStr):
            yield f"{node.lineno}: Segment is given a plain string"


def is_content(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return name_of(node) in {"Content", "assemble"} or name_of(node).startswith("_content")
    return False


def is_ours(node: ast.expr) -> bool:
    """A literal, or one of the few sources of our own words (reviewed by hand)."""
    if isinstance(node, ast.Constant):
        return True
    return ast.unparse(node) in {
        "sentence",  # words.py: a sentence of texts/*.toml
        "weekday",
        "month",
        "self._at(at_ms).strftime('%H:%M')",
        "sentences(language)['name.language']",
        "show_key(self.session.settings.keymap.keys[id_])",  # checked: ASCII letters, digits and +
        "hashlib.sha256(chat.encode()).hexdigest()[:4].upper()",
    }


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.name)
def test_only_safe_text_is_shown(path: Path) -> None:
    assert list(faults(ast.parse(path.read_text("utf-8")))) == []


def test_a_handler_leaves_its_bases_to_textual() -> None:
    """It calls the handler of every class by itself: a base that is called as well does its work twice."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(ast.Call(func=ast.Name("super")), name)):
                    assert not re.match("_?on_(?!event)", name), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    "source",
    [
        'Static(f"{name}")',
        "Static(name)",
        "Label(str(error))",
        'self.notify("x")',
        'self.notify(f"{error}", markup=False)',
        'self.border_title = f"{name}"',
        'self.border_title = "x" + str(name)',
        "trusted(name)",
        'trusted(f"{name}")',
        'Content.from_markup("x")',
        'Button("%s" % name)',
        'Tooltip("{}".format(name))',
        'Segment(f"{name}", style)',
    ],
)
def test_the_lint_finds_what_it_is_for(source: str) -> None:
    assert list(faults(ast.parse(source)))
