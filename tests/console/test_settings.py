"""console.toml: what is wrong is said, and never stops the console."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.console.settings import ConsoleSettings, load_settings, system_language


def load(folder: Path, text: str | None) -> ConsoleSettings:
    if text is not None:
        (folder / "console.toml").write_text(text, "utf-8")
    return load_settings(folder, folder / "state", {"LANG": "da_DK.UTF-8"})


def test_without_a_file_the_system_decides(tmp_path: Path) -> None:
    settings = load(tmp_path, None)
    assert (settings.language, settings.theme, settings.bell, settings.problems) == ("da", "", False, ())


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = load(
        tmp_path, 'theme = "dawn"\nlanguage = "nl"\nbell = true\n[keys]\n"chat.close" = "ctrl+w"\n'
    )
    assert (settings.language, settings.theme, settings.bell) == ("nl", "dawn", True)
    assert settings.keymap.overrides == {"chat.close": "ctrl+w"}
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('themes = "dawn"', "key `themes` is not known; did you mean `theme`?"),
        ('bell = "yes"', "key `bell` must be true or false."),
        ("theme = 3", "key `theme` must be text in quotes."),
        ('language = "fr"', "key `language` must be one of en, nl, da."),
        ('keys = "x"', "key `keys` must be a table, `[keys]`."),
        ("[keys]\nhelp = 3", "[keys] `help` must be a key in quotes."),
    ],
)
def test_a_wrong_entry_names_file_and_key_and_the_default_holds(
    tmp_path: Path, text: str, sentence: str
) -> None:
    settings = load(tmp_path, text)
    assert settings.problems == (f"{tmp_path / 'console.toml'}: {sentence}",)
    assert (settings.language, settings.theme, settings.bell) == ("da", "", False)


def test_a_file_that_is_not_toml_is_one_sentence(tmp_path: Path) -> None:
    assert len(load(tmp_path, "theme = ").problems) == 1


def test_the_language_of_the_system() -> None:
    assert system_language({"LC_ALL": "nl_NL"}) == "nl"
    assert system_language({"LC_ALL": "", "LANG": "C"}) == "en"
    assert system_language({}) == "en"


def test_the_servers_word_decides_about_steps_unless_the_file_does(tmp_path: Path) -> None:
    assert load(tmp_path, None).steps == "auto"
    assert load(tmp_path, 'steps = "bar"').steps == "bar"
    wrong = load(tmp_path, 'steps = "all"')
    assert wrong.steps == "auto"
    assert wrong.problems == (
        f"{tmp_path / 'console.toml'}: key `steps` must be one of auto, missing, bar, off.",
    )
