"""The stories and the agent's lines fit together."""

from __future__ import annotations

from collections import Counter

import pytest

from supportterm.practice.replies import replies
from supportterm.practice.scripts import Script, scripts
from supportterm.protocol.limits import TEXT_CODE_POINTS
from supportterm.text.masking import mask


def lines(script: Script) -> list[str]:
    return [line for turn in script.turn for line in turn.lines] + [
        *filter(None, [script.whether_read]),
        *script.impatient,
        script.thanks,
    ]


def test_there_are_enough_in_every_language() -> None:
    count = Counter(script.lang for script in scripts())
    assert len(scripts()) >= 14
    assert all(count[lang] >= 4 for lang in ("nl", "da", "en"))
    assert len({script.name for script in scripts()}) == len(scripts())


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name)
def test_what_a_customer_says_arrives_as_written(script: Script) -> None:
    for line in lines(script):
        assert line.strip()
        assert len(line) <= TEXT_CODE_POINTS
        assert mask(line) == (line, 0)


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name)
def test_the_agent_understands_the_story(script: Script) -> None:
    words = replies(script.lang)
    assert words.is_thanks(script.thanks)
    said = [line for turn in script.turn for line in turn.lines]
    assert not any(words.is_thanks(line) for line in said)
    assert words.pick(" ".join(said), set()) not in words.otherwise


def test_no_answer_is_given_twice_while_there_is_another() -> None:
    words = replies("nl")
    used: set[str] = set()
    for _ in range(4):
        answer = words.pick("Mijn pakket", used)
        assert answer not in used
        used.add(answer)


@pytest.mark.parametrize("lang", ["", "fr", "../nl", "nl-BE", "EN"])
def test_every_language_finds_words(lang: str) -> None:
    assert replies(lang).goodbye
    assert replies("nl-BE") == replies("nl")
    assert replies("fr") == replies("en")
