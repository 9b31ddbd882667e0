"""``[shop.<key>.identity]``: each mistake in a sentence, the secret in none; the guide's code is believed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.identity import read
from server.platform import RealPlatform
from server.settings import BadSettings, parse
from supportterm.cli import main
from supportterm.protocol.contact import Identity
from tests.signing import SECRET, known, token

FILE = Path("supportterm.toml")
HEAD = '[desk.main]\n[shop.acme]\ndesk = "main"\n[shop.books]\ndesk = "main"\n'
TABLE = "[shop.acme.identity]\n"


def problems(text: str, path: Path = FILE) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        parse(HEAD + text, path)
    return caught.value.problems


def test_without_it_nobody_is_known() -> None:
    assert parse(HEAD, FILE).shops["acme"].identity is None


def test_a_secret_in_the_file_or_beside_it(tmp_path: Path) -> None:
    found = parse(f'{HEAD}{TABLE}secret = "{SECRET}"\n', FILE).shops["acme"].identity
    assert found is not None
    assert found.key() == SECRET.encode()
    (tmp_path / "acme-secret").write_text(SECRET + "\r\nmore\n", encoding="utf-8")
    settings = parse(f'{HEAD}{TABLE}secret_file = "acme-secret"\n', tmp_path / "supportterm.toml")
    found = settings.shops["acme"].identity
    assert found is not None
    assert found.key() == SECRET.encode()
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "neither `secret` nor `secret_file`"),
        ('secret = "geheim-und-kurz"', "has 15 characters, but must have at least 32"),
        (f'secret = "{SECRET[:20]} {SECRET[:20]}"', "without spaces"),
        (f'secret = "{SECRET}é"', "ASCII"),
        (f'secret = "{SECRET}\\n"', "without spaces"),
        ("secret = 7", "must be a text of at least 32 characters"),
        (f'secret = "{SECRET}"\nsecret_file = "x"', "both set"),
        ('secret_file = "nowhere"', "there is no such file"),
        (f'secrets = "{SECRET}"', "key `secrets` is not known"),
    ],
)
def test_a_mistake_is_a_sentence_without_the_secret(line: str, why: str) -> None:
    found = problems(f"{TABLE}{line}\n")
    assert any("[shop.acme.identity]" in one and why in one for one in found), found
    assert not any(SECRET[:20] in one or "geheim" in one for one in found)


@pytest.mark.parametrize(
    ("held", "why"), [("", "is empty"), ("short\n", "at least 32"), ("a b" * 20, "spaces")]
)
def test_a_file_that_holds_no_secret(tmp_path: Path, held: str, why: str) -> None:
    (tmp_path / "secret").write_text(held, encoding="utf-8")
    (found,) = problems(f'{TABLE}secret_file = "secret"\n', tmp_path / "supportterm.toml")
    assert "whose first line" in found
    assert why in found
    assert "short" not in found


# --- looking at one --------------------------------------------------------------------------------------


@pytest.fixture
def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    file = tmp_path / "supportterm.toml"
    file.write_text(f'{HEAD}{TABLE}secret = "{SECRET}"\n', encoding="utf-8")

    def look(text: str, shop: str = "acme") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))
        code = main(["check", "--config", str(file), "--identity", shop])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return look


def now_ms() -> int:
    return RealPlatform().wall()


def test_check_says_what_one_says(looked: Any) -> None:
    code, said = looked(known("48213", now_ms(), "acme", name="Eva \x1b[2J", email="eva@example.org"))
    assert code == 0
    assert "customer 48213 of acme" in said
    assert "eva@example.org" in said
    assert "\x1b" not in said


def test_check_says_why_one_is_not_believed(looked: Any) -> None:
    for text, why in (
        (known("48213", now_ms(), "books"), "`aud`"),
        (known("48213", now_ms(), "acme", "x" * 32), "not signed with this shop's secret"),
        (token({"sub": "48213", "aud": "acme", "exp": 1_600_000_000}), "expired"),
        ("", "no JWT"),
    ):
        code, said = looked(text)
        assert code != 0
        assert why in said
        assert SECRET not in said
    assert "no [shop.books.identity]" in looked("x", "books")[1]
    assert "no [shop.cars]" in looked("x", "cars")[1]


# --- the guide -------------------------------------------------------------------------------------------

EVA = Identity("48213", "Eva Jansen", "eva@example.org")


def shown_in(language: str) -> str:
    page = Path("docs/identity.md").read_text(encoding="utf-8")
    found = re.search(rf"   ```{language}\n(.*?)   ```", page, re.DOTALL)
    assert found is not None
    return re.sub(r"^   ", "", found[1], flags=re.MULTILINE)


def test_the_guides_python_is_believed() -> None:
    names: dict[str, Any] = {"secret": SECRET}
    exec(shown_in("python"), names)
    assert read(names["token"], SECRET.encode(), "acme", now_ms()).who == EVA


@pytest.mark.parametrize(
    ("language", "program", "frame"),
    [
        ("js", ["node", "-e"], 'const secret = "{secret}";\n{code}\nprocess.stdout.write(token);'),
        ("php", ["php", "-r"], "$secret = '{secret}';\n{code}\necho $token;"),
    ],
)
def test_the_guides_other_languages_are_believed(language: str, program: list[str], frame: str) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    code = frame.replace("{secret}", SECRET).replace("{code}", shown_in(language))
    made = subprocess.run([*program, code], capture_output=True, text=True, check=True).stdout
    assert read(made, SECRET.encode(), "acme", now_ms()).who == EVA
