"""``supportterm init``: a new server's settings, data directory and first agent."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from server.settings import Settings, default_toml, parse
from supportterm.commands.agents import how_to_sign_in
from supportterm.commands.asking import new_password
from supportterm.commands.common import FILE, operate
from supportterm.commands.exits import Exit, Stop


def run(args: Namespace) -> int:
    """Write the settings, make the database, and say what comes next."""
    path = Path(args.config or FILE)
    if path.exists():
        raise Stop(f"{path} exists already: edit it, or name another file with --config.", Exit.SETTINGS)
    text = default_toml(args.shop, args.desk, args.origin, args.shop_name, _server(args))
    settings = parse(text, path)  # options may be wrong: then nothing is written
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
    print(f"{path} and {settings.data_dir} are ready, with an admin called {made['agent']}.\n")
    print(_next(settings, path, made, args))
    return Exit.DONE


def _server(args: Namespace) -> dict[str, Any]:
    given = {
        "host": args.host,
        "port": args.port,
        "data_dir": str(Path(args.data_dir).absolute()) if args.data_dir else "",
        "public_url": args.public_url,
    }
    return {key: value for key, value in given.items() if value not in ("", None)}


def _next(settings: Settings, path: Path, made: dict[str, Any], args: Namespace) -> str:
    config = f" --config {path}" if path != Path(FILE) else ""
    signing_in = how_to_sign_in(settings, made).splitlines()[-1].strip()
    steps = [
        f"Start the server:\n     supportterm serve{config}",
        f"Sign in as {made['agent']}, then answer:\n     {signing_in}\n     supportterm",
        f"Put this line into the shop's pages:\n     supportterm snippet {args.shop}{config}",
    ]
    if not args.origin:
        steps.insert(
            0, f"Name the addresses of the shop's pages as `origins` in [shop.{args.shop}] of {path}."
        )
    if "code" in made:
        steps.append(
            f"The invitation works once and for {made['days']} days; `supportterm agent invite` makes more."
        )
    return "Next:\n" + "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, 1))
