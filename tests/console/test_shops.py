"""A chat's shop, looked up in one place."""

from __future__ import annotations

from msgspec.structs import replace

from supportterm.console.shops import Shops
from supportterm.link.journal import Journal
from supportterm.protocol.frames import Chat, Head
from supportterm.protocol.views import ShopFacts
from supportterm.protocol.views import Shops as Told

HOF = ShopFacts("hof", "Hof & Linde", "Europe/Amsterdam", afternoon_ends=16 * 60)
HEAD = Head("open", "hof", "nl", 1)


def test_a_shop_is_known_once_it_was_told() -> None:
    journal = Journal("agent")
    shops, log = Shops(journal), journal.log("a")
    assert shops.told(log) is None
    assert shops.of(log) == ShopFacts("", "", "UTC")
    journal.take(Chat("a", 1, 0, HEAD), 0)
    assert shops.told(log) is None
    assert shops.of(log) == ShopFacts("hof", "hof", "UTC")
    assert shops.name("hof") == "hof"
    journal.shops = Told([ShopFacts("fjord", "", "UTC"), HOF])
    assert shops.told(log) is shops.of(log) is HOF
    assert [shops.name(key) for key in ("hof", "fjord", "other")] == ["Hof & Linde", "fjord", "other"]
    journal.take(Chat("a", 1, 0, replace(HEAD, shop="other")), 0)
    assert shops.told(log) is None


def test_a_shops_name_may_hold_anything() -> None:
    journal = Journal("agent")
    journal.shops = Told([ShopFacts("hof", "a\x1b[2Jb", "UTC")])
    assert "\x1b" not in Shops(journal).name("hof")
