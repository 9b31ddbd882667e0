"""What the wire carries: everything but NUL and lone surrogates, untouched."""

from hypothesis import given
from hypothesis import strategies as st

from supportterm.text import wire_text


@given(st.text(st.characters(codec=None)))
def test_only_nul_and_lone_surrogates_go(text: str) -> None:
    kept = "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")
    assert wire_text(text) == kept
    wire_text(text).encode()


def test_control_characters_and_spaces_stay_as_written() -> None:
    for text in ("\x1b[31m \r\n\t", "e\u0301\u202e", "", "👨‍👩‍👧"):
        assert wire_text(text) == text
