"""Hints on tone: what gets one, what never does, and what one key makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.tone import Rules, Tone, builtin, glossary_of, hint, read_rules, rewrite

HERE = Path(__file__).parent
LANGUAGES = ("nl", "da", "en")
TONE = Tone()


def lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").splitlines()


def put(text: str, language: str, tone: Tone | None = None) -> str:
    """The text after one key."""
    found = (tone or TONE).hint(text, language)
    assert found is not None
    return rewrite(text, found).text


def test_the_rules_that_come_with_it_are_whole() -> None:
    rules, problems = builtin()
    assert problems == ()
    assert set(LANGUAGES) <= set(rules)


def test_good_sentences_are_left_alone() -> None:
    """At most 2 % of them may get a hint; who writes well keeps this switched on."""
    good = [(language, line) for language in LANGUAGES for line in lines(f"good_{language}.txt")]
    assert len(good) >= 200
    hit = [line for language, line in good if hint(line, language)]
    assert len(hit) <= 0.02 * len(good), hit


@pytest.mark.parametrize("language", [*LANGUAGES, "de", "fr"])
def test_sentences_that_could_be_kinder_get_the_right_hint(language: str) -> None:
    table = [line.split("\t") for line in lines(f"bad_{language}.tsv")]
    assert len(table) >= (25 if language in LANGUAGES else 12)
    wrong = []
    for kind, text in table:
        found = hint(text, language)
        if found is None or found.kind != kind:
            wrong.append((kind, text, found))
    assert wrong == []


@pytest.mark.parametrize("language", ["nl", "da", "en", "de", "fr"])
def test_what_one_key_writes_gets_no_hint_itself(language: str) -> None:
    """Only about the words put in place: a text may have a second phrase."""
    for line in lines(f"bad_{language}.tsv"):
        _, text = line.split("\t")
        found = hint(text, language)
        assert found is not None
        if found.text is not None:
            again = hint(rewrite(text, found).text, language)
            assert again is None or again.key != found.key


@pytest.mark.parametrize(
    ("language", "text", "after"),
    [
        ("nl", "Helaas kan ik uw bestelling niet wijzigen.", "Wat ik wel voor u kan doen, is …"),
        ("nl", "Helaas kan ik je bestelling niet wijzigen.", "Wat ik wel voor je kan doen, is …"),
        ("nl", "Hallo. U moet bellen. Dag", "Hallo. Wilt u bellen? Dan regel ik … Dag"),
        ("nl", "Hij komt gegarandeerd morgen.", "Hij komt naar verwachting morgen."),
        ("nl", "Zoals ik al zei, het pakket is er.", "Het pakket is er."),
        ("nl", "Hallo Eva, zoals ik al zei, het is er.", "Hallo Eva, het is er."),
        ("nl", "Geen probleem!", "Graag gedaan!"),
        ("da", "Du bedes udfylde formularen.", "Vil du udfylde formularen? Så sørger jeg for …"),
        ("da", "Pakken kommer helt sikkert i morgen.", "Pakken kommer efter planen i morgen."),
        ("en", "You have to fill in the form", "Could you please fill in the form? Then I'll …"),
        ("en", "That will be there tomorrow, guaranteed.", "That will be there tomorrow, as planned."),
        ("en", "What is the SKU?", "What is the item number?"),
    ],
)  # fmt: skip
def test_one_key_makes_a_sentence_of_it(language: str, text: str, after: str) -> None:
    assert put(text, language) == after


def test_the_cursor_goes_where_the_agent_fills_in() -> None:
    text = "Goed. Dat kan niet."
    found = hint(text, "nl")
    assert found is not None
    made = rewrite(text, found)
    assert made.text[made.start : made.end] == "…"
    text = "Geen probleem!"
    found = hint(text, "nl")
    assert found is not None
    made = rewrite(text, found)
    assert (made.start, made.end) == (12, 12)


def test_without_a_comma_the_order_of_words_stays() -> None:
    for text in ("Zoals ik al zei is het pakket onderweg.", "Zoals ik al zei, is het pakket onderweg."):
        found = hint(text, "nl")
        assert found is not None
        assert found.text is None
        with pytest.raises(ValueError, match="nothing to put"):
            rewrite(text, found)


def test_one_at_a_time_and_never_twice_for_the_same_words() -> None:
    text = "Dat kan niet. Geen probleem. Dat KAN niet!"
    tone = Tone()
    shown: list[str] = []
    while found := tone.hint(text, "nl", shown):
        shown.append(found.key)
    assert shown == ["refusal.cannot:dat kan niet", "thanks.no_problem:geen probleem"]
    assert tone.hint("Dat is niet mogelijk.", "nl", shown) is not None


def test_a_reason_or_another_way_makes_a_no_good() -> None:
    assert hint("Helaas kan ik dat niet terugnemen, omdat de verzegeling verbroken is.", "nl") is None
    assert hint("Helaas kan ik dat niet. Wat ik wel kan doen, is een nieuwe sturen.", "nl") is None
    assert hint("Helaas kan ik dat niet. Dag. Omdat", "nl") is not None
    assert hint("Desværre kan jeg ikke tage den retur, fordi forseglingen er brudt.", "da") is None
    assert hint("I'm afraid we can't take it back, because the seal is broken.", "en") is None


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "maar"), ("nl", "probleem"), ("nl", "helaas"), ("nl", "moet"), ("da", "men"), ("da", "problem"),
     ("da", "desværre"), ("en", "but"), ("en", "problem"), ("en", "unfortunately"), ("en", "must")],
)  # fmt: skip
def test_no_single_word_is_a_fault(language: str, word: str) -> None:
    assert hint(f"{word} {word.capitalize()}. {word}", language) is None


def test_the_shops_own_plain_words() -> None:
    glossary, problems = glossary_of(
        '[nl]\nSKU = "bestelcode"\nbackorder = ""\n"frame-set" = "frame"\n', "w.toml"
    )
    assert problems == []
    tone = Tone(glossary=glossary)
    assert put("Wat is de SKU?", "nl", tone) == "Wat is de bestelcode?"
    assert put("Een Frame-set kost meer.", "nl", tone) == "Een frame kost meer."
    assert tone.hint("Een backorder.", "nl") is None
    assert hint("Een backorder.", "nl") is not None
    assert put("Wat is de EAN?", "nl", tone) == "Wat is de streepjescode?"


def test_a_glossary_is_enough_for_a_language_without_rules() -> None:
    tone = Tone(glossary={"sv": {"SKU": "artikelnummer"}})
    assert put("SKU saknas", "sv", tone) == "Artikelnummer saknas"
    assert tone.hint("SKU", "fi") is None


def test_countries_have_the_words_of_their_language() -> None:
    assert put("Geen probleem", "nl-BE") == "Graag gedaan"


def test_the_shop_says_je_where_a_text_does_not_show_it() -> None:
    assert put("Dat kan niet.", "nl", Tone(familiar={"nl"})) == "Wat ik wel voor je kan doen, is …"


GOOD = '[[rule]]\nid = "good"\nkind = "wait"\nphrases = ["kwak"]\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('id = "a"', "`kind` is missing: give it a text."),
        ('kind = "wait"\nphrases = ["b"]', "`id` is missing: give it a text."),
        ('id = "a"\nkind = "rude"\nphrases = ["b"]', "`kind` is “rude”, but must be one of blame, calm, "),
        ('id = "a"\nkind = "wait"', "`phrases` is missing: list at least one."),
        ('id = "a"\nkind = "wait"\nphrases = ["(b"]', "`phrases` has “(b”, which has a ( that is not"),
        ('id = "a"\nkind = "wait"\nphrases = "b"', "`phrases` must be a list of texts."),
        ('id = "a"\nkind = "wait"\nphrases = ["b"]\nfrase = 1', "key `frase` is not known; known keys: id, "),
        ('id = "a"\nkind = "wait"\nphrases = ["b"]\nrewrite = 1', "`rewrite` must be a text, or a table"),
        ('id = "a"\nkind = "wait"\nphrases = ["b"]\nrewrite = "c"\ntakes = "all"', "`takes` is “all”, but"),
        ('id = "a"\nkind = "wait"\nphrases = ["b"]\nthen = "c"', "it has no `rewrite` for `takes` or `then`"),
        ('id = "a"\nkind = "wait"\nphrases = ["b"]\nrewrite = "c"\nthen = 1', "`then` must be a text."),
        ('id = "good"\nkind = "wait"\nphrases = ["b"]', "there is another one of this kind and id: rename"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_reason_and_the_others_hold(text: str, problem: str) -> None:
    rules, problems = read_rules(f"{GOOD}[[rule]]\n{text}\n", "x.toml")
    assert len(problems) == 1
    assert problems[0].startswith("x.toml: rule 2")
    assert f": {problem}" in problems[0]
    found = Tone({"nl": rules}).hint("Kwak!", "nl")
    assert found is not None
    assert found.rule == "wait.good"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('frases = "a"', "x.toml: `frases` is not known; a file has [[rule]], `familiar` and [jargon]."),
        ("familiar = [1]", "x.toml: `familiar` must be a list of words."),
        ("familiar = 1", "x.toml: `familiar` must be a list."),
        ("jargon = 1", "x.toml: `jargon` must be a table: write [jargon] on a line of its own."),
        ("[jargon]\na = 1", "x.toml: [jargon] “a”: its plain words must be a text."),
        ('[jargon]\n"(a" = "b"', "x.toml: [jargon] “(a” has a ( that is not closed."),
    ],
)
def test_what_is_wrong_beside_the_rules_leaves_them(text: str, problem: str) -> None:
    rules, problems = read_rules(f"{text}\n{GOOD}", "x.toml")
    assert problems == [problem]
    assert [rule.name for rule in rules.rules] == ["wait.good"]


def test_a_file_that_cannot_be_read_is_named() -> None:
    assert read_rules("[[rule", "x.toml")[1][0].startswith("x.toml: this is not valid TOML: ")
    assert read_rules("rule = 3", "x.toml")[1] == ["x.toml: `rule` must be a list."]
    assert read_rules("rule = [3]", "x.toml")[1] == [
        "x.toml: rule 1: it must be a table: write [[rule]] above it."
    ]


def test_a_file_that_is_no_text() -> None:
    assert read_rules(b"\xff\xfe", "x.toml") == (
        Rules(),
        ["x.toml: this is not UTF-8 text: save it as UTF-8."],
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[nl", "w.toml: this is not valid TOML: "),
        ('SKU = "x"', "w.toml: `SKU` stands in no language: write it under one such as [nl]."),
        ("[nl]\nSKU = 3\n", "w.toml: [nl] “SKU”: its plain words must be a text."),
        ('[nl]\n"--" = "x"\n', "w.toml: [nl] “--” has no word to look for."),
        (f'[nl]\nSKU = "{"x" * 121}"\n', "w.toml: [nl] “SKU” is longer than 120 characters."),
        ('[nl]\nSKU = "a\\nb"\n', "w.toml: [nl] “SKU”: its plain words must be one line."),
    ],
)
def test_what_is_wrong_in_a_glossary(text: str, problem: str) -> None:
    found, problems = glossary_of(text, "w.toml")
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert not any(found.values())
    assert glossary_of(b"\xff", "w.toml")[1] == ["w.toml: this is not UTF-8 text: save it as UTF-8."]
    assert glossary_of('[glossary.nl]\nA = "b"\n', "w.toml") == ({"nl": {"A": "b"}}, [])


@given(st.text(max_size=80), st.sampled_from(["nl", "da", "en", "de", "fr", "xx", ""]))
def test_no_text_breaks_it(text: str, language: str) -> None:
    for found in TONE.hints(text, language):
        assert 0 <= found.start < found.end <= found.until <= len(text)


@given(st.data())
def test_every_rewrite_changes_only_what_it_says(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    bad = data.draw(st.sampled_from(lines(f"bad_{language}.tsv"))).split("\t")[1]
    before = data.draw(st.sampled_from(["", "Acme 1. ", "Acme\n", "Acme 2! "]))
    after = data.draw(st.sampled_from(["", " Acme.", "\nAcme", " "]))
    text = before + bad + after
    for found in TONE.hints(text, language):
        if found.text is not None:
            made = rewrite(text, found)
            assert made.text.startswith(text[: found.start])
            if found.text:
                assert made.text.endswith(text[found.until :])
                assert made.text == text[: found.start] + found.text + text[found.until :]
            assert 0 <= made.start <= made.end <= len(made.text)
