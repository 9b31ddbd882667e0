"""``supportterm init``: a new server's settings, data directory and first agent."""

from __future__ import annotations

import asyncio
import sqlite3
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

from server.gateway import admin
from server.settings import Settings, default_toml, parse
from server.settings.reasons import Reason
from server.store import schema
from server.store.errors import from_sqlite
from server.store.files import DATABASE
from supportterm.commands.agents import how_to_sign_in
from supportterm.commands.asking import is_a_person, new_password
from supportterm.commands.common import FILE, operate
from supportterm.commands.exits import Exit, Stop
from supportterm.commands.reasons import ask, ask_languages, starter
from supportterm.commands.zone import ask_zone, machine_zone


def run(args: Namespace) -> int:
    """Write the settings, make the database, and say what comes next."""
    path = Path(args.config or FILE)
    if path.exists():
        raise Stop(f"{path} exists already: edit it, or name another file with --config.", Exit.SETTINGS)
    text = _text(args, [], [], args.time_zone)
    # Options may be wrong, or the place taken: then nothing is asked or written.
    _unused(parse(text, path))
    languages, zone, reasons = _asked(args)
    text = _text(args, languages, reasons, zone)
    settings = parse(text, path)
    password = new_password(args.password_stdin) if args.password or args.password_stdin else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    try:
        made = operate(
            settings, "agent_add", agent=args.agent, desk=args.desk, title="admin", password=password
        )
    except BaseException:
        path.unlink()  # so that init can be run again once the reason is gone
        raise
    print(f"{path} and {settings.data_dir} are ready, with an admin called {made['agent']}.")
    if zone:
        print(f"Hours, named times and reports of the shop follow the clock of {zone}.")
    if zone and zone == _of_this_machine(args):
        print(f"That is this machine's: change `time_zone` in [shop.{args.shop}] if the shop is elsewhere.")
    print()
    print(_next(settings, path, made, args, zone))
    return Exit.DONE


def _asked(args: Namespace) -> tuple[list[str], str, list[Reason]]:
    """The shop's languages, its time zone, and why its customers write: asked for if a person sits there."""
    languages: list[str] = args.language
    zone: str = args.time_zone or machine_zone()
    asks = not args.reasons and not args.password_stdin and is_a_person()
    if asks:
        languages = languages or ask_languages()
        zone = zone or ask_zone()
        return languages, zone, ask(languages)
    return languages, zone, starter(languages or ["en"]) if args.reasons == "starter" else []


def _of_this_machine(args: Namespace) -> str:
    """The time zone that nobody chose; "" if somebody did, or the machine has none."""
    return "" if args.time_zone else machine_zone()


def _text(args: Namespace, languages: list[str], reasons: list[Reason], zone: str) -> str:
    return default_toml(
        args.shop,
        args.desk,
        args.origin,
        args.shop_name,
        _server(args),
        languages=languages or args.language,
        reasons=reasons,
        time_zone=zone,
        of_machine=bool(_of_this_machine(args)),
    )


def _unused(settings: Settings) -> None:
    """Raises `Stop` where another server's people and chats lie: they are none of this one's."""
    path = settings.data_dir / DATABASE
    try:
        asyncio.run(admin.call(admin.socket_path(settings.data_dir), "status"))
    except admin.NoServer:
        agents, chats = _held(path)
        if not agents and not chats:
            return
        held = f"with {_count(agents, 'agent')} and {_count(chats, 'chat')}"
    else:
        held = "and a server runs on it"
    raise Stop(
        f"{path} is a database already, {held}: nothing was changed. For a new server name another"
        " directory with --data-dir; for that one, use its settings file, and `supportterm agent add`.",
        Exit.DATA,
    )


def _held(path: Path) -> tuple[int, int]:
    """How many agents and chats are there. What a failed attempt left has none of either."""
    if not path.exists():
        return 0, 0
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if schema.check(connection, path) == 0:
                return 0, 0
            found = connection.execute("SELECT (SELECT count(*) FROM agent), (SELECT count(*) FROM chat)")
            agents, chats = found.fetchone()
    except sqlite3.Error as error:
        raise from_sqlite(error, path) from None
    return agents, chats


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _server(args: Namespace) -> dict[str, Any]:
    given = {
        "host": args.host,
        "port": args.port,
        "data_dir": str(Path(args.data_dir).absolute()) if args.data_dir else "",
        "public_url": args.public_url,
    }
    return {key: value for key, value in given.items() if value not in ("", None)}


def _next(settings: Settings, path: Path, made: dict[str, Any], args: Namespace, zone: str) -> str:
    config = f" --config {path}" if path != Path(FILE) else ""
    signing_in = how_to_sign_in(settings, made).splitlines()[-1].strip()
    steps = [
        f"Start the server:\n     supportterm serve{config}",
        f"Sign in as {made['agent']}, then answer:\n     {signing_in}\n     supportterm",
        f"Put the line that this prints into the shop's pages:\n     supportterm snippet {args.shop}{config}",
    ]
    if not args.origin:
        steps.insert(
            0, f"Name the addresses of the shop's pages as `origins` in [shop.{args.shop}] of {path}."
        )
    if not zone:
        steps.insert(
            0,
            f"Name the shop's clock as `time_zone` in [shop.{args.shop}] of {path}; this machine has none."
            "\n     Hours, named times and reports follow UTC until then.",
        )
    if "code" in made:
        steps.append(
            f"The invitation works once and for {made['days']} days; `supportterm agent invite` makes more."
        )
    return "Next:\n" + "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, 1))
