"""Files of words: a broken one is named with its reason, and the others keep working."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.coach.promising import find, language, troubles
from supportterm.coach.promising.wording import BadWords, folder, read

NL = (folder() / "nl.toml").read_text("utf-8")


def test_ours_are_whole() -> None:
    assert troubles() == ()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('decimal = ","', "decimal = ", "nl.toml is no TOML: "),
        ('decimal = ","', "", "nl.toml: the key `saying.decimal` is missing."),
        (
            "filler = [",
            "fillers = [",
            "nl.toml: there is no key `commitment.fillers`; did you mean `filler`?",
        ),
        ('past = ["over"]', "past = 5", "nl.toml: `clocks.past`: Expected `array`, got `int`."),
        (
            '"brb", "ben ... terug"',
            '"brb", "(ben ... terug"',
            '`commitment.says`: "(ben ... terug" has a bracket that is',
        ),
        ('"brb", "ben ... terug"', '"brb", "ben|kom terug"', "has `|` outside of brackets."),
        (
            '"brb", "ben ... terug"',
            '"brb", "ben ?... terug"',
            "has `?...`, which is neither a word nor a sign.",
        ),
        ('"brb", "ben ... terug"', '"brb", "ben #x terug"', "has `#x`, which is neither"),
        ('"brb", "ben ... terug"', '"brb", ""', '`commitment.says`: "" is empty.'),
        ('past = ["over"]', 'past = ["over ... heen"]', '`clocks.past`: "over ... heen" has `...`, which is'),
        ('in = "over {time}"', 'in = "over {tijd}"', '`saying.in`: "over {tijd}" must have {time}.'),
        ('in = "over {time}"', 'in = "over {"', '`saying.in`: "over {" must have {time}.'),
        ("twee = 2", "twee = 9999", "`numbers[...]`: Expected `float` <= 1000.0."),
    ],
)
def test_a_broken_file_is_named_with_key_and_reason(was: str, becomes: str, said: str) -> None:
    assert was in NL
    with pytest.raises(BadWords) as caught:
        read("nl.toml", NL.replace(was, becomes, 1).encode())
    assert said in str(caught.value)
    assert str(caught.value).startswith("nl.toml")


def test_the_other_languages_keep_working(tmp_path: Path) -> None:
    for file in folder().iterdir():
        if file.name.endswith(".toml"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "nl.toml").write_text(NL.replace("filler = [", "fillers = [", 1), "utf-8")
    (tmp_path / "se.toml").write_bytes(b"\xff\xfe")
    usable, wrong = language.read_all(tmp_path)
    assert sorted(usable) == ["da", "de", "en", "fr"]
    assert [one.split(":")[0].split()[0] for one in wrong] == ["nl.toml", "se.toml"]


def test_a_language_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "nds.toml").write_text(NL, "utf-8")
    usable, wrong = language.read_all(tmp_path)
    assert (sorted(usable), wrong) == (["nds"], ())


def test_an_unknown_language_is_found_among_the_known() -> None:
    found = find("Ik ben over 5 minuten terug", "pt-BR")
    assert found is not None
    assert found.language == "nl"
