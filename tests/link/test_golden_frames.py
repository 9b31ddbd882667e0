"""Every frame of version 1 stands in a file, byte by byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from supportterm.protocol import codec, frames, views

FRAMES = sorted((Path(__file__).parent.parent / "golden" / "frames").glob("*.json"))


def tags(union: Any) -> set[str]:
    found = {frame.__struct_config__.tag for frame in get_args(union)}
    assert all(isinstance(tag, str) for tag in found)
    return found


CLIENT, SERVER = tags(frames.FromClient), tags(frames.FromServer)


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_decoding_and_encoding_gives_the_same_bytes(path: Path) -> None:
    raw = path.read_bytes().removesuffix(b"\n")
    tag = path.stem.split("-")[0]
    frame = codec.decode_client(raw.decode()) if tag in CLIENT else codec.decode_server(raw)
    assert frame is not None
    assert frame.__struct_config__.tag == tag
    assert codec.encode(frame) == raw


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_views_in_frames_have_their_shape(path: Path) -> None:
    frame = codec.decode_server(path.read_bytes()) if path.stem.split("-")[0] in SERVER else None
    if isinstance(frame, frames.View):
        value = msgspec.json.decode(frame.value, type=views.VIEWS[frame.name])
        assert msgspec.json.encode(value) == bytes(frame.value)


def test_every_frame_and_view_has_a_file() -> None:
    assert {path.stem.split("-")[0] for path in FRAMES} == CLIENT | SERVER
    assert {path.stem for path in FRAMES} >= {"view", "view-queue", "view-door"}
