"""Removes what a shop no longer wants to keep, once a night and shortly after each start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from server.clock import Clock
from server.settings import Shop
from server.store.interface import StoreError

_log = logging.getLogger("supportterm.retention")

_DAY_MS = 86_400_000
_FIRST_SECONDS = 60.0
_EVERY_SECONDS = 6 * 3_600.0


class Expiring(Protocol):
    """The part of a store that retention needs."""

    async def expire(self, shop: str, texts_before: int, contacts_before: int) -> list[str]:
        """Remove texts of chats closed before ``texts_before`` and contact data last used before
        ``contacts_before`` (ms; 0: keep); the chats whose texts went."""
        ...


class Retention:
    """``erased`` is told which chats lost their texts."""

    def __init__(
        self,
        records: Expiring,
        clock: Clock,
        shops: Mapping[str, Shop],
        erased: Callable[[str, list[str]], Awaitable[None]],
    ) -> None:
        self._records = records
        self._clock = clock
        self._shops = shops
        self._erased = erased
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, now and then."""
        self._task = asyncio.create_task(self._run(), name="retention")

    def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    def apply(self, shops: Mapping[str, Shop]) -> None:
        """Take reloaded shops."""
        self._shops = shops

    async def _run(self) -> None:
        wait = _FIRST_SECONDS
        while True:
            await asyncio.sleep(wait)
            wait = _EVERY_SECONDS
            await self.expire()

    async def expire(self) -> None:
        """Remove what is too old now, shop by shop."""
        now = self._clock.now().at
        for key, shop in self._shops.items():
            texts = now - shop.retention_days_texts * _DAY_MS if shop.retention_days_texts else 0
            contacts = now - shop.retention_days_contacts * _DAY_MS if shop.retention_days_contacts else 0
            if not texts and not contacts:
                continue
            try:
                chats = await self._records.expire(key, texts, contacts)
            except StoreError as error:
                _log.error("texts of %s could not be removed: %s", key, error)
                continue
            if chats:
                _log.info("texts removed", extra={"shop": key, "chats": len(chats)})
                await self._erased("", chats)
