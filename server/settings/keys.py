"""Every table of ``supportterm.toml``; each key has its type, default, what it means and what is valid.

The metadata beside each type is read three times: to check the file, to write the file that
``supportterm init`` makes, and to write ``docs/settings.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Struct, field

from server.settings.about import about, whole
from server.settings.desks import Desk
from server.settings.drafter import Drafter
from server.settings.mail import Mail
from server.settings.shops import Shop


class Server(Struct, frozen=True, kw_only=True):
    """The machine: where to listen, where to keep data, how to log. Changes need a restart."""

    host: Annotated[
        str,
        about(
            "The address to listen on. Keep the loopback address behind a reverse proxy.",
            "an IP address or a host name of this machine",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, whole(0, 65_535, "The port to listen on, for widgets and consoles alike. 0 takes any free one.")
    ] = 8700
    data_dir: Annotated[
        str,
        about(
            "The directory of the database. Empty: `/var/lib/supportterm` for root, else the user's own"
            " data directory. A relative path starts at this file.",
            "a path",
        ),
    ] = ""
    public_url: Annotated[
        str,
        about(
            "The address the world reaches this server by; `snippet`, `login` and `init` print it."
            " Empty: made from host and port.",
            "an address that begins with https:// or http://, without a path",
            "https://chat.acme.example",
        ),
    ] = ""
    tls_cert: Annotated[
        str,
        about(
            "The certificate chain (PEM), to serve TLS without a proxy. Needs `tls_key`.",
            "a path to a PEM file",
            "/etc/ssl/acme.pem",
        ),
    ] = ""
    tls_key: Annotated[
        str,
        about("The certificate's private key (PEM).", "a path to a PEM file", "/etc/ssl/acme.key"),
    ] = ""
    trusted_proxies: Annotated[
        list[str],
        about(
            "Networks of reverse proxies whose `X-Forwarded-For` is believed; from others it is ignored.",
            'a list of networks such as ["127.0.0.1/32", "10.0.0.0/8"]',
            '["127.0.0.1/32", "::1/128"]',
        ),
    ] = field(default_factory=list)
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        about(
            "How much to log. Texts of messages are never logged.", '"debug", "info", "warning" or "error"'
        ),
    ] = "info"
    log_format: Annotated[
        Literal["text", "json"],
        about("Lines for people, or one JSON object per line.", '"text" or "json"'),
    ] = "text"


class Limits(Struct, frozen=True, kw_only=True):
    """What one address, one person and all together may ask of the server."""

    connections: Annotated[int, whole(1, 1_000_000, "Open connections in all.")] = 20_000
    connections_per_address: Annotated[
        int,
        whole(1, 1_000_000, "Open connections from one address (IPv6: from one /64). An office shares one."),
    ] = 50
    handshakes_per_minute: Annotated[
        int,
        whole(
            1,
            1_000_000,
            "New connections per minute from one address (IPv6: from one /64); as many chats may be opened.",
        ),
    ] = 60
    messages_per_second: Annotated[
        int, whole(1, 10_000, "Frames per second from one customer, over a while.")
    ] = 5
    messages_burst: Annotated[int, whole(1, 10_000, "Frames one customer may send at once.")] = 10
    messages_per_minute: Annotated[int, whole(1, 100_000, "Messages per minute from one customer.")] = 60
    agent_messages_per_second: Annotated[
        int, whole(1, 10_000, "Frames per second from one agent, over a while.")
    ] = 20
    agent_messages_burst: Annotated[int, whole(1, 10_000, "Frames one agent may send at once.")] = 40
    buffered_bytes: Annotated[
        int, whole(16_384, 1 << 30, "Bytes waiting for one connection before it counts as not reading.")
    ] = 262_144
    slow_seconds: Annotated[
        int, whole(1, 3_600, "Seconds a connection may go without reading before it is cut off.")
    ] = 10
    login_attempts: Annotated[
        int,
        whole(
            1,
            1_000,
            "Failed sign-ins of one account at once, from any address; as many come back in five minutes.",
        ),
    ] = 5
    login_attempts_per_address: Annotated[
        int,
        whole(
            1,
            100_000,
            "Failed sign-ins from one address (IPv6: one /64) at once; as many come back in five minutes.",
        ),
    ] = 20


class Settings(Struct, frozen=True, kw_only=True):
    """One checked ``supportterm.toml``. Desks and shops by their ids; at least one of each.

    ``path`` is the file it came from; ``data_dir`` is made absolute from ``server.data_dir``.
    """

    path: Path
    data_dir: Path
    server: Server = Server()
    limits: Limits = Limits()
    mail: Mail = Mail()
    drafter: Drafter = Drafter()
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

    def shops_of(self, desk: str) -> dict[str, Shop]:
        """The shops that a desk answers, by key."""
        return {key: shop for key, shop in self.shops.items() if shop.desk == desk}

    def languages_of(self, desk: str) -> list[str]:
        """The languages in which the desk's customers may write, without repeating one."""
        return list(dict.fromkeys(code for shop in self.shops_of(desk).values() for code in shop.languages))


#: The tables of the file, in its order: (name in the file, the keys, many of it?).
TABLES: Final[tuple[tuple[str, type[Struct], bool], ...]] = (
    ("server", Server, False),
    ("limits", Limits, False),
    ("mail", Mail, False),
    ("drafter", Drafter, False),
    ("desk", Desk, True),
    ("shop", Shop, True),
)
