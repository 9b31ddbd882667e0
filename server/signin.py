"""Agents by name and password, invitations, and the tokens their consoles keep."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from server.gateway.rates import Bucket, Buckets, network_of
from server.passwords import Crowded, Passwords, weak
from server.platform import Platform
from server.settings import Limits
from server.store.interface import Agent, Invite, People, Session
from supportterm.protocol.codes import ERRORS

_log = logging.getLogger("supportterm.signin")

#: Failed sign-ins are counted over this long.
_ATTEMPT_SECONDS: Final = 300.0
INVITE_DAYS: Final = 7
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
#: Tokens looked up once need no database again until something about their agent changes.
_CACHED: Final = 10_000
_DEVICE_CHARS: Final = 100


class Refused(Exception):
    """Not signed in. ``code`` is one of `supportterm.protocol.codes.ERRORS`; wait ``after_ms`` first."""

    def __init__(self, code: str, after_ms: int = 0) -> None:
        super().__init__(ERRORS[code].text)
        self.code = code
        self.after_ms = after_ms or ERRORS[code].after_ms


def is_name(name: str) -> bool:
    """Whether ``name`` can be a login name: up to 32 of a-z, 0-9, ``.``, ``_`` and ``-``."""
    return _NAME.fullmatch(name) is not None


def token_hash(token: str) -> bytes:
    """What is stored of a token: SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def new_code(platform: Platform) -> str:
    """An invitation's code: 125 random bits in groups that can be read out and pasted."""
    letters = base64.b32encode(token_hash(platform.secret())).decode().lower()[:25]
    return "-".join(letters[at : at + 5] for at in range(0, 25, 5))


def code_hash(code: str) -> bytes:
    """What is stored of an invitation's code; case, spaces and dashes do not count."""
    return token_hash("".join(c for c in code.lower() if c.isalnum()))


async def invite(people: People, platform: Platform, agent: str) -> tuple[str, int]:
    """A new invitation for ``agent``: its code, which is stored nowhere, and its end in ms since 1970."""
    code = new_code(platform)
    expires = platform.wall() + INVITE_DAYS * 86_400_000
    await people.save_invite(Invite(code_hash(code), agent, expires))
    return code, expires


class SignIn:
    """Who may come in as which agent.

    ``ended`` is awaited with an agent's id when all of their sign-ins were revoked here. ``changing``
    is held while an agent is read, changed and stored; whoever else changes agents takes it too.
    """

    def __init__(
        self,
        people: People,
        platform: Platform,
        limits: Limits,
        ended: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._people = people
        self._platform = platform
        self._passwords = Passwords(platform)
        self.ended = ended
        self.changing = asyncio.Lock()
        self._agents: OrderedDict[bytes, tuple[Agent, Session]] = OrderedDict()
        self._changes = 0
        self.apply(limits)

    def apply(self, limits: Limits) -> None:
        """Take new limits; attempts so far are forgotten."""
        self._accounts = Buckets(limits.login_attempts / _ATTEMPT_SECONDS, limits.login_attempts)
        per_address = limits.login_attempts_per_address
        self._addresses = Buckets(per_address / _ATTEMPT_SECONDS, per_address)

    async def stop(self) -> None:
        """End the hashing threads."""
        await self._passwords.stop()

    async def login(self, name: str, password: str, address: str, device: str) -> tuple[str, Agent]:
        """A token for the console on ``device``, and its agent. Raises `Refused`.

        Unknown names, disabled agents and wrong passwords get the same answer after the same time.
        """
        name = name.strip().lower()
        spent = self._attempt(name, address)
        agent = await self._people.agent(name) if is_name(name) else None
        stored = "" if agent is None or agent.disabled else agent.password
        try:
            good = await self._passwords.verify(stored, password)
        except Crowded:
            _refund(spent)
            raise Refused("busy") from None
        if not good or agent is None:
            _log.info("sign-in refused", extra={"address": network_of(address)})
            raise Refused("bad_login")
        better = await self._hash(password) if self._passwords.outdated(stored) else stored
        async with self.changing:
            agent = await self._people.agent(name)
            if agent is None or agent.disabled or agent.password != stored:
                raise Refused("bad_login")  # changed while the hash was computed
            if better != stored:
                agent = replace(agent, password=better)
                await self._people.save_agent(agent)
                self.forget(agent.id)
            token = await self._session(agent, device)
        _refund(spent)
        return token, agent

    async def accept_invite(self, code: str, password: str, address: str, device: str) -> tuple[str, Agent]:
        """Set the invited agent's password, end their older sign-ins, and sign in. Raises `Refused`.

        A password that is too short does not use the invitation up.
        """
        if weak(password):
            raise Refused("weak_password")
        spent = self._attempt("", address)
        hashed = await self._hash(password)
        async with self.changing:
            name = await self._people.use_invite(code_hash(code), self._platform.wall())
            agent = await self._people.agent(name) if name is not None else None
            if agent is None or agent.disabled:
                raise Refused("bad_invite")
            agent = replace(agent, password=hashed)
            await self._people.save_agent(agent)
            await self._people.end_sessions(agent.id)
            self.forget(agent.id)
            if self.ended is not None:
                await self.ended(agent.id)
            token = await self._session(agent, device)
        _refund(spent)
        return token, agent

    async def agent_of(self, token: str) -> Agent | None:
        """The agent whose console keeps ``token``; None if it was revoked or never given."""
        found = await self.session_of(token)
        return found[0] if found is not None else None

    async def session_of(self, token: str) -> tuple[Agent, Session] | None:
        """The same with the sign-in that the token came from."""
        key = token_hash(token)
        known = self._agents.get(key)
        if known is not None:
            self._agents.move_to_end(key)
            return known
        while True:
            changes = self._changes
            session = await self._people.session(key)
            agent = await self._people.agent(session.agent) if session is not None else None
            if self._changes == changes:
                break
        if session is None or agent is None or agent.disabled:
            return None
        self._agents[key] = (agent, session)
        if len(self._agents) > _CACHED:
            self._agents.popitem(last=False)
        return agent, session

    def forget(self, agent: str) -> None:
        """Look this agent and their tokens up anew: something about them changed in the database."""
        self._changes += 1
        for key in [key for key, (known, _) in self._agents.items() if known.id == agent]:
            del self._agents[key]

    def _attempt(self, name: str, address: str) -> list[Bucket]:
        """Spend an attempt of the account and of the address, before the hash costs anything."""
        now = self._platform.boot() / 1000
        buckets = [self._addresses.of(network_of(address), now)]
        if name:
            # Unknown names are counted as well: whether an account exists must not show.
            buckets.append(self._accounts.of(name, now))
        spent: list[Bucket] = []
        for bucket in buckets:
            if not bucket.take(now):
                _refund(spent)
                raise Refused("login_wait", int(bucket.wait() * 1000) + 1)
            spent.append(bucket)
        return spent

    async def _hash(self, password: str) -> str:
        try:
            return await self._passwords.hash(password)
        except Crowded:
            raise Refused("busy") from None

    async def _session(self, agent: Agent, device: str) -> str:
        token = self._platform.secret()
        now = self._platform.wall()
        await self._people.save_session(
            Session(token_hash(token), agent.id, device[:_DEVICE_CHARS], created=now, used=now)
        )
        return token


def _refund(spent: list[Bucket]) -> None:
    """An attempt that did not fail does not count."""
    for bucket in spent:
        bucket.level = min(bucket.burst, bucket.level + 1.0)
