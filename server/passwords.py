"""Passwords hashed with argon2id, a few at a time and never on the event loop."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.platform import Platform, Worker

T = TypeVar("T")

#: NIST SP 800-63B asks for 8 at least; nothing but length makes a password that people chose stronger.
PASSWORD_CHARS: Final = 10

#: Each hash takes 64 MiB for its while (RFC 9106, second recommended choice).
_PARALLEL: Final = 2
#: Whoever comes after these is told to try again: their hash would be ready too late anyway.
_WAITING: Final = 32


class Crowded(Exception):
    """Too many passwords are being hashed already."""


def weak(password: str) -> bool:
    """Whether the password is too short to be set."""
    return len(_normal(password)) < PASSWORD_CHARS


def _normal(password: str) -> str:
    """The same characters however a keyboard composed them (RFC 8265 §4.2.1)."""
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Hashes and verifies; ``stop`` when done. The threads begin with the first password."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._hasher = PasswordHasher()
        self._idle: list[Worker] = []
        self._workers: list[Worker] = []
        self._turns = asyncio.Semaphore(_PARALLEL)
        self._waiting = 0
        self._dummy = ""

    async def hash(self, password: str) -> str:
        """An argon2id hash with its parameters and salt. Raises `Crowded`."""
        return await self._run(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, stored: str, password: str) -> bool:
        """Whether ``password`` made ``stored``. Without a stored hash it takes as long, and is False.

        Raises `Crowded`.
        """
        return await self._run(lambda: self._verify(stored, _normal(password)))

    def outdated(self, stored: str) -> bool:
        """Whether ``stored`` was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def stop(self) -> None:
        """End the threads."""
        workers, self._workers, self._idle = self._workers, [], []
        for worker in workers:
            await worker.stop()

    def _verify(self, stored: str, password: str) -> bool:
        if not self._dummy:
            self._dummy = self._hasher.hash(self._platform.secret())
        try:
            self._hasher.verify(stored or self._dummy, password)
        except InvalidHashError:  # a stored hash that is none must not answer faster either
            self._verify("", password)
            return False
        except VerificationError:
            return False
        return bool(stored)

    async def _run(self, call: Callable[[], T]) -> T:
        if self._waiting >= _WAITING:
            raise Crowded
        self._waiting += 1
        try:
            async with self._turns:
                worker = self._worker()
                try:
                    return await worker.run(call)
                finally:
                    self._idle.append(worker)
        finally:
            self._waiting -= 1

    def _worker(self) -> Worker:
        if self._idle:
            return self._idle.pop()
        worker = self._platform.worker("signin")
        self._workers.append(worker)
        return worker
