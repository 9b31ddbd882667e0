"""``supportterm.toml`` read and checked: everything wrong with it is said at once, in sentences."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, get_type_hints
from urllib.parse import urlsplit

import msgspec
import platformdirs
from msgspec import Struct

from server.settings.keys import TABLES, Desk, Limits, Server, Settings, Shop

T = TypeVar("T", bound=Struct)

#: Ids of desks and keys of shops stand in addresses and in the log's stream names.
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


class BadSettings(Exception):
    """The file cannot be used. ``problems`` has one sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Key(NamedTuple):
    """One key of a table. ``default`` is None where the file must have it."""

    name: str
    type: Any
    about: str
    valid: str
    example: str
    default: Any


def keys_of(table: type[Struct]) -> list[Key]:
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
            Key(item.name, annotated, meta.description or "", extra["valid"], extra["example"], default)
        )
    return found


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


def _nearest(word: str, known: Iterable[str], what: str) -> str:
    known = list(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known {what}: " + ", ".join(f"`{one}`" for one in known) + "."


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value, enc_hook=str).decode()
    return text if len(text) <= 60 else text[:57] + "..."


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
            shown = f"table [{name}]" if isinstance(value, dict) else f"key `{name}`"
            self.problem("", f"{shown} is not known; {_nearest(name, known, 'tables')}")
        server = self.table("[server]", found.get("server", {}), Server) or Server()
        limits = self.table("[limits]", found.get("limits", {}), Limits) or Limits()
        desks = self.tables("desk", found.get("desk", {}), Desk)
        shops = self.tables("shop", found.get("shop", {}), Shop)
        self.check_server(server)
        if not desks and "desk" not in found:
            self.problem("", "there is no desk: add a table such as [desk.main].")
        if not shops and "shop" not in found:
            self.problem("", 'there is no shop: add a table such as [shop.acme] with `desk = "main"`.')
        named = found.get("desk", {})
        for key, shop in shops.items():
            self.check_shop(key, shop, server, desks, named if isinstance(named, dict) else {})
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
            desks=desks,
            shops={key: msgspec.structs.replace(shop, name=shop.name or key) for key, shop in shops.items()},
        )

    def tables(self, name: str, found: Any, table: type[T]) -> dict[str, T]:
        if not isinstance(found, dict):
            self.problem("", f"`{name}` must be tables such as [{name}.main].")
            return {}
        read: dict[str, T] = {}
        for key, value in found.items():
            if not isinstance(value, dict):
                self.problem(f"[{name}]", f"key `{key}` stands in no {name}: write it under [{name}.<id>].")
                continue
            if not _ID.fullmatch(key):
                self.problem(
                    f"[{name}.{key}]",
                    f"`{key}` cannot be the id of a {name}: use up to 32 of a-z, 0-9 and `-`, beginning with"
                    " a letter or digit.",
                )
                continue
            one = self.table(f"[{name}.{key}]", value, table)
            if one is not None:
                read[key] = one
        return read

    def table(self, where: str, found: Any, table: type[T]) -> T | None:
        if not isinstance(found, dict):
            self.problem("", f"`{where[1:-1]}` must be a table: write {where} on a line of its own.")
            return None
        known = {key.name: key for key in keys_of(table)}
        values: dict[str, Any] = {}
        for name, value in found.items():
            if name not in known:
                self.problem(where, f"key `{name}` is not known; {_nearest(name, known, 'keys')}")
                continue
            key = known[name]
            try:
                values[name] = msgspec.convert(value, key.type, strict=True)
            except msgspec.ValidationError:
                self.problem(where, f"`{name}` is {_shown(value)}, but must be {key.valid}.")
        for name, key in known.items():
            if key.default is None and name not in found:
                self.problem(where, f"`{name}` is missing: it must be {key.valid}.")
        if any(key.default is None and name not in values for name, key in known.items()):
            return None
        return table(**values)

    def beside(self, path: str) -> str:
        """A path of the file made absolute; relative ones start at the file."""
        return str(self.path.absolute().parent / Path(path).expanduser()) if path else ""

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
                f"`public_url` is {_shown(server.public_url)}, but must be an address that begins with https://"
                " or http://, without a path.",
            )
        for network in server.trusted_proxies:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                self.problem("[server]", f"`trusted_proxies` has {_shown(network)}: {error}.")

    def check_shop(
        self, key: str, shop: Shop, server: Server, desks: dict[str, Desk], named: dict[str, Any]
    ) -> None:
        where = f"[shop.{key}]"
        if shop.desk not in named:
            near = _nearest(shop.desk, named, "desks") if named else "add it."
            self.problem(where, f"`desk` names `{shop.desk}`, but there is no [desk.{shop.desk}]; {near}")
        practice = shop.desk in desks and desks[shop.desk].practice
        for origin in shop.origins:
            if origin == "*":
                if not (practice or is_loopback(server.host)):
                    self.problem(
                        where,
                        "`origins` has `*`, which lets any page on the web use this shop: name the shop's own"
                        " addresses. (`*` is valid on loopback and on practice desks.)",
                    )
            elif not is_origin(origin):
                self.problem(where, f"`origins` has {_shown(origin)}: {_origin_help(origin)}")
        for name, values in (("origins", shop.origins), ("languages", shop.languages)):
            for value in sorted({one for one in values if values.count(one) > 1}):
                self.problem(where, f"`{name}` has {_shown(value)} twice: keep one.")
        for language in shop.languages:
            if not _LANGUAGE.fullmatch(language):
                self.problem(
                    where, f"`languages` has {_shown(language)}: write a code such as `nl`, `da` or `en`."
                )


def is_loopback(host: str) -> bool:
    """Whether a server on ``host`` is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_origin(text: str) -> bool:
    """Whether ``text`` is an origin exactly as browsers serialise it (RFC 6454 §6.2)."""
    return bool(text) and _origin_of(text) == text


def _origin_of(text: str) -> str:
    """The origin in ``text`` as a browser would write it, or "" if there is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or c == "*" for c in text):
        return ""
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""
    usual = {"http": 80, "https": 443}[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, usual) else "")


def _origin_help(text: str) -> str:
    meant = _origin_of(text if "://" in text else "https://" + text)
    if meant:
        return f"browsers send exactly scheme://host[:port]; did you mean `{meant}`?"
    return "write scheme://host[:port], such as `https://www.acme.example`."
