"""``mail-test``: whether a mail arrives, before a customer waits for one."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from server.mail.letter import trial_of
from server.mail.post import Accepted, Post, Refused
from server.platform import RealPlatform
from supportterm.commands.common import settings_of
from supportterm.commands.exits import Exit, Stop


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
