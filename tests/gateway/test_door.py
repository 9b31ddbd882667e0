"""What may become a connection."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any, cast

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.http11 import Request

from server.gateway.door import Door
from server.gateway.outlet import Connection
from server.gateway.pages import Page
from server.metrics import Metrics
from server.settings import Limits, Server, Shop
from supportterm.protocol import frames
from supportterm.protocol.codes import CLOSE_TEXT, Close
from tests.support import PATIENT, Running, running_node

SHOPS = {
    "demo": Shop(desk="main", origins=["*"]),
    "bikes": Shop(desk="main", origins=["https://bikes.example", "https://www.bikes.example"]),
}
UPGRADE = ("Upgrade", "websocket")


class Peer:
    """The part of a connection that a door looks at."""

    def __init__(self, address: str | None) -> None:
        self.remote_address = (address, 4711) if address is not None else None
        self.verdict: Close | None = None
        self.shop = ""
        self.address = ""
        self.network = ""


class Knocking:
    """A door and a clock."""

    def __init__(self, limits: Limits = PATIENT, trusted: tuple[str, ...] = ()) -> None:
        self.metrics = Metrics()
        self.now = 0.0
        self.asked: list[tuple[str, str]] = []
        networks = [ip_network(network) for network in trusted]
        self.door = Door(limits, SHOPS, networks, self.metrics, self._page, lambda: self.now)

    def _page(self, path: str, address: str) -> Page | None:
        self.asked.append((path, address))
        return Page(b"here") if path == "/page" else None

    def knock(self, path: str, *headers: tuple[str, str], peer: str | None = "192.0.2.1") -> tuple[int, Any]:
        """The status (101 for a connection that stands) and the connection."""
        connection = Peer(peer)
        request = Request(path, Headers([*headers]))
        response = self.door.request(cast(Connection, connection), request)
        return (101 if response is None else response.status_code), connection

    def stand(self, peer: str, path: str = "/v1/shop/demo") -> Any:
        status, connection = self.knock(path, UPGRADE, peer=peer)
        assert status == 101
        self.door.enter(connection)
        return connection

    def address(self, peer: str | None, *forwarded: str) -> str:
        headers = Headers([("X-Forwarded-For", value) for value in forwarded])
        return self.door.address_of(cast(Connection, Peer(peer)), headers)


def test_pages_are_answered_before_anything_is_counted() -> None:
    knocking = Knocking()
    assert knocking.knock("/page")[0] == 200
    assert knocking.knock("/page?x=1#y")[0] == 200
    assert knocking.knock("/nothing")[0] == 404
    assert knocking.asked[0] == ("/page", "192.0.2.1")
    assert not knocking.metrics.handshakes


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/agent", 101),
        ("/v1/shop/demo", 101),
        ("/v1/shop/de%6Do", 101),
        ("/v1/agents", 404),
        ("/v1/", 404),
        ("/v1/shop", 404),
        ("/v2/agent", 404),
        ("//v1/agent", 404),
    ],
)
def test_paths(path: str, status: int) -> None:
    assert Knocking().knock(path, UPGRADE)[0] == status


def test_a_plain_get_of_a_socket_is_told_so() -> None:
    assert Knocking().knock("/v1/agent")[0] == 426


@pytest.mark.parametrize(
    ("key", "origins", "verdict"),
    [
        ("demo", [], None),
        ("demo", ["https://anywhere.example"], None),
        ("demo", ["null"], None),
        ("bikes", ["https://bikes.example"], None),
        ("bikes", ["https://www.bikes.example"], None),
        ("bikes", ["http://bikes.example"], Close.FOREIGN_ORIGIN),
        ("bikes", ["https://bikes.example:8443"], Close.FOREIGN_ORIGIN),
        ("bikes", ["https://bikes.example.evil.example"], Close.FOREIGN_ORIGIN),
        ("bikes", ["null"], Close.FOREIGN_ORIGIN),
        ("bikes", [], Close.FOREIGN_ORIGIN),
        ("bikes", ["https://bikes.example", "https://evil.example"], Close.FOREIGN_ORIGIN),
        ("cars", ["https://bikes.example"], Close.UNKNOWN_SHOP),
        ("", [], Close.UNKNOWN_SHOP),
        ("demo/../bikes", [], Close.UNKNOWN_SHOP),
    ],
)
def test_origins(key: str, origins: list[str], verdict: Close | None) -> None:
    knocking = Knocking()
    status, connection = knocking.knock(
        "/v1/shop/" + key, UPGRADE, *(("Origin", origin) for origin in origins)
    )
    assert (status, connection.verdict, connection.shop) == (101, verdict, key)
    assert knocking.metrics.handshakes == {verdict.name.lower() if verdict else "accepted": 1}


def test_pages_are_no_consoles() -> None:
    assert Knocking().knock("/v1/agent", UPGRADE, ("Origin", "https://evil.example"))[0] == 403


def test_knocking_too_often() -> None:
    knocking = Knocking(Limits(handshakes_per_minute=3))
    statuses = [knocking.knock("/v1/shop/demo", UPGRADE)[0] for _ in range(4)]
    assert statuses == [101, 101, 101, 429]
    assert knocking.knock("/v1/shop/demo", UPGRADE, peer="192.0.2.2")[0] == 101
    assert knocking.knock("/page")[0] == 200
    knocking.now += 20
    assert knocking.knock("/v1/shop/demo", UPGRADE)[0] == 101


def test_too_many_from_one_address() -> None:
    knocking = Knocking(Limits(connections_per_address=2))
    standing = [knocking.stand("2001:db8::1"), knocking.stand("2001:db8::2")]
    assert knocking.knock("/v1/shop/demo", UPGRADE, peer="2001:db8::3")[0] == 429
    assert knocking.knock("/v1/shop/demo", UPGRADE, peer="2001:db8:0:1::1")[0] == 101
    knocking.door.leave(standing[0])
    knocking.stand("2001:db8::3")


def test_a_full_server() -> None:
    knocking = Knocking(Limits(connections=2))
    standing = [knocking.stand("192.0.2.1"), knocking.stand("192.0.2.2")]
    assert knocking.knock("/v1/shop/demo", UPGRADE, peer="192.0.2.3")[0] == 503
    knocking.door.leave(standing[1])
    assert knocking.door.open == 1
    knocking.stand("192.0.2.3")


def test_nothing_is_kept_of_who_left() -> None:
    knocking = Knocking()
    for n in range(20):
        knocking.door.leave(knocking.stand(f"192.0.2.{n}"))
    assert (knocking.door.open, len(knocking.door._by_network)) == (0, 0)


def test_new_limits_hold_at_once() -> None:
    knocking = Knocking(Limits(handshakes_per_minute=1))
    knocking.stand("192.0.2.1")
    assert knocking.knock("/v1/shop/demo", UPGRADE)[0] == 429
    knocking.door.reload(Limits(handshakes_per_minute=2), {})
    status, connection = knocking.knock("/v1/shop/demo", UPGRADE)
    assert (status, connection.verdict) == (101, Close.UNKNOWN_SHOP)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        # Nobody's word is taken but a trusted proxy's.
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        # What the visitor wrote stands further left than what the proxy saw.
        ("10.0.0.1", ["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["127.0.0.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9,10.0.0.2 , 10.0.0.3"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [" , ,"], "10.0.0.1"),
        ("10.0.0.1", ["unknown"], "unknown"),
        ("10.0.0.1", ["203.0.113.9:51234"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2:443"], "203.0.113.9"),
        ("fd00::1", ["[2001:db8::9]:51234"], "2001:db8::9"),
        ("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("fd00::1", ["2001:db8::9"], "2001:db8::9"),
        (None, ["203.0.113.9"], "203.0.113.9"),
        ("::ffff:192.0.2.1", [], "192.0.2.1"),
    ],
)
def test_whose_address_counts(peer: str | None, forwarded: list[str], address: str) -> None:
    knocking = Knocking(trusted=("10.0.0.0/8", "fd00::/8"))
    assert knocking.address(peer, *forwarded) == address


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert Knocking().address("127.0.0.1", "203.0.113.9") == "127.0.0.1"
    assert Knocking().address(None, "203.0.113.9") == "unix"


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("2001:db8::9", [], "2001:db8::/64"),
        ("192.168.1.7", [], "192.168.1.7"),
        # A header that somebody made up makes nobody of them.
        ("8.8.8.8", ["203.0.113.9"], "8.8.8.8"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        # The machine itself, or a proxy that is not believed or names nobody: everybody may be behind it.
        ("127.0.0.1", [], ""),
        ("127.0.0.1", ["203.0.113.9"], ""),
        ("::1", [], ""),
        (None, [], ""),
        ("172.17.0.1", ["203.0.113.9"], ""),
        ("10.0.0.1", [], ""),
    ],
)
def test_whom_an_address_tells_apart(peer: str | None, forwarded: list[str], network: str) -> None:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    knocking = Knocking(trusted=("10.0.0.0/8",))
    _, connection = knocking.knock("/v1/shop/demo", UPGRADE, *headers, peer=peer)
    assert connection.network == network


def test_a_proxy_that_is_not_trusted_is_not_this_machine() -> None:
    """Else everybody behind a proxy on loopback could read the figures."""
    knocking = Knocking()
    knocking.knock("/page", peer="127.0.0.1")
    knocking.knock("/page", ("X-Forwarded-For", "203.0.113.9"), peer="127.0.0.1")
    assert knocking.asked == [("/page", "127.0.0.1"), ("/page", "")]


async def test_over_real_sockets(tmp_path: Path) -> None:
    """A page learns why it may not connect; a refused handshake would tell it nothing."""
    server = Server(port=0, trusted_proxies=["127.0.0.1/32"])
    limits = Limits(handshakes_per_minute=1_000, connections_per_address=2)
    async with running_node(tmp_path, server=server, limits=limits, shops=SHOPS) as running:
        for key, code in (("cars", Close.UNKNOWN_SHOP), ("bikes", Close.FOREIGN_ORIGIN)):
            async with running.connection("/v1/shop/" + key, origin="https://evil.example") as wire:
                assert await wire.closed() == code
                assert wire.socket.close_reason == CLOSE_TEXT[code]
        async with running.customer(shop="bikes", origin="https://bikes.example"):
            pass
        with pytest.raises(InvalidStatus, match="403"):
            async with running.connection("/v1/agent", origin="https://bikes.example"):
                pass
        await two_of_an_address(running)


async def two_of_an_address(running: Running) -> None:
    def seen_from(address: str) -> dict[str, Any]:
        return {"additional_headers": {"X-Forwarded-For": address}}

    async with (
        running.customer(**seen_from("203.0.113.1")),
        running.customer(**seen_from("203.0.113.1")) as second,
        running.customer(**seen_from("203.0.113.2")),
    ):
        assert running.node.status()["connections"] == 3
        with pytest.raises(InvalidStatus, match="429"):
            async with running.customer(**seen_from("203.0.113.1")):
                pass
        await second.send(frames.Beat())
        assert await second.next(frames.BeatBack)
