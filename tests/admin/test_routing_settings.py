"""Hours, topics, entry rules and fallbacks in the settings: the example, the defaults, each refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.rules import Entry, Fallback, Rules, Shop, Topic
from server.rules_of import member_of, rules_of
from server.settings import BadSettings, Desk, Settings, parse
from server.settings.about import hundredths
from server.settings.reading import Key, keys_of
from server.store.interface import Agent
from supportterm.coach.hours import ALWAYS, Hours
from supportterm.protocol.views import ShopFacts, Subject
from tests.unit.test_hours import at

FILE = Path("supportterm.toml")
HEAD = (
    '[desk.main]\nskills = ["returns", "technical"]\n[shop.acme]\ndesk = "main"\nlanguages = ["nl",'
    ' "da", "en"]\n'
)
TOPIC = '[[shop.acme.topic]]\nid = "order"\nlabel = { nl = "Mijn bestelling" }\n'
MINUTE = 60_000
HOUR = 60 * MINUTE


def example() -> Settings:
    """The example of the operator's page."""
    page = Path("docs/routing.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    return parse(text, FILE)


def shop_of(text: str) -> Shop:
    return rules_of(parse(HEAD + text, FILE), "main").shops["acme"]


def test_the_defaults_are_those_of_the_rules() -> None:
    settings = parse('[desk.main]\n[shop.acme]\ndesk = "main"\n', FILE)
    zone = settings.shops["acme"].time_zone
    facts = ShopFacts("acme", "acme", zone, callbacks_per_hour=4)
    assert rules_of(settings, "main") == Rules(shops={"acme": Shop(name="acme", facts=facts)})


@pytest.mark.parametrize("key", keys_of(Desk), ids=lambda key: key.name)
def test_every_number_of_a_desk_arrives(key: Key) -> None:
    """None is read and then forgotten."""
    if key.name in ("practice", "skills"):
        return  # no rules: what the hub and the settings themselves ask for
    wide = {"ceiling": "20", "trainee_ceiling": "20"}
    other = {"accept": '"ask"', "near_promise_minutes": "7", "ceiling": "19.5", "trainee_ceiling": "19.5"}
    other["ceiling_by_pace"] = "false"

    def rules(values: dict[str, str]) -> Rules:
        lines = "".join(f"{name} = {value}\n" for name, value in values.items())
        return rules_of(parse(HEAD.replace("[desk.main]\n", "[desk.main]\n" + lines), FILE), "main")

    changed = other.get(key.name) or str(key.default + 3)
    assert rules({**wide, key.name: changed}) != rules(wide)


@pytest.mark.parametrize(("points", "counted"), [(0.1, 10), (0.29, 29), (1.1, 110), (2.35, 235), (3.0, 300)])
def test_points_are_counted_exactly(points: float, counted: int) -> None:
    assert hundredths(points) == counted


def test_the_example_of_the_page() -> None:
    settings = example()
    rules = rules_of(settings, "main")
    shop = rules.shops["acme"]
    assert shop.hours is not None
    assert shop.hours.is_open(at("2026-03-05 20:59"))
    assert not shop.hours.is_open(at("2026-03-07 12:45"))
    assert shop.hours.opens_at(at("2026-12-24 21:00")) == at("2026-12-28 9:00")
    assert shop.hours.closes_at(at("2026-12-31 10:00")) == at("2026-12-31 13:00")
    assert shop.skill_hours["technical"].opens_at(at("2026-03-02 13:00")) == at("2026-03-04 9:00")
    assert [topic.id for topic in shop.topics] == ["return", "order"]
    returns, checkout, german = shop.entries
    assert returns == Entry(topic="return", skill="returns", fallbacks=(Fallback(120_000, any_skill=True),))
    assert (checkout.page, checkout.priority) == ("/checkout*", 1)
    assert (german.language, german.wants) == ("de", "en")
    assert shop.steps("da") == (Fallback(60_000, languages=("en",), language="da"),)
    assert shop.steps("nl") == (Fallback(120_000, True, ("en", "nl")),)
    assert shop.steps("nl", returns) == returns.fallbacks
    assert (shop.max_queue, shop.max_wait_ms, shop.answer_left_ms) == (12, 15 * MINUTE, 4 * HOUR)
    assert shop.max_queue_per_address == 10
    assert shop.appeal == "service@acme.example"
    assert settings.languages_of("main") == ["nl", "da", "en"]


def test_no_place_to_complain_may_be_written_down_too() -> None:
    assert shop_of("").appeal == shop_of('appeal = ""\n').appeal == shop_of('appeal = "  "\n').appeal == ""


def test_simulated_customers_may_all_come_from_one_machine() -> None:
    text = HEAD.replace("[desk.main]\n", "[desk.main]\npractice = true\n") + "max_queue_per_address = 3\n"
    assert rules_of(parse(text, FILE), "main").shops["acme"].max_queue_per_address == 0
    assert shop_of("max_queue_per_address = 3\n").max_queue_per_address == 3


def test_the_example_stands_beside_what_init_writes() -> None:
    """Its tables may be pasted after the file of ``init``, as the page says."""
    from server.settings import default_toml

    page = Path("docs/routing.md").read_text(encoding="utf-8")
    assert "docs/routing.md" in default_toml("acme")
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    hours = text[text.index("[shop.acme.hours]") : text.index("[[shop.acme.exception]]")]
    assert parse(default_toml("acme") + hours, FILE).shops["acme"].hours is not None


def test_hours_and_exceptions() -> None:
    assert shop_of("").hours is None
    always_but = shop_of("[[shop.acme.exception]]\ndate = 2026-12-25\n").hours
    assert always_but == Hours("UTC", ALWAYS, {"2026-12-25": ()})
    ranged = shop_of(
        'time_zone = "Europe/Copenhagen"\n[shop.acme.hours]\nmon = "0:00-24:00"\n'
        '[[shop.acme.exception]]\nfrom = "2026-12-24"\nuntil = 2026-12-26\nhours = ["9:00-12:00"]\n'
    ).hours
    assert ranged is not None
    assert ranged.zone == "Europe/Copenhagen"
    assert ranged.week[0] == ((0, 1440),)
    assert ranged.week[1] == ()
    assert ranged.exceptions == dict.fromkeys(("2026-12-24", "2026-12-25", "2026-12-26"), ((540, 720),))


def test_a_skills_hours_lie_within_the_shops() -> None:
    skill = shop_of(
        '[shop.acme.hours]\nmon = "9:00-17:00"\n[shop.acme.skill_hours.returns]\nmon = "8:00-12:00"\n'
    ).skill_hours["returns"]
    assert skill.week == (((540, 720),), *((),) * 6)
    alone = shop_of('[shop.acme.skill_hours.returns]\nmon = "8:00-12:00"\n').skill_hours["returns"]
    assert alone.week[0] == ((480, 720),)


def test_without_fallbacks_other_languages_are_asked_for_after_a_minute() -> None:
    assert shop_of("").steps("nl") == (Fallback(60_000, languages=("nl", "da", "en")),)
    one = parse('[desk.main]\n[shop.acme]\ndesk = "main"\n', FILE)
    assert rules_of(one, "main").shops["acme"].steps("en") == ()


def test_steps_go_on_with_those_of_the_languages_they_open() -> None:
    shop = shop_of(
        '[[shop.acme.fallback]]\nlanguage = "da"\nafter_seconds = 60\nlanguages = ["nl"]\n'
        '[[shop.acme.fallback]]\nlanguage = "nl"\nafter_seconds = 30\nlanguages = ["en"]\n'
        '[[shop.acme.fallback]]\nlanguage = "nl"\nafter_seconds = 45\nany_skill = true\nlanguages = ["en"]\n'
        '[[shop.acme.fallback]]\nlanguage = "da"\nafter_seconds = 95\nany_skill = true\n'
    )
    assert shop.steps("da") == (
        Fallback(60_000, languages=("nl",), language="da"),
        Fallback(90_000, languages=("en",), language="da"),
        Fallback(95_000, any_skill=True, language="da"),
    )
    assert shop.steps("nl") == (
        Fallback(30_000, languages=("en",), language="nl"),
        Fallback(45_000, any_skill=True, language="nl"),
    )
    assert shop.steps("en") == ()


def test_topics() -> None:
    assert shop_of(TOPIC).topics == (Topic("order", {"nl": "Mijn bestelling"}),)
    facts = shop_of(TOPIC).facts
    assert facts is not None
    assert facts.topics == [Subject("order", {"nl": "Mijn bestelling"})], "agents read what was chosen"


def test_only_the_shops_of_a_desk_are_its() -> None:
    settings = parse(HEAD + '[desk.other]\n[shop.bikes]\ndesk = "other"\n', FILE)
    assert list(rules_of(settings, "main").shops) == ["acme"]
    assert list(rules_of(settings, "other").shops) == ["bikes"]


def test_people_as_the_desk_knows_them() -> None:
    agent = Agent("anna", "Anna", "main", "supervisor", 3, ("nl",), True, "hash", 5, ("returns",), 250, True)
    assert member_of(agent) == Member(
        "anna", "Anna", "supervisor", ("nl",), ("returns",), ceiling=250, cap=3, trainee=True, disabled=True
    )
    shifts = ("mon-tue 9:00-12:00", "sun 22:00-24:00")
    morning = ((9 * 60, 12 * 60),)
    late = ((22 * 60, 24 * 60),)
    assert member_of(replace(agent, shifts=shifts)).shift == (morning, morning, (), (), (), (), late)
    # What a later version may have written.
    assert member_of(replace(agent, shifts=("every day",))).shift == ()


def test_shifts_follow_the_clock_of_the_desks_first_shop() -> None:
    settings = parse(HEAD + 'time_zone = "Asia/Tokyo"\n[shop.bikes]\ndesk = "main"\n', FILE)
    assert rules_of(settings, "main").zone == "Asia/Tokyo"
    assert rules_of(parse(HEAD + "[desk.empty]\n", FILE), "empty").zone == "UTC"


HOURS = "[shop.acme.hours]\n"
EXCEPTION = "[[shop.acme.exception]]\n"
ENTRY = "[[shop.acme.entry]]\n"
FALLBACK = "[[shop.acme.fallback]]\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        # the desk
        (
            "[desk.two]\nchat_limit = 4\n",
            "[desk.two] key `chat_limit` is not known; it is called `hard_cap` now.",
        ),
        ("[desk.two]\nceilling = 4\n", "[desk.two] key `ceilling` is not known; did you mean `ceiling`?"),
        (
            "[desk.two]\nceiling = 2.345\n",
            "[desk.two] `ceiling` is 2.345, but must be a number from 0.1 to 50 with at most two decimals.",
        ),
        (
            "[desk.two]\nweight_quiet = nan\n",
            "[desk.two] `weight_quiet` is null, but must be a number from 0 to 10 with at most two decimals.",
        ),
        (
            "[desk.two]\ntrainee_ceiling = 1.2\n",
            "[desk.two] `trainee_ceiling` is 1.2, but must be at least 1.25: a new chat costs"
            " `weight_waiting`"
            " (1.0), and who was full gets it `hysteresis` (0.25) below.",
        ),
        (
            "[desk.two]\nnear_promise_minutes = 40\n",
            "[desk.two] `near_promise_minutes` is 40, but must be at most `far_promise_minutes` (30).",
        ),
        ('[desk.two]\naccept = "yes"\n', '[desk.two] `accept` is "yes", but must be "auto" or "ask".'),
        (
            '[desk.two]\nskills = ["Returns"]\n',
            '[desk.two] `skills` has "Returns": use up to 32 of a-z, 0-9 and `-`, beginning'
            " with a letter or digit.",
        ),
        ('[desk.two]\nskills = ["a", "a"]\n', '[desk.two] `skills` has "a" twice: keep one.'),
        # hours
        (
            'time_zone = "Europe/Amsterdm"\n',
            '[shop.acme] `time_zone` is "Europe/Amsterdm", which is not known; did you mean'
            " `Europe/Amsterdam`?",
        ),
        (
            'time_zone = "Copenhagen"\n',
            '[shop.acme] `time_zone` is "Copenhagen", which is not known; did you mean `Europe/Copenhagen`?',
        ),
        (
            'time_zone = "../etc/passwd"\n',
            '[shop.acme] `time_zone` is "../etc/passwd", which is not known; write a continent and a city,'
            " such as `Europe/Amsterdam`.",
        ),
        (HOURS + 'mon = "9-17"\n', '[shop.acme.hours] `mon` has "9-17": did you mean "9:00-17:00"?'),
        (
            HOURS + 'fri = "22:00-2:00"\n',
            '[shop.acme.hours] `fri` has "22:00-2:00", which ends before it begins: over midnight, write'
            ' "22:00-24:00" here and "0:00-2:00" on the next day.',
        ),
        (
            HOURS + 'mon = ["9:00-13:00", "12:00-17:00"]\n',
            '[shop.acme.hours] `mon` has "9:00-13:00" and "12:00-17:00", which overlap: write'
            " one span for both.",
        ),
        (
            HOURS + 'monday = "9:00-17:00"\n',
            "[shop.acme.hours] key `monday` is not known; did you mean `mon`?",
        ),
        (
            HOURS + "mon = 9\n",
            '[shop.acme.hours] `mon` is 9, but must be a text such as "9:00-17:30", or a list such as'
            ' ["9:00-12:30", "13:00-17:30"].',
        ),
        (
            'hours = "9:00-17:00"\n',
            "`shop.acme.hours` must be a table: write [shop.acme.hours] on a line of its own.",
        ),
        (
            '[shop.acme.skill_hours.retruns]\nmon = "9:00-12:00"\n',
            "[shop.acme.skill_hours.retruns] `retruns` is a skill that no `skills` in [desk.main] has;"
            " did you mean `returns`?",
        ),
        (
            '[shop.acme.skill_hours]\nmon = "9:00-12:00"\n',
            "[shop.acme.skill_hours] key `mon` stands in no skill: write it under"
            " [shop.acme.skill_hours.<skill>].",
        ),
        # exceptions
        (
            EXCEPTION + "date = 2026-12-25\n" + EXCEPTION + "from = 2026-12-24\nuntil = 2026-12-26\n",
            "[[shop.acme.exception]] 2 is about 2026-12-25, and so is number 1: keep one of"
            " them for each day.",
        ),
        (
            EXCEPTION + "from = 2026-12-24\n",
            "[[shop.acme.exception]] 1 has `from` but no `until`: set both, or `date` for one day.",
        ),
        (
            EXCEPTION + "until = 2026-12-24\n",
            "[[shop.acme.exception]] 1 has `until` but no `from`: set both, or `date` for one day.",
        ),
        (
            EXCEPTION + "date = 2026-12-24\nuntil = 2026-12-26\n",
            "[[shop.acme.exception]] 1 has `date` and a range: keep `date` for one day, or `from` and `until`"
            " for several.",
        ),
        (
            EXCEPTION + 'name = "Christmas"\n',
            "[[shop.acme.exception]] 1 names no day: set `date`, or `from` and `until`.",
        ),
        (
            EXCEPTION + "from = 2026-12-26\nuntil = 2026-12-24\n",
            "[[shop.acme.exception]] 1 ends on 2026-12-24, before it begins on 2026-12-26.",
        ),
        (
            EXCEPTION + "from = 2026-01-01\nuntil = 2027-12-31\n",
            "[[shop.acme.exception]] 1 lasts 730 days: an exception may last 366; change the"
            " hours of the week.",
        ),
        (
            EXCEPTION + 'date = "25-12-2026"\n',
            '[[shop.acme.exception]] 1 `date` is "25-12-2026", but must be a date such as 2026-12-25.',
        ),
        (
            EXCEPTION + "date = 2026-12-25T00:00:00\n",
            '[[shop.acme.exception]] 1 `date` is "2026-12-25T00:00:00", but must be a date such'
            " as 2026-12-25.",
        ),
        (
            EXCEPTION + 'date = 2026-12-25\nhours = "9-12"\n',
            '[[shop.acme.exception]] 1 `hours` has "9-12": did you mean "9:00-12:00"?',
        ),
        (
            "exception = 3\n",
            "`shop.acme.exception` must be a list of tables: write [[shop.acme.exception]] above each.",
        ),
        # topics
        (
            TOPIC + TOPIC,
            "[[shop.acme.topic]] 2 `id` is `order`, and so is that of number 1: keep one.",
        ),
        (
            '[[shop.acme.topic]]\nid = "order"\nlabel = { en = "My order" }\n',
            "[[shop.acme.topic]] 1 `label` has no text in `nl`, the shop's first language: add it.",
        ),
        (
            '[[shop.acme.topic]]\nid = "order"\nlabel = { nl = "" }\n',
            '[[shop.acme.topic]] 1 `label` is "" in `nl`, but must be a text of 1 to 60 characters.',
        ),
        (
            '[[shop.acme.topic]]\nid = "order"\nlabel = { nl = "x", Dutch = "y" }\n',
            '[[shop.acme.topic]] 1 `label` has the language "Dutch": write a code such as `nl` or `en`.',
        ),
        (
            '[[shop.acme.topic]]\nid = "order"\nlabel = { nl = "x", pt = "y" }\n',
            '[[shop.acme.topic]] 1 `label` has the language "pt", which nobody reads here;'
            " known languages: `nl`, `da`, `en`, `de`, `fr`.",
        ),
        (
            '[[shop.acme.topic]]\nlabel = { nl = "x" }\n',
            "[[shop.acme.topic]] 1 `id` is missing: it must be a word made of a-z, 0-9 and `-`.",
        ),
        (
            '[[shop.acme.topic]]\nid = "Order"\nlabel = { nl = "x" }\n',
            '[[shop.acme.topic]] 1 `id` is "Order": use up to 32 of a-z, 0-9 and `-`, beginning'
            " with a letter or digit.",
        ),
        # entry rules
        (
            TOPIC + ENTRY + 'topic = "ordre"\nskill = "returns"\n',
            '[[shop.acme.entry]] 1 `topic` is "ordre", which the shop does not have; did you mean `order`?',
        ),
        (
            ENTRY + 'topic = "order"\nskill = "returns"\n',
            '[[shop.acme.entry]] 1 `topic` is "order", which the shop does not have; there are'
            " no topics yet.",
        ),
        (
            ENTRY + 'skill = "tecnical"\n',
            '[[shop.acme.entry]] 1 `skill` is "tecnical", which no `skills` in [desk.main] has;'
            " did you mean `technical`?",
        ),
        (
            ENTRY + 'wants = "fr"\n',
            '[[shop.acme.entry]] 1 `wants` is "fr"; the shop\'s `languages` do not have it:'
            " known languages: `nl`, `da`, `en`.",
        ),
        (
            ENTRY + 'language = "Danish"\nwants = "da"\n',
            '[[shop.acme.entry]] 1 `language` is "Danish": write a code such as `nl`, `da` or `en`.',
        ),
        (
            ENTRY + 'language = "de-AT"\nwants = "en"\n',
            '[[shop.acme.entry]] 1 `language` is "de-AT": write `de`, which is all of its countries.',
        ),
        (
            ENTRY + 'page = "https://www.acme.example/"\nskill = "returns"\n',
            '[[shop.acme.entry]] 1 `page` is "https://www.acme.example/", but must be a path:'
            " begin it with `/`"
            " or `*`.",
        ),
        (
            ENTRY + 'page = "/sale"\n',
            "[[shop.acme.entry]] 1 changes nothing: set `skill`, `wants`, `priority` or a fallback.",
        ),
        (
            ENTRY + "priority = 10\n",
            "[[shop.acme.entry]] 1 `priority` is 10, but must be a whole number from 0 to 9.",
        ),
        (
            ENTRY + 'wants = "da"\n[[shop.acme.entry.fallback]]\nafter_seconds = 60\nlanguages = ["da"]\n',
            "[[shop.acme.entry]] 1, fallback 1 `languages` has `da`, which these chats want"
            " anyway: take it out.",
        ),
        # fallbacks
        (
            FALLBACK
            + "after_seconds = 60\nany_skill = true\n"
            + FALLBACK
            + 'after_seconds = 60\nlanguages = ["en"]\n',
            "[[shop.acme.fallback]] 2 `after_seconds` is 60, but must be more than in the step before (60).",
        ),
        (
            FALLBACK + "after_seconds = 60\n",
            "[[shop.acme.fallback]] 1 opens nothing: set `any_skill` or `languages`.",
        ),
        (
            FALLBACK + "any_skill = true\n",
            "[[shop.acme.fallback]] 1 `after_seconds` is missing: it must be a whole number from 0 to 86400.",
        ),
        (
            FALLBACK + 'after_seconds = 60\nlanguages = ["sv"]\n',
            '[[shop.acme.fallback]] 1 `languages` has "sv"; the shop\'s `languages` do not have it:'
            " known languages: `nl`, `da`, `en`.",
        ),
        (
            FALLBACK + 'after_seconds = 60\nlanguages = ["en", "en"]\n',
            "[[shop.acme.fallback]] 1 `languages` has `en` twice: keep one.",
        ),
        (
            FALLBACK + 'language = "sv"\nafter_seconds = 60\nlanguages = ["en"]\n',
            '[[shop.acme.fallback]] 1 `language` is "sv"; the shop\'s `languages` do not have it:'
            " known languages: `nl`, `da`, `en`.",
        ),
        (
            FALLBACK
            + 'language = "da"\nafter_seconds = 60\nlanguages = ["en"]\n'
            + FALLBACK
            + 'language = "en"\nafter_seconds = 60\nlanguages = ["nl"]\n'
            + FALLBACK
            + 'language = "nl"\nafter_seconds = 60\nlanguages = ["da"]\n',
            "[[shop.acme.fallback]] goes round in a circle: da → en → nl → da; take out a step"
            " of one of these"
            " languages.",
        ),
        (
            FALLBACK + 'language = "da"\nafter_seconds = 60\nlanguages = ["da"]\n',
            "[[shop.acme.fallback]] 1 `languages` has `da`, which these chats want anyway: take it out.",
        ),
        # others
        (
            "max_queue = -1\n",
            "[shop.acme] `max_queue` is -1, but must be a whole number from 0 to 100000.",
        ),
        (
            "answer_left_hours = 0\n",
            "[shop.acme] `answer_left_hours` is 0, but must be a whole number from 1 to 720.",
        ),
    ],
)
def test_each_mistake_has_its_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + text, FILE)
    assert caught.value.problems == [f"supportterm.toml: {sentence}"]


def test_steps_of_different_languages_have_their_own_times() -> None:
    text = (
        FALLBACK
        + 'after_seconds = 90\nlanguages = ["en"]\n'
        + FALLBACK
        + 'language = "da"\nafter_seconds = 30\nlanguages = ["en"]\n'
    )
    assert len(parse(HEAD + text, FILE).shops["acme"].fallback) == 2


def test_a_topic_that_cannot_be_read_is_told_once() -> None:
    """Rules that name it, and numbers of those after it, are not doubted on top."""
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + "[[shop.acme.topic]]\nid = 3\n" + ENTRY + 'topic = "order"\nskill = "returns"\n', FILE)
    assert len(caught.value.problems) == 2
    assert all("[[shop.acme.topic]] 1" in problem for problem in caught.value.problems)


def test_mistakes_everywhere_are_told_at_once() -> None:
    text = HOURS + 'mon = "9-17"\n' + EXCEPTION + ENTRY + 'skill = "x"\n' + FALLBACK + "after_seconds = 60\n"
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + text, FILE)
    assert len(caught.value.problems) == 4
