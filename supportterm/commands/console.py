"""``supportterm console``: the app an agent lives in."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from supportterm.commands.exits import Exit, Stop
from supportterm.commands.login import chosen, server_of
from supportterm.commands.tokens import Tokens


def run(args: Namespace) -> int:
    """Open the console for the server given, or the one used last."""
    tokens = Tokens()
    url = server_of(args.url) if args.url else chosen(tokens)
    token = tokens.token(url)
    if not token:
        raise Stop(f"you are not signed in at {url}: run `supportterm login {url}` first.", Exit.SIGN_IN)
    need_screen()
    tokens.use(url)
    from supportterm import console

    return int(console.run(url, token) or Exit.DONE)


def need_screen() -> None:
    """Raise `Stop` where no console can be drawn."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Stop("the console needs a terminal: run it in one, and over ssh with `ssh -t`.", Exit.USAGE)
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise Stop("this terminal cannot draw (TERM is empty or dumb): use another one.", Exit.USAGE)
