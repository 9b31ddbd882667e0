"""Mail servers on loopback: a real one, which can be told how to answer, and some that are none."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from server.settings.mail import Mail

CERTIFICATE: Final = Path(__file__).with_name("selfmade.pem")
USER: Final = "desk"
PASSWORD: Final = "pinksterbloem"

#: Called with the letter when all of it is there; what it gives is the server's answer.
OnData = Callable[["MailServer"], Awaitable[str]]


async def _accepts(_: MailServer) -> str:
    return "250 Written down"


class MailServer:
    """A real server (`aiosmtpd`) and what it was handed. ``rcpt``: its answer to each recipient."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, str]] = []
        self.commands: list[str] = []
        self.sessions: list[Session] = []
        self.rcpt = "250 OK"
        self.mail = "250 OK"
        self.on_data: OnData = _accepts
        self.connections: list[asyncio.Transport] = []
        #: Set with each letter that is there.
        self.arrived = asyncio.Event()

    # What aiosmtpd calls.

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions.append(session)
        if self.mail.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.mail

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos[0]))
        self.arrived.set()
        return await self.on_data(self)

    def hang_up(self) -> None:
        """Close every connection without a word."""
        for transport in self.connections:
            transport.abort()


class _Heard(SMTP):
    """Keeps its connections within reach, and what was said on them before anything was encrypted."""

    def __init__(self, server: MailServer, **options: Any) -> None:
        super().__init__(server, **options)
        self._kept = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._kept.connections.append(cast(asyncio.Transport, transport))
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._kept.commands += data.decode("latin-1").splitlines()
        super().data_received(data)


@asynccontextmanager
async def mail_server(kept: MailServer | None = None, **options: Any) -> AsyncIterator[MailServer]:
    """A server that accepts whatever is not arranged otherwise. ``options``: aiosmtpd's."""
    kept = kept or MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Heard(kept, hostname="mail.example", loop=loop, **options), "127.0.0.1", 0
    )
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        kept.hang_up()
        await server.wait_closed()


def secured(**options: Any) -> dict[str, Any]:
    """Options of a server that encrypts, and lets `USER` sign in then."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return {"tls_context": context, "authenticator": _knows, "auth_require_tls": True, **options}


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any) -> AuthResult:
    good = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=said == good, handled=False)


def trusting() -> ssl.SSLContext:
    """Believes the self-made certificate, as the system's trust store can be told to."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@asynccontextmanager
async def talker(*answers: bytes | None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Something that says the next of ``answers`` when it is connected to and after each line, and nothing
    more after the last; None: it hangs up. Gives its port, and the lines that it was told."""
    heard: list[bytes] = []
    talks: list[asyncio.Task[None]] = []
    writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(cast("asyncio.Task[None]", asyncio.current_task()))
        writers.append(writer)
        try:
            for answer in answers:
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
                heard.append(await reader.readline())
            while line := await reader.readline():
                heard.append(line)
        except ConnectionError:
            pass  # it was hung up on
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*talks)
        await server.wait_closed()


def mail_at(port: int, **settings: Any) -> Mail:
    """``[mail]`` of a shop whose mail server listens there, in the clear unless said otherwise."""
    found = {
        "starttls": False,
        "sender": "Acme Bikes <service@acme.example>",
        "timeout_seconds": 5,
        **settings,
    }
    return Mail(host="localhost", port=port, **found)
