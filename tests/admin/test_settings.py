"""The settings file: what is good, and the sentence for everything that is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.settings import BadSettings, default_toml, describe, is_loopback, load, needs_restart, parse
from server.settings.keys import TABLES
from server.settings.origins import is_origin, origin_help
from server.settings.reading import keys_of

FILE = Path("supportterm.toml")
GOOD = '[desk.main]\n[shop.acme]\ndesk = "main"\norigins = ["https://www.acme.example"]\n'


def problems(text: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        parse(text, FILE)
    return caught.value.problems


def test_defaults() -> None:
    settings = parse(GOOD, FILE)
    assert settings.server.port == 8700
    assert settings.limits.connections == 20_000
    assert settings.desks["main"].hard_cap == 5
    assert settings.shops["acme"].name == "acme"
    assert settings.shops["acme"].languages == ["en"]
    assert settings.public_url == "http://127.0.0.1:8700"
    assert settings.socket_url == "ws://127.0.0.1:8700"


def test_the_file_that_init_writes_is_good_and_all_defaults() -> None:
    text = default_toml("acme", origins=["https://www.acme.example"])
    written = parse(text, FILE)
    assert written == parse(GOOD, FILE)
    for name, table, _ in TABLES:
        for key in keys_of(table):
            assert key.table is not None or f"{key.name} = " in text, f"{name}.{key.name}"


def test_uncommented_defaults_are_valid() -> None:
    lines = default_toml("acme").splitlines()
    active = [line[1:] if line.startswith("#") and not line.startswith("# ") else line for line in lines]
    assert parse("\n".join(active), FILE) == parse(default_toml("acme"), FILE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[desk.main]\n[shop.acme]\ndesk = "main"\norigin = []\n',
            "supportterm.toml: [shop.acme] key `origin` is not known; did you mean `origins`?",
        ),
        (GOOD + "[limit]\n", "supportterm.toml: table [limit] is not known; did you mean `limits`?"),
        (
            GOOD + '[server]\nport = "8700"\n',
            'supportterm.toml: [server] `port` is "8700", but must be a whole number from 0 to 65535.',
        ),
        (
            GOOD + "[server]\nport = 70000\n",
            "supportterm.toml: [server] `port` is 70000, but must be a whole number from 0 to 65535.",
        ),
        (
            GOOD + "[limits]\nconnections = true\n",
            "supportterm.toml: [limits] `connections` is true, but must be a whole number from 1 to 1000000.",
        ),
        (
            GOOD + '[server]\nlog_level = "loud"\n',
            'supportterm.toml: [server] `log_level` is "loud", but must be "debug",'
            ' "info", "warning" or "error".',
        ),
        (
            GOOD + "[shop.two]\n",
            "supportterm.toml: [shop.two] `desk` is missing: it must be the id of a"
            " [desk.<id>] in this file.",
        ),
        (
            GOOD + '[shop.two]\ndesk = "mian"\n',
            "supportterm.toml: [shop.two] `desk` names `mian`, but there is no"
            " [desk.mian]; did you mean `main`?",
        ),
        (
            GOOD + '[server]\ntls_key = "key.pem"\n',
            "supportterm.toml: [server] `tls_key` is set but `tls_cert` is not: TLS needs both.",
        ),
        (
            GOOD + '[server]\ntrusted_proxies = ["10.0.0.1/8"]\n',
            'supportterm.toml: [server] `trusted_proxies` has "10.0.0.1/8": 10.0.0.1/8 has host bits set.',
        ),
        (
            GOOD.replace("https://www.acme.example", "www.acme.example/shop"),
            'supportterm.toml: [shop.acme] `origins` has "www.acme.example/shop": browsers send exactly'
            " scheme://host[:port]; did you mean `https://www.acme.example`?",
        ),
        (
            GOOD.replace("https://www.acme.example", "https://Acme.Example:443"),
            'supportterm.toml: [shop.acme] `origins` has "https://Acme.Example:443": browsers send exactly'
            " scheme://host[:port]; did you mean `https://acme.example`?",
        ),
        (
            GOOD.replace('"]', '", "https://www.acme.example"]'),
            'supportterm.toml: [shop.acme] `origins` has "https://www.acme.example" twice: keep one.',
        ),
        (
            GOOD + "[desk.Main]\n",
            "supportterm.toml: [desk.Main] `Main` cannot be the id of a desk: use up to"
            " 32 of a-z, 0-9 and `-`,"
            " beginning with a letter or digit.",
        ),
        (
            GOOD + "[desk.main]\n",
            "supportterm.toml: this is not valid TOML: Cannot declare ('desk', 'main')"
            " twice (at line 5, column"
            " 11); the same key or table stands twice: keep one.",
        ),
        (
            "[server]\n",
            "supportterm.toml: there is no desk: add a table such as [desk.main].",
        ),
        (
            '[desk]\nhard_cap = 3\n[shop.acme]\ndesk = "main"\n',
            "supportterm.toml: [desk] key `hard_cap` stands in no desk: write it under [desk.<id>].",
        ),
        (
            "server = 3\n" + GOOD,
            "supportterm.toml: `server` must be a table: write [server] on a line of its own.",
        ),
    ],
)
def test_each_mistake_has_its_sentence(text: str, sentence: str) -> None:
    assert sentence in problems(text)


def test_what_is_not_toml_is_said_with_its_place() -> None:
    (problem,) = problems(GOOD + "[desk.Über]\n")
    assert problem.startswith("supportterm.toml: this is not valid TOML: ")
    assert "line 5" in problem


def test_everything_wrong_is_said_at_once() -> None:
    found = problems(
        '[server]\nport = "x"\ntls_cert = "a"\nhost = "0.0.0.0"\n[desk.main]\nhard_cap = 0\n'
        '[shop.a]\ndesk = "main"\norigins = ["*"]\nretention = 3\n'
    )
    assert len(found) == 6
    assert any("lets any page on the web use this shop" in one for one in found)


def test_any_origin_on_loopback_and_on_practice_desks_only() -> None:
    anywhere = GOOD.replace("https://www.acme.example", "*")
    assert parse(anywhere, FILE).shops["acme"].origins == ["*"]
    assert problems(anywhere + '[server]\nhost = "0.0.0.0"\n')
    practice = anywhere.replace("[desk.main]\n", "[desk.main]\npractice = true\n")
    assert parse(practice + '[server]\nhost = "0.0.0.0"\n', FILE).desks["main"].practice


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").touch()
    (tmp_path / "key.pem").touch()
    file = tmp_path / "supportterm.toml"
    file.write_text(GOOD + '[server]\ndata_dir = "data"\ntls_cert = "cert.pem"\ntls_key = "key.pem"\n')
    settings = load(file)
    assert settings.data_dir == tmp_path / "data"
    assert settings.server.tls_cert == str(tmp_path / "cert.pem")
    assert settings.socket_url == "wss://127.0.0.1:8700"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "this is a directory"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "this is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, make: object, said: str) -> None:
    path = tmp_path / "supportterm.toml"
    make(path)  # type: ignore[operator]
    with pytest.raises(BadSettings, match=said):
        load(path)


def test_public_address() -> None:
    settings = parse(GOOD + '[server]\npublic_url = "https://chat.acme.example/"\n', FILE)
    assert settings.public_url == "https://chat.acme.example"
    assert settings.socket_url == "wss://chat.acme.example"
    assert parse(GOOD + '[server]\nhost = "::1"\n', FILE).public_url == "http://[::1]:8700"
    assert problems(GOOD + '[server]\npublic_url = "chat.acme.example"\n')


def test_what_a_reload_cannot_apply() -> None:
    old = parse(GOOD, FILE)
    new = parse(GOOD + "[server]\nport = 8800\n[limits]\nconnections = 3\n", FILE)
    assert needs_restart(old, new) == ["[server] `port` changed: it applies after a restart."]


@pytest.mark.parametrize(
    ("origin", "good"),
    [
        ("https://a.example", True),
        ("http://localhost:3000", True),
        ("http://[::1]:8080", True),
        ("https://xn--bcher-kva.example", True),
        ("https://bücher.example", False),
        ("https://a.example/", False),
        ("https://a.example:443", False),
        ("https://user@a.example", False),
        ("https://*.example", False),
        ("https://a.example:99999", False),
        ("ftp://a.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_origins(origin: str, good: bool) -> None:
    assert is_origin(origin) is good


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("www.acme.example", "https://www.acme.example"),
    ],
)
def test_an_origin_without_its_scheme_is_guessed(written: str, meant: str) -> None:
    assert f"did you mean `{meant}`?" in origin_help(written)


@given(st.text(max_size=40))
def test_no_origin_breaks_the_check(text: str) -> None:
    is_origin(text)


def test_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("chat.acme.example")


def test_every_key_is_described() -> None:
    page = Path("docs/settings.md").read_text(encoding="utf-8")
    assert page == describe(), "run `python -m server.settings`"
    for _, table, _ in TABLES:
        for key in keys_of(table):
            assert key.about, key.name
            assert key.valid, key.name


def test_default_data_dir(monkeypatch: pytest.MonkeyPatch) -> None:
    from server.settings import default_data_dir

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/supportterm")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_data_dir().name == "supportterm"
