"""Every command with its options and examples, as data.

The parser, the help texts and ``docs/commands.md`` are made from it; nothing else declares a command.
"""

from __future__ import annotations

import argparse
from typing import Final

from supportterm.commands.declaring import Command, Option, points
from supportterm.commands.declaring import option as _option

_CONFIG: Final = _option(
    "--config",
    metavar="FILE",
    help="the settings; without it `$SUPPORTTERM_CONFIG`, ./supportterm.toml, your configuration"
    " directory, then /etc/supportterm",
)
_YES: Final = _option("--yes", action="store_true", help="do not ask whether to go on")
_AGENT: Final = _option("agent", metavar="NAME", help="the agent's login name")
_PASSWORD_STDIN: Final = _option(
    "--password-stdin", action="store_true", help="read the password from the first line of stdin"
)
_TITLES: Final = ("agent", "supervisor", "admin")
_POINTS: Final = {"metavar": "POINTS", "type": points}
_METAVARS: Final = {"language": "CODE", "skill": "SKILL", "shift": "HOURS"}
_SHIFT_HELP: Final = 'when the agent works, such as "mon-fri 9:00-17:00"; may be repeated'


def _words(name: str, what: str) -> tuple[Option, ...]:
    """How `agent set` changes a list."""
    return (
        _option(f"--{name}", metavar=_METAVARS[name], action="append", help=what),
        _option(f"--no-{name}s", dest=name, action="store_const", const=[], help=f"take all {name}s away"),
    )


_PERSON: Final = _option(
    "person",
    metavar="CUSTOMER",
    help="the id of a customer, or of one of their chats as the console shows it",
)

#: What every report can be asked: which days, desks and shops, and how it is printed.
_WHICH: Final = (
    _option("--since", metavar="DATE", default="", help="the first day (default: six days before)"),
    _option("--until", metavar="DATE", default="", help="the last day (default: today)"),
    _option(
        "--by",
        choices=("day", "hour", "shop", "language", "agent"),
        default="",
        help="a row for each day, hour of the day, shop, language or agent",
    ),
    _option("--desk", metavar="ID", default="", help="one desk (default: all but practice desks)"),
    _option("--shop", metavar="KEY", default="", help="one shop (default: all)"),
)
_SHOWN: Final = (
    _option(
        "--zone",
        metavar="ZONE",
        default="",
        help="the time zone in which days begin, such as Europe/Copenhagen (default: the shop's)",
    ),
    _option(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="table, csv or json (default: table)",
    ),
)
_REPORTS: Final = (
    "Days are written as 2026-03-31. What each figure means is printed beneath a table, and stands in"
    " docs/reports.md. Practice desks are in no figure."
)

COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "init",
        "Make a new server: settings, data directory and the first agent.",
        "init:run",
        (
            _option(
                "--config", metavar="FILE", help="where to write the settings (default: ./supportterm.toml)"
            ),
            _option("--shop", metavar="KEY", default="shop", help="the first shop's key (default: shop)"),
            _option("--shop-name", metavar="TEXT", default="", help="the shop's name as people read it"),
            _option(
                "--origin",
                metavar="ADDRESS",
                action="append",
                default=[],
                help="an address of the shop's pages, such as https://www.acme.example; may be repeated",
            ),
            _option(
                "--language",
                metavar="CODE",
                action="append",
                default=[],
                help="a language of the shop's customers, the usual one first; may be repeated (default: en)",
            ),
            _option(
                "--reasons",
                choices=("starter", "none"),
                default="",
                help="why customers write: take a starter list or none (default: ask, on a terminal)",
            ),
            _option("--desk", metavar="ID", default="main", help="the first desk's id (default: main)"),
            _option(
                "--agent",
                metavar="NAME",
                default="admin",
                help="the first agent's login name (default: admin)",
            ),
            _option(
                "--password",
                action="store_true",
                help="ask for the agent's password instead of making an invitation",
            ),
            _PASSWORD_STDIN,
            _option("--data-dir", metavar="DIR", default="", help="where the database lies"),
            _option(
                "--host", metavar="HOST", default="", help="the address to listen on (default: 127.0.0.1)"
            ),
            _option("--port", metavar="PORT", type=int, help="the port to listen on (default: 8700)"),
            _option(
                "--public-url", metavar="URL", default="", help="the address the world reaches the server by"
            ),
        ),
        (
            "supportterm init --shop acme --origin https://www.acme.example",
            "supportterm init --config /etc/supportterm/supportterm.toml --agent anna --password",
            "supportterm init --shop acme --language nl --language en --reasons starter",
        ),
        "On a terminal it asks why customers write, and of each reason whether twice as much would be good or"
        " bad news (docs/understanding.md); nothing is written before the end. Without a terminal, or with"
        " --password-stdin, nothing is asked and the shop has no reasons yet.",
    ),
    Command(
        "serve",
        "Run the server until it is told to stop (ctrl+c or SIGTERM).",
        "serve:run",
        (
            _CONFIG,
            _option("--demo", action="store_true", help="also serve the demo shop's pages at /demo/"),
            _option(
                "--until-eof",
                action="store_true",
                help="stop, too, when stdin ends: with the program that holds its other end",
            ),
        ),
        ("supportterm serve", "supportterm serve --config /etc/supportterm/supportterm.toml"),
    ),
    Command(
        "reload",
        "Apply changed settings to the running server without dropping a chat.",
        "operate:reload",
        (_CONFIG,),
        ("supportterm check && supportterm reload",),
        "Desks, shops and limits change at once; a change under [server] is named and waits for a restart.",
    ),
    Command(
        "status",
        "Show what the running server is doing.",
        "operate:status",
        (_CONFIG, _option("--json", action="store_true", help="print JSON")),
        ("supportterm status", "supportterm status --json"),
    ),
    Command(
        "check",
        "Look for mistakes in the settings and for damage in the database.",
        "check:run",
        (
            _option(
                "--identity",
                metavar="SHOP",
                default="",
                help="look at nothing but one signed identity of that shop, read from stdin: what it says, or"
                " why it is not believed",
            ),
            _CONFIG,
        ),
        ("supportterm check", "supportterm check --config new.toml", "supportterm check --identity acme"),
        "Works while the server runs; it changes nothing. A mail server is asked whether it would take mail.",
    ),
    Command(
        "mail-test",
        "Send a mail by the settings under [mail], to see whether it arrives.",
        "mailing:trial",
        (_option("address", metavar="ADDRESS", help="whom to send it to: you"), _CONFIG),
        ("supportterm mail-test anna@example.org",),
        "With a running server and without. `supportterm check` asks the mail server, and sends nothing.",
    ),
    Command(
        "mail-retry",
        "Try all mails at once that the mail server has not taken yet.",
        "mailing:retry",
        (_CONFIG,),
        ("supportterm mail-retry",),
        "The running server tries them again by itself, later each time; `supportterm status` says when. This"
        " ends with 0 if none waits any more.",
    ),
    Command(
        "mail-bounce",
        "Take in a mail that came back, from stdin (`< message.eml`).",
        "mailing:bounce",
        (_CONFIG,),
        ("supportterm mail-bounce --config /etc/supportterm/supportterm.toml",),
        "For mail servers that can hand a mail to a program; a mailbox is read by the server itself"
        " (`imap_host` in [mail]). Ends with 0 if it is about a mail of ours that cannot be delivered, with 1"
        " if it changes nothing, and with 4 if no server runs or it can store nothing: hand it over later.",
    ),
    Command(
        "snippet",
        "Print the line that a shop puts into its pages.",
        "operate:snippet",
        (
            _option(
                "shop",
                metavar="SHOP",
                nargs="?",
                default="",
                help="the shop's key; needed if there are several",
            ),
            _option(
                "--lang", metavar="CODE", default="", help="the widget's language, if not the page's own"
            ),
            _CONFIG,
        ),
        ("supportterm snippet", "supportterm snippet acme --lang nl"),
    ),
    Command(
        "login",
        "Sign in to a server; the sign-in is kept until it is revoked.",
        "login:run",
        (
            _option("url", metavar="URL", help="the server, such as wss://chat.acme.example"),
            _option("--name", metavar="NAME", default="", help="your login name; asked for if missing"),
            _option(
                "--invite", metavar="CODE", default="", help="set your first password with an invitation"
            ),
            _PASSWORD_STDIN,
        ),
        (
            "supportterm login wss://chat.acme.example --name anna",
            "supportterm login wss://chat.acme.example --invite k3f9q-7xw2m-p4t6c-y5b8n-r2d7h",
        ),
        "The sign-in is kept in the system's keyring if there is one, else in a file that only you can read."
        " Plain ws:// is taken to this machine only.",
    ),
    Command(
        "logout",
        "Forget the sign-in to a server on this machine.",
        "login:forget",
        (
            _option(
                "url", metavar="URL", nargs="?", default="", help="the server; needed if there are several"
            ),
        ),
        ("supportterm logout", "supportterm logout wss://chat.acme.example"),
        "`supportterm agent passwd` on the server ends all sign-ins of an agent everywhere.",
    ),
    Command(
        "console",
        "Answer customers, in this terminal. This is what `supportterm` alone does.",
        "console:run",
        (
            _option(
                "url", metavar="URL", nargs="?", default="", help="the server; without it, the one used last"
            ),
        ),
        ("supportterm", "supportterm console wss://chat.acme.example"),
    ),
    Command(
        "agent add",
        "Add an agent, with an invitation or a password.",
        "agents:add",
        (
            _AGENT,
            _option("--name", dest="shown", metavar="TEXT", default="", help="the name that customers read"),
            _option("--desk", metavar="ID", default="", help="the agent's desk; needed if there are several"),
            _option(
                "--title",
                choices=_TITLES,
                default="agent",
                help="agent, supervisor or admin (default: agent)",
            ),
            _option("--limit", metavar="N", type=int, default=0, help="chats at once (default: as the desk)"),
            _option(
                "--ceiling",
                default=0,
                help="points of load up to which new chats come (default: as the desk)",
                **_POINTS,
            ),
            _option(
                "--trainee",
                action="store_true",
                help="the desk's ceiling and cap for trainees hold, and their console shows all steps",
            ),
            _option(
                "--language",
                metavar="CODE",
                action="append",
                default=[],
                help="a language the agent writes; may be repeated (default: all)",
            ),
            _option(
                "--skill",
                metavar="SKILL",
                action="append",
                default=[],
                help="what the agent is good at, one of the desk's skills; may be repeated",
            ),
            _option("--shift", metavar="HOURS", action="append", default=[], help=_SHIFT_HELP),
            _option(
                "--password", action="store_true", help="ask for a password instead of making an invitation"
            ),
            _PASSWORD_STDIN,
            _CONFIG,
        ),
        (
            'supportterm agent add anna --name "Anna" --language nl --language en',
            "supportterm agent add boss --title supervisor --password",
            "supportterm agent add tess --language nl --skill returns --trainee",
        ),
    ),
    Command(
        "agent set",
        "Change what an agent may carry, speaks, is good at, or is called.",
        "agents:change",
        (
            _AGENT,
            _option("--name", dest="shown", metavar="TEXT", help="the name that customers read"),
            _option("--title", choices=_TITLES, help="agent, supervisor or admin"),
            _option("--limit", metavar="N", type=int, help="chats at once; 0: as the desk"),
            _option("--ceiling", help="points of load up to which new chats come; 0: as the desk", **_POINTS),
            _option(
                "--trainee",
                action=argparse.BooleanOptionalAction,
                help="whether the desk's ceiling and cap for trainees hold, and the console shows all steps",
            ),
            *_words("language", "a language the agent writes; may be repeated, and replaces those before"),
            *_words("skill", "what the agent is good at; may be repeated, and replaces those before"),
            *_words("shift", f"{_SHIFT_HELP}, and replaces those before"),
            _CONFIG,
        ),
        (
            "supportterm agent set anna --ceiling 3.5 --language nl --language en",
            "supportterm agent set tess --no-trainee --skill returns --skill technical",
            'supportterm agent set tess --shift "mon-wed 9:00-17:00" --shift "sat 10:00-14:00"',
        ),
        "A running server applies it at once; no chat is taken from anybody. A console shows a new title when"
        " it connects again. Without languages an agent answers in all. Shifts follow the clock of the desk's"
        " first shop: an agent who promises a time after theirs is told.",
    ),
    Command(
        "agent list",
        "List the agents.",
        "agents:show",
        (_option("--json", action="store_true", help="print JSON"), _CONFIG),
        ("supportterm agent list",),
    ),
    Command(
        "agent passwd",
        "Set an agent's password and end all their sign-ins.",
        "agents:passwd",
        (_AGENT, _PASSWORD_STDIN, _CONFIG),
        ("supportterm agent passwd anna",),
    ),
    Command(
        "agent disable",
        "Lock an agent out and end all their sign-ins; their chats go to somebody else.",
        "agents:disable",
        (_AGENT, _option("--undo", action="store_true", help="let the agent in again"), _CONFIG),
        ("supportterm agent disable anna", "supportterm agent disable --undo anna"),
    ),
    Command(
        "agent invite",
        "Make a one-time code with which an agent sets a new password.",
        "agents:invite",
        (_AGENT, _CONFIG),
        ("supportterm agent invite anna",),
        "The password so far works until the invitation is used.",
    ),
    Command(
        "report service",
        "Print how fast customers are answered, who left, and what agents carried.",
        "report:service",
        (
            *_WHICH,
            _option(
                "--target",
                metavar="SECONDS",
                type=int,
                default=60,
                help="the time in which a first answer should come (default: 60)",
            ),
            *_SHOWN,
            _CONFIG,
        ),
        (
            "supportterm report service --by day",
            "supportterm report service --since 2026-03-01 --until 2026-03-31 --by agent --format csv",
        ),
        _REPORTS,
    ),
    Command(
        "report promises",
        "Print which promised times were kept, and how late the others were.",
        "report:promises",
        (*_WHICH, *_SHOWN, _CONFIG),
        ("supportterm report promises --by agent", "supportterm report promises --by day --format csv"),
        _REPORTS,
    ),
    Command(
        "report reasons",
        "Print why customers came, which reasons grow, and what was given for them.",
        "report:reasons",
        (
            *_WHICH,
            _option(
                "--language",
                metavar="CODE",
                default="",
                help="the language in which reasons are told (default: each shop's first)",
            ),
            *_SHOWN,
            _CONFIG,
        ),
        (
            "supportterm report reasons",
            "supportterm report reasons --since 2026-03-01 --until 2026-03-31 --by shop --format csv",
        ),
        _REPORTS,
    ),
    Command(
        "backup",
        "Copy the database while the server runs, and check the copy.",
        "records:backup",
        (
            _option("target", metavar="TARGET", help="a new file, or a directory to put one into"),
            _CONFIG,
        ),
        ("supportterm backup /var/backups/supportterm/",),
    ),
    Command(
        "restore",
        "Put a backup in the database's place. No server may run.",
        "records:restore",
        (_option("source", metavar="FILE", help="a file that `supportterm backup` made"), _YES, _CONFIG),
        ("supportterm restore /var/backups/supportterm/supportterm-20260301T020000Z.db",),
        "The database so far is kept beside it. Persons erased since the backup are erased again, and agents"
        " sign in anew; passwords, and who is disabled, are those of the backup.",
    ),
    Command(
        "export",
        "Write down everything held about one customer, as JSON.",
        "records:export",
        (
            _PERSON,
            _option("--out", metavar="FILE", default="", help="write to a new file that only you can read"),
            _CONFIG,
        ),
        ("supportterm export aB3xY9kQ2mZ7pL5tR8wV1c --out anna.json",),
    ),
    Command(
        "erase",
        "Remove one customer's texts and contact data for good.",
        "records:erase",
        (_PERSON, _YES, _CONFIG),
        ("supportterm erase aB3xY9kQ2mZ7pL5tR8wV1c",),
        "Numbers and times stay, so that nothing else shifts; consoles and widgets forget the texts at once."
        " Backups made before still hold them until you delete those.",
    ),
    Command(
        "demo",
        "Try everything on this machine: a server, a demo shop, practice customers and the console.",
        "demo:run",
        (
            _option(
                "--headless", action="store_true", help="play an agent by script and print the transcript"
            ),
            _option(
                "--seconds",
                metavar="N",
                type=int,
                default=0,
                help="how long customers write (default: until you leave; headless: 30)",
            ),
            _option("--customers", metavar="N", type=int, default=3, help="customers at once (default: 3)"),
            _option(
                "--seed", metavar="K", type=int, help="which customers come (default: different each time)"
            ),
        ),
        ("supportterm demo", "supportterm demo --headless --seconds 20"),
        "It begins with a colleague who has gone home: one customer was promised an answer in a minute,"
        " another in three, and a third tells so much that you will want to say how you understood it."
        " Customers wait under a promise, say so when it was not kept, and confirm a summary or correct it."
        " Nothing is kept: data lies in a temporary directory. The last line of a headless demo is its"
        " figures as JSON, and it ends with 0 only if every message arrived exactly once on both sides.",
    ),
)
