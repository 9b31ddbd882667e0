"""Sign-ins kept on an agent's machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.commands.exits import Stop
from supportterm.commands.tokens import Tokens

ONE, TWO = "wss://one.example", "wss://two.example"


class Ring:
    """A keyring in memory, as the `keyring` package's backends behave."""

    def __init__(self, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.kept[service, username]

    def _open(self) -> None:
        if self.locked:
            raise RuntimeError("locked")


def test_several_servers_in_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "config" / "signins.json"
    tokens = Tokens(file)
    assert tokens.last() == ""
    assert tokens.token(ONE) == ""
    tokens.keep(ONE, "anna", "first")
    tokens.keep(TWO, "anna", "second")
    assert file.stat().st_mode & 0o777 == 0o600
    again = Tokens(file)
    assert again.servers() == [ONE, TWO]
    assert (again.token(ONE), again.agent(ONE), again.token(TWO)) == ("first", "anna", "second")
    assert again.last() == TWO
    again.use(ONE)
    assert Tokens(file).last() == ONE
    assert again.forget(ONE)
    assert not again.forget(ONE)
    assert Tokens(file).last() == TWO
    assert Tokens(file).token(ONE) == ""


def test_with_a_keyring_the_file_has_no_token(tmp_path: Path) -> None:
    file = tmp_path / "signins.json"
    ring = Ring()
    Tokens(file, ring).keep(ONE, "anna", "secret-token")
    assert "secret-token" not in file.read_text()
    assert Tokens(file, ring).token(ONE) == "secret-token"
    assert Tokens(file, ring).forget(ONE)
    assert ring.kept == {}


def test_a_locked_keyring_falls_back_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "signins.json"
    Tokens(file, Ring(locked=True)).keep(ONE, "anna", "secret-token")
    assert Tokens(file, Ring(locked=True)).token(ONE) == "secret-token"


def test_a_keyring_that_locks_later_is_a_missing_sign_in(tmp_path: Path) -> None:
    file = tmp_path / "signins.json"
    Tokens(file, Ring()).keep(ONE, "anna", "secret-token")
    assert Tokens(file, Ring(locked=True)).token(ONE) == ""


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "signins.json"
    file.write_text("{")
    with pytest.raises(Stop, match="damaged: delete it"):
        Tokens(file).last()


def test_where_nothing_can_be_kept_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for there in (tmp_path / "file" / "signins.json", tmp_path / "file" / "deeper" / "signins.json"):
        with pytest.raises(Stop, match=r"your sign-ins are kept in .*XDG_CONFIG_HOME"):
            Tokens(there).prepare()
    Tokens(tmp_path / "new" / "signins.json").prepare()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
