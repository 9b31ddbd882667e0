"""``reload``, ``status`` and ``snippet``: small things an operator asks of a server."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from html import escape
from typing import Any

from server.settings.sentences import SPOKEN
from supportterm.commands.common import ask_server, settings_of
from supportterm.commands.exits import Exit, Stop
from supportterm.text.safe import safe_line


def reload(args: Namespace) -> int:
    """Apply changed settings to the running server."""
    settings = settings_of(args)
    later: list[str] = ask_server(settings, "reload")
    print(f"{settings.path} is applied.")
    for sentence in later:
        print(sentence)
    return Exit.DONE


def status(args: Namespace) -> int:
    """Print the running server's figures."""
    found = ask_server(settings_of(args), "status")
    if args.json:
        print(json.dumps(found, indent=2))
        return Exit.DONE
    desks, mail = found.pop("desks", {}), found.pop("mail", {})
    notes: list[str] = found.pop("notes", [])
    for name, value in found.items():
        print(f"{name.replace('_', ' '):12} {safe_line(str(value))}")
    for desk, figures in desks.items():
        shown = ", ".join(f"{name} {value}" for name, value in figures.items() if value != "")
        print(f"{'desk ' + desk:12} {safe_line(shown)}")
    if mail:
        print(f"{'mail':12} {safe_line(_mail(mail))}")
    if mail.get("mailbox"):
        print(f"{'mailbox':12} {safe_line('cannot be read: ' + mail['mailbox'])}")
    for note in notes:
        print(f"  note: {safe_line(note)}")
    return Exit.DONE


def _mail(mail: dict[str, Any]) -> str:
    """How many mails wait, and what is wrong if they were tried in vain."""
    waiting = f"waiting {mail['waiting']}"
    if not mail.get("tried"):
        return waiting
    times = "once" if mail["tried"] == 1 else f"{mail['tried']} times"
    seconds = mail["again_in_seconds"]
    again = f"in {seconds // 60} min" if seconds >= 60 else f"in {seconds} s"
    return f"{waiting}, not accepted yet: tried {times}, next {again}: {mail['why']}"


def snippet(args: Namespace) -> int:
    """Print a shop's script tag."""
    settings = settings_of(args)
    shops = settings.shops
    key = args.shop or (next(iter(shops)) if len(shops) == 1 else "")
    if key not in shops:
        have = ", ".join(shops)
        raise Stop(
            f"there is no shop `{key}` in {settings.path}: it has {have}."
            if key
            else f"there are several shops: say which one ({have}).",
            Exit.USAGE,
        )
    if args.lang and re.split("[-_]", args.lang)[0].lower() not in SPOKEN:
        raise Stop(
            f"the widget has no texts in `{args.lang}`: use one of {', '.join(SPOKEN)}, or leave it out, and"
            " it takes the page's own where it can.",
            Exit.USAGE,
        )
    source = f"{settings.public_url}/widget.js"
    language = f' data-lang="{escape(args.lang)}"' if args.lang else ""
    name = shops[key].name
    title = f' data-title="{escape(name)}"' if name not in ("", key) else ""
    print(f'<script async src="{escape(source)}" data-shop="{escape(key)}"{title}{language}></script>')
    return Exit.DONE
