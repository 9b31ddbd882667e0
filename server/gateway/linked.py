"""Who comes by the link in a mail: the chat's customer, in that chat and in no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from server.clock import Clock
from server.desk import blocking
from server.desk.commands import Person
from server.feeds import Feed
from server.gateway.customer import CustomerSession
from server.gateway.hub import Hub
from server.gateway.rates import Bucket, Buckets, network_of
from server.links import Links
from server.settings import Limits
from supportterm.protocol.codes import Close

#: Links that open nothing are counted over this long, as failed sign-ins are.
_ATTEMPT_SECONDS: Final = 300.0


class LinkedSession(CustomerSession):
    """What the bearer of a link may do. ``feed``: the chat's, of which ``person.only`` is the id; it is not
    ``good`` any more once they were erased or blocked, have an old mail, or signed in after it."""

    feed: Feed
    over = Close.BAD_LINK

    async def begin(self, _: int = 0) -> list[Feed]:
        """That one chat, however long it is closed: the link ends before it is out of date."""
        return [self.feed]


class LinkDoor:
    """Decides what a link opens."""

    def __init__(self, links: Links, hubs: Mapping[str, Hub], clock: Clock, limits: Limits) -> None:
        self._links = links
        self._hubs = hubs
        self._clock = clock
        self.reload(limits)

    def reload(self, limits: Limits) -> None:
        """Take new limits; attempts so far are forgotten."""
        most = limits.login_attempts_per_address
        self._wrong = Buckets(most / _ATTEMPT_SECONDS, most)

    async def open(
        self, token: str, shop: str, network_address: str, address: str
    ) -> tuple[Hub, Feed, Person, Callable[[], bool]] | Close:
        """The desk, the chat and its customer as the bearer of ``token``, who comes to the shop with this
        key from ``network_address`` (``address``: its hash), and what asks whether that is still so; or why
        the connection is closed.

        Tampered, expired and foreign links, and those of people who were erased since or are blocked, get
        the same answer and count as attempts. Raises `server.store.interface.StoreError`.
        """
        now = self._clock.now()
        bucket = self._wrong.of(network_of(network_address), now.run / 1000)
        if not bucket.take(now.run / 1000):
            return Close.TOO_FAST
        found = await self._find(token, shop, address)
        if found is None:
            return Close.BAD_LINK
        _refund(bucket)
        return found

    async def _find(
        self, token: str, shop: str, address: str
    ) -> tuple[Hub, Feed, Person, Callable[[], bool]] | None:
        linked = self._links.opened(token, self._clock.now().at)
        if linked is None:
            return None
        for hub in self._hubs.values():
            feed = await hub.doorway.feed(linked.chat)
            if feed is None:
                continue
            person = Person("customer", feed.chat.customer, shop=shop, address=address, only=feed.chat.id)
            good = partial(self._is_good, token, hub, feed, person)
            return (hub, feed, person, good) if good() else None
        return None

    def _is_good(self, token: str, hub: Hub, feed: Feed, person: Person) -> bool:
        now, chat = self._clock.now(), feed.chat
        linked = self._links.opened(token, now.at)
        if linked is None or chat.shop != person.shop:
            return False
        # What was removed was removed for good: a mail that lies somewhere does not bring it back. The desk
        # moves no chat that was mailed; if it ever did, its link went to whoever had the browser then.
        if max(chat.erased_at, chat.reach.moved_at) >= linked.made_at:
            return False
        return not blocking.until(hub.doorway.desk, person, now)


def _refund(bucket: Bucket) -> None:
    """What opened something was no attempt."""
    bucket.level = min(bucket.burst, bucket.level + 1.0)
