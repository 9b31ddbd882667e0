"""``supportterm.toml`` read and checked: everything wrong with it is said at once, in sentences."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, get_type_hints

import msgspec
import platformdirs
from msgspec import Struct

from server.settings.about import hundredths
from server.settings.checking import desk_problems, shop_problems
from server.settings.desks import Desk
from server.settings.drafter import Drafter, drafter_problems
from server.settings.identity import Identity, identity_problems
from server.settings.keys import TABLES, Limits, Server, Settings
from server.settings.mail import Mail
from server.settings.mailing import mail_problems
from server.settings.origins import is_origin
from server.settings.replying import size_problem
from server.settings.sentences import ID, ID_RULE, is_date, language_problem, nearest, shown
from server.settings.shops import Shop
from supportterm.coach.tone.glossary import glossary_of

T = TypeVar("T", bound=Struct)

#: Keys of older versions, and what they are called since.
_RENAMED: Final = {"chat_limit": "hard_cap"}


class BadSettings(Exception):
    """The file cannot be used. ``problems`` has one sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Key(NamedTuple):
    """One key of a table. ``default`` is None where the file must have it."""

    name: str
    #: What the struct calls it: a word of the file may be one of Python's.
    field: str
    type: Any
    about: str
    valid: str
    example: str
    default: Any
    #: What `server.settings.about` says beside that.
    extra: dict[str, Any]

    @property
    def table(self) -> type[Struct] | None:
        """The struct of the tables under this key, if it is one of those."""
        return self.extra.get("table")


@cache
def keys_of(table: type[Struct]) -> tuple[Key, ...]:
    """The keys of a table in the order of its struct."""
    hints = get_type_hints(table, include_extras=True)
    found = []
    for item in msgspec.structs.fields(table):
        annotated = hints[item.name]
        meta: msgspec.Meta = annotated.__metadata__[0]
        if item.default is not msgspec.NODEFAULT:
            default = item.default
        elif item.default_factory is not msgspec.NODEFAULT:
            default = item.default_factory()
        else:
            default = None
        extra = meta.extra or {}
        found.append(
            Key(
                item.encode_name,
                item.name,
                annotated,
                meta.description or "",
                extra["valid"],
                extra["example"],
                default,
                extra,
            )
        )
    return tuple(found)


def default_data_dir() -> Path:
    """Where data lies when the file does not say."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/supportterm")
    return platformdirs.user_data_path("supportterm")


def load(path: Path) -> Settings:
    """The settings in ``path``. Raises `BadSettings` with everything that is wrong."""
    return parse(_text_of(path), path)


def parse(text: str, path: Path) -> Settings:
    """The settings in ``text``; ``path`` names the file in sentences and anchors relative paths."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings([f"{path}: this is not valid TOML: {_toml_said(error)}"]) from None
    reader = _Reading(path)
    settings = reader.settings(found)
    if reader.problems or settings is None:
        raise BadSettings(reader.problems)
    return settings


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problem = "there is no such file: make one with `supportterm init`, or name it with `--config`."
    except IsADirectoryError:
        problem = "this is a directory: name the file itself."
    except PermissionError:
        problem = "you may not read it: run as the user of the server, or change the file's permissions."
    except UnicodeDecodeError:
        problem = "this is not UTF-8 text: save it as UTF-8."
    except OSError as error:
        problem = f"it cannot be read: {error.strerror or error}."
    raise BadSettings([f"{path}: {problem}"])


def _toml_said(error: tomllib.TOMLDecodeError) -> str:
    said = str(error)
    if "overwrite a value" in said or ("declare" in said and "twice" in said):
        return f"{said}; the same key or table stands twice: keep one."
    return said + "."


def _value(key: Key, value: Any) -> Any:
    """A value as its key has it. Raises `msgspec.ValidationError` or `ValueError`."""
    if key.extra.get("day"):
        # TOML has days, times and moments; of these only a day is one.
        text = value.isoformat() if type(value) is date else value
        if not isinstance(text, str) or not is_date(text):
            raise ValueError(value)
        return text
    read = msgspec.convert(value, key.type, strict=True)
    if key.extra.get("hundredths"):
        hundredths(read)
    return read


def _names(tables: Any) -> Collection[str]:
    """What the tables of a kind are called, those with mistakes too."""
    return tables if isinstance(tables, dict) else ()


def _renamed(name: str) -> str:
    new = _RENAMED.get(name)
    return f"it is called `{new}` now." if new else ""


class _Reading:
    """One pass over a file that collects its problems."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def problem(self, where: str, text: str) -> None:
        self.problems.append(f"{self.path}: {where} {text}" if where else f"{self.path}: {text}")

    def settings(self, found: dict[str, Any]) -> Settings | None:
        known = {name: (table, many) for name, table, many in TABLES}
        for name, value in found.items():
            if name in known:
                continue
            what = f"table [{name}]" if isinstance(value, dict) else f"key `{name}`"
            self.problem("", f"{what} is not known; {nearest(name, known, 'tables')}")
        server = self.table("[server]", found.get("server", {}), Server) or Server()
        limits = self.table("[limits]", found.get("limits", {}), Limits) or Limits()
        mail = self.item("[mail]", found.get("mail", {}), Mail) or Mail()
        drafter = self.item("[drafter]", found.get("drafter", {}), Drafter) or Drafter()
        desks = self.tables("desk", found.get("desk", {}), Desk)
        shops = self.tables("shop", found.get("shop", {}), Shop)
        self.check_server(server)
        for text in mail_problems(
            mail, self.beside(mail.password_file), self.beside(mail.imap_password_file)
        ):
            self.problem("[mail]", text)
        for text in drafter_problems(drafter, self.beside(drafter.key_file), _names(found.get("shop"))):
            self.problem("[drafter]", text)
        if not desks and "desk" not in found:
            self.problem("", "there is no desk: add a table such as [desk.main].")
        if not shops and "shop" not in found:
            self.problem("", 'there is no shop: add a table such as [shop.acme] with `desk = "main"`.')
        named = _names(found.get("desk"))
        for name, desk in desks.items():
            for text in desk_problems(desk):
                self.problem(f"[desk.{name}]", text)
        for key, shop in shops.items():
            for where, text in shop_problems(key, shop, server, desks, named):
                self.problem(where, text)
            self.check_glossary(f"[shop.{key}]", shop)
            if shop.identity is not None:
                for text in identity_problems(shop.identity, self.beside(shop.identity.secret_file)):
                    self.problem(f"[shop.{key}.identity]", text)
        for name in desks:
            if text := size_problem((one for one in shops.values() if one.desk == name), limits):
                self.problem(f"[desk.{name}]", text)
        if self.problems:
            return None
        server = msgspec.structs.replace(
            server, tls_cert=self.beside(server.tls_cert), tls_key=self.beside(server.tls_key)
        )
        data_dir = Path(server.data_dir).expanduser() if server.data_dir else default_data_dir()
        return Settings(
            path=self.path,
            data_dir=(self.path.absolute().parent / data_dir),
            server=server,
            limits=limits,
            mail=msgspec.structs.replace(
                mail,
                password_file=self.beside(mail.password_file),
                imap_password_file=self.beside(mail.imap_password_file),
            ),
            drafter=msgspec.structs.replace(drafter, key_file=self.beside(drafter.key_file)),
            desks=desks,
            shops={
                key: msgspec.structs.replace(
                    shop,
                    name=shop.name or key,
                    appeal=shop.appeal.strip(),
                    glossary=self.beside(shop.glossary),
                    identity=self.identity(shop),
                )
                for key, shop in shops.items()
            },
        )

    def tables(
        self, name: str, found: Any, table: type[T], what: str = "", holder: str = "id"
    ) -> dict[str, T]:
        """Tables that are called what ``holder`` of a ``what`` is; ``name`` is what stands before it."""
        what = what or name
        if not isinstance(found, dict):
            self.problem("", f"`{name}` must be tables such as [{name}.main].")
            return {}
        read: dict[str, T] = {}
        for key, value in found.items():
            if not isinstance(value, dict):
                self.problem(
                    f"[{name}]", f"key `{key}` stands in no {what}: write it under [{name}.<{holder}>]."
                )
                continue
            if not ID.fullmatch(key):
                self.problem(
                    f"[{name}.{key}]",
                    f"`{key}` cannot be the id of a {what}: {ID_RULE}",
                )
                continue
            one = self.table(f"[{name}.{key}]", value, table)
            if one is not None:
                read[key] = one
        return read

    def table(self, where: str, found: Any, table: type[T]) -> T | None:
        """One table; None if it is none, or lacks a key that it must have."""
        if not isinstance(found, dict):
            self.problem("", f"`{where[1:-1]}` must be a table: write {where} on a line of its own.")
            return None
        known = {key.name: key for key in keys_of(table)}
        values: dict[str, Any] = {}
        for name, value in found.items():
            if name not in known:
                self.problem(
                    where, f"key `{name}` is not known; {_renamed(name) or nearest(name, known, 'keys')}"
                )
                continue
            key = known[name]
            if key.table is not None:
                values[key.field] = self.inner(where, key, key.table, value)
                continue
            try:
                values[key.field] = _value(key, value)
            except (msgspec.ValidationError, ValueError):
                said = "" if key.extra.get("secret") else f"is {shown(value)}, but "
                self.problem(where, f"`{name}` {said}must be {key.valid}.")
        for name, key in known.items():
            if key.default is None and name not in found and key.table is None:
                self.problem(where, f"`{name}` is missing: it must be {key.valid}.")
        if any(
            key.default is None and key.field not in values and key.table is None for key in known.values()
        ):
            return None
        return table(**values)

    def inner(self, where: str, key: Key, table: type[Struct], found: Any) -> Any:
        """The tables under a key. Of a list, those with mistakes are None, so that the others keep their
        numbers and nothing more is said about them."""
        path = where.strip("[]") + "." + key.name
        if key.extra["shape"] == "table":
            return self.table(f"[{path}]", found, table)
        if key.extra["shape"] == "tables":
            name = key.extra["name"]
            return self.tables(path, found, table, name, name)
        # Under a table of a list: "[[shop.acme.entry]] 2" holds "[[shop.acme.entry]] 2, fallback 1".
        path = re.sub(r"]] \d+\.", ".", path)
        if not isinstance(found, list):
            self.problem("", f"`{path}` must be a list of tables: write [[{path}]] above each.")
            return []
        head = f"[[{path}]]" if where.endswith("]") else f"{where}, {key.name}"
        return [self.item(f"{head} {number}", one, table) for number, one in enumerate(found, 1)]

    def item(self, where: str, found: Any, table: type[T]) -> T | None:
        """One table of a list; None if anything in it is wrong."""
        before = len(self.problems)
        read = self.table(where, found, table)
        return read if len(self.problems) == before else None

    def beside(self, path: str) -> str:
        """A path of the file made absolute; relative ones start at the file."""
        return str(self.path.absolute().parent / Path(path).expanduser()) if path else ""

    def identity(self, shop: Shop) -> Identity | None:
        one = shop.identity
        return one and msgspec.structs.replace(one, secret_file=self.beside(one.secret_file))

    def check_glossary(self, where: str, shop: Shop) -> None:
        if not shop.glossary:
            return
        try:
            text = Path(self.beside(shop.glossary)).read_bytes()
        except FileNotFoundError:
            self.problem(where, f"`glossary` names {shop.glossary}, but there is no such file.")
        except OSError as error:
            self.problem(
                where, f"`glossary` names {shop.glossary}, which cannot be read: {error.strerror or error}."
            )
        else:
            file = self.beside(shop.glossary)
            words, problems = glossary_of(text, file)
            self.problems += problems
            for language in words:
                if problem := language_problem(language, shop.languages):
                    self.problems.append(f"{file}: [{language}] names a language{problem}")

    def check_server(self, server: Server) -> None:
        if bool(server.tls_cert) != bool(server.tls_key):
            have, lack = ("tls_cert", "tls_key") if server.tls_cert else ("tls_key", "tls_cert")
            self.problem("[server]", f"`{have}` is set but `{lack}` is not: TLS needs both.")
        for name, value in (("tls_cert", server.tls_cert), ("tls_key", server.tls_key)):
            if value and not Path(self.beside(value)).is_file():
                self.problem("[server]", f"`{name}` names {value}, but there is no such file.")
        if server.public_url and not is_origin(server.public_url.removesuffix("/")):
            self.problem(
                "[server]",
                f"`public_url` is {shown(server.public_url)}, but must be an address that begins with https://"
                " or http://, without a path.",
            )
        for network in server.trusted_proxies:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                self.problem("[server]", f"`trusted_proxies` has {shown(network)}: {error}.")
