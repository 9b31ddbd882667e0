"""Tone, summaries, reasons, mandates, promises and mail in the settings: the example, each refusal."""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path

import pytest

from server.desk.rules import Rules
from server.rules_of import rules_of
from server.settings import BadSettings, Settings, default_toml, parse
from server.settings.mail import Mail
from server.settings.mailing import is_sender
from server.settings.reasons import QUADRANTS
from supportterm.coach.tone import glossary_of

FILE = Path("supportterm.toml")
HEAD = '[desk.main]\n[shop.acme]\ndesk = "main"\nlanguages = ["nl", "en"]\n'
MAIL = '[mail]\nhost = "smtp.acme.example"\nsender = "service@acme.example"\n'
REASON = '[[shop.acme.reason]]\nid = "late"\nlabel = { nl = "Te laat" }\nvalue = "neither"\n'
MANDATE = (
    '[[shop.acme.reason.mandate]]\nid = "voucher"\nlabel = { nl = "Bon" }\ninsert = { nl = "Een bon" }\n'
)


def problems(text: str, path: Path = FILE) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + text, path)
    return caught.value.problems


def example(directory: Path) -> Settings:
    """The example of the owner's page, with the files that it names."""
    page = Path("docs/understanding.md").read_text(encoding="utf-8")
    text, glossary = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (directory / "glossary.toml").write_text(glossary, encoding="utf-8")
    return parse(text, directory / "supportterm.toml")


def test_the_example_of_the_page(tmp_path: Path) -> None:
    settings = example(tmp_path)
    shop = settings.shops["acme"]
    assert (shop.tone_in("nl"), shop.tone_in("da")) == ("familiar", "polite")
    assert shop.summary_required == "handoff"
    assert (shop.summary_messages, shop.summary_characters, shop.interrupt_guard) == (3, 250, True)
    assert shop.afternoon_ends == "17:30"
    late, fit, which = shop.reason
    assert [one.quadrant for one in shop.reason] == ["eliminate", "automate", "leverage"]
    assert [one.id for one in late.mandate] == ["free-shipping", "voucher-10"]
    assert late.mandate[0].insert["en"] == "I'm refunding the shipping costs."
    assert (fit.next_issue["nl"][:8], which.next_issue) == ("Je geld ", {})
    words, wrong = glossary_of(Path(shop.glossary).read_bytes(), shop.glossary)
    assert (words["nl"]["derailleur"], words["nl"]["bracket"], wrong) == ("versnelling", "", [])
    page = Path("docs/understanding.md").read_text(encoding="utf-8")
    assert all(f'`"{value}"`' in page and f"**{what}**" in page for value, what in QUADRANTS.items())


def test_defaults() -> None:
    settings = parse(HEAD, FILE)
    shop = settings.shops["acme"]
    assert settings.mail == Mail()
    assert (settings.mail.host, settings.mail.starttls, settings.mail.secret()) == ("", True, "")
    assert (shop.tone_in("nl"), shop.glossary, shop.reason) == ("polite", "", [])
    assert (shop.summary_required, shop.afternoon_ends) == ("none", "17:00")
    rules = rules_of(settings, "main")
    assert (rules.overdue_offer_ms, rules.callbacks_per_hour, rules.suggest_percentile) == (120_000, 4, 80)
    assert rules.callback_lead_ms == 600_000
    assert rules.overdue_offer_ms == Rules().overdue_offer_ms


def test_what_the_desk_decides_by_arrives() -> None:
    text = 'summary_required = "both"\n[desk.two]\noverdue_offer_seconds = 0\n[shop.two]\ndesk = "two"\n'
    settings = parse(HEAD + text, FILE)
    assert rules_of(settings, "main").shops["acme"].summary_required == "both"
    assert rules_of(settings, "two").shops["two"].summary_required == "none"
    assert rules_of(settings, "two").overdue_offer_ms == 0


def test_one_tone_for_all_languages() -> None:
    shop = parse(HEAD + 'tone = "familiar"\n', FILE).shops["acme"]
    assert (shop.tone_in("nl"), shop.tone_in("en")) == ("familiar", "familiar")


def test_a_text_may_be_in_any_language_that_somebody_reads(tmp_path: Path) -> None:
    reason = REASON.replace("{ nl", '{ sv = "För sent", fr = "Trop tard", nl')
    text = HEAD.replace('languages = ["nl"', 'languages = ["sv", "nl"') + reason
    assert list(parse(text, FILE).shops["acme"].reason[0].label) == ["sv", "fr", "nl"]


def test_a_glossary_in_a_language_that_nobody_writes(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text('[dk]\nrestordre = "mangler"\n[nl]\nbackorder = "nalevering"\n')
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + 'glossary = "words.toml"\n', tmp_path / "supportterm.toml")
    assert caught.value.problems == [
        f"{tmp_path / 'words.toml'}: [dk] names a language, which nobody reads here; did you mean `da`?"
    ]


def test_the_file_of_init_asks_what_a_reason_is_worth() -> None:
    text = default_toml("acme")
    assert "would it be good or bad news if this doubled?" in " ".join(text.replace("\n# ", " ").split())
    lines = text.splitlines()
    shown = takewhile(lambda one: one.startswith("#   "), lines[lines.index("#   [[shop.acme.reason]]") :])
    assert (
        parse(text + "\n".join(line[1:] for line in shown), FILE).shops["acme"].reason[0].id == "parcel-late"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('tone = "formal"\n', '[shop.acme] `tone` is "formal", but must be "polite", "familiar" or a table'),
        ('tone = { nl = "formal" }\n', "[shop.acme] `tone` is {"),
        (
            'tone = { nj = "polite" }\n',
            '[shop.acme] `tone` has "nj"; the shop\'s `languages` do not have it: known',
        ),
        (
            'summary_required = "always"\n',
            '[shop.acme] `summary_required` is "always", but must be "none", "handoff"',
        ),
        (
            "summary_messages = 0\n",
            "[shop.acme] `summary_messages` is 0, but must be a whole number from 1 to 100.",
        ),
        (
            "summary_caracters = 0\n",
            "[shop.acme] key `summary_caracters` is not known; did you mean `summary_characters`?",
        ),
        ('interrupt_guard = "off"\n', '[shop.acme] `interrupt_guard` is "off", but must be true or false.'),
        ('afternoon_ends = "17"\n', '[shop.acme] `afternoon_ends` is "17": did you mean "17:00"?'),
        (
            'afternoon_ends = "five"\n',
            '[shop.acme] `afternoon_ends` is "five": write a time such as "17:00".',
        ),
        ('afternoon_ends = "25:00"\n', '[shop.acme] `afternoon_ends` is "25:00", but 25:00 is no time'),
        ('afternoon_ends = "9:00"\n', '[shop.acme] `afternoon_ends` is "9:00", which is before noon.'),
        (
            'glossary = "nowhere.toml"\n',
            "[shop.acme] `glossary` names nowhere.toml, but there is no such file.",
        ),
        ('glossary = "."\n', "[shop.acme] `glossary` names ., which cannot be read: Is a directory."),
        # reasons
        (
            REASON.replace("neither", "none"),
            '[[shop.acme.reason]] 1 `value` is "none", but must be "both", "customer"',
        ),
        (REASON.replace('value = "neither"\n', ""), "[[shop.acme.reason]] 1 `value` is missing: it must be"),
        (REASON.replace("late", "Too late"), '[[shop.acme.reason]] 1 `id` is "Too late": use up to 32'),
        (
            REASON.replace("nl =", "en ="),
            "[[shop.acme.reason]] 1 `label` has no text in `nl`, the shop's first language",
        ),
        (
            REASON.replace("{ nl", '{ NL = "x", nl'),
            '[[shop.acme.reason]] 1 `label` has the language "NL": write a code',
        ),
        (
            REASON.replace("{ nl", '{ zz = "x", nl'),
            '[[shop.acme.reason]] 1 `label` has the language "zz", which nobody reads here;'
            " known languages: `nl`, ",
        ),
        (
            REASON.replace("{ nl", '{ dk = "x", nl'),
            '[[shop.acme.reason]] 1 `label` has the language "dk", which nobody reads here;'
            " did you mean `da`?",
        ),
        (
            REASON + 'next_issue = { nl = "a", nl-BE = "b" }\n',
            '[[shop.acme.reason]] 1 `next_issue` has the language "nl-BE", which nobody reads here;'
            " did you mean `nl`?",
        ),
        (
            REASON + MANDATE.replace('{ nl = "Een', '{ zz = "x", nl = "Een'),
            '[[shop.acme.reason]] 1, mandate 1 `insert` has the language "zz", which',
        ),
        (REASON.replace("Te laat", "x" * 61), '[[shop.acme.reason]] 1 `label` is "xxx'),
        (
            REASON + 'next_issue = { en = "Soon" }\n',
            "[[shop.acme.reason]] 1 `next_issue` has no text in `nl`",
        ),
        (
            REASON + 'next_issue = { nl = "" }\n',
            '[[shop.acme.reason]] 1 `next_issue` is "" in `nl`, but must be a text of 1 to 500',
        ),
        (
            REASON + 'naxt_issue = { nl = "a" }\n',
            "[[shop.acme.reason]] 1 key `naxt_issue` is not known; did you mean `next_issue`?",
        ),
        (REASON + REASON, "[[shop.acme.reason]] 2 `id` is `late`, and so is that of number 1: keep one."),
        (
            "reason = 3\n",
            "`shop.acme.reason` must be a list of tables: write [[shop.acme.reason]] above each.",
        ),
        # mandates
        (
            REASON + MANDATE + "insrt = 1\n",
            "[[shop.acme.reason]] 1, mandate 1 key `insrt` is not known; did you mean `insert`?",
        ),
        (
            REASON + "mandate = 3\n",
            "`shop.acme.reason.mandate` must be a list of tables: write [[shop.acme.reason.mandate]]",
        ),
        (
            REASON + MANDATE.replace('insert = { nl = "Een bon" }\n', ""),
            "[[shop.acme.reason]] 1, mandate 1 `insert` is missing",
        ),
        (
            REASON + MANDATE + MANDATE,
            "[[shop.acme.reason]] 1, mandate 2 `id` is `voucher`, and so is that of number 1",
        ),
        (
            REASON + MANDATE.replace("voucher", "A b"),
            '[[shop.acme.reason]] 1, mandate 1 `id` is "A b": use up to 32',
        ),
        (
            REASON + MANDATE.replace("Een bon", " "),
            '[[shop.acme.reason]] 1, mandate 1 `insert` is " " in `nl`',
        ),
        # promises
        (
            "[desk.two]\ncallbacks_per_hour = -1\n",
            "[desk.two] `callbacks_per_hour` is -1, but must be a whole number from 0 to",
        ),
        (
            "[desk.two]\nsuggest_percentile = 100\n",
            "[desk.two] `suggest_percentile` is 100, but must be a whole number from 1 to 99.",
        ),
        (
            "[desk.two]\noverdue_offer_second = 1\n",
            "[desk.two] key `overdue_offer_second` is not known; did you mean `overdue_offer_seconds`?",
        ),
        # mail
        ("[mial]\n", "table [mial] is not known; did you mean `mail`?"),
        (MAIL + 'sendr = "x"\n', "[mail] key `sendr` is not known; did you mean `sender`?"),
        (MAIL + "port = 0\n", "[mail] `port` is 0, but must be a whole number from 1 to 65535."),
        (MAIL + "starttls = 1\n", "[mail] `starttls` is 1, but must be true or false."),
        (
            MAIL + "port = 465\n",
            "[mail] `port` is 465, where encryption begins before STARTTLS can: use 587.",
        ),
        (
            MAIL.replace("smtp.", "smtp://smtp."),
            '[mail] `host` is "smtp://smtp.acme.example", but must be a host name alone; did you mean `',
        ),
        (
            MAIL.replace('acme.example"\ns', 'acme.example:25"\ns'),
            '[mail] `host` is "smtp.acme.example:25", but must be a host name alone; did you mean',
        ),
        ('[mail]\nhost = "smtp.acme.example"\n', "[mail] `sender` is missing: it must be a mail address"),
        (
            MAIL.replace("service@", ""),
            '[mail] `sender` is "acme.example", but must be a mail address such as',
        ),
        ('[mail]\nuser = "a"\n', "[mail] `user` is set but `host` is not: name the mail server."),
        (MAIL + 'user = "a"\n', "[mail] `user` is set but neither `password_file` nor `password` is"),
        (MAIL + 'password = "a"\n', "[mail] `password` is set but `user` is not: name the user."),
        (
            MAIL + 'user = "a"\npassword = "b"\nstarttls = false\n',
            "[mail] `starttls` is false, so that the password",
        ),
        (
            MAIL + 'user = "a"\npassword_file = "nowhere"\n',
            "[mail] `password_file` names nowhere, but there is no such file.",
        ),
        (
            MAIL + 'user = "a"\npassword_file = "."\n',
            "[mail] `password_file` names ., which cannot be read: Is a directory.",
        ),
        (MAIL + "retry_hours = 0\n", "[mail] `retry_hours` is 0, but must be a whole number from 1 to 720."),
    ],
)
def test_each_mistake_has_its_sentence(text: str, sentence: str) -> None:
    found = problems(text)
    assert len(found) == 1, found
    assert found[0].startswith(f"supportterm.toml: {sentence}")


def test_what_is_wrong_in_a_glossary_is_said_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text("[nl]\nSKU = 3\n")
    (found,) = problems('glossary = "words.toml"\n', tmp_path / "supportterm.toml")
    assert found == f"{file}: [nl] “SKU”: its plain words must be a text."


def test_a_password_is_printed_nowhere(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("sesame\r\nmore")
    text = MAIL + 'user = "a"\n'
    settings = parse(HEAD + text + 'password = "sesame"\n', tmp_path / "supportterm.toml")
    assert settings.mail.secret() == "sesame"
    assert "sesame" not in repr(settings) + str(settings) + repr(settings.mail.__rich_repr__())
    filed = parse(HEAD + text + 'password_file = "password"\n', tmp_path / "supportterm.toml")
    assert filed.mail.secret() == "sesame"
    for wrong in (
        'password = ["sesame"]\n',
        'password = "sesame"\npassword_file = "password"\n',
        'password = "sesame"\nstarttls = false\n',
        'password = "sesame"\nport = 465\n',
    ):
        assert "sesame" not in "\n".join(problems(text + wrong, tmp_path / "supportterm.toml"))


def test_a_password_file_that_is_empty_or_no_text(tmp_path: Path) -> None:
    text = MAIL + 'user = "a"\npassword_file = "password"\n'
    for content, why in ((b"\nsesame", "its first line is empty"), (b"\xff\xfe", "it is not UTF-8 text")):
        (tmp_path / "password").write_bytes(content)
        (found,) = problems(text, tmp_path / "supportterm.toml")
        assert why in found


def test_on_this_machine_a_password_needs_no_encryption() -> None:
    text = MAIL.replace("smtp.acme.example", "127.0.0.1") + 'user = "a"\npassword = "b"\nstarttls = false\n'
    assert parse(HEAD + text, FILE).mail.secret() == "b"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("service@acme.example", True),
        ("Acme Bikes <service@acme.example>", True),
        ("root@localhost", True),
        ("service@acme", False),
        ("Acme", False),
        ("a@b.example\nBcc: c@d.example", False),
        ("", False),
    ],
)
def test_senders(text: str, good: bool) -> None:
    assert is_sender(text) is good
