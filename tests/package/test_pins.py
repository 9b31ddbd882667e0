"""The pinned requirements belong to what the project asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WANTED = {"run": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}


def pins_of(name: str) -> dict[str, str]:
    """What `requirements/<name>.txt` installs, with what it stands on."""
    pins: dict[str, str] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines():
        if below := re.fullmatch(r"-r (\w+)\.txt", line):
            pins |= pins_of(below[1])
        elif pin := re.fullmatch(r"([a-z0-9-]+)==([0-9][0-9a-z.]*)", line):
            pins[pin[1]] = pin[2]
        else:
            assert line.startswith("#"), f"not a plain pin: {line}"
    return pins


@pytest.mark.parametrize("name", sorted(WANTED))
def test_everything_asked_for_is_pinned_to_a_version_that_fits(name: str) -> None:
    pins = pins_of(name)
    for text in WANTED[name]:
        requirement = Requirement(text)
        assert requirement.name in pins, "run `make pins`"
        assert requirement.specifier.contains(pins[requirement.name]), f"{text}: run `make pins`"


def test_the_build_and_the_tests_use_the_same_hatchling() -> None:
    (asked,) = PROJECT["build-system"]["requires"]
    assert asked == f"hatchling=={pins_of('test')['hatchling']}"
