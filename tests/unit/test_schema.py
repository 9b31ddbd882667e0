"""The generated schema and types say what the structs say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from supportterm.protocol import frames, kinds, schema, views

FRAMES = [*get_args(frames.FromClient), *get_args(frames.FromServer)]


def test_nothing_is_stale() -> None:
    assert schema.stale() == [], "run: python -m supportterm.protocol.schema"


def test_a_changed_file_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, text in schema.generated().items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    assert schema.stale(tmp_path) == []
    (tmp_path / schema.SCHEMA).write_text("{}")
    (tmp_path / schema.TYPES).unlink()
    assert schema.stale(tmp_path) == [schema.SCHEMA, schema.TYPES]
    assert schema.main(["--check"]) == 0
    assert schema.main(["--nonsense"]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_schema_reaches_every_frame_kind_and_view() -> None:
    document = json.loads(schema.json_schema())
    definitions = document["$defs"]
    sides = [*definitions["FromClient"]["oneOf"], *definitions["FromServer"]["oneOf"]]
    assert sides == [{"$ref": f"#/$defs/{frame.__name__}"} for frame in FRAMES]
    for frame in FRAMES:
        assert definitions[frame.__name__]["properties"]["t"]["enum"] == [frame.__struct_config__.tag]
    for kind in kinds.PUBLIC | kinds.HIDDEN:
        assert f"data.{kind}" in definitions
    for view in views.VIEWS:
        assert f"view.{view}" in definitions
    named = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(document)))
    assert named <= set(definitions)


def test_client_frames_refuse_unknown_fields_in_the_schema_too() -> None:
    definitions = json.loads(schema.json_schema())["$defs"]
    for frame in get_args(frames.FromClient):
        assert definitions[frame.__name__]["additionalProperties"] is False


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__name__)
def test_the_types_require_what_is_always_sent(frame: type[msgspec.Struct]) -> None:
    found = re.search(rf"^export interface {frame.__name__} \{{\n(.*?)^\}}", schema.js_types(), re.M | re.S)
    assert found is not None
    lines = dict(re.findall(r"^  (\w+\??): (.+);$", found[1], re.M))
    assert lines["t"] == json.dumps(frame.__struct_config__.tag)
    for field in msgspec.structs.fields(frame):
        assert (f"{field.encode_name}?" in lines) is not field.required
        assert (field.encode_name in lines) is field.required
