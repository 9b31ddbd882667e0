"""The tables of the protocol's page say what the structs and codes say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args, get_origin

import msgspec
import pytest

from supportterm.protocol import frames, kinds, limits, views
from supportterm.protocol.codes import CLOSE_TEXT, ERRORS, Close, reconnects

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"


def rows(heading: str) -> dict[str, list[str]]:
    """The one table below a heading: the first cell without its marks, then the others."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    found = [[cell.strip() for cell in line] for line in lines[2:]]
    names = [cells[0].strip("`") for cells in found]
    assert len(set(names)) == len(names)
    return dict(zip(names, [cells[1:] for cells in found], strict=True))


def fields(struct: type[msgspec.Struct]) -> str:
    """A struct's fields as the page writes them."""
    leaves_out = struct.__struct_config__.omit_defaults
    marks = ["?" if leaves_out and not field.required else "" for field in msgspec.structs.fields(struct)]
    names = [field.encode_name for field in msgspec.structs.fields(struct)]
    return ", ".join(f"`{name}{mark}`" for name, mark in zip(names, marks, strict=True))


def tags(structs: Iterable[type[msgspec.Struct]]) -> list[str]:
    return [str(struct.__struct_config__.tag) for struct in structs]


def test_every_frame_of_a_client() -> None:
    structs = get_args(frames.FromClient)
    table = rows("Frames of a client")
    assert list(table) == tags(structs)
    assert [cells[1] for cells in table.values()] == [fields(struct) for struct in structs]
    assert {cells[0] for cells in table.values()} == {"both", "agent", "customer", "supervisor"}


def test_every_frame_of_the_server() -> None:
    structs = get_args(frames.FromServer)
    table = rows("Frames of the server")
    assert list(table) == tags(structs)
    assert [cells[0] for cells in table.values()] == [fields(struct) for struct in structs]


def test_what_answers_is_a_frame_or_an_event() -> None:
    known = {*tags(get_args(frames.FromServer)), *kinds.PUBLIC, *kinds.HIDDEN, *views.VIEWS, "chats", "have"}
    known |= {"promise", "due"}
    for cells in rows("Frames of a client").values():
        assert set(re.findall(r"`(\w+)`", cells[2])) <= known


def test_every_kind_of_event() -> None:
    table = rows("Kinds of events")
    assert list(table) == [*kinds.PUBLIC, *kinds.HIDDEN]
    for kind, cells in table.items():
        public = kind in kinds.PUBLIC
        assert cells[:2] == ["yes" if public else "no", fields((kinds.PUBLIC | kinds.HIDDEN)[kind])]


def test_every_reason_of_an_event() -> None:
    table = rows("Kinds of events")
    for kind, struct in (kinds.PUBLIC | kinds.HIDDEN).items():
        for field in msgspec.structs.fields(struct):
            for word in get_args(field.type) if get_origin(field.type) is Literal else ():
                assert not word or f"`{word}`" in table[kind][2]


def test_every_view() -> None:
    table = rows("Views")
    assert list(table) == list(views.VIEWS)
    for name, cells in table.items():
        assert cells[1].startswith(fields(views.VIEWS[name]) + ":")


def test_every_error_code() -> None:
    table = rows("Error codes")
    assert list(table) == list(ERRORS)
    for code, cells in table.items():
        error = ERRORS[code]
        after = f"{error.after_ms // 1000} s" if error.after_ms else ""
        assert cells == ["yes" if error.retry else "no", after, error.text]


def test_every_close_code() -> None:
    table = rows("Closing")
    assert [int(code) for code in table] == [int(code) for code in Close]
    for code in Close:
        again, meaning = table[str(int(code))]
        assert again == ("yes" if reconnects(code) else "no")
        assert meaning == CLOSE_TEXT.get(code, meaning)


def test_every_limit() -> None:
    now = msgspec.to_builtins(frames.Limits())
    assert {name: int(cells[0]) for name, cells in rows("Limits").items()} == now


@pytest.mark.parametrize(
    "sentence",
    [
        f"{limits.ID_CHARS_MIN} to {limits.ID_CHARS_MAX} characters",
        f"exactly {limits.TOKEN_CHARS}",
        f"subprotocol `{limits.SUBPROTOCOL}`",
    ],
)
def test_numbers_in_sentences(sentence: str) -> None:
    assert sentence in PAGE.read_text(encoding="utf-8")
