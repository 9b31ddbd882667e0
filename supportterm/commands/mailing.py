"""``mail-test``, ``mail-retry``, ``mail-bounce``: whether mails arrive, and those that did not."""

from __future__ import annotations

import asyncio
import base64
import sys
from argparse import Namespace
from typing import Final

from server.mail.bounces import DAYS
from server.mail.letter import trial_of
from server.mail.post import Accepted, Post, Refused
from server.mail.returned import MOST
from server.platform import RealPlatform
from supportterm.commands.common import ask_server, settings_of
from supportterm.commands.exits import Exit, Stop
from supportterm.text import safe_line

#: What is said of a message that changes nothing.
_NOTHING: Final = {
    "none": "this is no report of a mail that came back for good: nothing was changed.",
    "passing": "this says that a mail is late, or has arrived: nothing was changed.",
    "foreign": f"this is about no mail that this server sent in the last {DAYS} days: nothing was changed.",
    "later": "the server can store nothing now: hand it over again later.",
}


def trial(args: Namespace) -> int:
    """Hand a mail over, and say what the mail server said."""
    settings = settings_of(args)
    mail = settings.mail
    if not mail.host:
        raise Stop(
            f"{settings.path} names no mail server: write `host` and `sender` under [mail].", Exit.SETTINGS
        )
    platform = RealPlatform()
    try:
        letter = trial_of(mail.sender, args.address, platform.secret(), platform.wall())
    except ValueError:
        raise Stop("that is no mail address: write one such as anna@example.org.", Exit.USAGE) from None
    outcome = asyncio.run(Post(mail).hand_over(letter))
    if isinstance(outcome, Accepted):
        print(f"{mail.host} took it, as {letter.message_id}. See whether it arrives, and where: not as spam.")
        return Exit.DONE
    if isinstance(outcome, Refused):
        raise Stop(f"{mail.host} refused it: {outcome.words}")
    raise Stop(f"{mail.host} did not take it: {outcome.why}", Exit.UNREACHABLE)


def retry(args: Namespace) -> int:
    """Have the running server try all mails that wait."""
    found = ask_server(settings_of(args), "mail_retry")
    waiting = found["waiting"]
    if not waiting:
        print("No mail waits any more.")
        return Exit.DONE
    why = safe_line(found["why"]) or "they are being tried"
    raise Stop(f"{waiting} {'mail waits' if waiting == 1 else 'mails wait'} still: {why}.", Exit.UNREACHABLE)


def bounce(args: Namespace) -> int:
    """Have the running server take in a mail that came back, from stdin."""
    settings = settings_of(args)
    raw = sys.stdin.buffer.read(MOST)
    found = ask_server(settings, "mail_bounce", message=base64.b64encode(raw).decode())
    outcome = found["outcome"]
    if outcome == "told":
        print("It is one of ours: its desk knows that the mail came back.")
        return Exit.DONE
    raise Stop(_NOTHING[outcome], Exit.UNREACHABLE if outcome == "later" else Exit.FAILED)
