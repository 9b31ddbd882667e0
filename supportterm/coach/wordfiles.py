"""Files of one shape, a language each: what can be used of them, and what is wrong with the rest."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

T = TypeVar("T")


def read_all(folder: Traversable, shape: type[T]) -> tuple[dict[str, T], tuple[str, ...]]:
    """Every file of a folder that can be used, by language, and a sentence for each that cannot."""
    usable: dict[str, T] = {}
    wrong: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        name = f"{folder.name}/{file.name}"
        try:
            usable[file.name.removesuffix(".toml")] = msgspec.convert(
                tomllib.loads(file.read_bytes().decode()), shape
            )
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            wrong.append(f"{name} is no TOML: {error}")
        except msgspec.ValidationError as error:
            wrong.append(f"{name}: {error}")
    return usable, tuple(wrong)
