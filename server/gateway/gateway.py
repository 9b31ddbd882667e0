"""The listening socket, and what becomes of a connection from its first frame on."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable
from ipaddress import ip_network
from typing import Literal

from msgspec.structs import replace
from websockets.asyncio.server import Server
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from server.clock import Clock
from server.desk.commands import Person
from server.desk.identifying import may_go_along
from server.gateway.agent import AgentSession, SignedInAs
from server.gateway.customer import CustomerSession, address_hash, customer_id
from server.gateway.door import Door
from server.gateway.hub import Hub
from server.gateway.keepalive import Keepalive
from server.gateway.linked import LinkDoor, LinkedSession
from server.gateway.outlet import Connection, Outlet
from server.gateway.pages import Pages
from server.gateway.prelude import widget_prelude
from server.gateway.rates import Bucket, Buckets
from server.gateway.session import read_until_closed
from server.identity import Identities, Signed, sign_in_of
from server.links import Links
from server.metrics import Metrics
from server.platform import Platform
from server.settings import Settings
from server.signin import Refused, SignIn, token_hash
from server.store.interface import StoreError
from supportterm import __version__
from supportterm.protocol import frames
from supportterm.protocol.codec import BadFrame, decode_client, encode
from supportterm.protocol.codes import CLOSE_TEXT, ERRORS, Close
from supportterm.protocol.limits import FRAME_BYTES, HELLO_SECONDS, SUBPROTOCOL, VERSION

_log = logging.getLogger("supportterm.gateway")

#: Above this many buffered bytes the transport reports itself full, and cursors wait.
_FULL_BYTES = 32_768
#: Connections that may wait to be accepted: after a restart everybody comes at once.
_BACKLOG = 4_096
#: Clients are asked to come back within this time after a restart, each at another moment.
_COME_BACK_MS = 3_000


class Gateway:
    """Everything that speaks to browsers and consoles."""

    def __init__(
        self,
        settings: Settings,
        platform: Platform,
        clock: Clock,
        hubs: dict[str, Hub],
        sign_in: SignIn,
        links: Links,
        epoch: str,
        metrics: Metrics,
        demo: bool,
    ) -> None:
        self.settings = settings
        self.epoch = epoch
        self._platform = platform
        self._clock = clock
        self._hubs = hubs
        self._sign_in = sign_in
        self._metrics = metrics
        self._server: Server | None = None
        self._stopping = False
        self._pages = Pages(demo, self._wrong, metrics.text)
        self._dress(settings)
        trusted = [ip_network(network) for network in settings.server.trusted_proxies]
        loop = asyncio.get_running_loop()
        self.door = Door(
            settings.limits,
            settings.shops,
            trusted,
            metrics,
            self._pages.find,
            loop.time,
            own=settings.public_url,
        )
        self._links = LinkDoor(links, hubs, clock, settings.limits)
        self._identities = Identities(links.key_for("identity"), settings.shops)
        self._addresses = links.key_for("address")
        self._keepalive = Keepalive()
        self._make_buckets()

    def _dress(self, settings: Settings) -> None:
        self._pages.begin_widget(widget_prelude(settings.shops))
        self._pages.open_shops(settings.shops)

    def _make_buckets(self) -> None:
        limits = self.settings.limits
        self._customers = Buckets(limits.messages_per_second, limits.messages_burst)
        self._sayings = Buckets(limits.messages_per_minute / 60, limits.messages_per_minute)
        self._agents = Buckets(limits.agent_messages_per_second, limits.agent_messages_burst)

    def _wrong(self) -> str:
        if self._stopping:
            return "stopping"
        for desk, hub in self._hubs.items():
            if hub.doorway.trouble:
                return f"desk {desk} is not accepting messages: {hub.doorway.trouble}"
        return ""

    def reload(self, settings: Settings) -> None:
        """Take over new limits and shops; no connection is dropped."""
        self.settings = settings
        self.door.reload(settings.limits, settings.shops)
        self._links.reload(settings.limits)
        self._identities.reload(settings.shops)
        self._dress(settings)
        self._make_buckets()

    # --- life ------------------------------------------------------------------------------------

    async def listen(self) -> tuple[str, int]:
        """Begin to take connections; the address and port listened on. Raises `OSError`."""
        server = self.settings.server
        context = None
        if server.tls_cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(server.tls_cert, server.tls_key)
        self._server = await self._platform.listen(
            self._handle,
            host=server.host,
            port=server.port,
            ssl=context,
            create_connection=Connection,
            process_request=self.door.request,
            subprotocols=[SUBPROTOCOL],
            compression=None,
            max_size=(FRAME_BYTES, FRAME_BYTES),
            max_queue=8,
            write_limit=_FULL_BYTES,
            open_timeout=5,
            ping_interval=None,
            close_timeout=3,
            server_header=None,
            backlog=_BACKLOG,
            logger=logging.getLogger("supportterm.sockets"),
        )
        self._keepalive.start()
        host, port = next(iter(self._server.sockets)).getsockname()[:2]
        return str(host), int(port)

    async def close(self) -> None:
        """Tell everybody to come back, each at another moment, and stop."""
        self._stopping = True
        self._keepalive.stop()
        for hub in self._hubs.values():
            for session in hub.sessions():
                after = 500 + int(self._platform.random() * _COME_BACK_MS)
                session.outlet.passing(frames.Bye(after, CLOSE_TEXT[Close.RESTART]))
        if self._server is not None:
            self._server.close(code=Close.RESTART, reason=CLOSE_TEXT[Close.RESTART])
            await self._server.wait_closed()

    # --- one connection --------------------------------------------------------------------------

    async def _handle(self, connection: Connection) -> None:
        self.door.enter(connection)
        self._keepalive.add(connection)
        try:
            await self._begin(connection)
        except ConnectionClosed:
            pass
        except StoreError as error:
            _log.error("a connection ended because the store cannot be read: %s", error)
            await connection.close(CloseCode.INTERNAL_ERROR, ERRORS["storage"].text)
        finally:
            self._keepalive.drop(connection)
            self.door.leave(connection)

    async def _begin(self, connection: Connection) -> None:
        # What they said first is not kept while they read: most customers say nothing more for long.
        session = await self._welcomed(connection)
        if session is not None:
            try:
                await read_until_closed(session)
            finally:
                session.hub.drop_customer(session)

    async def _welcomed(self, connection: Connection) -> CustomerSession | None:
        """Hear who it is; a customer who is in. Whoever else it was is gone by then."""
        if connection.verdict is not None:
            await self._refuse(connection, connection.verdict)
            return None
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                raw = await connection.recv()
        except TimeoutError:
            await self._refuse(connection, Close.HELLO_LATE)
            return None
        if not isinstance(raw, str):
            await connection.close(Close.UNSUPPORTED_DATA, "text frames only")
            return None
        try:
            first = decode_client(raw)
        except BadFrame as error:
            await connection.send(encode(frames.Err("bad_frame", text=str(error))), text=True)
            await self._refuse(connection, Close.PROTOCOL)
            return None
        if isinstance(first, frames.Hello) and first.v != VERSION:
            await self._refuse(connection, Close.VERSION)
        elif isinstance(first, frames.Hello) and connection.shop:
            return await self._customer(connection, first)
        elif isinstance(first, frames.Hello):
            await self._agent(connection, first)
        elif isinstance(first, frames.Login) and not connection.shop:
            await self._login(connection, first)
        else:
            await self._refuse(connection, Close.PROTOCOL)
        return None

    async def _refuse(self, connection: Connection, code: Close) -> None:
        self._metrics.closes[code.name.lower()] += 1
        await connection.close(code, CLOSE_TEXT[code])

    def _outlet(self, connection: Connection) -> Outlet:
        limits = self.settings.limits
        return Outlet(connection, limits.slow_seconds, limits.buffered_bytes, self._cut)

    def _cut(self) -> None:
        self._metrics.closes["slow"] += 1

    async def _customer(self, connection: Connection, hello: frames.Hello) -> CustomerSession | None:
        key = connection.shop
        shop = self.settings.shops.get(key)
        if shop is None:
            await self._refuse(connection, Close.UNKNOWN_SHOP)
            return None
        address = address_hash(connection.network, self._addresses) if connection.network else ""
        session: CustomerSession
        signed: Signed | None = None
        if hello.link:
            opened = await self._links.open(hello.link, key, connection.address, address)
            if isinstance(opened, Close):
                await self._refuse(connection, opened)
                return None
            hub, feed, person, good = opened
            session = LinkedSession(hub, connection, person, self._outlet(connection), self._bucket(person))
            session.feed, session.good = feed, good
        else:
            who = customer_id(key, hello.token)
            browsers = (who, customer_id(key, hello.browser)) if hello.browser else (who,)
            signed = self._signed(key, hello.identity)
            if signed is not None:
                who = self._identities.customer(key, signed.who.sub)
            its = self._hub_of(who, browsers if signed is not None else (), shop.desk)
            if its is None or connection.own_page:
                await self._refuse(connection, Close.FOREIGN_ORIGIN if its else Close.UNKNOWN_SHOP)
                return None
            hub = its
            person = Person("customer", who, shop=key, token_hash=token_hash(hello.token), address=address)
            if signed is not None:
                person = replace(
                    person,
                    token_hash=sign_in_of(who),
                    identity=signed.who,
                    signed_at=signed.since,
                    browsers=browsers,
                )
            session = CustomerSession(hub, connection, person, self._outlet(connection), self._bucket(person))
            if signed is not None:
                session.good = self._lasting(key, signed)
        session.limit_sayings(self._sayings.of(_writer(person), asyncio.get_running_loop().time()))
        session.limit_openings(self.door.openings_from(connection.address))
        session.lang = hello.lang
        try:
            session.watch()
            await session.identify()
            feeds = await session.begin(shop.retention_days_texts)
            me = frames.Me("customer", "")
            identity: Literal["", "good", "bad"] = "good" if signed is not None else ""
            if hello.identity and signed is None and not hello.link:
                identity = "bad"
            self._welcome(session, me, [feed.chat.id for feed in feeds], shop.name or key, identity)
            have = hello.have if hello.epoch == self.epoch else {}
            for feed in feeds:
                session.subscribe(feed, have.get(feed.chat.id, 0))
            hub.add_customer(session)
        except BaseException:
            session.end()
            raise
        return session

    def _bucket(self, customer: Person) -> Bucket:
        return self._customers.of(_writer(customer), asyncio.get_running_loop().time())

    def _signed(self, shop: str, identity: str) -> Signed | None:
        """Who the shop says the customer is, if it says so."""
        now = self._clock.now()
        return self._identities.of(shop, identity, now.at, now.run / 1000) if identity else None

    def _lasting(self, shop: str, signed: Signed) -> Callable[[], bool]:
        lasts = self._identities.lasting(shop, signed)
        return lambda: lasts(self._clock.now().at)

    def _hub_of(self, who: str, browsers: Iterable[str], desk: str) -> Hub | None:
        """The desk that has their open chat, or one of these browsers' that may go along with them, even if
        their shop moved since; else the shop's."""
        for customer in (who, *browsers):
            for hub in self._hubs.values():
                newest = hub.doorway.feeds.newest_of(customer)
                if newest is None or newest.chat.state == "closed":
                    continue
                if customer == who or may_go_along(newest.chat):
                    return hub
        return self._hubs.get(desk)

    async def _agent(self, connection: Connection, hello: frames.Hello) -> None:
        found = await self._sign_in.session_of(hello.token)
        if found is None:
            await self._refuse(connection, Close.BAD_TOKEN)
            return
        agent, signed_in = found
        hub = self._hubs.get(agent.desk)
        if hub is None:
            await self._refuse(connection, Close.BAD_TOKEN)
            return
        person = Person("agent", agent.id, agent.name, title=agent.title)
        bucket = self._agents.of(agent.id, asyncio.get_running_loop().time())
        who = SignedInAs(signed_in.token_hash, signed_in.created, hello.instance)
        session = AgentSession(hub, connection, person, self._outlet(connection), bucket, who, hello.takeover)
        me = frames.Me("agent", agent.id, agent.name, agent.desk, agent.title)
        visible = session.visible()
        self._welcome(session, me, sorted(feed.chat.id for feed in visible), "")
        # Registered first: a chat that becomes theirs from here on is subscribed by that itself.
        hub.add_agent(session)
        try:
            have = hello.have if hello.epoch == self.epoch else {}
            for feed in visible:
                loaded = await session.readable(feed.chat.id)
                if loaded is None:
                    # `welcome` named it, and it went to somebody else while its marks were read.
                    session.outlet.answer(frames.Gone(feed.chat.id))
                elif feed.chat.id not in session.cursors:
                    session.subscribe(loaded, have.get(feed.chat.id, 0))
            await read_until_closed(session)
        finally:
            session.end()
            hub.drop_agent(session)

    def _welcome(
        self,
        session: CustomerSession | AgentSession,
        me: frames.Me,
        chats: list[str],
        shop: str,
        identity: Literal["", "good", "bad"] = "",
    ) -> None:
        hub = session.hub
        session.outlet.answer(
            frames.Welcome(
                epoch=self.epoch,
                time=self._clock.now().at,
                me=me,
                limits=frames.Limits(),
                chats=chats,
                server=__version__,
                shop=shop,
                practice=hub.practice,
                identity=identity,
            )
        )

    async def _login(self, connection: Connection, login: frames.Login) -> None:
        try:
            if login.invite:
                token, agent = await self._sign_in.accept_invite(
                    login.invite, login.password, connection.address, login.device
                )
            else:
                token, agent = await self._sign_in.login(
                    login.name, login.password, connection.address, login.device
                )
        except Refused as refused:
            error = ERRORS[refused.code]
            after = refused.after_ms or error.after_ms
            frame: frames.ServerFrame = frames.Err(error.code, error.retry, after, error.text)
        else:
            me = frames.Me("agent", agent.id, agent.name, agent.desk, agent.title)
            frame = frames.SignedIn(token, me)
        await connection.send(encode(frame), text=True)
        await connection.close()


def _writer(customer: Person) -> str:
    """Whose speed is measured: the bearer of a link must not use up what the customer themself may do."""
    return f"{customer.id} {customer.only}"
