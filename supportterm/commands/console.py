"""``supportterm console``: the app an agent lives in."""

from __future__ import annotations

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
    tokens.use(url)
    from supportterm import console

    return console.run(url, token, who=tokens.agent(url))
