"""The language that rule files are written in, and the search for what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.phrases import BadPhrase, Phrases, expanded, folded, plain, tokens


def found(phrase: str, text: str) -> list[str]:
    phrases: Phrases[str] = Phrases()
    phrases.add(phrase, phrase)
    words = tokens(text)
    return [text[words[one.first].start : words[one.last - 1].end] for one in phrases.find(words)]


@pytest.mark.parametrize(
    ("phrase", "sequences"),
    [
        ("geen probleem", [("geen", "probleem")]),
        ("(geen|geen enkel) probleem", [("geen", "probleem"), ("geen", "enkel", "probleem")]),
        ("[echt] niet", [("echt", "niet"), ("niet",)]),
        ("dat is (niet (mijn|onze)|geen) taak", [("dat", "is", *one, "taak") for one in
            (("niet", "mijn"), ("niet", "onze"), ("geen",))]),
        ("<zeker> morgen", [("<", "zeker", ">", "morgen")]),
        ("^één POD$", [("^", "een", "POD", "$")]),
        ("e-mail 100 %", [("e", "mail", "100", "%")]),
    ],
)  # fmt: skip
def test_what_a_phrase_stands_for(phrase: str, sequences: list[tuple[str, ...]]) -> None:
    assert expanded(phrase) == sequences


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("", "may stand for no words at all"),
        ("[maar]", "may stand for no words at all"),
        ("(a|b", "has a ( that is not closed"),
        ("a] b", "has a ] that closes nothing"),
        ("(a]", "has a ( that is not closed"),
        ("<a", "needs one < and one >, or neither"),
        ("<a> <b>", "needs one < and one >, or neither"),
        ("a <> b", "has nothing between < and >"),
        ("a * <b>", "has * outside < and >"),
        ("* a", "must begin and end with a word"),
        ("a ^b", "may have ^ only first and $ only last"),
        ("a, b", "has “a,”, which is no word"),
        (" ".join(["(a|b|c|d|e)"] * 6), "stands for more than 2000 sequences of words"),
    ],
)
def test_what_is_no_phrase(phrase: str, why: str) -> None:
    with pytest.raises(BadPhrase) as caught:
        expanded(phrase)
    assert str(caught.value).startswith(why)


@pytest.mark.parametrize(
    ("phrase", "text", "parts"),
    [
        ("geen probleem", "Géén  PROBLEEM!", ["Géén  PROBLEEM"]),
        ("geen probleem", "Geen probleempje", []),
        ("geen probleem", "Geen. Probleem", []),
        ("geen probleem", "Nee, geen, probleem", ["geen, probleem"]),
        ("helaas * niet", "Helaas lukt het mij niet", ["Helaas lukt het mij niet"]),
        ("helaas * niet", "Helaas lukt het mij vandaag niet", []),
        ("helaas * niet", "Helaas. Het lukt niet", []),
        ("^dat kan", "Hallo. Dat kan", ["Dat kan"]),
        ("^dat kan", "Zegt u dat kan", []),
        ("dat kan$", "dat kan. En dit kan", ["dat kan"]),
        ("dat kan$", "dat kan wel", []),
        ("<zeker> morgen", "Dat is zeker morgen", ["zeker"]),
        ("morgen (om|rond) <twaalf uur>", "morgen rond twaalf uur", ["twaalf uur"]),
        ("POD", "een pod, een Pod, een POD", ["POD"]),
        ("smörgås", "SMORGAS", ["SMORGAS"]),
        ("grosse straße", "große Strasse", ["große Strasse"]),
        ("can't", "you can’t", ["can’t"]),
        ("100 %", "100% zeker", ["100%"]),
        ("kost 4.50", "dat kost 4.50 euro", ["kost 4.50"]),
    ],
)
def test_what_is_found(phrase: str, text: str, parts: list[str]) -> None:
    assert found(phrase, text) == parts


def test_the_longer_and_the_shorter_are_both_found() -> None:
    phrases: Phrases[int] = Phrases()
    phrases.add("dat kan", 1)
    phrases.add("dat kan niet", 2)
    phrases.add("kan niet", 3)
    assert [(one.value, one.first, one.last) for one in phrases.find(tokens("dat kan niet"))] == [
        (1, 0, 2),
        (2, 0, 3),
        (3, 1, 3),
    ]


@given(st.text(max_size=60))
def test_words_stand_where_they_say(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert not token.word or folded(text[token.start : token.end]) == token.word
        end = token.end


@given(st.text(max_size=30))
def test_a_term_is_found_in_itself(text: str) -> None:
    term = plain(text)
    if term:
        assert found(term, f"dit is {term} hier")


@given(st.text(alphabet="ab ()[]|*^$<>", max_size=20))
def test_every_phrase_is_read_or_refused(text: str) -> None:
    try:
        sequences = expanded(text)
    except BadPhrase:
        return
    phrases: Phrases[int] = Phrases()
    for sequence in sequences:
        phrases.add_sequence(sequence, 1)
        words = " ".join(one for one in sequence if one not in "*^$<>")
        assert list(phrases.find(tokens(words)))
