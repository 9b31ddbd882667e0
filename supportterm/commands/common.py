"""What several commands do: find the settings, reach the server or the database."""

from __future__ import annotations

import asyncio
import logging
import os
from argparse import Namespace
from pathlib import Path
from typing import Any, Final

import platformdirs

from server.administration import Administration
from server.gateway import admin
from server.settings import Settings, load
from supportterm.commands.exits import Exit, Stop

FILE: Final = "supportterm.toml"


def settings_path(given: str | None) -> Path:
    """The settings file: as given, else by the variable, else the first that exists where they are usual."""
    if given:
        return Path(given)
    named = os.environ.get("SUPPORTTERM_CONFIG")
    if named:
        return Path(named)
    usual = (
        Path(FILE),
        platformdirs.user_config_path("supportterm") / FILE,
        Path("/etc/supportterm") / FILE,
    )
    return next((path for path in usual if path.is_file()), usual[0])


def settings_of(args: Namespace) -> Settings:
    """The command's settings. Raises `server.settings.BadSettings`."""
    return load(settings_path(args.config))


def make_data_dir(settings: Settings) -> None:
    """Make the data directory, for its owner only. Raises `Stop` if it cannot be used."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(
            f"the data directory {settings.data_dir} cannot be made ({error.strerror}): make it and give it"
            f" to the server's user, or set another `data_dir` in {settings.path}."
        ) from None
    if not os.access(settings.data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise Stop(
            f"you may not use the data directory {settings.data_dir}: run this as the user that runs the"
            " server, for example with sudo -u."
        )


def operate(settings: Settings, op: str, **args: Any) -> Any:
    """Do it in the running server, or in the database if none runs; the operation's result."""
    return asyncio.run(_operate(settings, op, args))


async def _operate(settings: Settings, op: str, args: dict[str, Any]) -> Any:
    try:
        return await admin.call(admin.socket_path(settings.data_dir), op, **args)
    except admin.NoServer:
        return await _alone(settings, op, args)


async def _alone(settings: Settings, op: str, args: dict[str, Any]) -> Any:
    from server.platform import RealPlatform
    from server.reports.asking import scope_of
    from server.reports.service import Reports
    from server.store.files import DATABASE
    from server.store.sqlite import SqliteStore
    from supportterm.commands.alone import Alone

    make_data_dir(settings)
    os.umask(0o077)
    # What `check` and `serve` say about this machine's SQLite need not be said by every command.
    logging.getLogger("supportterm").setLevel(logging.ERROR)
    platform = RealPlatform()
    store = await SqliteStore.open(settings.data_dir / DATABASE, platform)
    try:
        reports = Reports(store, platform, scope_of(settings), running=False)
        alone = Alone(settings, store, platform)
        administration = Administration(store, platform, settings, alone, reports=reports)
        try:
            return await administration.call(op, args)
        finally:
            await administration.stop()
            await reports.stop()
    finally:
        await store.close()


def ask_server(settings: Settings, op: str, **args: Any) -> Any:
    """Do it in the running server only. Raises `Stop` if none runs."""
    try:
        return asyncio.run(admin.call(admin.socket_path(settings.data_dir), op, **args))
    except admin.NoServer:
        raise Stop(
            f"no server runs with {settings.path}: start one with `supportterm serve`.", Exit.UNREACHABLE
        ) from None
