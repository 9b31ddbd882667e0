"""Words of a command line that could be taken for something else."""

from __future__ import annotations

import pytest

from supportterm.commands.exits import Exit
from supportterm.commands.parser import read

DASHED = "-AbgbRtkxFPoFWLy5wXYug"


@pytest.mark.parametrize("chat", [DASHED, "-" + DASHED[:-1], DASHED[1:] + "x"])
def test_a_chats_id_is_never_an_option(chat: str) -> None:
    """Browsers make them of base64url: one in 64 begins with a dash."""
    for words in (["erase", chat, "--yes"], ["erase", "--yes", chat], ["erase", "--yes", "--", chat]):
        args = read(words)
        assert (args.person, args.yes) == (chat, True)
    args = read(["export", chat, "--out", "person.json"])
    assert (args.person, args.out) == (chat, "person.json")


def test_a_long_option_is_no_id() -> None:
    args = read(["agent", "passwd", "anna", "--password-stdin"])
    assert (args.agent, args.password_stdin) == ("anna", True)


@pytest.mark.parametrize("words", [["erase"], ["erase", DASHED, DASHED + "2"], ["erase", "--yess", "c1"]])
def test_what_is_wrong_stays_wrong(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        read(words)
    assert left.value.code == Exit.USAGE
    assert "--help`." in capsys.readouterr().err
