"""The routing benchmark: days are repeatable and paired, its statistics right, its parameters checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from bench.routing.day import Day
from bench.routing.desk import DeskFloor, agent_name
from bench.routing.earlier import paces
from bench.routing.figures import Figures, Tally, jain, percentile
from bench.routing.parameters import USUAL, Parameters, read
from bench.routing.people import cast
from bench.routing.policies import ALIKE, COMPARED, OURS, Policy, Valve, changed, ordered
from bench.routing.runs import day
from bench.routing.statistics import paired, student
from bench.routing.wait import AGAIN, OWN, guesses
from server.desk.by_pace import Measured, Paces, slower

from .sketch import Sketch


@pytest.fixture(scope="module")
def shop() -> Parameters:
    """The usual shop on a short day."""
    usual = read()
    return replace(usual, day=replace(usual.day, hours=1.5))


def known(*seconds: int) -> Paces:
    """The agents' medians, of enough replies; the team's is 60 s."""
    return Paces(60_000, tuple(Measured(agent_name(n), 100, 1_000 * long) for n, long in enumerate(seconds)))


def test_the_same_seed_gives_the_same_figures(shop: Parameters) -> None:
    first = day(shop, 0.85, 3, OURS)
    assert first == day(shop, 0.85, 3, OURS)
    assert first != day(shop, 0.85, 4, OURS)


def test_customers_are_the_same_whatever_others_do(shop: Parameters) -> None:
    people = cast(shop, 0.7, 5)
    assert people == cast(shop, 0.7, 5)
    # A busier day has other arrivals; a longer one begins with the same customers.
    longer = cast(replace(shop, day=replace(shop.day, hours=1.5, peaks=[])), 0.7, 5)
    assert [one.turns for one in longer.customers[:20]] == [one.turns for one in people.customers[:20]]


def test_every_policy_serves_everybody(shop: Parameters) -> None:
    for policy in (*COMPARED, ALIKE, *ordered(OURS)):
        figures = day(shop, 0.7, 1, policy)
        assert figures.customers == len(cast(shop, 0.7, 1).customers)
        assert 0 < figures.waits <= figures.longest
        assert 1 / len(shop.agents.languages) <= figures.jain <= 1
        assert 0.2 < figures.used < 1


def test_a_valve_opens_when_the_queue_is_long(shop: Parameters) -> None:
    strict = changed(["ceiling=200"])
    shut, opened = day(shop, 0.85, 1, strict), day(shop, 0.85, 1, replace(strict, valve=Valve()))
    assert opened.first < shut.first


def test_paces_come_from_the_same_agents_on_other_days(shop: Parameters) -> None:
    people = cast(shop, 0.7, 1)
    slow, quick = people.agents[0], people.agents[1]
    agents = [replace(slow, speed=1.8), replace(quick, speed=0.6), *people.agents[2:]]
    found = paces(shop, replace(people, agents=agents), OURS)
    assert found is not None
    assert [one.agent for one in found.agents] == [agent_name(clerk.id) for clerk in agents]
    named = slower(found.team_ms, found.agents)
    assert "agent-000" in named
    assert "agent-001" not in named
    # What the day itself brings has no say.
    assert found == paces(shop, replace(people, agents=agents, customers=[]), OURS)
    # Who has one ceiling for all need not be measured.
    assert paces(shop, people, ALIKE) is None


def test_a_day_begins_with_what_was_measured_before(shop: Parameters) -> None:
    people = cast(shop, 0.85, 1)

    def figures(policy: Policy, known: Paces | None) -> Figures:
        return Day(shop, people, DeskFloor(policy, people, known), "next").run()

    assert figures(OURS, known(90, *[60] * 7)) != figures(OURS, None)
    assert figures(OURS, None) == figures(ALIKE, known(90, *[60] * 7)) == day(shop, 0.85, 1, ALIKE)
    assert figures(OURS, paces(shop, people, OURS)) == day(shop, 0.85, 1, OURS)


@pytest.mark.parametrize("policy", [OURS, *COMPARED[1:]], ids=lambda policy: policy.name)
def test_the_desk_decides_as_its_rules_written_a_second_time(shop: Parameters, policy: Policy) -> None:
    def figures(floor: Sketch | DeskFloor) -> Figures:
        return Day(shop, people, floor, policy.order).run()

    for load, seed in ((0.7, 1), (0.85, 2), (1.1, 3)):
        people = cast(shop, load, seed)
        assert figures(DeskFloor(policy, people)) == figures(Sketch(policy.rules, people))


def test_ceilings_by_pace_decide_as_written_a_second_time(shop: Parameters) -> None:
    times = (90, 60, 60, 102, 60, 72, 60, 30)
    usual = OURS.rules.ceiling
    ceilings = [min(usual, max(190, round(usual * (60 / seconds) ** 0.75 / 10) * 10)) for seconds in times]
    for load, seed in ((0.7, 1), (0.85, 2), (1.1, 3)):
        people = cast(shop, load, seed)
        desk = Day(shop, people, DeskFloor(OURS, people, known(*times)), "next").run()
        assert desk == Day(shop, people, Sketch(OURS.rules, people, ceilings), "next").run()


def test_what_customers_were_told_is_compared_with_how_it_was(shop: Parameters) -> None:
    told = guesses(shop, 1.0, 2)
    assert told
    assert told == guesses(shop, 1.0, 2)
    assert all(guess.real >= 0 and guess.high >= 120_000 for guess in told)
    assert {name for guess in told for name in guess.told} > {OWN, AGAIN}


def test_percentiles() -> None:
    values = list(range(1, 11))
    assert percentile(values, 0.9) == 9
    assert percentile(values, 0.99) == 10
    assert percentile([7], 0.1) == 7
    assert percentile([], 0.5) == 0


def test_evenness() -> None:
    assert jain([5, 5, 5, 5]) == 1
    assert jain([1, 0, 0, 0]) == 0.25
    assert jain([0, 0]) == 1


def test_pairs_of_days() -> None:
    """Student's own example: hours of sleep gained by two drugs (Biometrika 1908)."""
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = paired(one, other)
    assert found.mean == pytest.approx(-1.58)
    assert (found.low, found.high) == pytest.approx((-2.4599, -0.7001), abs=0.001)
    with pytest.raises(ValueError, match="two days"):
        paired([1.0], [2.0])


@pytest.mark.parametrize(("freedom", "quantile"), [(9, 2.2622), (29, 2.0452), (1_000, 1.9623)])
def test_students_quantile(freedom: int, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, abs=0.0005)


def test_who_left_counts_with_the_time_they_waited() -> None:
    tally = Tally()
    for _ in range(8):
        tally.waited(1_000, True)
    tally.left(60_000, True, True)
    tally.left(90_000, False, False)
    for how in ("kept", "kept", "kept", "broken", "withdrawn"):
        tally.promise(how)
    figures = tally.figures(10, [3, 1], 0.1, 4)
    assert (figures.waits, figures.longest, figures.gap) == (60.0, 90.0, 90.0)
    assert (figures.left, figures.left_queue, figures.broken, figures.promises) == (0.2, 0.1, 0.25, 4)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("silent = 0.6", "silent = 6", "customers.silent"),
        ("vanish = ", "vanishes = ", "vanishes"),
        ("nl = 0.60", "nl = 0.50", "make 0.9"),
        ("nl = 0.60", "fr = 0.60", "nobody in agents.languages speaks 'fr'"),
        ("guess = [1.0, 1.8]", "guess = [2.0, 1.8]", "promises.guess"),
        ("[day]", "[day", "shop.toml"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, before: str, after: str, told: str) -> None:
    path = tmp_path / "shop.toml"
    text = USUAL.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ValueError, match=r"shop\.toml") as refused:
        read(path)
    assert told in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.toml"):
        read(tmp_path / "none.toml")


@pytest.mark.parametrize("setting", ["ceiling", "celing=250", "ceiling=2.5"])
def test_unknown_settings_are_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="ceiling, hysteresis"):
        changed([setting])
