"""The door: what may become a connection, before a byte of WebSocket is spoken."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import unquote, urlsplit

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from server.gateway.outlet import Connection
from server.gateway.pages import Page
from server.gateway.rates import Bucket, Buckets, network_of
from server.metrics import Metrics
from server.settings import Limits, Shop
from supportterm.protocol.codes import CLOSE_TEXT, Close

_log = logging.getLogger("supportterm.gateway")

#: Different pages that were sent away are logged once each, up to this many: strangers can make up more.
_MOST_TOLD = 100

AGENT_PATH = "/v1/agent"
SHOP_PATH = "/v1/shop/"

Network = IPv4Network | IPv6Network


class Door:
    """Decides on every request, in this order: page, path, address, room, origin.

    A wrong shop key or a foreign origin is let in and closed at once with its code: a browser tells
    its page nothing about a refused handshake, and the shop owner must learn what is wrong.
    """

    def __init__(
        self,
        limits: Limits,
        shops: dict[str, Shop],
        trusted: list[Network],
        metrics: Metrics,
        page: Callable[[str, str], Page | None],
        now: Callable[[], float],
        own: str = "",
    ) -> None:
        """``own``: the origin of the server's own pages, where links of mails may lead."""
        self.shops = shops
        self.limits = limits
        self.open = 0
        self._trusted = trusted
        self._metrics = metrics
        self._page = page
        self._now = now
        self._own = own
        self._make_buckets()
        self._by_network: Counter[str] = Counter()
        self._told: set[tuple[str, str]] = set()

    def reload(self, limits: Limits, shops: dict[str, Shop]) -> None:
        """Take over new settings; connections that stand are not touched."""
        changed = limits.handshakes_per_minute != self.limits.handshakes_per_minute
        self.limits, self.shops = limits, shops
        if changed:
            self._make_buckets()

    def _make_buckets(self) -> None:
        most = self.limits.handshakes_per_minute
        self._rates = Buckets(most / 60, most)
        self._openings = Buckets(most / 60, most)

    def openings_from(self, address: str) -> Bucket:
        """What limits the chats opened from an address: a new token costs nothing, an address does."""
        return self._openings.of(network_of(address), self._now())

    def request(self, connection: Connection, request: Request) -> Response | None:
        """Answer a request that is not to become a connection; None lets it become one."""
        try:
            path = unquote(urlsplit(request.path).path)
        except ValueError:  # such as an address in brackets that are not closed
            path = ""
        address = self.address_of(connection, request.headers)
        if request.method != "GET":
            return _answer(
                HTTPStatus.METHOD_NOT_ALLOWED, "This server answers GET only.\n", [("Allow", "GET")]
            )
        if not path.startswith("/v1/"):
            page = self._page(path, "" if self._hides_somebody(connection, request.headers) else address)
            if page is None:
                return _answer(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
            return page.response(request.headers)
        if path != AGENT_PATH and not path.startswith(SHOP_PATH):
            return self._no("path", HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        if "Upgrade" not in request.headers:
            return self._no("path", HTTPStatus.UPGRADE_REQUIRED, "This address speaks WebSocket only.\n")
        network = network_of(address)
        if not self._rates.of(network, self._now()).take(self._now()):
            return self._no("too_fast", HTTPStatus.TOO_MANY_REQUESTS, "Too many connections: wait.\n")
        if self._by_network[network] >= self.limits.connections_per_address:
            return self._no("too_many", HTTPStatus.TOO_MANY_REQUESTS, "Too many connections.\n")
        if self.open >= self.limits.connections:
            return self._no("full", HTTPStatus.SERVICE_UNAVAILABLE, "The server is full: try again.\n")
        connection.address = address
        connection.network = network if self._tells_apart(connection, request.headers, address) else ""
        origins = request.headers.get_all("Origin")
        if path == AGENT_PATH:
            if origins:
                return self._no("origin", HTTPStatus.FORBIDDEN, "Consoles connect here, not pages.\n")
        else:
            connection.shop = path.removeprefix(SHOP_PATH)
            connection.verdict = self._verdict(connection.shop, origins)
            if connection.verdict is Close.FOREIGN_ORIGIN and origins == [self._own]:
                connection.verdict, connection.own_page = None, True
            if connection.verdict is not None:
                self._tell(connection.verdict, connection.shop, origins)
        self._metrics.handshakes[connection.verdict.name.lower() if connection.verdict else "accepted"] += 1
        return None

    def _verdict(self, key: str, origins: list[str]) -> Close | None:
        shop = self.shops.get(key)
        if shop is None:
            return Close.UNKNOWN_SHOP
        if "*" in shop.origins or (len(origins) == 1 and origins[0] in shop.origins):
            return None
        return Close.FOREIGN_ORIGIN

    def _tell(self, verdict: Close, shop: str, origins: list[str]) -> None:
        """One line in the log for each page that is sent away, for owners without its console at hand."""
        about = (shop[:80], ", ".join(origins)[:200])
        if about not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(about)
            _log.warning("sent away (%d): shop %r, page of %r: %s", verdict, *about, CLOSE_TEXT[verdict])

    def _no(self, outcome: str, status: HTTPStatus, text: str) -> Response:
        self._metrics.handshakes[outcome] += 1
        return _answer(status, text)

    def enter(self, connection: Connection) -> None:
        """A connection stands."""
        self.open += 1
        self._by_network[network_of(connection.address)] += 1

    def leave(self, connection: Connection) -> None:
        """A connection is gone."""
        self.open -= 1
        network = network_of(connection.address)
        self._by_network[network] -= 1
        if not self._by_network[network]:
            del self._by_network[network]

    def address_of(self, connection: Connection, headers: Headers) -> str:
        """The peer's address; behind a trusted proxy, the nearest one that is not trusted itself."""
        address = _peer(connection)
        if not self._is_trusted(address):
            return address
        for hop in reversed(",".join(headers.get_all("X-Forwarded-For")).split(",")):
            if hop.strip():
                address = _without_port(hop.strip())
                if not self._is_trusted(address):
                    break
        return address

    def _tells_apart(self, connection: Connection, headers: Headers, address: str) -> bool:
        """Whether who comes has this address to themselves, and not a proxy that all of them come through."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if parsed.is_loopback or self._is_trusted(address):
            return False
        # Anybody may send the header; somebody from outside would be believed to be many.
        return not (parsed.is_private and self._hides_somebody(connection, headers))

    def _hides_somebody(self, connection: Connection, headers: Headers) -> bool:
        """Whether a proxy speaks for somebody whose address cannot be believed."""
        return "X-Forwarded-For" in headers and not self._is_trusted(_peer(connection))

    def _is_trusted(self, address: str) -> bool:
        if not self._trusted:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return address == "unix"
        return any(parsed in network for network in self._trusted)


def _peer(connection: Connection) -> str:
    peer = connection.remote_address
    # A socket for both families shows IPv4 peers as ::ffff:192.0.2.1.
    return str(peer[0]).removeprefix("::ffff:") if peer else "unix"


def _without_port(hop: str) -> str:
    """The address of a hop; some proxies write the port as well, another one for each connection."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _answer(status: HTTPStatus, text: str, more: Sequence[tuple[str, str]] = ()) -> Response:
    body = text.encode()
    headers = Headers(
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
            *more,
        ]
    )
    return Response(status.value, status.phrase, headers, body)
