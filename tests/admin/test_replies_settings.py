"""Canned replies in the settings: what arrives at the consoles, each refusal, and how much may be told."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest

from server.desk import showing
from server.desk.state import State
from server.rules_of import rules_of
from server.settings import BadSettings, Settings, default_toml, parse
from supportterm.protocol.views import Replies, Reply, ShopReplies

FILE = Path("supportterm.toml")
HEAD = '[desk.main]\n[shop.acme]\ndesk = "main"\nlanguages = ["nl", "en"]\n'
REASON = '[[shop.acme.reason]]\nid = "late"\nlabel = { nl = "Te laat" }\nvalue = "neither"\n'
REPLY = (
    '[[shop.acme.reply]]\nid = "label"\nkind = "solution"\nlabel = { nl = "Retourlabel", en = "Label" }\n'
    'text = { nl = "Label voor {order}: {?link}", en = "Label for {order}" }\n'
)


def problems(text: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + text, FILE)
    return caught.value.problems


def told(settings: Settings) -> Replies:
    return showing.replies(State("main", rules_of(settings, "main")))


def test_they_arrive_at_the_consoles_of_the_desk() -> None:
    text = (
        REASON
        + REPLY
        + 'reasons = ["late"]\n[desk.two]\n[shop.two]\ndesk = "two"\n[shop.bare]\ndesk = "main"\n'
    )
    settings = parse(HEAD + text, FILE)
    reply = Reply(
        "label",
        "solution",
        {"nl": "Retourlabel", "en": "Label"},
        {"nl": "Label voor {order}: {?link}", "en": "Label for {order}"},
        ["late"],
    )
    assert told(settings) == Replies([ShopReplies("acme", [reply])])


def test_kind_and_reasons_may_be_left_out() -> None:
    (reply,) = parse(HEAD + REPLY.replace('kind = "solution"\n', ""), FILE).shops["acme"].reply
    assert (reply.kind, reply.reasons) == ("other", [])


def test_the_file_of_init_shows_one() -> None:
    text = default_toml("acme")
    lines = text.splitlines()
    shown = takewhile(lambda line: line.startswith("#  "), lines[lines.index("#   [[shop.acme.reply]]") :])
    (reply,) = parse(text + "\n".join(line[1:] for line in shown), FILE).shops["acme"].reply
    assert (reply.id, reply.text) == ("tracking", {"en": "You can follow order {order} here: {?link}"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            REPLY.replace("solution", "answer"),
            '[[shop.acme.reply]] 1 `kind` is "answer", but must be "greeting", "question", "solution"',
        ),
        (
            REPLY.replace("kind", "knd"),
            "[[shop.acme.reply]] 1 key `knd` is not known; did you mean `kind`?",
        ),
        (REPLY.replace('"label"', '"The label"'), '[[shop.acme.reply]] 1 `id` is "The label": use up to 32'),
        (
            REPLY.replace('"label"', '"back"'),
            "[[shop.acme.reply]] 1 `id` is `back`, and /back is a command of the console: choose another",
        ),
        (REPLY + REPLY, "[[shop.acme.reply]] 2 `id` is `label`, and so is that of number 1: keep one."),
        (
            REASON + REPLY + 'reasons = ["lat"]\n',
            '[[shop.acme.reply]] 1 `reasons` has "lat", which is no reason of the shop; did you mean `late`?',
        ),
        (
            REPLY + 'reasons = ["late"]\n',
            '[[shop.acme.reply]] 1 `reasons` has "late", which is no reason of the shop; there are no',
        ),
        (
            REPLY.replace('text = { nl = "Label voor {order}: {?link}", ', "text = { "),
            "[[shop.acme.reply]] 1 `text` has no text in `nl`, the shop's first language: add it.",
        ),
        (
            REPLY.replace('en = "Label for', 'uk = "Label for'),
            '[[shop.acme.reply]] 1 `text` has the language "uk", which nobody reads here; did you mean `en`?',
        ),
        (
            REPLY.replace("Retourlabel", "x" * 61),
            '[[shop.acme.reply]] 1 `label` is "xxx',
        ),
        (
            REPLY.replace("Label for {order}", "x" * 2_001),
            '[[shop.acme.reply]] 1 `text` is "xxx',
        ),
        (
            REPLY.replace("for {order}", "for {ordr}"),
            '[[shop.acme.reply]] 1 `text` has "{ordr}" in `en`, which nothing is known to fill;'
            " did you mean `order`? What agents fill in by hand begins with a question mark.",
        ),
        (
            REPLY.replace("{?link}", "{?}"),
            '[[shop.acme.reply]] 1 `text` has "{?}" in `nl`: after the question mark say in 1 to 40',
        ),
        (
            REPLY.replace("{?link}", "{?" + "x" * 41 + "}"),
            '[[shop.acme.reply]] 1 `text` has "{?xxx',
        ),
        (
            REPLY.replace("for {order}", "for {order"),
            "[[shop.acme.reply]] 1 `text` has a brace in `en` that opens or closes nothing: take it out.",
        ),
        ("reply = 3\n", "`shop.acme.reply` must be a list of tables: write [[shop.acme.reply]] above each."),
    ],
)
def test_each_mistake_has_its_sentence(text: str, sentence: str) -> None:
    found = problems(text)
    assert len(found) == 1, found
    assert found[0].startswith(f"supportterm.toml: {sentence}")


def test_a_reason_that_could_not_be_read_is_not_missed() -> None:
    found = problems(REASON.replace("neither", "none") + REPLY + 'reasons = ["late"]\n')
    assert len(found) == 1
    assert "`value`" in found[0]


def many(count: int) -> str:
    long = REPLY.replace("Label for {order}", "x" * 2_000)
    return "".join(long.replace('"label"', f'"label-{number}"') for number in range(count))


def test_a_desk_tells_no_more_than_a_slow_line_carries_and_says_what_to_do() -> None:
    # 131,072 bytes are half of the usual `buffered_bytes`.
    assert len(told(parse(HEAD + many(55), FILE)).shops[0].replies) == 55
    (found,) = problems(many(70))
    assert found.startswith("supportterm.toml: [desk.main] has shops whose replies are ")
    assert "must have at most 131072: leave out what nobody uses, or set `buffered_bytes`" in found
    parse(HEAD + "[limits]\nbuffered_bytes = 400000\n" + many(70), FILE)


def test_two_shops_of_a_desk_count_together() -> None:
    second = '[shop.two]\ndesk = "main"\nlanguages = ["nl", "en"]\n' + many(35).replace("acme", "two")
    (found,) = problems(many(35) + second)
    assert "[desk.main]" in found
    apart = second.replace('desk = "main"', 'desk = "two"')
    parse(HEAD + many(35) + "[desk.two]\n" + apart, FILE)


def test_more_than_a_console_takes_in_one_piece_has_no_way_out() -> None:
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + "[limits]\nbuffered_bytes = 100000000\n" + many(500), FILE)
    (found,) = caught.value.problems
    assert found.endswith("must have at most 1000000: leave out what nobody uses.")


@pytest.mark.parametrize(
    "languages", [["en"], ["nl", "en"], ["da"], ["de-AT", "nl"], ["fr"], ["pl", "en"], []]
)
def test_what_a_new_file_shows_passes_as_it_stands(languages: list[str]) -> None:
    text = default_toml("acme", languages=languages)
    written = text.replace("#   ", "")
    assert len(parse(text, FILE).shops["acme"].reply) == 0
    shop = parse(written, FILE).shops["acme"]
    first = shop.languages[0]
    assert [reply.id for reply in shop.reply] == ["tracking"]
    assert [list(reply.label) for reply in shop.reply] == [[first]]
    assert [list(reason.label) for reason in shop.reason] == [[first]]
    if first == "nl":
        assert shop.reply[0].text["nl"].startswith("Bestelling")
