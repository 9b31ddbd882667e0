"""Signed links: what opens a chat, and that nothing else does."""

from __future__ import annotations

import base64
import logging
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.links import FRAGMENT, KEY_FILE, LIFE_MS, Linked, Links, address, page_of
from server.platform import RealPlatform
from server.settings import Server, Shop
from server.store.interface import Corrupt, Unavailable
from tests.support import settings_in

NOW = 1_800_000_000_000
CHAT = "aB3xY9kQ2mZ7pL5tR8wV1c"
LINKS = Links(b"k" * 43)
TOKEN = LINKS.token(CHAT, NOW)
_IDS = st.from_regex(r"[A-Za-z0-9_-]{16,40}", fullmatch=True)


def test_a_link_opens_its_chat_for_thirty_days() -> None:
    assert LINKS.opened(TOKEN, NOW) == Linked(CHAT, NOW)
    assert LINKS.opened(TOKEN, NOW + LIFE_MS - 1) == Linked(CHAT, NOW)
    assert LINKS.opened(TOKEN, NOW + LIFE_MS) is None
    assert LIFE_MS == 30 * 86_400_000


@given(chat=_IDS, at=st.integers(0, 2**47), key=st.binary(min_size=1))
def test_whatever_was_signed_opens_what_it_was_signed_for(chat: str, at: int, key: bytes) -> None:
    links = Links(key)
    token = links.token(chat, at)
    assert links.opened(token, at) == Linked(chat, at)
    assert Links(key + b"x").opened(token, at) is None
    # It stands in an address as it is, and in a frame.
    assert len(token) <= 200
    assert token.isascii()
    assert all(c.isalnum() or c in "._-" for c in token)


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_another_character_anywhere_opens_nothing(at: int, other: str) -> None:
    tampered = TOKEN[:at] + other + TOKEN[at + 1 :]
    assert (LINKS.opened(tampered, NOW) is None) == (tampered != TOKEN)


@given(st.integers(0, len(TOKEN)), st.integers(0, len(TOKEN)), st.text(max_size=3))
def test_nor_does_one_cut_or_made_longer(start: int, end: int, more: str) -> None:
    tampered = TOKEN[:start] + more + TOKEN[end:]
    assert (LINKS.opened(tampered, NOW) is None) == (tampered != TOKEN)


@given(_IDS, st.integers(0, 2**50))
def test_a_signature_is_worth_nothing_for_another_chat_or_another_end(chat: str, end: int) -> None:
    version, _, expires, signature = TOKEN.split(".")
    for forged in (f"{version}.{chat}.{expires}.{signature}", f"{version}.{CHAT}.{end}.{signature}"):
        assert forged == TOKEN or LINKS.opened(forged, NOW) is None


@given(st.text())
def test_nothing_made_up_opens_anything(text: str) -> None:
    assert LINKS.opened(text, NOW) is None


def test_the_spare_bits_of_a_signature_count_too() -> None:
    """43 characters hold 258 bits: a decoder would take four spellings for one, a comparison takes one."""
    head, _, signature = TOKEN.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = [signature[:-1] + c for c in letters if base64.urlsafe_b64decode(signature[:-1] + c + "=") == raw]
    assert len(same) == 4
    assert [one for one in same if LINKS.opened(f"{head}.{one}", NOW)] == [signature]


# --- the key ----------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_private(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = os.umask(0)
    try:
        first = Links.beside(tmp_path, RealPlatform())
    finally:
        os.umask(before)
    key = (tmp_path / KEY_FILE).read_text()
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]
    again = Links.beside(tmp_path, RealPlatform())
    assert (tmp_path / KEY_FILE).read_text() == key
    assert again.opened(first.token(CHAT, NOW), NOW) == Linked(CHAT, NOW)
    # Neither the log nor a traceback shows it.
    assert key.strip() not in caplog.text + repr(first) + str(first)


def test_two_servers_have_two_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (Links.beside(tmp_path / name, RealPlatform()) for name in ("one", "two"))
    assert two.opened(one.token(CHAT, NOW), NOW) is None


def test_what_a_power_cut_left_of_a_first_start_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / (KEY_FILE + ".new")).write_text("half")
    Links.beside(tmp_path, RealPlatform())
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_that_others_could_read_is_private_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that was set up in this process keeps its lines to itself.
    monkeypatch.setattr(logging.getLogger("supportterm"), "propagate", True)
    caplog.set_level(logging.WARNING, "supportterm")
    Links.beside(tmp_path, RealPlatform())
    (tmp_path / KEY_FILE).chmod(0o644)
    Links.beside(tmp_path, RealPlatform())
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert "could be read by others" in caplog.text


@pytest.mark.parametrize("content", [b"", b"short\n", b"\x00" * 44, b"k" * 43, b"k" * 43 + b"\nmore"])
def test_a_damaged_key_is_not_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(Corrupt, match="holds no key: put it back"):
        Links.beside(tmp_path, RealPlatform())


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Links.beside(tmp_path / "gone", RealPlatform())


# --- where it leads ---------------------------------------------------------------------------------

SHOP = "https://www.acme.example"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (SHOP, SHOP + "/"),
        (SHOP + "/", SHOP + "/"),
        (SHOP + "/cart/2", SHOP + "/cart/2"),
        # What nobody meant to tell stays behind, and there is one fragment only.
        (SHOP + "/cart?email=anna@example.org#top", SHOP + "/cart"),
        (SHOP + "/a%20b/ü", SHOP + "/a%20b/%C3%BC"),
        (SHOP + "//evil.example/", SHOP + "//evil.example/"),
        ("https://acme.example/cart", ""),
        ("http://www.acme.example/", ""),
        ("https://www.acme.example:8443/", ""),
        ("https://www.acme.example.evil.example/", ""),
        ("https://www.acme.example@evil.example/", ""),
        ("https://anna:secret@www.acme.example/", ""),
        ("https://evil.example/https://www.acme.example/", ""),
        ("https://evil.example\\www.acme.example/", ""),
        ("https://www.acme.example\\@evil.example/", ""),
        ("https://www.acme.example\n.evil.example/", ""),
        (" https://www.acme.example/", ""),
        ("https:www.acme.example/", ""),
        ("https://[www.acme.example/", ""),
        ("javascript:alert(1)//www.acme.example", ""),
        ("//www.acme.example/", ""),
        ("/cart", ""),
        ("", ""),
    ],
)
def test_only_a_page_of_the_shop_is_believed(page: str, found: str) -> None:
    assert page_of(page, [SHOP, "https://shop.example"]) == found
    assert page_of(page, ["*"]) == ""


def test_a_link_leads_to_the_shops_page_or_to_the_servers_own(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        server=Server(public_url="https://chat.acme.example"),
        shops={
            "acme": Shop(desk="main", origins=[SHOP]),
            "open": Shop(desk="main", origins=["*"]),
        },
    )
    own = "https://chat.acme.example/chat/"
    assert address(settings, "acme", SHOP + "/cart", TOKEN) == f"{SHOP}/cart{FRAGMENT}{TOKEN}"
    assert address(settings, "acme", "https://evil.example/", TOKEN) == f"{own}acme{FRAGMENT}{TOKEN}"
    assert address(settings, "acme", "", TOKEN) == f"{own}acme{FRAGMENT}{TOKEN}"
    # Any page may open chats of this one, so that its page is anybody's word.
    assert address(settings, "open", SHOP + "/cart", TOKEN) == f"{own}open{FRAGMENT}{TOKEN}"
    # The shop is gone from the settings.
    assert address(settings, "gone/../x", SHOP, TOKEN) == f"{own}gone%2F..%2Fx{FRAGMENT}{TOKEN}"
