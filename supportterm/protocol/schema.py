"""The wire for people without Python: a JSON Schema and JavaScript types, generated from the structs.

``python -m supportterm.protocol.schema`` writes both into a checkout; ``--check`` only compares and
exits with 1 when a file is stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct
from msgspec import inspect as shapes

from supportterm.protocol import frames, kinds, views
from supportterm.protocol.codes import ERRORS
from supportterm.protocol.limits import SUBPROTOCOL

ROOT: Final = Path(__file__).resolve().parents[2]
SCHEMA: Final = Path("docs/schema.json")
TYPES: Final = Path("server/widget/src/frames.d.ts")

_CLIENT: Final[tuple[type[Struct], ...]] = get_args(frames.FromClient)
_SERVER: Final[tuple[type[Struct], ...]] = get_args(frames.FromServer)
_EVENTS: Final[dict[str, type[Struct]]] = kinds.PUBLIC | kinds.HIDDEN


# --- JSON Schema ----------------------------------------------------------------------------------


def json_schema() -> str:
    """The whole wire as one JSON Schema (2020-12): a document is any frame of either side.

    ``$defs`` also holds the shapes of an event's ``data`` (``data.<kind>``) and of the values that
    views carry (``view.<name>``), which the frames leave open because they grow by themselves.
    """
    definitions: dict[str, Any] = {}
    _, of_frames = msgspec.json.schema_components((*_CLIENT, *_SERVER), ref_template="#/$defs/{name}")
    definitions["FromClient"] = {"oneOf": [_ref(frame.__name__) for frame in _CLIENT]}
    definitions["FromServer"] = {"oneOf": [_ref(frame.__name__) for frame in _SERVER]}
    definitions |= of_frames
    for prefix, table in (("data", _EVENTS), ("view", views.VIEWS)):
        for name, struct in table.items():
            _, found = msgspec.json.schema_components((struct,), ref_template="#/$defs/{name}")
            definitions[f"{prefix}.{name}"] = found.pop(struct.__name__)
            definitions |= found
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{SUBPROTOCOL}: the frames of the wire",
        "oneOf": [_ref("FromClient"), _ref("FromServer")],
        "$defs": definitions,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


# --- JavaScript types -------------------------------------------------------------------------------


def js_types() -> str:
    """TypeScript declarations of every frame, for JSDoc's ``import("./frames.js")``.

    A field is optional where its struct leaves defaults out of the JSON, required where it is
    always there.
    """
    parts = [
        "// Generated from supportterm/protocol by `python -m supportterm.protocol.schema`: do not edit.",
        _union("FromClient", [frame.__name__ for frame in _CLIENT]),
        _union("FromServer", [frame.__name__ for frame in _SERVER]),
        _union("Command", [frame.__name__ for frame in get_args(frames.Command)]),
        _union("ErrorCode", [json.dumps(code) for code in ERRORS]),
    ]
    tables = (*_EVENTS.values(), *views.VIEWS.values())
    for struct in _reached((*_CLIENT, *_SERVER, *tables)):
        if struct.cls in tables:
            continue
        parts.append(f"export interface {struct.cls.__name__} {_body(struct, '')}")
    parts.append("/** What an event's `data` holds, by kind. */\n" + _table("EventData", _EVENTS))
    parts.append("/** What a view's `value` holds, by name. */\n" + _table("ViewValue", views.VIEWS))
    return "\n\n".join(parts) + "\n"


def _union(name: str, members: Iterable[str]) -> str:
    return f"export type {name} =\n" + "\n".join(f"  | {member}" for member in members) + ";"


def _table(name: str, structs: dict[str, type[Struct]]) -> str:
    lines = [f"  {key}: {_body(_struct(struct), '  ')};" for key, struct in structs.items()]
    return f"export interface {name} {{\n" + "\n".join(lines) + "\n}"


def _struct(struct: type[Struct]) -> shapes.StructType:
    info = shapes.type_info(struct)
    assert isinstance(info, shapes.StructType)
    return info


def _reached(structs: Iterable[type[Struct]]) -> list[shapes.StructType]:
    """The structs and all that their fields name, each once, in the order they are met."""
    found: dict[type, shapes.StructType] = {}

    def visit(kind: shapes.Type) -> None:
        match kind:
            case shapes.StructType() if kind.cls not in found:
                found[kind.cls] = kind
                for field in kind.fields:
                    visit(field.type)
            case shapes.ListType(item_type=item) | shapes.VarTupleType(item_type=item):
                visit(item)
            case shapes.DictType(value_type=item):
                visit(item)
            case shapes.UnionType(types=members):
                for member in members:
                    visit(member)
            case _:
                pass

    for struct in structs:
        visit(_struct(struct))
    return list(found.values())


def _body(struct: shapes.StructType, indent: str) -> str:
    leaves_out = struct.cls.__struct_config__.omit_defaults
    lines = []
    if struct.tag_field is not None:
        lines.append(f"{struct.tag_field}: {json.dumps(struct.tag)};")
    for field in struct.fields:
        optional = not field.required and leaves_out
        lines.append(f"{field.encode_name}{'?' if optional else ''}: {_js(field.type)};")
    if not lines:
        return "Record<string, never>" if indent else "{}"
    return "{\n" + "".join(f"{indent}  {line}\n" for line in lines) + indent + "}"


def _js(kind: shapes.Type) -> str:
    match kind:
        case shapes.StrType():
            return "string"
        case shapes.IntType() | shapes.FloatType():
            return "number"
        case shapes.BoolType():
            return "boolean"
        case shapes.LiteralType(values=values):
            return " | ".join(json.dumps(value) for value in values)
        case shapes.StructType(cls=cls):
            return cls.__name__
        case shapes.ListType(item_type=item) | shapes.VarTupleType(item_type=item):
            return f"{_js(item)}[]"
        case shapes.TupleType(item_types=items):
            return f"[{', '.join(_js(item) for item in items)}]"
        case shapes.DictType(value_type=item):
            return f"Record<string, {_js(item)}>"
        case shapes.RawType() | shapes.AnyType():
            return "unknown"
        case shapes.Metadata(type=inner):
            return _js(inner)
        case shapes.UnionType(types=members):
            # Absent and null say the same on this wire, and the server leaves nulls out.
            known = [_js(member) for member in members if not isinstance(member, shapes.NoneType)]
            return " | ".join(known)
        case _:
            raise TypeError(f"no JavaScript type is known for {kind!r}: add it to _js")


# --- files ------------------------------------------------------------------------------------------


def generated() -> dict[Path, str]:
    """The generated files, by path inside the checkout."""
    return {SCHEMA: json_schema(), TYPES: js_types()}


def stale(root: Path = ROOT) -> list[Path]:
    """The generated files that do not say what the structs say now."""
    return [
        path
        for path, text in generated().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` name the stale ones. Returns the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m supportterm.protocol.schema [--check]", file=sys.stderr)
        return 2
    old = stale()
    if arguments:
        for path in old:
            print(f"{path} is stale: run python -m supportterm.protocol.schema", file=sys.stderr)
        return 1 if old else 0
    if not (ROOT / "pyproject.toml").is_file():
        print("The schema can be written only inside a checkout of supportterm.", file=sys.stderr)
        return 1
    texts = generated()
    for path in old:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(texts[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
