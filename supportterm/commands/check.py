"""``supportterm check``: mistakes in the settings, damage in the database, and what is probably forgotten."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import ssl
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from server.administration.stranded import stranded
from server.gateway import admin
from server.mail.collector import knock
from server.mail.post import Accepted, Post, Refused
from server.platform import RealPlatform
from server.settings import BadSettings, Settings
from server.settings.themes import used
from server.store import schema
from server.store.database import version_line, version_warning
from server.store.errors import damaged, from_sqlite
from server.store.files import DATABASE
from server.store.finding import IN_DESKS
from supportterm.coach.troubles import troubles
from supportterm.commands.common import settings_of
from supportterm.commands.exits import Exit, Stop
from supportterm.commands.hints import hints
from supportterm.commands.vouching import look

_NOT_RUNNING: Final = "No server runs with these settings."


def run(args: Namespace) -> int:
    """Say what is good, what is missing and what is broken."""
    settings = settings_of(args)
    if args.identity:
        look(settings, args.identity)
        return Exit.DONE
    colours, mistakes = used(settings.shops)
    wrong = _certificate(settings)
    if len(colours) < sum(bool(shop.theme) for shop in settings.shops.values()):
        wrong += mistakes
    if wrong:
        raise BadSettings([f"{settings.path}: {one}" if one.startswith("[") else one for one in wrong])
    desks, shops = len(settings.desks), len(settings.shops)
    print(f"{settings.path} is good: {_count(desks, 'desk')}, {_count(shops, 'shop')}.")
    # A broken theme file that no shop uses colours no console either.
    for hint in (*hints(settings), *troubles(), *mistakes):
        print(f"  note: {hint}")
    without_mail = asyncio.run(_mail(settings)) if settings.mail.host else []
    database = settings.data_dir / DATABASE
    if database.exists():
        line, in_desks = _database(database)
        print(line)
        for note in (*_rights(database), *stranded(in_desks, settings).values()):
            print(f"  note: {note}")
        if warning := version_warning():
            print(f"  note: {warning}")
        running = _running(settings)
        said = f"A server runs, version {running['version']}." if running else _NOT_RUNNING
        print(said)
    else:
        print(f"There is no database in {settings.data_dir} yet: `supportterm serve` makes one.")
    if without_mail:
        raise Stop("\n  ".join(["mails cannot work as [mail] stands:", *without_mail]))
    return Exit.DONE


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


async def _mail(settings: Settings) -> list[str]:
    """Whether mails can go out and what came back can be read; what cannot. Nothing is sent or changed."""
    mail, wrong = settings.mail, []
    outcome = await Post(mail).knock()
    if isinstance(outcome, Accepted):
        print(f"{mail.host} takes mail from {mail.sender}.")
    else:
        said = outcome.words if isinstance(outcome, Refused) else outcome.why
        wrong.append(f"{mail.host} takes no mail from {mail.sender}: {said}")
    if mail.imap_host:
        worker = RealPlatform().worker("mailbox")
        why = await knock(mail, worker)
        await worker.stop()
        if why:
            wrong.append(f"{mail.imap_host} does not show mails that came back: {why}")
        else:
            print(f"{mail.imap_host} shows the mails that come back to {mail.imap_folder}.")
    if not settings.server.public_url:
        wrong.append(
            "`public_url` in [server] is empty: the link in a mail would lead to this machine"
            f" ({settings.public_url}), unless the shop's page is known that the customer wrote from."
        )
    return wrong


def _database(path: Path) -> tuple[str, list[tuple[str, int, int]]]:
    """Check the file without changing it, beside a running server if there is one; what to say, and which
    desks it knows. Raises `StoreError`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = schema.check(connection, path)
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
            in_desks = connection.execute(IN_DESKS).fetchall() if version else []
    except sqlite3.Error as error:
        raise from_sqlite(error, path) from None
    if found != ["ok"]:
        raise damaged(path, "; ".join(found))
    return f"{path} is good (schema {version}, {version_line()}).", in_desks


def _rights(path: Path) -> list[str]:
    """Whether who asks could serve it, too. The server may well be another user."""
    usable = os.access(path.parent, os.R_OK | os.W_OK | os.X_OK) and os.access(path, os.R_OK | os.W_OK)
    if usable:
        return []
    return [f"you may read {path} and not write it: `supportterm serve` has to run as another user than you."]


def _certificate(settings: Settings) -> list[str]:
    """What the server would say of its certificate when it starts."""
    server = settings.server
    if not server.tls_cert:
        return []
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(server.tls_cert, server.tls_key or None)
    except OSError as error:
        said = getattr(error, "reason", "") or error.strerror or str(error)
        return [
            f"[server] `tls_cert` and `tls_key` cannot be used ({said}): they must be PEM files, and belong"
            " together."
        ]
    return []


def _running(settings: Settings) -> dict[str, Any]:
    try:
        found: dict[str, Any] = asyncio.run(admin.call(admin.socket_path(settings.data_dir), "status"))
    except admin.NoServer:
        return {}
    return found
