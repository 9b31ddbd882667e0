"""``supportterm login`` and ``logout``."""

from __future__ import annotations

import asyncio
import getpass
import platform
import sys
from argparse import Namespace
from urllib.parse import urlsplit

from supportterm.commands import asking
from supportterm.commands.exits import Exit, Stop
from supportterm.commands.tokens import Tokens
from supportterm.link import LinkError, SignInRefused, agent_url, login
from supportterm.text.safe import safe_line


def run(args: Namespace) -> int:
    """Sign in and keep the token."""
    try:
        url = server_of(args.url)
        tokens = Tokens()
        tokens.prepare()
        if args.invite:
            name, password = args.name, asking.new_password(args.password_stdin)
        else:
            name = args.name or _name()
            password = asking.password(args.password_stdin, f"Password of {name}: ")
        signed_in = asyncio.run(login(url, name, password, args.invite, _device()))
    except SignInRefused as refused:
        raise Stop(_refusal(refused, bool(args.invite)), Exit.SIGN_IN) from None
    except LinkError as error:
        raise Stop(str(error), Exit.UNREACHABLE) from None
    tokens.keep(url, signed_in.me.id, signed_in.token)
    print(f"Signed in at {url} as {safe_line(signed_in.me.name or signed_in.me.id)}. Now run: supportterm")
    return Exit.DONE


def forget(args: Namespace) -> int:
    """Drop the token of a server."""
    tokens = Tokens()
    url = server_of(args.url) if args.url else chosen(tokens)
    if not tokens.forget(url):
        raise Stop(f"you are not signed in at {url}: nothing was changed.", Exit.SIGN_IN)
    print(f"The sign-in at {url} is gone from this machine.")
    return Exit.DONE


def server_of(address: str) -> str:
    """A server's address in the form it is kept by: wss://host[:port]. Raises `LinkError` or `Stop`."""
    try:
        parts = urlsplit(agent_url(address if "://" in address else f"wss://{address}"))
    except LinkError as error:
        raise Stop(str(error), Exit.USAGE) from None
    return f"{parts.scheme}://{parts.netloc}"


def chosen(tokens: Tokens) -> str:
    """The only server signed in to, or the one used last. Raises `Stop` if there is none."""
    url = tokens.last()
    if not url:
        raise Stop("you are not signed in: run `supportterm login wss://YOUR.SERVER` first.", Exit.SIGN_IN)
    return url


def _name() -> str:
    if not sys.stdin.isatty():
        raise Stop("there is no terminal to ask for your login name: use --name.", Exit.USAGE)
    usual = getpass.getuser()
    return input(f"Login name [{usual}]: ").strip() or usual


def _device() -> str:
    return f"{getpass.getuser()}@{platform.node()}"


def _refusal(refused: SignInRefused, invited: bool) -> str:
    text = str(safe_line(str(refused)))
    if refused.code == "bad_login" and not invited:
        return f"{text} Try again; with a first invitation use --invite CODE."
    if refused.code == "login_wait" and refused.after_ms > 0:
        return f"Too many attempts: try again in {-(-refused.after_ms // 1000)} seconds."
    return text
