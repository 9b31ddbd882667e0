"""The zone that a machine was given, where it is one of a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.commands.zone import machine_zone


def machine(etc: Path, link: str = "", text: str = "") -> Path:
    if link:
        (etc / "localtime").symlink_to(link)
    if text:
        (etc / "timezone").write_text(text)
    return etc


@pytest.mark.parametrize(
    ("tz", "link", "text", "zone"),
    [
        ("", "/usr/share/zoneinfo/Europe/Amsterdam", "", "Europe/Amsterdam"),
        ("", "../usr/share/zoneinfo/posix/Europe/Copenhagen", "", "Europe/Copenhagen"),
        ("", "/var/db/timezone/zoneinfo/America/Argentina/Ushuaia", "", "America/Argentina/Ushuaia"),
        ("", "", "Europe/Copenhagen\n", "Europe/Copenhagen"),
        ("", "/usr/share/zoneinfo/Etc/UTC", "Etc/UTC\n", ""),
        ("", "/usr/share/zoneinfo/UTC", "", ""),
        ("", "/usr/share/zoneinfo/Europe/Atlantis", "Mars/Olympus", ""),
        ("", "/somewhere/else", "\0", ""),
        ("", "", "../../etc/passwd", ""),
        ("Europe/Paris", "/usr/share/zoneinfo/Europe/Amsterdam", "", "Europe/Paris"),
        (":Europe/Paris", "", "", "Europe/Paris"),
        ("UTC", "/usr/share/zoneinfo/Europe/Amsterdam", "", ""),
        ("CET-1CEST", "/usr/share/zoneinfo/Europe/Amsterdam", "", ""),
        ("", "", "", ""),
    ],
)
def test_the_zone_of_a_machine(tmp_path: Path, tz: str, link: str, text: str, zone: str) -> None:
    assert machine_zone({"TZ": tz} if tz else {}, machine(tmp_path, link, text)) == zone
