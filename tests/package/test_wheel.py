"""The wheel alone is enough: installed into an empty environment, it runs outside the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Building and installing wait for the package index, and the demo plays for a while.
# One worker for all: the environment is made once.
pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("wheel")]


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", out, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of commands of an environment that has nothing but the wheel and what it asks for."""
    home = tmp_path_factory.mktemp("environment")
    made = run(sys.executable, "-m", "venv", home / "venv", cwd=home)
    assert made.returncode == 0, made.stderr
    bin_dir = home / "venv" / "bin"
    pip = run(
        bin_dir / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "install",
        "--constraint", ROOT / "requirements" / "run.txt", wheel, cwd=home,
    )  # fmt: skip
    assert pip.returncode == 0, pip.stderr
    return bin_dir


def test_everything_needed_at_run_time_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"supportterm/_themes/dusk.toml", "supportterm/_themes/dawn.toml"} <= names
    dist = {f"server/widget/dist/{name}.js" for name in ("widget", "panel", "texts-en", "texts-fr-familiar")}
    assert dist <= names
    assert "server/widget/demo/index.html" in names
    # Files that code reads beside itself: each of the checkout's is in the wheel.
    for suffix in (".sql", ".toml", ".tcss"):
        for room in ("supportterm", "server"):
            for path in (ROOT / room).rglob(f"*{suffix}"):
                if "node_modules" not in path.parts:
                    assert path.relative_to(ROOT).as_posix() in names
    assert any(name.endswith(".sql") for name in names)


def test_nothing_else_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"supportterm", "server"}
    for unwanted in ("node_modules", "widget/src/", "widget/test/", "package.json", "tests/", "__pycache__"):
        assert not [name for name in names if unwanted in name]


def test_the_themes_are_found_where_they_were_installed(installed: Path, tmp_path: Path) -> None:
    code = (
        "from supportterm.theme import *; themes, problems = load_all(directories()[:1]);"
        "print(list(themes), problems, directories()[0])"
    )
    shown = run(installed / "python", "-c", code, cwd=tmp_path)
    assert shown.stdout.startswith("['dusk', 'clear', 'dawn'] [] "), shown.stderr
    assert str(ROOT) not in shown.stdout


def test_the_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "supportterm", "--version", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "supportterm" in shown.stdout


def test_the_demo_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    demo = run(
        installed / "supportterm", "demo", "--headless", "--seconds", "8", cwd=tmp_path,
        HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path),
    )  # fmt: skip
    assert demo.returncode == 0, demo.stdout + demo.stderr
    figures = json.loads(demo.stdout.splitlines()[-1])
    assert figures["messages"] > 0
    assert figures["chats"] > 0
