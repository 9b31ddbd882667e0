"""Every key of ``supportterm.toml``: its type, default, what it means and what is valid.

The metadata beside each type is read three times: to check the file, to write the file that
``supportterm init`` makes, and to write ``docs/settings.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field


def _about(text: str, valid: str, example: str = "") -> Meta:
    return Meta(description=text, extra={"valid": valid, "example": example})


def _whole(low: int, high: int, text: str) -> Meta:
    return Meta(
        ge=low,
        le=high,
        description=text,
        extra={"valid": f"a whole number from {low} to {high}", "example": ""},
    )


def _true_or_false(text: str) -> Meta:
    return _about(text, "true or false")


def _days(text: str) -> Meta:
    return _whole(0, 36_500, text + " 0 keeps it until someone is erased.")


class Server(Struct, frozen=True, kw_only=True):
    """The machine: where to listen, where to keep data, how to log. Changes need a restart."""

    host: Annotated[
        str,
        _about(
            "The address to listen on. Keep the loopback address behind a reverse proxy.",
            "an IP address or a host name of this machine",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, _whole(0, 65_535, "The port to listen on, for widgets and consoles alike. 0 takes any free one.")
    ] = 8700
    data_dir: Annotated[
        str,
        _about(
            "The directory of the database. Empty: `/var/lib/supportterm` for root, else the user's own"
            " data directory. A relative path starts at this file.",
            "a path",
        ),
    ] = ""
    public_url: Annotated[
        str,
        _about(
            "The address the world reaches this server by; `snippet`, `login` and `init` print it."
            " Empty: made from host and port.",
            "an address that begins with https:// or http://, without a path",
            "https://chat.acme.example",
        ),
    ] = ""
    tls_cert: Annotated[
        str,
        _about(
            "The certificate chain (PEM), to serve TLS without a proxy. Needs `tls_key`.",
            "a path to a PEM file",
            "/etc/ssl/acme.pem",
        ),
    ] = ""
    tls_key: Annotated[
        str,
        _about("The certificate's private key (PEM).", "a path to a PEM file", "/etc/ssl/acme.key"),
    ] = ""
    trusted_proxies: Annotated[
        list[str],
        _about(
            "Networks of reverse proxies whose `X-Forwarded-For` is believed; from others it is ignored.",
            'a list of networks such as ["127.0.0.1/32", "10.0.0.0/8"]',
            '["127.0.0.1/32", "::1/128"]',
        ),
    ] = field(default_factory=list)
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        _about(
            "How much to log. Texts of messages are never logged.", '"debug", "info", "warning" or "error"'
        ),
    ] = "info"
    log_format: Annotated[
        Literal["text", "json"],
        _about("Lines for people, or one JSON object per line.", '"text" or "json"'),
    ] = "text"


class Limits(Struct, frozen=True, kw_only=True):
    """What one address, one person and all together may ask of the server."""

    connections: Annotated[int, _whole(1, 1_000_000, "Open connections in all.")] = 20_000
    connections_per_address: Annotated[
        int,
        _whole(1, 1_000_000, "Open connections from one address (IPv6: from one /64). An office shares one."),
    ] = 50
    handshakes_per_minute: Annotated[
        int,
        _whole(
            1,
            1_000_000,
            "New connections per minute from one address (IPv6: from one /64); as many chats may be opened.",
        ),
    ] = 60
    messages_per_second: Annotated[
        int, _whole(1, 10_000, "Frames per second from one customer, over a while.")
    ] = 5
    messages_burst: Annotated[int, _whole(1, 10_000, "Frames one customer may send at once.")] = 10
    messages_per_minute: Annotated[int, _whole(1, 100_000, "Messages per minute from one customer.")] = 60
    agent_messages_per_second: Annotated[
        int, _whole(1, 10_000, "Frames per second from one agent, over a while.")
    ] = 20
    agent_messages_burst: Annotated[int, _whole(1, 10_000, "Frames one agent may send at once.")] = 40
    buffered_bytes: Annotated[
        int, _whole(16_384, 1 << 30, "Bytes waiting for one connection before it counts as not reading.")
    ] = 262_144
    slow_seconds: Annotated[
        int, _whole(1, 3_600, "Seconds a connection may go without reading before it is cut off.")
    ] = 10
    login_attempts: Annotated[
        int,
        _whole(
            1,
            1_000,
            "Failed sign-ins of one account at once, from any address; as many come back in five minutes.",
        ),
    ] = 5
    login_attempts_per_address: Annotated[
        int,
        _whole(
            1,
            100_000,
            "Failed sign-ins from one address (IPv6: one /64) at once; as many come back in five minutes.",
        ),
    ] = 20


class Desk(Struct, frozen=True, kw_only=True):
    """One team of agents. `<id>` is made of a-z, 0-9 and `-`."""

    practice: Annotated[
        bool, _true_or_false("A desk for simulated customers: it stays out of all figures.")
    ] = False
    chat_limit: Annotated[
        int, _whole(1, 50, "Chats an agent gets at once, unless the agent has another limit.")
    ] = 4
    presence_grace_seconds: Annotated[
        int,
        _whole(0, 3_600, "Seconds an agent's console may be gone before their chats wait for somebody else."),
    ] = 20
    reopen_minutes: Annotated[
        int, _whole(0, 43_200, "Minutes during which a closed chat can be reopened.")
    ] = 30
    idle_close_hours: Annotated[
        int, _whole(1, 8_760, "Hours without a message after which a chat closes by itself.")
    ] = 24


class Shop(Struct, frozen=True, kw_only=True):
    """One storefront. `<key>` is made of a-z, 0-9 and `-`; the snippet on the shop's pages names it."""

    desk: Annotated[
        str, _about("The desk that answers this shop.", "the id of a [desk.<id>] in this file", "main")
    ]
    name: Annotated[
        str,
        Meta(
            max_length=80,
            description="What customers and agents read as the shop's name. Empty: its key.",
            extra={"valid": "a text of at most 80 characters", "example": "Acme Bikes"},
        ),
    ] = ""
    origins: Annotated[
        list[str],
        _about(
            "The addresses of the shop's pages, exactly as browsers send them. `*` allows all; it is valid"
            " only while the server listens on loopback, or on a practice desk.",
            'a list of scheme://host[:port], such as ["https://www.acme.example"]',
            '["https://www.acme.example"]',
        ),
    ] = field(default_factory=list)
    languages: Annotated[
        list[str],
        _about(
            "Languages the shop's customers write in, the usual one first.",
            'a list of language codes, such as ["nl", "en"]',
        ),
    ] = field(default_factory=lambda: ["en"])
    theme: Annotated[
        str,
        _about("The theme whose colours the widget takes. Empty: the usual one.", "the name of a theme file"),
    ] = ""
    retention_days_texts: Annotated[
        int, _days("Days after which the texts of a closed chat are removed.")
    ] = 0
    retention_days_contacts: Annotated[
        int, _days("Days after which contact data of a customer without open chats is removed.")
    ] = 0


class Settings(Struct, frozen=True, kw_only=True):
    """One checked ``supportterm.toml``. Desks and shops by their ids; at least one of each.

    ``path`` is the file it came from; ``data_dir`` is made absolute from ``server.data_dir``.
    """

    path: Path
    data_dir: Path
    server: Server = Server()
    limits: Limits = Limits()
    desks: dict[str, Desk]
    shops: dict[str, Shop]

    @property
    def public_url(self) -> str:
        """Where browsers reach this server, without a slash at the end."""
        if self.server.public_url:
            return self.server.public_url.rstrip("/")
        scheme = "https" if self.server.tls_cert else "http"
        host = self.server.host
        if host in ("0.0.0.0", "::", ""):
            host = "localhost"
        if ":" in host:
            host = f"[{host}]"
        return f"{scheme}://{host}:{self.server.port}"

    @property
    def socket_url(self) -> str:
        """The same as a WebSocket address, as ``supportterm login`` takes it."""
        return "ws" + self.public_url.removeprefix("http")


#: The tables of the file, in its order: (name in the file, the keys, many of it?).
TABLES: Final[tuple[tuple[str, type[Struct], bool], ...]] = (
    ("server", Server, False),
    ("limits", Limits, False),
    ("desk", Desk, True),
    ("shop", Shop, True),
)
