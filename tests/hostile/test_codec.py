"""Whatever arrives, the decoder gives a frame of version 1 or a `BadFrame`, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.protocol import frames
from supportterm.protocol.codec import BadFrame, decode_client, decode_server, encode
from supportterm.protocol.limits import FRAME_BYTES

#: As many examples as usual, or as `make fuzz` asks for.
many = settings(deadline=None)

ID = "a" * 22
FROM_CLIENT: list[frames.ClientFrame] = [
    frames.Hello(1, "t" * 43, epoch="e", have={ID: 3}, lang="nl", client="c", instance="i", takeover=True),
    frames.Login("anna", "a password", invite="x", device="d"),
    frames.Open(ID, ID, lang="en", page="https://shop.example/"),
    frames.Say(ID, ID, "text é\U0001f600\n"),
    frames.Note(ID, ID, "text"),
    frames.CloseChat(ID, ID),
    frames.Reopen(ID, ID),
    frames.SetStatus(ID, "away"),
    frames.Sync(ID, 5),
    frames.More(ID, 5),
    frames.Mark(ID, 2, 1),
    frames.Typing(ID, False),
    frames.Beat(),
]
KEYS = st.sampled_from(
    ["t", "v", "id", "chat", "text", "have", "token", "on", "got", "seen", "before", "status", "lang", "x"]
)
TAGS = st.sampled_from(
    ["hello", "say", "open", "sync", "mark", "typing", "beat", "more", "event", "chat", ""]
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([2**53, 2**63, 2**64, 10**400, -1, 0]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(st.characters(), max_size=50), TAGS),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


def is_a_frame_or_bad(raw: str) -> None:
    """And a frame means the same when it is written again."""
    try:
        frame = decode_client(raw)
    except BadFrame:
        return
    assert isinstance(frame, frames.ClientFrame)
    again = encode(frame)
    assert decode_client(again.decode()) == frame
    assert b"NaN" not in again or "NaN" in raw
    assert json.loads(again)


@many
@given(st.text(max_size=300))
def test_any_text(raw: str) -> None:
    is_a_frame_or_bad(raw)


@many
@given(VALUES)
def test_any_json(value: Any) -> None:
    is_a_frame_or_bad(json.dumps(value))
    is_a_frame_or_bad(json.dumps(value, ensure_ascii=False))


@many
@given(st.sampled_from(FROM_CLIENT), st.data())
def test_a_frame_with_other_values(frame: frames.ClientFrame, data: st.DataObject) -> None:
    plain = json.loads(encode(frame))
    for key in data.draw(st.lists(st.sampled_from([*plain, "x"]), min_size=1, max_size=3)):
        plain[key] = data.draw(VALUES)
    is_a_frame_or_bad(json.dumps(plain))


@many
@given(st.sampled_from(FROM_CLIENT), st.data())
def test_a_frame_with_broken_characters(frame: frames.ClientFrame, data: st.DataObject) -> None:
    raw = list(encode(frame).decode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(st.text(st.characters(), max_size=3))
        raw = raw or [""]
    is_a_frame_or_bad("".join(raw))


@many
@given(st.sampled_from(FROM_CLIENT), st.data())
def test_no_key_stands_twice(frame: frames.ClientFrame, data: st.DataObject) -> None:
    """A reader that takes the last of two would see another frame than one that takes the first."""
    pairs = list(json.loads(encode(frame)).items())
    key, value = data.draw(st.sampled_from(pairs))
    pairs.insert(data.draw(st.integers(0, len(pairs))), (key, value))
    written = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in pairs]
    with pytest.raises(BadFrame):
        decode_client("{" + ", ".join(written) + "}")


@many
@given(st.binary(max_size=300))
def test_any_bytes_from_a_server(raw: bytes) -> None:
    with suppress(BadFrame):
        decode_server(raw)


@many
@given(VALUES)
def test_any_json_from_a_server(value: Any) -> None:
    with suppress(BadFrame):
        decode_server(json.dumps(value))


def test_too_big() -> None:
    assert decode_client('{"t":"beat"}' + " " * (FRAME_BYTES - 12)) == frames.Beat()
    with pytest.raises(BadFrame):
        decode_client('{"t":"beat"}' + " " * (FRAME_BYTES - 11))
