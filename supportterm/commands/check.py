"""``supportterm check``: mistakes in the settings, damage in the database, and what is probably forgotten."""

from __future__ import annotations

import asyncio
import sqlite3
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

from server.gateway import admin
from server.mail.post import Accepted, Post, Refused
from server.settings import Settings, is_loopback
from server.store import schema
from server.store.database import version_line, version_warning
from server.store.errors import damaged, from_sqlite
from server.store.files import DATABASE
from supportterm.commands.common import settings_of
from supportterm.commands.exits import Exit


def run(args: Namespace) -> int:
    """Say what is good, what is missing and what is broken."""
    settings = settings_of(args)
    desks, shops = len(settings.desks), len(settings.shops)
    print(f"{settings.path} is good: {_count(desks, 'desk')}, {_count(shops, 'shop')}.")
    for hint in _hints(settings):
        print(f"  note: {hint}")
    if settings.mail.host:
        print(_mail(settings))
    database = settings.data_dir / DATABASE
    if not database.exists():
        print(f"There is no database in {settings.data_dir} yet: `supportterm serve` makes one.")
        return Exit.DONE
    print(_database(database))
    if warning := version_warning():
        print(f"  note: {warning}")
    running = _running(settings)
    print(
        f"A server runs, version {running['version']}." if running else "No server runs with these settings."
    )
    return Exit.DONE


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _hints(settings: Settings) -> list[str]:
    hints = [
        f"[shop.{key}] has no `origins`: browsers will be refused until its pages' addresses stand there."
        for key, shop in settings.shops.items()
        if not shop.origins
    ]
    served = {shop.desk for shop in settings.shops.values()}
    hints += [f"[desk.{desk}] answers no shop." for desk in settings.desks if desk not in served]
    server = settings.server
    if not is_loopback(server.host) and not server.tls_cert:
        hints.append(
            f"it listens on {server.host} without TLS: consoles refuse plain ws from other machines. Set"
            " `tls_cert` and `tls_key`, or put a reverse proxy in front."
        )
    if not server.public_url and is_loopback(server.host):
        hints.append("`public_url` in [server] is empty: snippets and invitations name this machine only.")
    return hints


def _mail(settings: Settings) -> str:
    """Whether the mail server would take mail: it is asked, and nothing is sent."""
    outcome = asyncio.run(Post(settings.mail).knock())
    if isinstance(outcome, Accepted):
        return f"{settings.mail.host} takes mail from {settings.mail.sender}."
    said = outcome.words if isinstance(outcome, Refused) else outcome.why
    return f"  note: {settings.mail.host} takes no mail from {settings.mail.sender}: {said}"


def _database(path: Path) -> str:
    """Check the file without changing it, beside a running server if there is one. Raises `StoreError`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = schema.check(connection, path)
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.Error as error:
        raise from_sqlite(error, path) from None
    if found != ["ok"]:
        raise damaged(path, "; ".join(found))
    return f"{path} is good (schema {version}, {version_line()})."


def _running(settings: Settings) -> dict[str, Any]:
    try:
        found: dict[str, Any] = asyncio.run(admin.call(admin.socket_path(settings.data_dir), "status"))
    except admin.NoServer:
        return {}
    return found
