"""A client's connection: the rules of a client, the socket that comes back, the outbox on disk."""

from supportterm.link.address import agent_url, shop_url
from supportterm.link.journal import Journal, OutboxFull
from supportterm.link.link import Link
from supportterm.link.login import login
from supportterm.link.outbox import Outbox
from supportterm.link.state import LinkError, LinkState, SignInRefused, StateChanged

__all__ = [
    "Journal",
    "Link",
    "LinkError",
    "LinkState",
    "Outbox",
    "OutboxFull",
    "SignInRefused",
    "StateChanged",
    "agent_url",
    "login",
    "shop_url",
]
