"""``[drafter]``: off by default, each mistake in a sentence, the key in none."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.rules_of import rules_of
from server.settings import BadSettings, Settings, default_toml, parse
from server.settings.drafter import Drafter

FILE = Path("supportterm.toml")
HEAD = '[desk.main]\n[shop.acme]\ndesk = "main"\n[shop.books]\ndesk = "main"\n'
URL = "https://models.example/v1/chat/completions"
ON = f'[drafter]\nurl = "{URL}"\n'


def problems(text: str, path: Path = FILE) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + text, path)
    return caught.value.problems


def drafted(settings: Settings) -> list[str]:
    """The shops whose consoles may ask."""
    shops = rules_of(settings, "main").shops
    return [key for key, shop in shops.items() if shop.facts is not None and shop.facts.drafts]


def test_it_is_off_unless_an_address_is_given() -> None:
    for text in ("", "[drafter]\n", "[drafter]\ntimeout_ms = 500\n"):
        settings = parse(HEAD + text, FILE)
        assert drafted(settings) == []
        assert not settings.drafter.serves("acme")
    assert parse(default_toml(), FILE).drafter == Drafter()


def test_all_shops_or_those_that_are_named() -> None:
    settings = parse(HEAD + ON, FILE)
    assert drafted(settings) == ["acme", "books"]
    assert (settings.drafter.timeout_ms, settings.drafter.per_minute, settings.drafter.secret()) == (
        3000,
        10,
        "",
    )
    assert drafted(parse(HEAD + ON + 'shops = ["books"]\n', FILE)) == ["books"]


@pytest.mark.parametrize("host", ["127.0.0.1:11434", "localhost", "[::1]:8080"])
def test_on_this_machine_it_may_be_plain(host: str) -> None:
    assert parse(HEAD + f'[drafter]\nurl = "http://{host}/v1/chat/completions"\n', FILE).drafter.url


URL_IS = '`url` is "https://'
NONE = ", but must be an address such as"
WHOLE = f", but must be the whole address; did you mean `{URL}`?"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("models.example", f'`url` is "models.example"{NONE}'),
        ("ftp://models.example/c", f'`url` is "ftp://models.example/c"{NONE}'),
        ("https://a b/c", f'{URL_IS}a b/c"{NONE}'),
        ("https://a:x/c", f'{URL_IS}a:x/c"{NONE}'),
        ("https://a:0/c", f'{URL_IS}a:0/c"{NONE}'),
        ("https://ä.example/c", f'{URL_IS}ä.example/c"{NONE}'),
        ("https://models.example", f'{URL_IS}models.example"{WHOLE}'),
        ("https://models.example/v1/", f'{URL_IS}models.example/v1/"{WHOLE}'),
        (
            "http://models.example/v1/chat/completions",
            '`url` is "http://models.example/v1/chat/completions", so that customers\' words would travel in'
            f" the clear: use https://; did you mean `{URL}`?",
        ),
    ],
)
def test_an_address_that_cannot_be_asked(url: str, sentence: str) -> None:
    (found,) = problems(f'[drafter]\nurl = "{url}"\n')
    assert found.startswith(f"supportterm.toml: [drafter] {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[drafer]\n", "table [drafer] is not known; did you mean `drafter`?"),
        (ON + 'modell = "x"\n', "[drafter] key `modell` is not known; did you mean `model`?"),
        (
            ON + "timeout_ms = 3001\n",
            "[drafter] `timeout_ms` is 3001, but must be a whole number from 100 to",
        ),
        (ON + "per_minute = 0\n", "[drafter] `per_minute` is 0, but must be a whole number from 1 to 600."),
        ('[drafter]\nmodel = "x"\n', "[drafter] `model` is set but `url` is not: name the endpoint."),
        ('[drafter]\nkey = "x"\n', "[drafter] `key` is set but `url` is not: name the endpoint."),
        (ON + 'key_file = "nowhere"\n', "[drafter] `key_file` names nowhere, but there is no such file."),
        (ON + 'key_file = "."\n', "[drafter] `key_file` names ., which cannot be read: Is a directory."),
        (
            ON + 'key = "a"\nkey_file = "README.md"\n',
            "[drafter] `key` and `key_file` are both set: keep one.",
        ),
        (
            ON + 'shops = ["acmee"]\n',
            '[drafter] `shops` has "acmee", but there is no [shop.acmee]; did you mean `acme`?',
        ),
        (ON + 'shops = ["acme", "acme"]\n', '[drafter] `shops` has "acme" twice: keep one.'),
    ],
)
def test_each_mistake_has_its_sentence(text: str, sentence: str) -> None:
    assert problems(text)[0].startswith(f"supportterm.toml: {sentence}")


def test_a_key_is_printed_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "supportterm.toml"
    (tmp_path / "key").write_text("sesame\nmore")
    settings = parse(HEAD + ON + 'key = "sesame"\n', path)
    assert settings.drafter.secret() == "sesame"
    assert "sesame" not in repr(settings) + str(settings) + repr(settings.drafter.__rich_repr__())
    assert parse(HEAD + ON + 'key_file = "key"\n', path).drafter.secret() == "sesame"
    (tmp_path / "spaced").write_text("sesame open\n")
    (tmp_path / "empty").write_text("\nsesame\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfesesame")
    for wrong, why in (
        (ON + "key = 3\n", "`key` must be a text"),
        (ON + 'key = ["sesame"]\n', "`key` must be a text"),
        (ON + 'key = "sesame open"\n', "`key` must be a text without spaces"),
        (ON + 'key = "sesame\\nX-Other: 1"\n', "`key` must be a text without spaces"),
        (ON + 'key_file = "spaced"\n', "its first line is no key"),
        (ON + 'key_file = "empty"\n', "its first line is empty"),
        (ON + 'key_file = "binary"\n', "it is not UTF-8 text"),
        ('[drafter]\nurl = "https://me:sesame@models.example/c"\n', "`url` holds a user or a password"),
    ):
        (found,) = problems(wrong, path)
        assert why in found
        assert "sesame" not in found
