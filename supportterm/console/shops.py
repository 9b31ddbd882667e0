"""What a console knows of its desk's shops: where a chat's shop is looked up. Pure, over a journal."""

from __future__ import annotations

from typing import Final

from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import Journal
from supportterm.protocol.views import ShopFacts
from supportterm.text import SafeText, safe_line


class Shops:
    """Questions about shops, answered from the newest view."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal

    def known(self, key: str) -> ShopFacts | None:
        """What was told of a shop; None: nothing (yet)."""
        told = self._journal.shops
        return next((one for one in told.shops if one.shop == key), None) if told is not None else None

    def told(self, log: ChatLog) -> ShopFacts | None:
        """What was told of a chat's shop: where guessing would promise a customer something wrong."""
        return self.known(log.head.shop) if log.head is not None else None

    def of(self, log: ChatLog) -> ShopFacts:
        """A chat's shop, the usual while nothing was told: where that does no harm."""
        key = log.head.shop if log.head is not None else ""
        return self.known(key) or ShopFacts(key, key, "UTC")

    def name(self, key: str) -> SafeText:
        """A shop's name; its key where nobody told it."""
        known = self.known(key)
        return safe_line((known.name if known is not None else "") or key)
