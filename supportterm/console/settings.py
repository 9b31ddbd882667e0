"""The console's settings: ``console.toml`` in the person's configuration folder.

Wrong entries never stop the console: each becomes one sentence that names the file, the key and the
nearest valid one, and the default holds.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import platformdirs
from msgspec import Struct

from supportterm.console.keymap import Keymap, read_keymap
from supportterm.console.words import LANGUAGES

#: How much of a conversation's steps is shown.
STEPS: Final = ("auto", "missing", "bar", "off")
#: key of console.toml → (type, what it does)
KEYS: Final[dict[str, tuple[type, str]]] = {
    "theme": (str, "name of the theme, such as `dusk`; the palette (ctrl+p) lists them"),
    "language": (str, "`en`, `nl` or `da`; default: the language of your system (LANG)"),
    "bell": (bool, "ring the terminal's bell for messages, offers and alerts; default false"),
    "bell_promises": (
        bool,
        "ring it when a promise is about to fall due while another chat is open; default true",
    ),
    "guard": (bool, "hold a message for six seconds at most while the customer types; default true"),
    "tone": (bool, "hints on phrases that could be kinder or clearer, while you write; default true"),
    "steps": (
        str,
        "the conversation's steps: `missing` (what it needs next), `bar` (all five) or `off`; default `auto`:"
        " `bar` for trainees (`supportterm agent set NAME --trainee`), `missing` for everybody else",
    ),
    "keys": (dict, "your own keys: `[keys]` maps an id of the table below to a key"),
}


class ConsoleSettings(Struct, frozen=True, kw_only=True):
    """Everything a console can be told. ``problems`` are sentences about wrong entries.

    ``language`` is one of `words.LANGUAGES`; ``theme`` may be "": the first one there is; ``zone`` None is
    the machine's own time zone.
    """

    config_dir: Path
    state_dir: Path
    theme: str = ""
    language: str = "en"
    bell: bool = False
    bell_promises: bool = True
    guard: bool = True
    tone: bool = True
    steps: str = "auto"
    keymap: Keymap = read_keymap({}, "")
    problems: tuple[str, ...] = ()
    zone: tzinfo | None = None

    @property
    def file(self) -> Path:
        return self.config_dir / "console.toml"


def load_settings(
    config_dir: Path | None = None,
    state_dir: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> ConsoleSettings:
    """Read ``console.toml``; without one, the defaults. Never raises for what the file says."""
    config_dir = config_dir or platformdirs.user_config_path("supportterm")
    state_dir = state_dir or platformdirs.user_state_path("supportterm")
    file = config_dir / "console.toml"
    problems: list[str] = []
    found: dict[str, Any] = {}
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{file}: {error}")
    for key in list(found):
        if sentence := _wrong(key, found[key]):
            problems.append(f"{file}: {sentence}")
            del found[key]
    keys = {id_: value for id_, value in found.get("keys", {}).items() if isinstance(value, str)}
    problems += [
        f"{file}: [keys] `{id_}` must be a key in quotes." for id_ in found.get("keys", {}) if id_ not in keys
    ]
    keymap = read_keymap(keys, str(file))
    return ConsoleSettings(
        config_dir=config_dir,
        state_dir=state_dir,
        theme=found.get("theme", ""),
        language=found.get("language") or system_language(environment),
        bell=found.get("bell", False),
        bell_promises=found.get("bell_promises", True),
        guard=found.get("guard", True),
        tone=found.get("tone", True),
        steps=found.get("steps", "auto"),
        keymap=keymap,
        problems=(*problems, *keymap.problems),
    )


def _wrong(key: str, value: object) -> str:
    if key not in KEYS:
        near = get_close_matches(key, KEYS, n=1, cutoff=0.4)
        return f"key `{key}` is not known" + (f"; did you mean `{near[0]}`?" if near else ".")
    type_ = KEYS[key][0]
    if type(value) is not type_:
        wanted = {str: "text in quotes", bool: "true or false", dict: "a table, `[keys]`"}[type_]
        return f"key `{key}` must be {wanted}."
    if key == "language" and value not in LANGUAGES:
        return f"key `language` must be one of {', '.join(LANGUAGES)}."
    if key == "steps" and value not in STEPS:
        return f"key `steps` must be one of {', '.join(STEPS)}."
    return ""


def system_language(environment: Mapping[str, str]) -> str:
    """The language the system asks for (LC_ALL, LC_MESSAGES, LANG), if we speak it; else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"
