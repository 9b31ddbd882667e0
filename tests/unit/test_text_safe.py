"""`SafeText`: nothing a terminal acts on is left, and everything people write is."""

import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.text import SafeText, fill, join, safe_line, safe_text, trusted
from supportterm.text.codepoints import BIDI_CONTROLS, ZWJ, ZWNJ, shown, stacks
from supportterm.text.safe import _PLAIN, LINES, MARKS, TEXT_CAP

ATTACKS = json.loads((Path(__file__).parents[1] / "data" / "terminal_attacks.json").read_text("utf-8"))

#: Far more examples than usual, and as many as `make fuzz` asks for if that is more.
many = settings(max_examples=max(4_000, settings().max_examples), deadline=None)

FORBIDDEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}

#: Every kind of trouble, drawn more often than chance would.
texts = st.text(
    st.one_of(
        st.sampled_from(
            "\x00\x07\x08\x1b\x7f\x85\x9b\x9d\r\n\t\u00ad\u200b\u200c\u200d\u2028\u202e\u2066\ufeff\ufe0f"
            "\U000e0041\U0001f468\U0001f3fd\u0301\u0308\u0327\u0344\u09c7\u09be\u1100\u1161\u11a8aeé[]/"
        ),
        st.characters(categories=["Mn", "Mc", "Me", "Cf"]),
        st.characters(codec=None),
    ),
    max_size=60,
)


def assert_safe(text: str) -> None:
    marks = MARKS
    for char in text:
        assert char == "\n" or unicodedata.category(char) not in FORBIDDEN, f"U+{ord(char):04X}"
        assert char not in BIDI_CONTROLS
        assert unicodedata.category(char) != "Cf" or char in {ZWJ, ZWNJ}
        marks = marks + 1 if stacks(char) else (MARKS if char == "\n" else 0)
        assert marks <= MARKS
    assert unicodedata.is_normalized("NFC", text)
    assert text.count("\n") < LINES
    assert len(text) <= TEXT_CAP


def test_every_code_point_between_letters() -> None:
    step = 1 << 14
    for first in range(0, sys.maxunicode + 1, step):
        # Newlines have a test of their own, and only so many fit.
        chars = [char for char in map(chr, range(first, first + step)) if char not in "\r\n"]
        safe = safe_text("".join(f"a{char} " for char in chars), cap=8 * step)
        assert safe == unicodedata.normalize("NFC", "".join(f"a{shown(char)} " for char in chars))
        assert all(shown(char) == char for char in set(safe))
        assert safe_text(safe, cap=8 * step) == safe


def test_every_control_and_every_mark_alone() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if code < 0x100 or unicodedata.category(char)[0] == "M" or unicodedata.category(char) == "Cf":
            assert_safe(safe_text(char))
            assert_safe(safe_line(char))


def test_the_table_says_what_is_shown() -> None:
    assert shown("\x1b") == "␛"
    assert shown("\x00") == "␀"
    assert shown("\x7f") == "␡"
    assert shown("\x9b") == "\ufffd"
    assert shown("\t") == "    "
    assert shown("\n") == "\n"
    assert shown("\u00ad") == shown("\ufeff") == shown("\U000e0041") == ""
    assert {shown(char) for char in BIDI_CONTROLS} == {"\ufffd"}
    assert shown("\ue0b0") == shown("\ud800") == shown("\U0010ffff") == shown("\u2028") == "\ufffd"


def test_the_short_way_lets_only_harmless_code_points_pass() -> None:
    plain = [chr(code) for code in range(sys.maxunicode + 1) if _PLAIN.fullmatch(chr(code))]
    assert len(plain) > 1_000
    for char in plain:
        assert shown(char) == char
        assert not stacks(char)
    assert unicodedata.normalize("NFC", "".join(plain)) == "".join(plain)


@many
@given(texts)
def test_any_text_becomes_safe_and_stays_as_it_then_is(text: str) -> None:
    safe = safe_text(text)
    assert_safe(safe)
    assert safe_text(safe) == safe
    line = safe_line(text)
    assert_safe(line)
    assert "\n" not in line
    assert safe_line(line) == line


@many
@given(texts, st.integers(min_value=0, max_value=40))
def test_a_cap_is_kept_and_shown(text: str, cap: int) -> None:
    safe = safe_text(text, cap)
    assert len(safe) <= cap
    assert safe_text(safe, cap) == safe
    if len(text) > cap > 0:
        assert safe.endswith("…")


@many
@given(texts, texts)
def test_two_safe_texts_side_by_side_do_not_reach_into_each_other(left: str, right: str) -> None:
    both = safe_text(left) + safe_text(right)
    assert isinstance(both, SafeText)
    assert "\x1b" not in both
    # What a mark could climb onto is only ever its own text.
    assert not right or not safe_text(right)[:1] or not stacks(safe_text(right)[0])


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack["name"] for attack in ATTACKS])
def test_terminal_attacks_become_harmless_text(attack: dict[str, str]) -> None:
    for text in (attack["text"], f"before{attack['text']}after", attack["text"] * 3):
        for safe in (safe_text(text), safe_line(text)):
            assert_safe(safe)
            assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", safe) is None


@pytest.mark.parametrize(
    "text",
    [
        "Hej, jeg har købt en blå kop – den er gået i stykker 😢",
        "Ik heb €25,50 betaald… en “niets” gekregen",
        "שָׁלוֹם עֲלֵיכֶם",
        "مرحبًا، أين طلبي؟",
        "می‌خواهم",
        "क्षत्रिय हिन्दी ज़रूर",
        "👨‍👩‍👧‍👦 👩🏽‍❤️‍💋‍👨 🏳️‍🌈 🇳🇱 1️⃣",
        "日本語とのこと、한국어",
        "two\nlines",
        "[@click=app.quit]markup is only text[/]",
        "",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert safe_text(text) == unicodedata.normalize("NFC", text)


def test_marks_are_few_and_never_without_a_base() -> None:
    assert safe_text("x\u0300\u0315\u0323\u0330\u0331\u0332") == "x\u0323\u0330\u0300\u0315"
    assert len(safe_text("e" + "\u0335" * 5_000)) == 1 + MARKS
    assert safe_text("\u0301") == "◌\u0301"
    assert safe_text("a\n\u200d\u0301b") == "a\n◌\u0301b"
    assert safe_text("\u200d\u200d") == ""
    assert safe_text("👍" + "\u200d" * 900 + "x") == "👍" + "\u200d" * MARKS + "x"


def test_an_accent_that_a_dropped_character_kept_apart_joins_its_letter() -> None:
    assert safe_text("e\u00ad\u0301") == "é"


def test_new_lines_are_of_one_kind_and_not_too_many() -> None:
    assert safe_text("a\r\nb\rc\nd") == "a\nb\nc\nd"
    many = safe_text("x\n" * 2_000)
    assert len(many.split("\n")) == LINES
    assert many.endswith("\n…")
    assert safe_line("a\r\nb\tc\rd\ne") == "a b c d e"


def test_a_long_line_is_cut_where_it_shows() -> None:
    assert safe_line("x" * 500, 10) == "x" * 9 + "…"
    assert safe_line("\r\n" * 12, 10) == " " * 9 + "…"
    assert safe_line("x" * 10, 10) == "x" * 10


def test_only_the_makers_make_it() -> None:
    with pytest.raises(TypeError, match="safe_text"):
        SafeText("\x1b[2J")


def test_adding_and_joining_keep_safety_and_mixing_loses_it() -> None:
    anna = safe_line("Anna")
    assert isinstance(anna + trusted(" · ") + anna, SafeText)
    assert isinstance(anna * 2, SafeText)
    assert not isinstance(anna + "\x1b", SafeText)
    assert not isinstance(f"{anna}", SafeText)
    assert join(trusted(", "), [anna, anna]) == "Anna, Anna"
    with pytest.raises(TypeError):
        join(trusted(", "), [anna, "\x1b"])  # type: ignore[list-item]
    assert safe_text("a\nb").lines() == ["a", "b"]
    assert all(isinstance(line, SafeText) for line in safe_text("a\nb").lines())
    assert anna.clip(3) == "An…"
    assert anna.clip(4) == "Anna"


def test_constants_are_checked_and_filled_with_safe_parts_only() -> None:
    assert trusted("3 new ↓") == "3 new ↓"
    for bad in ("\x1b[0m", "tab\t", "\u0301", "e\u0301"):
        with pytest.raises(ValueError, match="not safe"):
            trusted(bad)
    assert fill("{name}: {n} new", name=safe_line("Bo\x1b"), n=3) == "Bo␛: 3 new"
    with pytest.raises(TypeError, match="name is str"):
        fill("{name}", name="\x1b")  # type: ignore[arg-type]


def test_a_subclass_that_lies_about_itself_is_read_as_it_is() -> None:
    class Liar(str):
        def count(self, *_: object) -> int:
            return 0

        def __str__(self) -> str:
            return "fine"

    assert safe_text(Liar("\x1bx")) == "␛x"
