"""What lists leave open is weighed: by files that are whole, and known to be of the lines they are of."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.coach import weightfile
from supportterm.coach.promising import find, language, weighing
from supportterm.coach.promising.language import every_language
from supportterm.coach.promising.wording import folder

from .phrases import APART, EVERYDAY, lines
from .taught import digest, taught

WEIGHTS = Path(language.__file__).parent / "weights"
LANGUAGES = ("nl", "da", "en", "de", "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ours_are_of_the_lines_of_now(lang: str) -> None:
    head = (WEIGHTS / f"{lang}.tsv").read_text("utf-8").splitlines()[0]
    assert head.endswith(f" {digest(lang)}"), "the lines changed since: make weights"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_that_is_set_apart_teaches(lang: str) -> None:
    apart = {line.text for table in (*APART, *EVERYDAY) for line in lines(table)}
    assert apart.isdisjoint(line.text for line, _ in taught(lang))


def test_what_no_list_foresees_is_seen() -> None:
    text = "Deze week nog zorg ik dat u een inhoudelijke reactie heeft op uw garantieverzoek."
    found = find(text, "nl")
    assert found is not None
    assert found.clock is not None
    assert found.clock.day == "week"


def test_how_long_a_promise_takes_that_no_list_foresees() -> None:
    for text, seconds in (
        ("Later on I'll get in touch again about the instructions, first I need to scan them", 3600),
        ("Please wait a moment, I am connecting with our customs specialist.", 120),
    ):
        found = find(text, "en")
        assert found is not None
        assert (found.kind, found.ms) == ("vague", seconds * 1000), text


def test_weights_need_a_language_that_is_spoken() -> None:
    """Beside words of no language anything weighs as much as it does for all: that starts nothing."""
    for lang in LANGUAGES:
        for text in ("xyzzy plugh om 15:00", "qwe rty uio", "Lorem ipsum dolor 5 min sit amet consectetur"):
            assert find(text, lang) is None, (lang, text)


def test_a_language_without_weights_is_read_by_its_lists(tmp_path: Path) -> None:
    (tmp_path / "nl.toml").write_bytes((folder() / "nl.toml").read_bytes())
    usable, wrong = language.read_all(tmp_path, tmp_path)
    assert wrong == ()
    assert usable["nl"].weights is None
    said = weighing.Said((), (), (), False)
    assert weighing.sounds_vague(usable["nl"], said, True)
    assert not weighing.sounds_vague(usable["nl"], said, False)


@pytest.mark.parametrize("line", ["time\tbel", "hour\tbel\t5", "time\tbel\tveel", "time bel 5"])
def test_a_broken_file_of_weights_is_named_and_left_out(tmp_path: Path, line: str) -> None:
    (tmp_path / "nl.tsv").write_text(f"{weightfile.REMARK} of now\ntime\tik bel\t50\n{line}\n", "utf-8")
    usable, wrong = language.read_all(folder(), tmp_path)
    assert usable["nl"].weights is None
    assert sorted(usable) == sorted(LANGUAGES)
    assert wrong == ("nl.tsv, line 3: no kind, sign and hundredths; `make weights` writes it anew.",)


def test_every_language_of_ours_has_weights() -> None:
    assert all(one.weights for one in every_language())
