"""Mailboxes on loopback: a real IMAP server (`pymap`) with one of them, and its owner's own program."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar, cast

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, DictBackend, Login
from pymap.imap import IMAPServer

from server.settings.mail import Mail

from .servers import CERTIFICATE, PASSWORD, USER, mail_at

T = TypeVar("T")


class Owner:
    """Who the mailbox belongs to, with a program of their own. ``port``: of the server."""

    def __init__(self, port: int, encrypted: bool) -> None:
        self.port = port
        self._encrypted = encrypted
        self.connections: list[asyncio.StreamWriter] = []

    async def do(self, call: Callable[[imaplib.IMAP4], T]) -> T:
        """Sign in and do something in INBOX."""

        def done() -> T:
            if self._encrypted:
                context = ssl.create_default_context(cafile=str(CERTIFICATE))
                client: imaplib.IMAP4 = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context)
            else:
                client = imaplib.IMAP4("127.0.0.1", self.port)
            try:
                client.login(USER, PASSWORD)
                client.select()
                return call(client)
            finally:
                client.logout()

        return await asyncio.to_thread(done)

    async def put(self, *messages: bytes, folder: str = "INBOX") -> None:
        """They arrive."""

        def put(client: imaplib.IMAP4) -> None:
            for message in messages:
                kind, said = client.append(folder, "", "", message)
                assert kind == "OK", said

        await self.do(put)

    async def folder(self, name: str) -> None:
        """There is another folder."""
        await self.do(lambda client: client.create(name))

    async def messages(self, folder: str = "INBOX") -> list[tuple[str, bool]]:
        """What lies in a folder: each subject, and whether it counts as seen."""

        def look(client: imaplib.IMAP4) -> list[tuple[str, bool]]:
            client.select(folder)
            found = []
            for number in client.search(None, "ALL")[1][0].split():
                _, data = client.fetch(number.decode(), "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
                head = next(item for item in data if isinstance(item, tuple))
                flags = b" ".join(item if isinstance(item, bytes) else item[0] for item in data if item)
                subject = head[1].decode().partition(":")[2].strip()
                found.append((subject, b"\\Seen" in flags))
            return found

        return await self.do(look)

    def hang_up(self) -> None:
        """Every connection is lost."""
        for writer in self.connections:
            writer.transport.abort()


@asynccontextmanager
async def mailbox(encrypted: bool = False) -> AsyncIterator[Owner]:
    """A server with the mailbox of `USER`."""
    config = Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        demo_data=False,
        demo_user=USER,
        demo_password=PASSWORD,
        host="localhost",
        port=0,
        tls_enabled=False,
        invalid_user_sleep=0.0,
    )
    login = Login(config)
    await DictBackend._add_demo_user(config, login)
    serving = IMAPServer(login, config)
    owner = Owner(0, encrypted)
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(cast("asyncio.Task[None]", asyncio.current_task()))
        owner.connections.append(writer)
        with suppress(ConnectionError, ssl.SSLError):
            await serving(reader, writer, SocketInfoLocal(writer))

    context: ssl.SSLContext | None = None
    if encrypted:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    owner.port = server.sockets[0].getsockname()[1]
    try:
        yield owner
    finally:
        server.close()
        owner.hang_up()
        await asyncio.gather(*talks, return_exceptions=True)
        await server.wait_closed()


def read_at(port: int, **settings: Any) -> Mail:
    """``[mail]`` of a shop whose mailbox is there, in the clear unless said otherwise."""
    found = {"imap_user": USER, "imap_password": PASSWORD, "imap_tls": False, **settings}
    return mail_at(25, imap_host="localhost", imap_port=port, **found)
