"""Every command as a person types it, and every mistake as a sentence with its exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .running import Machine, Terminal

PASSWORD = "correct horse battery"
NEWER = "another good password"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """A machine on which ``init`` was run: an admin `admin` with `PASSWORD`, any free port."""
    machine.good(
        *("init", "--shop", "acme", "--origin", "https://www.acme.example", "--data-dir", "data"),
        *("--port", "0", "--password-stdin"),
        stdin=PASSWORD + "\n",
    )
    return machine


def fails(machine: Machine, code: int, said: str, *words: str, stdin: str = "") -> None:
    done = machine.run(*words, stdin=stdin)
    assert done.returncode == code, done
    assert said in done.stderr, done.stderr


def code_in(text: str) -> str:
    found = re.search(r"--invite (\S+)", text)
    assert found is not None, text
    return found[1]


def test_version_and_help(machine: Machine) -> None:
    assert machine.good("--version").startswith("supportterm ")
    assert "commands:" in machine.good("--help")
    fails(machine, 2, "did you mean `supportterm serve`?", "srve")
    fails(machine, 2, "did you mean `supportterm agent`?", "agnet", "list")
    fails(machine, 2, "unrecognized arguments: --prot", "serve", "--prot", "1")


def test_the_command_is_installed(machine: Machine) -> None:
    import tomllib

    scripts = tomllib.loads(Path("pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"supportterm": "supportterm.cli:main"}


def test_from_nothing_to_a_signed_in_agent(machine: Machine) -> None:
    said = machine.good("init", "--shop", "acme", "--data-dir", "data", "--port", "0")
    assert "Name the addresses of the shop's pages" in said
    assert (machine.home / "data").stat().st_mode & 0o777 == 0o700
    with machine.serve() as server:
        said_login = machine.good(
            "login", server.url, "--invite", code_in(said), "--password-stdin", stdin=PASSWORD + "\n"
        )
        assert f"Signed in at {server.url} as Admin" in said_login
        kept = machine.home / "config" / "supportterm" / "signins.json"
        assert kept.stat().st_mode & 0o777 == 0o600
        fails(machine, 2, "terminal", "console")
        fails(machine, 2, "terminal")
        fails(
            machine,
            5,
            "used or expired",
            *("login", server.url, "--invite", code_in(said), "--password-stdin"),
            stdin=PASSWORD + "\n",
        )
        machine.good("logout")
        fails(machine, 5, "not signed in", "console")
        server.stop()


def test_agents_while_a_server_runs(ready: Machine) -> None:
    with ready.serve() as server:
        signing_in = ("login", server.url, "--name", "anna", "--password-stdin")
        said = ready.good("agent", "add", "anna", "--name", "Anna", "--language", "en")
        ready.good("login", server.url, "--invite", code_in(said), "--password-stdin", stdin=PASSWORD)
        fails(ready, 1, "already: choose another name", "agent", "add", "anna")
        fails(ready, 5, "The name or the password is wrong.", *signing_in, stdin="something else\n")
        ready.good(*signing_in, stdin=PASSWORD)
        said = ready.good("agent", "passwd", "anna", "--password-stdin", stdin=NEWER)
        assert "2 sign-ins ended" in said
        fails(ready, 5, "wrong", *signing_in, stdin=PASSWORD)
        ready.good(*signing_in, stdin=NEWER)
        assert "1 sign-in ended" in ready.good("agent", "disable", "anna")
        fails(ready, 5, "wrong", *signing_in, stdin=NEWER)
        assert "disabled" in ready.good("agent", "list")
        ready.good("agent", "disable", "--undo", "anna")
        ready.good(*signing_in, stdin=NEWER)
        assert "--invite" in ready.good("agent", "invite", "anna")
        fails(ready, 1, "too short", "agent", "passwd", "anna", "--password-stdin", stdin="short\n")
        fails(ready, 2, "no terminal to ask for the password", "agent", "passwd", "anna")
        fails(ready, 1, "no agent `bo`", "agent", "disable", "bo")
        server.stop()


def test_what_an_agent_may_carry(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    file.write_text(file.read_text().replace("#skills = []", 'skills = ["returns", "technical"]'))
    ready.good(
        *("agent", "add", "tess", "--password-stdin", "--language", "en", "--skill", "returns"),
        *("--ceiling", "2.5", "--trainee"),
        stdin=PASSWORD,
    )
    listed = ready.good("agent", "list").splitlines()
    heads = "agent name desk title limit ceiling languages skills shifts"
    assert listed[0].split() == heads.split()
    assert re.fullmatch(r"tess +Tess +main +agent, trainee +- +2\.5 +en +returns +-", listed[2]), listed
    with ready.serve() as server:
        said = ready.good(
            *(
                "agent",
                "set",
                "tess",
                "--no-trainee",
                "--ceiling",
                "3,5",
                "--limit",
                "4",
                "--title",
                "supervisor",
            ),
            *("--skill", "technical", "--skill", "returns", "--no-languages", "--name", "Tess V."),
            *("--shift", "mon-fri 9:00-17:00", "--shift", "sat 10:00-14:00"),
        )
        assert said == "tess is changed: ceiling, languages, limit, name, shifts, skills, title, trainee.\n"
        tess = json.loads(ready.good("agent", "list", "--json"))[1]
        assert (tess["ceiling"], tess["limit"], tess["trainee"], tess["languages"]) == (350, 4, False, [])
        assert (tess["skills"], tess["title"], tess["name"]) == (
            ["technical", "returns"],
            "supervisor",
            "Tess V.",
        )
        fails(ready, 1, "did you mean `technical`?", "agent", "set", "tess", "--skill", "tecnical")
        fails(ready, 1, "known languages: `en`", "agent", "set", "tess", "--language", "nl")
        fails(ready, 1, "nothing was changed", "agent", "set", "tess")
        fails(ready, 1, "no agent `bo`", "agent", "set", "bo", "--limit", "2")
        fails(ready, 2, "invalid choice: 'boss'", "agent", "set", "tess", "--title", "boss")
        fails(ready, 2, "`much` is not points such as 2.5", "agent", "set", "tess", "--ceiling", "much")
        fails(ready, 2, "with at most two decimals", "agent", "set", "tess", "--ceiling", "2.345")
        server.stop()


def test_hours_that_are_wrong_are_refused_at_start_and_at_reload(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    good = file.read_text()
    bad = good + '\n[shop.acme.hours]\nmon = "9-17"\n'
    said = '[shop.acme.hours] `mon` has "9-17": did you mean "9:00-17:00"?'
    file.write_text(bad)
    fails(ready, 3, said, "serve")
    fails(ready, 3, said, "check")
    file.write_text(good)
    with ready.serve() as server:
        file.write_text(bad)
        fails(ready, 3, said, "reload")
        file.write_text(bad.replace("9-17", "9:00-17:00"))
        assert "is applied" in ready.good("reload")
        server.stop()


def test_agents_without_a_server(ready: Machine) -> None:
    ready.good("agent", "add", "anna", "--password-stdin", stdin=PASSWORD)
    ready.good("agent", "disable", "anna")
    listed = json.loads(ready.good("agent", "list", "--json"))
    assert [(agent["agent"], agent["disabled"]) for agent in listed] == [("admin", False), ("anna", True)]


def test_reload(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    fails(ready, 4, "no server runs", "reload")
    with ready.serve() as server:
        file.write_text(file.read_text() + '\n[shop.second]\ndesk = "main"\n')
        assert "is applied" in ready.good("reload")
        text = file.read_text()
        file.write_text(text.replace("port = 0", "port = 1234"))
        assert "[server] `port` changed: it applies after a restart." in ready.good("reload")
        file.write_text(text + "orgins = []\n")
        fails(ready, 3, "[shop.second] key `orgins` is not known; did you mean `origins`?", "reload")
        file.write_text(text)
        figures = json.loads(ready.good("status", "--json"))
        assert "main" in figures["desks"]
        assert "desk main" in ready.good("status")
        server.stop()


def test_snippet(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    file.write_text(file.read_text().replace('#public_url = ""', 'public_url = "https://chat.acme.example/"'))
    assert ready.good("snippet", "--lang", "nl") == (
        '<script async src="https://chat.acme.example/widget.js" data-shop="acme" data-lang="nl"></script>\n'
    )
    file.write_text(re.sub('name = "(acme)?"', 'name = "Acme & Sons"', file.read_text()))
    assert 'data-title="Acme &amp; Sons"' in ready.good("snippet")
    fails(ready, 2, "there is no shop `amce`", "snippet", "amce")
    fails(ready, 2, "the widget has no texts in `zz`: use one of en, nl", "snippet", "--lang", "zz")
    assert 'data-lang="nl-BE"' in ready.good("snippet", "--lang", "nl-BE")
    texts = Path("server/widget/src/texts").glob("*.js")
    for language in sorted(path.stem for path in texts):
        assert f'data-lang="{language}"' in ready.good("snippet", "--lang", language)


def test_check(ready: Machine) -> None:
    assert "is good" in ready.good("check")
    with ready.serve() as server:
        assert "A server runs" in ready.good("check")
        server.stop()
    database = ready.home / "data" / "supportterm.db"
    content = bytearray(database.read_bytes())
    content[4096:8192] = b"\x99" * 4096
    database.write_bytes(content)
    fails(ready, 6, "restore a backup", "check")


def test_check_looks_up_themes_and_notes_what_is_probably_forgotten(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    text = file.read_text()
    head = text.index("[shop.acme]") + len("[shop.acme]\n")
    shown = text[:head] + 'theme = "duks"\n' + text[head:]
    file.write_text(shown)
    fails(ready, 3, "[shop.acme] `theme`: there is no theme `duks`; did you mean `dusk`?", "check")
    themes = ready.home / "config" / "supportterm" / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.toml").write_text("dark = 1\n")
    file.write_text(shown.replace("duks", "mine"))
    fails(ready, 3, "mine.toml", "check")
    file.write_text(shown.replace("duks", "dusk"))
    assert "note: " in (said := ready.good("check"))
    assert "mine.toml" in said, "a broken theme that nobody uses is noted"
    assert "time_zone" not in said
    hours = '[shop.acme.hours]\nmon = ["9:00-17:00"]\n'
    file.write_text(text + hours)
    assert "[shop.acme] has `hours` and no `time_zone`" in ready.good("check")
    file.write_text(text.replace('#time_zone = "UTC"', 'time_zone = "Etc/UTC"') + hours)
    assert "no `time_zone`" not in ready.good("check")
    reached = text.replace('#public_url = ""', 'public_url = "https://chat.acme.example"')
    assert "any page can open chats" not in ready.good("check")
    file.write_text(re.sub("origins = .*", 'origins = ["*"]', reached))
    assert "any page can open chats" in ready.good("check")
    (ready.home / "c.pem").write_text("nothing")
    file.write_text(re.sub("#tls_(cert|key) = .*", r'tls_\1 = "c.pem"', text))
    fails(ready, 3, "`tls_cert` and `tls_key` cannot be used", "check")
    file.write_text(text.replace("[desk.main]", "[desk.other]").replace('desk = "main"', 'desk = "other"'))
    assert "[desk.main] is in no settings any more, but has 1 agent:" in ready.good("check")
    assert "admin is changed: desk" in ready.good("agent", "set", "admin", "--desk", "other")
    assert "in no settings" not in ready.good("check")


def test_settings_that_are_missing_or_wrong(machine: Machine) -> None:
    fails(machine, 3, "supportterm init", "serve")
    fails(machine, 3, "there is no such file", "check", "--config", "other.toml")
    (machine.home / "supportterm.toml").write_text("[server]\nprot = 1\n")
    fails(machine, 3, "did you mean `port`?", "agent", "list")
    fails(machine, 3, "exists already", "init")
    fails(machine, 3, "did you mean", "init", "--config", "new.toml", "--origin", "www.acme.example")
    fails(
        machine,
        3,
        "`Acme Bikes` cannot be the id of a shop",
        "init",
        "--config",
        "new.toml",
        "--shop",
        "Acme Bikes",
    )
    assert not (machine.home / "new.toml").exists()


def test_init_that_fails_leaves_no_settings(machine: Machine) -> None:
    fails(machine, 1, "cannot be a login name", "init", "--agent", "Not A Name", "--data-dir", "data")
    assert not (machine.home / "supportterm.toml").exists()


def test_a_port_in_use(ready: Machine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        file = ready.home / "supportterm.toml"
        file.write_text(file.read_text().replace("port = 0", f"port = {port}"))
        fails(ready, 1, f"port {port} on 127.0.0.1 is in use", "serve")


def test_an_address_of_another_machine(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    text = file.read_text()
    file.write_text(text.replace('#host = "127.0.0.1"', 'host = "192.0.2.1"'))
    fails(ready, 1, "is not an address of this machine", "serve")


def test_a_certificate_that_is_none(ready: Machine) -> None:
    file = ready.home / "supportterm.toml"
    (ready.home / "not.pem").write_text("no certificate")
    text = file.read_text().replace('#tls_cert = ""', 'tls_cert = "not.pem"')
    file.write_text(text.replace('#tls_key = ""', 'tls_key = "not.pem"'))
    fails(ready, 1, "the certificate or its key cannot be used", "serve")


def test_a_data_directory_in_use(ready: Machine) -> None:
    with ready.serve() as server:
        fails(ready, 6, str(server.process.pid), "serve")
        fails(ready, 1, "a server is running: stop it first", "restore", "supportterm.toml", "--yes")
        server.stop()


def test_a_database_from_the_future(ready: Machine) -> None:
    connection = sqlite3.connect(ready.home / "data" / "supportterm.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    for words in (["serve"], ["check"], ["agent", "list"]):
        fails(ready, 6, "newer", *words)


def test_backup_and_restore(ready: Machine) -> None:
    (ready.home / "backups").mkdir()
    with ready.serve() as server:
        said = ready.good("backup", "backups")
        server.stop()
    made = said.split(" is a checked backup")[0]
    assert Path(made).parent == ready.home / "backups"
    ready.good("agent", "add", "late", "--password-stdin", stdin=PASSWORD)
    fails(ready, 2, "--yes", "restore", made)
    fails(ready, 1, "there is no file", "restore", "nothing.db", "--yes")
    fails(ready, 6, "supportterm.toml is no backup of supportterm", "restore", "supportterm.toml", "--yes")
    said = ready.good("restore", made, "--yes")
    assert "Who is blocked is as in the backup" in said
    assert "link.key" not in said
    (ready.home / "data" / "link.key").unlink()
    assert "link.key is missing, and is in no backup" in ready.good("restore", made, "--yes")
    assert [agent["agent"] for agent in json.loads(ready.good("agent", "list", "--json"))] == ["admin"]


def test_persons_nobody_knows(ready: Machine) -> None:
    fails(ready, 1, "Nothing is held", "export", "nobody")
    fails(ready, 1, "Nothing is held", "erase", "nobody", "--yes")
    fails(ready, 2, "--yes", "erase", "nobody")


def test_servers_that_cannot_be_reached(machine: Machine) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fails(machine, 4, "Nothing answers", "login", f"ws://127.0.0.1:{port}", "--name", "a", "--password-stdin")
    fails(machine, 4, "not encrypted", "login", "ws://192.0.2.1", "--name", "a", "--password-stdin")
    fails(machine, 2, "is not a server's address", "login", "ftp://x", "--name", "a", "--password-stdin")
    fails(machine, 2, "--name", "login", "wss://chat.acme.example", "--password-stdin")
    fails(machine, 5, "you are not signed in", "console")


def test_interrupted(ready: Machine) -> None:
    with ready.serve() as server:
        log = server.stop(signal.SIGINT)
        assert "Traceback" not in log


def test_no_permission(ready: Machine) -> None:
    data = ready.home / "data"
    without: list[str] = []
    if os.geteuid() == 0:  # root without its powers over other people's files is like anybody else
        os.chown(data, 65534, 65534)
        without = ["setpriv", "--bounding-set", "-all"]
    data.chmod(0)
    for words in (["agent", "list"], ["serve"], ["check"], ["backup", "copy.db"], ["status"]):
        done = subprocess.run(
            [*without, *ready.command(*words)],
            capture_output=True,
            text=True,
            cwd=ready.home,
            env={**ready.environment, "PYTHONPATH": str(Path.cwd())},
            check=False,
        )
        assert done.returncode in (1, 6), done.stderr
        assert "may not" in done.stderr
        assert "Traceback" not in done.stderr
    data.chmod(0o700)


def test_passwords_are_asked_twice_and_not_shown(ready: Machine) -> None:
    terminal = Terminal(ready, "agent", "passwd", "admin")
    terminal.until("New password")
    terminal.press(NEWER + "\n")
    terminal.until("Once more")
    terminal.press("something else\n")
    terminal.until("not the same(.|\n)*New password")
    for prompt in ("New password(.|\n)*New password", "Once more(.|\n)*Once more"):
        terminal.until(prompt)
        terminal.press(NEWER + "\n")
    terminal.until("admin has a new password")
    assert terminal.end() == 0
    assert NEWER not in terminal.shown
    with ready.serve() as server:
        signing_in = Terminal(ready, "login", server.url)
        signing_in.until("Login name")
        signing_in.press("admin\n")
        signing_in.until("Password of admin")
        signing_in.press(NEWER + "\n")
        signing_in.until("Signed in")
        assert signing_in.end() == 0
        assert NEWER not in signing_in.shown
        dumb = Terminal(ready, TERM="dumb")
        assert dumb.end() == 2
        assert "dumb" in dumb.shown
        server.stop()


def test_ctrl_c_at_a_question(ready: Machine) -> None:
    terminal = Terminal(ready, "agent", "passwd", "admin")
    terminal.until("New password")
    terminal.interrupt()
    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown


def test_a_reader_that_leaves(ready: Machine) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        ready.command("snippet"),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ready.home,
        env={**ready.environment, "PYTHONPATH": str(Path.cwd()), "PYTHONUNBUFFERED": ""},
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_the_command_imports_only_what_it_needs() -> None:
    script = (
        "import sys; from supportterm.cli import main; main(['--version']);"
        "print(sorted({'server', 'textual', 'websockets', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_debug_shows_where(machine: Machine) -> None:
    done = subprocess.run(
        machine.command("check"),
        capture_output=True,
        text=True,
        cwd=machine.home,
        env={**machine.environment, "PYTHONPATH": str(Path.cwd()), "SUPPORTTERM_DEBUG": "1"},
        check=False,
    )
    assert "Traceback" in done.stderr
