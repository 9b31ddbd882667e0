"""Theme files found, read and checked: everything wrong with one is said at once, in sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import platformdirs

from supportterm.theme.colour import ANSI, parse
from supportterm.theme.roles import ROLES, WIDGET_ROLES, Role
from supportterm.theme.theme import Theme

#: The theme where nobody chose one.
DEFAULT: Final = "dusk"

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_KEYS: Final = ("title", "about", "dark", "ansi", "palette", "colours", "console", "widget")
#: More is no theme; and nobody's editor shows it.
_BYTES: Final = 65_536


class BadTheme(Exception):
    """The file cannot be used. ``problems`` has one sentence for each thing to mend."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def directories() -> list[Path]:
    """Where theme files lie: those that come with supportterm, then the user's own."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_themes"
    shipped = installed if installed.is_dir() else package.parent / "themes"
    return [shipped, platformdirs.user_config_path("supportterm") / "themes"]


def load_all(dirs: Iterable[Path] | None = None) -> tuple[dict[str, Theme], list[str]]:
    """All themes in ``dirs`` (else `directories`) by name, and a sentence for each thing to mend.

    `DEFAULT` comes first, the others by name; a theme of a later directory replaces an earlier one.
    Directories that do not exist have no themes. Never raises.
    """
    found: dict[str, Theme] = {}
    problems: list[str] = []
    for directory in directories() if dirs is None else dirs:
        try:
            paths = sorted(directory.glob("*.toml"))
        except OSError as error:
            problems.append(f"{directory}: it cannot be read: {error.strerror or error}.")
            continue
        for path in paths:
            try:
                theme = load(path)
            except BadTheme as bad:
                problems += bad.problems
            else:
                found[theme.name] = theme
    return {name: found[name] for name in sorted(found, key=lambda name: (name != DEFAULT, name))}, problems


def load(path: Path) -> Theme:
    """The theme in ``path``, named like the file. Raises `BadTheme` with everything that is wrong."""
    if not _NAME.fullmatch(path.stem):
        problem = "a theme is named like its file: use small letters, digits and dashes."
        raise BadTheme([f"{path}: {problem}"])
    try:
        with path.open("rb") as file:
            raw = file.read(_BYTES + 1)
        if len(raw) > _BYTES:
            raise BadTheme([f"{path}: this is too big for a theme file."])
        table = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise BadTheme([f"{path}: it cannot be read: {error.strerror or error}."]) from None
    except UnicodeDecodeError:
        raise BadTheme([f"{path}: this is not UTF-8 text: save it as UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadTheme([f"{path}: this is not valid TOML: {error}."]) from None
    return _Reading(path).theme(table)


class _Reading:
    """One file being read; collects what is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def theme(self, found: Mapping[str, Any]) -> Theme:
        for key in found:
            if key not in _KEYS:
                self.wrong(f"key `{key}` is not known; {_nearest(key, _KEYS)}")
        dark, ansi = self.flag(found, "dark", True), self.flag(found, "ansi", False)
        palette = self.table(found, "palette")
        for name in palette:
            if any(name == role.name for role in (*ROLES, *WIDGET_ROLES)):
                self.wrong(f"[palette] `{name}` is the name of a role: set it in [colours], or rename it.")
        colours, console, widget = (self.table(found, name) for name in ("colours", "console", "widget"))
        self.known("colours", ROLES, colours)
        self.known("console", ROLES, console)
        self.known("widget", WIDGET_ROLES, widget)
        shown = self.resolved("colours", ROLES, {**palette, **colours})
        in_widget = self.resolved("widget", WIDGET_ROLES, {**palette, **shown, **widget})
        if ansi:
            in_console = self.resolved("console", ROLES, console, ansi=True)
        elif console and not self.problems:
            in_console = self.resolved("console", ROLES, {**palette, **colours, **console})
        else:
            in_console = dict(shown)
        title, about = self.words(found, "title"), self.words(found, "about")
        if self.problems:
            raise BadTheme(self.problems)
        return Theme(
            name=self.path.stem,
            title=title or self.path.stem.capitalize(),
            about=about,
            dark=dark,
            ansi=ansi,
            colours=shown,
            console=in_console,
            widget=in_widget,
        )

    def wrong(self, sentence: str) -> None:
        problem = f"{self.path.name}: {sentence}"
        if problem not in self.problems:
            self.problems.append(problem)

    def flag(self, found: Mapping[str, Any], key: str, usual: bool) -> bool:
        value = found.get(key, usual)
        if not isinstance(value, bool):
            self.wrong(f"`{key}` must be true or false.")
            return usual
        return value

    def words(self, found: Mapping[str, Any], key: str) -> str:
        value = found.get(key, "")
        if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
            self.wrong(f"`{key}` must be a short text on one line, in quotes.")
            return ""
        return value

    def table(self, found: Mapping[str, Any], key: str) -> dict[str, str]:
        """The table ``key`` less what is not a text."""
        table = found.get(key, {})
        if not isinstance(table, dict):
            self.wrong(f"`{key}` must be a table: write [{key}] and its keys below.")
            return {}
        for name, value in table.items():
            if not isinstance(value, str):
                self.wrong(f'[{key}] `{name}` must be a colour in quotes, such as "#8fb4ff".')
        return {name: value for name, value in table.items() if isinstance(value, str)}

    def known(self, table: str, roles: Sequence[Role], given: Mapping[str, str]) -> None:
        names = [role.name for role in roles]
        for key in given:
            if key not in names:
                self.wrong(f"[{table}] key `{key}` is not known; {_nearest(key, names)}")

    def resolved(
        self, table: str, roles: Sequence[Role], given: Mapping[str, str], *, ansi: bool = False
    ) -> dict[str, str]:
        """Every role's colour: its own, or by ``$name`` that of anything else in ``given``."""
        usual = {role.name: role.usual for role in roles if role.usual}
        values = {**usual, **given}
        colours = {}
        for role in roles:
            if role.name not in values:
                self.wrong(f"[{table}] must have `{role.name}`: {role.about}.")
            elif (colour := self.colour(table, role.name, values, ansi)) is not None:
                colours[role.name] = colour
        return colours

    def colour(self, table: str, name: str, values: Mapping[str, str], ansi: bool) -> str | None:
        way = [name]
        while values[way[-1]].startswith("$"):
            target = values[way[-1]][1:]
            if target in way:
                circle = " → ".join(f"`{one}`" for one in [*way[way.index(target) :], target])
                self.wrong(f"[{table}] {circle} goes round in a circle: give one of them a colour.")
                return None
            if target not in values:
                # A role without a colour has a sentence of its own.
                if all(target != role.name for role in ROLES):
                    near = _nearest(target, values)
                    self.wrong(f"[{table}] `{way[-1]}` names `${target}`, which is not there; {near}")
                return None
            way.append(target)
        value = values[way[-1]]
        if ansi:
            if value in ANSI:
                return value
            self.wrong(f'[{table}] `{way[-1]}` is "{value}", not a terminal colour; {_nearest(value, ANSI)}')
            return None
        colour = parse(value)
        if colour is None:
            self.wrong(
                f'[{table}] `{way[-1]}` is "{value}", not a colour: '
                'write "#rgb", "#rrggbb", or "$" and the name of another colour.'
            )
        return colour


def _nearest(word: str, known: Iterable[str]) -> str:
    known = list(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return "known are " + ", ".join(f"`{one}`" for one in known) + "."
