"""Theme files: the shipped ones are whole and readable, bad ones are told in sentences."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.theme import Theme as AppTheme

from supportterm.theme import DEFAULT, BadTheme, directories, load, load_all, to_css, to_textual, weak_pairs
from supportterm.theme.colour import contrast, parse
from supportterm.theme.describing import describe
from supportterm.theme.roles import ROLES, WIDGET_ROLES

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "themes").glob("*.toml"))
LEAST = '[colours]\nbackground = "#000"\ntext = "#fff"\nprimary = "#88f"\n'


@pytest.fixture
def problems_of(tmp_path: Path):  # type: ignore[no-untyped-def]
    def problems(text: str, name: str = "mine.toml") -> list[str]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadTheme) as caught:
            load(path)
        return caught.value.problems

    return problems


def test_the_shipped_themes_are_found_with_the_usual_one_first() -> None:
    themes, problems = load_all(directories()[:1])
    assert problems == []
    assert list(themes) == ["dusk", "clear", "dawn"]
    assert next(iter(themes)) == DEFAULT
    assert [theme.dark for theme in themes.values()] == [True, True, False]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_theme_is_readable_and_tells_about_itself(path: Path) -> None:
    theme = load(path)
    assert weak_pairs(theme) == []
    assert theme.about.endswith(".")
    assert set(theme.colours) == set(theme.console) == {role.name for role in ROLES}
    assert set(theme.widget) == {role.name for role in WIDGET_ROLES}


def test_the_clear_theme_has_more_contrast_than_asked() -> None:
    assert weak_pairs(load(ROOT / "themes" / "clear.toml"), least=7) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_app_takes_it_and_knows_every_role(path: Path) -> None:
    theme = load(path)
    taken = AppTheme(**to_textual(theme))
    # As the app itself puts them together (App.get_css_variables).
    variables = {**taken.to_color_system().generate(), **taken.variables}
    for role in ROLES:
        name = {"text": "foreground"}.get(role.name, role.name).replace("_", "-")
        assert variables[name].lower() == theme.console[role.name]
    # What style sheets of the app's own widgets ask for; terminal colours leave these out.
    for name in ("ansi-background", "surface-active", "foreground-disabled", "text", "footer-key-foreground"):
        assert variables[name]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_widget_gets_colours_and_nothing_else(path: Path) -> None:
    css = to_css(load(path))
    assert css.pop("--st-scheme") in {"dark", "light"}
    assert {"--st-background", "--st-text", "--st-on-primary", "--st-mine", "--st-on-theirs"} <= set(css)
    assert all(re.fullmatch(r"--st-[a-z-]+", name) for name in css)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in css.values())


def test_a_small_theme_is_filled_from_its_few_colours(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[palette]\nplum = "#6B2D5C"\n' + LEAST + 'accent = "$plum"\n[widget]\nlauncher = "$accent"\n'
        '[console]\nline = "$plum"\n'
    )
    theme = load(tmp_path / "mine.toml")
    assert (theme.name, theme.title, theme.dark, theme.ansi) == ("mine", "Mine", True, False)
    assert theme.colours["customer"] == theme.colours["accent"] == theme.widget["launcher"] == "#6b2d5c"
    assert theme.colours["line"] == "#ffffff"
    assert theme.console["line"] == "#6b2d5c"
    assert theme.colours["surface"] == "#000000"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[colors]\n" + LEAST, "mine.toml: key `colors` is not known; did you mean `colours`?"),
        (
            LEAST + 'primry = "#fff"\n',
            "mine.toml: [colours] key `primry` is not known; did you mean `primary`?",
        ),
        (LEAST + "[widget]\ntext = '#fff'\n", "mine.toml: [widget] key `text` is not known; known are"),
        (LEAST + 'accent = "red"\n', 'mine.toml: [colours] `accent` is "red", not a colour: write "#rgb"'),
        (LEAST + 'accent = "#12345"\n', 'mine.toml: [colours] `accent` is "#12345", not a colour'),
        (LEAST + "accent = 7\n", "mine.toml: [colours] `accent` must be a colour in quotes"),
        (LEAST + 'accent = "$plum"\n', "mine.toml: [colours] `accent` names `$plum`, which is not there"),
        (
            LEAST + 'accent = "$warning"\n',
            "mine.toml: [colours] `accent` → `warning` → `accent` goes round in a circle",
        ),
        (LEAST + 'note = "$note"\n', "mine.toml: [colours] `note` → `note` goes round in a circle"),
        (
            '[colours]\ntext = "#fff"\nprimary = "#fff"\n',
            "mine.toml: [colours] must have `background`: behind",
        ),
        ("dark = 1\n" + LEAST, "mine.toml: `dark` must be true or false."),
        ('title = "a\\u001b[2J"\n' + LEAST, "mine.toml: `title` must be a short text on one line"),
        ("colours = 3\n", "mine.toml: `colours` must be a table"),
        ('[palette]\ntext = "#fff"\n' + LEAST, "mine.toml: [palette] `text` is the name of a role"),
        ("ansi = true\n" + LEAST, "mine.toml: [console] must have `background`"),
        (
            "ansi = true\n" + LEAST + '[console]\nbackground = "ansi_blak"\ntext = "#fff"\n'
            'primary = "ansi_red"\n',
            '[console] `background` is "ansi_blak", not a terminal colour; did you mean `ansi_black`?',
        ),
        ("= 3", "this is not valid TOML"),
        ("x" * 70_000, "this is too big for a theme file."),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_valid_key(  # type: ignore[no-untyped-def]
    problems_of, text: str, sentence: str
) -> None:
    assert any(sentence in problem for problem in problems_of(text))


def test_everything_wrong_is_said_at_once_and_once(problems_of) -> None:  # type: ignore[no-untyped-def]
    problems = problems_of(LEAST + 'accent = "red"\nnotes = "#fff"\nwaiting = "blue"\n')
    assert [problem.split("`")[1] for problem in problems] == ["notes", "accent", "waiting"]


def test_a_bad_file_leaves_the_others_and_a_later_directory_wins(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for directory in (one, two):
        directory.mkdir()
    (one / "a.toml").write_text(LEAST)
    (one / "dusk.toml").write_text(LEAST)
    (one / "broken.toml").write_text("dark = 1\n" + LEAST)
    (one / "Bad Name.toml").write_text(LEAST)
    (one / "latin.toml").write_bytes(b'title = "\xe9"')
    (one / "a-directory.toml").mkdir()
    (two / "a.toml").write_text("dark = false\n" + LEAST)
    themes, problems = load_all([one, tmp_path / "missing", two])
    assert list(themes) == ["dusk", "a"]
    assert not themes["a"].dark
    assert len(problems) == 4
    assert any("not UTF-8" in problem for problem in problems)
    assert any("named like its file" in problem for problem in problems)


def test_colours_are_read_strictly_and_contrast_follows_the_standard() -> None:
    assert parse("#AbC") == "#aabbcc"
    assert parse("#A1b2C3") == "#a1b2c3"
    assert [parse(text) for text in ("#abcd", "abc", "#ggg", "#abc\n", "", "#１２３")] == [None] * 6
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_contrast_is_the_same_both_ways(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.0001


def test_the_page_about_themes_tells_what_the_code_knows() -> None:
    page = (ROOT / "docs" / "themes.md").read_text("utf-8")
    assert page == describe(), "write it anew: python -m supportterm.theme > docs/themes.md"
