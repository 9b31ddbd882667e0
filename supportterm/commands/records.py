"""``backup``, ``restore``, ``export`` and ``erase``."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from argparse import Namespace
from pathlib import Path

from supportterm.commands.asking import confirm, need_yes
from supportterm.commands.common import make_data_dir, operate, settings_of
from supportterm.commands.exits import Exit, Stop


def backup(args: Namespace) -> int:
    """Copy the database."""
    done = operate(settings_of(args), "backup", target=str(Path(args.target).absolute()))
    print(f"{done['target']} is a checked backup of {done['bytes']:,} bytes.")
    return Exit.DONE


def export(args: Namespace) -> int:
    """Write down everything held about a customer."""
    found = operate(settings_of(args), "export", person=args.person)
    # Escapes only: whatever the customer wrote cannot touch a terminal that this is shown in.
    text = json.dumps(found, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"
    if not args.out:
        sys.stdout.write(text)
        return Exit.DONE
    try:
        descriptor = os.open(args.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Stop(f"{args.out} exists already: name another file.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{args.out} holds everything about this customer; only you can read it.", file=sys.stderr)
    return Exit.DONE


def erase(args: Namespace) -> int:
    """Remove a customer's texts and contact data."""
    settings = settings_of(args)
    need_yes(args.yes)
    found = operate(settings, "find", person=args.person)
    if len(found) == 1:
        print(found[0]["line"])
        confirm("Erase every text and all contact data of this customer? This cannot be undone.", args.yes)
    # Nobody, or several: the operation says so, and who.
    person = found[0]["id"] if len(found) == 1 else args.person
    done = operate(settings, "erase", person=person)
    chats = len(done["chats"])
    print(f"Erased: {chats} {'chat' if chats == 1 else 'chats'} of {done['customer']}.")
    print("Backups made before today still hold the texts: delete them when their time is over.")
    return Exit.DONE


def restore(args: Namespace) -> int:
    """Put a backup in the database's place."""
    from server.gateway import admin
    from server.links import KEY_FILE
    from server.platform import RealPlatform
    from server.store.upkeep import restore as restore_database

    settings = settings_of(args)
    source = Path(args.source)
    if not source.is_file():
        raise Stop(f"there is no file {source}: name one that `supportterm backup` made.")
    confirm(f"Replace the database in {settings.data_dir} by {source}?", args.yes)
    make_data_dir(settings)
    try:
        asyncio.run(admin.call(admin.socket_path(settings.data_dir), "status"))
    except admin.NoServer:
        pass
    else:
        raise Stop("a server is running: stop it first, then restore.")
    os.umask(0o077)
    kept = asyncio.run(restore_database(source, settings.data_dir, RealPlatform()))
    print(f"{settings.data_dir} holds the backup now. Start the server with `supportterm serve`.")
    print(
        "Agents sign in anew. Passwords, and who is disabled, are those of the backup: look through"
        " `supportterm agent list`."
    )
    print("Who is blocked is as in the backup: who was blocked since may come again.")
    key = settings.data_dir / KEY_FILE
    if not key.exists():
        print(
            f"{key} is missing, and is in no backup: without it links in mails sent so far open nothing,"
            " customers whom their shop knows do not find their open chats, and blocks hold for a browser,"
            " not for its address. Put it back before the server starts, if you have it."
        )
    if kept is not None:
        print(f"The database so far is {kept}: delete it when you no longer need it.")
    return Exit.DONE
