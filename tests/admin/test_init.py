"""`supportterm init` asks why customers write: a person at a terminal, and nobody else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from server.settings import Settings, load
from supportterm.commands.reasons import new_id, starter
from supportterm.commands.zone import nearest_zone

from .running import Machine, Terminal

ARGS = ("init", "--shop", "acme", "--data-dir", "data", "--port", "0")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One that knows where it is."""
    machine = Machine(tmp_path)
    machine.environment["TZ"] = "Europe/Copenhagen"
    return machine


def written(machine: Machine) -> Settings:
    return load(machine.home / "supportterm.toml")


def values(machine: Machine) -> dict[str, str]:
    return {reason.id: reason.value for reason in written(machine).shops["acme"].reason}


USUAL = {reason.id: reason.value for reason in starter(["en"])}


def answer(terminal: Terminal, question: str, typed: str) -> None:
    """Wait for the question that was not shown yet, and answer it."""
    terminal.until(question)
    terminal.shown = ""
    terminal.press(typed + "\r")


def test_enter_takes_what_is_usual(machine: Machine) -> None:
    terminal = Terminal(machine, *ARGS)
    answer(terminal, r"In which languages do your customers write.*\[en\] ", "")
    terminal.until("1 of 8: Parcel is late")
    for _ in range(8):
        answer(terminal, r"Keep it\? \[Y/n\] ", "")
        answer(
            terminal, r"twice as many[\s\S]*\(g\)ood or \(b\)ad news\s+for the customer\? \[(g/B|G/b)\] ", ""
        )
        answer(terminal, r"for the shop\? \[(g/B|G/b)\] ", "")
    answer(terminal, "Another reason", "")
    terminal.until("Next:")
    assert terminal.end() == 0
    assert values(machine) == USUAL
    assert written(machine).shops["acme"].languages == ["en"]
    assert "is good" in machine.good("check")


def test_a_shop_has_reasons_of_its_own(machine: Machine) -> None:
    terminal = Terminal(machine, *ARGS)
    answer(terminal, "In which languages", "Dutch!")
    answer(terminal, "Write codes such as", " , ")
    answer(terminal, "Write codes such as", "NL, en,")
    for number, name in enumerate(USUAL, 1):
        terminal.until(f"{number} of 8: ")
        if name == "parcel-late":
            answer(terminal, r"Pakket is te laat\s+Keep it\? \[Y/n\] ", "perhaps")
            answer(terminal, r"Answer with one of y, n\.\s+Keep it\? ", "y")
            answer(terminal, "for the customer", "")
            answer(terminal, "for the shop", "G")
        else:
            answer(terminal, r"Keep it\? ", "n")
    answer(terminal, r"Another reason[\s\S]*  > ", "x" * 61)
    answer(terminal, r"longer than 60 characters[\s\S]*  > ", "Wil \x02weten")
    answer(terminal, r"no letters[\s\S]*  > ", 'Fiets kraakt: "hoe kan dat"?')
    answer(terminal, "for the customer", "g")
    answer(terminal, "for the shop", "g")
    answer(terminal, "Another reason", "Fiets kraakt; hoe kan dat")
    answer(terminal, "for the customer", "g")
    answer(terminal, "for the shop", "b")
    answer(terminal, "Another reason", "")
    terminal.until("Next:")
    assert terminal.end() == 0
    own = "fiets-kraakt-hoe-kan-dat"
    assert values(machine) == {"parcel-late": "shop", own: "both", f"{own}-2": "customer"}
    shop = written(machine).shops["acme"]
    assert shop.languages == ["nl", "en"]
    assert shop.reason[0].label == {"nl": "Pakket is te laat", "en": "Parcel is late"}
    assert shop.reason[1].label == {"nl": 'Fiets kraakt: "hoe kan dat"?'}


@pytest.mark.parametrize("code", [130, 1], ids=["ctrl+c", "ctrl+d"])
def test_who_stops_leaves_nothing_behind(machine: Machine, code: int) -> None:
    terminal = Terminal(machine, *ARGS, "--language", "en")
    answer(terminal, r"Keep it\? ", "")
    answer(terminal, "for the customer", "")
    terminal.until("for the shop")
    if code == 130:
        terminal.interrupt()
    else:
        terminal.press("\x04")
    assert terminal.end() == code
    assert "Traceback" not in terminal.shown
    assert not (machine.home / "supportterm.toml").exists()
    assert not (machine.home / "data").exists()


def test_wrong_options_are_told_before_anything_is_asked(machine: Machine) -> None:
    terminal = Terminal(machine, *ARGS, "--origin", "www.acme.example")
    assert terminal.end() == 3
    assert "languages do your customers" not in terminal.shown


@pytest.mark.parametrize("words", [("--reasons", "none"), ("--reasons", "starter")])
def test_nothing_is_asked_of_who_says_so(machine: Machine, words: tuple[str, str]) -> None:
    terminal = Terminal(machine, *ARGS, *words)
    terminal.until("Next:")
    assert terminal.end() == 0
    assert "?" not in terminal.shown.split("Next:")[0]
    assert values(machine) == (USUAL if "starter" in words else {})


def test_nothing_is_asked_without_a_terminal(machine: Machine) -> None:
    said = machine.good(*ARGS)
    assert said.startswith("supportterm.toml and ")
    assert values(machine) == {}
    assert written(machine).shops["acme"].languages == ["en"]


def test_nothing_is_asked_where_nobody_reads_the_questions(machine: Machine) -> None:
    """Its output goes to a file, though somebody types."""
    master, slave = os.openpty()
    done = subprocess.run(
        machine.command(*ARGS),
        stdin=slave,
        capture_output=True,
        cwd=machine.home,
        env={**machine.environment, "PYTHONPATH": str(Path.cwd())},
        timeout=60,
        check=False,
    )
    os.close(master)
    os.close(slave)
    assert done.returncode == 0, done.stderr
    assert values(machine) == {}


def test_a_starter_list_in_the_shops_languages(machine: Machine) -> None:
    machine.good(*ARGS, "--language", "da", "--language", "sv", "--reasons", "starter")
    shop = written(machine).shops["acme"]
    assert shop.languages == ["da", "sv"]
    assert shop.reason[0].label == {"da": "Pakken er forsinket"}
    assert "is good" in machine.good("check")
    done = machine.run("init", "--config", "other.toml", "--reasons", "all")
    assert done.returncode == 2


@pytest.mark.parametrize("language", ["en", "nl", "da", "de", "fr"])
def test_the_starter_list_is_whole_in_every_language(language: str) -> None:
    reasons = starter([language])
    assert len(reasons) == 8
    assert all(set(reason.label) == {language} for reason in reasons)
    assert len({reason.label[language] for reason in reasons}) == 8
    assert {reason.value for reason in reasons} >= {"both", "customer", "neither"}


def test_a_language_without_texts_has_the_english_ones_first() -> None:
    assert starter(["sv", "nl"])[0].label == {"sv": "Parcel is late", "nl": "Pakket is te laat"}


@pytest.mark.parametrize(
    ("label", "taken", "id"),
    [
        ("Pakket is weg", (), "pakket-is-weg"),
        ("Où est ma commande ?", (), "ou-est-ma-commande"),
        ("問い合わせ", (), "reason"),
        ("Weg!", ("weg", "weg-2"), "weg-3"),
        ("a" * 60, (), "a" * 28),
    ],
)
def test_ids_are_made_of_what_people_write(label: str, taken: tuple[str, ...], id: str) -> None:
    assert new_id(label, taken) == id


@pytest.mark.parametrize("running", [True, False], ids=["with a server", "without"])
def test_a_database_that_is_in_use_gets_no_second_admin(machine: Machine, running: bool) -> None:
    said = machine.good(*ARGS, "--agent", "anna")
    assert "with an admin called anna" in said
    with machine.serve() as server:
        if not running:
            server.stop()
        again = machine.run(*ARGS, "--config", "n.toml")
        assert again.returncode == 6
        held = "a server runs on it" if running else "with 1 agent and 0 chats"
        assert "is a database already" in again.stderr
        assert held in again.stderr
        assert not (machine.home / "n.toml").exists()
        assert len(machine.good("agent", "list").splitlines()) == 2
        if running:
            server.stop()
    machine.good(*ARGS[:3], "--data-dir", "other", "--port", "0", "--config", "n.toml")


def test_the_clock_is_the_machines_or_told_to_be_missing(machine: Machine) -> None:
    said = machine.good(*ARGS)
    assert "follow the clock of Europe/Copenhagen" in said
    assert "That is this machine's: change `time_zone` in [shop.acme] if" in said
    assert written(machine).shops["acme"].time_zone == "Europe/Copenhagen"
    told = " ".join((machine.home / "supportterm.toml").read_text().replace("\n# ", " ").split())
    assert 'change it if the shop is elsewhere. time_zone = "Europe/Copenhagen"' in told
    machine.environment["TZ"] = "UTC"
    other = ("--data-dir", "other", "--config", "other.toml")
    assert "Name the shop's clock as `time_zone` in [shop.acme]" in machine.good(*ARGS, *other)
    third = ("--data-dir", "third", "--config", "third.toml", "--time-zone", "Europe/Amsterdam")
    said = machine.good(*ARGS, *third)
    assert "follow the clock of Europe/Amsterdam" in said
    assert "this machine's" not in said
    assert "if the shop is elsewhere" not in (machine.home / "third.toml").read_text()
    wrong = machine.run(*ARGS, "--data-dir", "fourth", "--config", "fourth.toml", "--time-zone", "Amsterdam")
    assert wrong.returncode == 3
    assert "time_zone" in wrong.stderr


def test_who_sits_at_a_machine_without_a_clock_is_asked_for_the_shops(machine: Machine) -> None:
    machine.environment["TZ"] = "UTC"
    terminal = Terminal(machine, *ARGS, "--language", "nl")
    answer(terminal, r"In which time zone is the shop, such as Europe/Amsterdam\? \[UTC\] ", "Nowhere")
    answer(terminal, r"There is no time zone 'Nowhere'\.[\s\S]*\[UTC\] ", "amsterdm")
    answer(terminal, r"enter takes Europe/Amsterdam\.[\s\S]*\[Europe/Amsterdam\] ", "")
    for _ in range(8):
        answer(terminal, r"Keep it\? ", "n")
    answer(terminal, "Another reason", "")
    terminal.until("Next:")
    assert "follow the clock of Europe/Amsterdam" in terminal.shown
    assert "Name the shop's clock" not in terminal.shown
    assert terminal.end() == 0
    assert written(machine).shops["acme"].time_zone == "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Amsterdm", "Europe/Amsterdam"),
        ("europe/copenhagen", "Europe/Copenhagen"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("qqqq", ""),
        ("", ""),
    ],
)
def test_a_zone_is_found_by_its_city(typed: str, zone: str) -> None:
    assert nearest_zone(typed) == zone
