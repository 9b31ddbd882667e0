"""Every command with its options and examples, as data.

The parser, the help texts and ``docs/commands.md`` are made from it; nothing else declares a command. Those
for agents and for reports stand in tables of their own.
"""

from __future__ import annotations

from typing import Final

from supportterm.commands.declaring import CONFIG, PASSWORD_STDIN, Command, option
from supportterm.commands.table_of_agents import AGENTS
from supportterm.commands.table_of_reports import REPORTS

_YES: Final = option("--yes", action="store_true", help="do not ask whether to go on")
_PERSON: Final = option(
    "person",
    metavar="CUSTOMER",
    help="the id of a customer or of one of their chats, the tag that the console shows (33BF), their number"
    " in the shop, or an address or phone number as they told it",
)

COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "init",
        "Make a new server: settings, data directory and the first agent.",
        "init:run",
        (
            option(
                "--config", metavar="FILE", help="where to write the settings (default: ./supportterm.toml)"
            ),
            option("--shop", metavar="KEY", default="shop", help="the first shop's key (default: shop)"),
            option("--shop-name", metavar="TEXT", default="", help="the shop's name as people read it"),
            option(
                "--origin",
                metavar="ADDRESS",
                action="append",
                default=[],
                help="an address of the shop's pages, such as https://www.acme.example; may be repeated",
            ),
            option(
                "--language",
                metavar="CODE",
                action="append",
                default=[],
                help="a language of the shop's customers, the usual one first; may be repeated (default: en)",
            ),
            option(
                "--time-zone",
                metavar="ZONE",
                default="",
                help="the clock of the shop, such as Europe/Amsterdam (default: this machine's)",
            ),
            option(
                "--reasons",
                choices=("starter", "none"),
                default="",
                help="why customers write: take a starter list or none (default: ask, on a terminal)",
            ),
            option("--desk", metavar="ID", default="main", help="the first desk's id (default: main)"),
            option(
                "--agent",
                metavar="NAME",
                default="admin",
                help="the first agent's login name (default: admin)",
            ),
            option(
                "--password",
                action="store_true",
                help="ask for the agent's password instead of making an invitation",
            ),
            PASSWORD_STDIN,
            option("--data-dir", metavar="DIR", default="", help="where the database lies"),
            option(
                "--host", metavar="HOST", default="", help="the address to listen on (default: 127.0.0.1)"
            ),
            option("--port", metavar="PORT", type=int, help="the port to listen on (default: 8700)"),
            option(
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
        " --password-stdin, nothing is asked and the shop has no reasons yet. A data directory that is in use"
        " already is refused: `supportterm agent add` adds agents to it.",
    ),
    Command(
        "serve",
        "Run the server until it is told to stop (ctrl+c or SIGTERM).",
        "serve:run",
        (
            CONFIG,
            option("--demo", action="store_true", help="also serve the demo shop's pages at /demo/"),
            option(
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
        (CONFIG,),
        ("supportterm check && supportterm reload",),
        "Desks, shops and limits change at once; a change under [server] is named and waits for a restart.",
    ),
    Command(
        "status",
        "Show what the running server is doing.",
        "operate:status",
        (CONFIG, option("--json", action="store_true", help="print JSON")),
        ("supportterm status", "supportterm status --json"),
    ),
    Command(
        "check",
        "Look for mistakes in the settings and for damage in the database.",
        "check:run",
        (
            option(
                "--identity",
                metavar="SHOP",
                default="",
                help="look at nothing but one signed identity of that shop, read from stdin: what it says, or"
                " why it is not believed",
            ),
            CONFIG,
        ),
        ("supportterm check", "supportterm check --config new.toml", "supportterm check --identity acme"),
        "Works while the server runs; it changes nothing. A mail server is asked whether it would take mail.",
    ),
    Command(
        "mail-test",
        "Send a mail by the settings under [mail], to see whether it arrives.",
        "mailing:trial",
        (option("address", metavar="ADDRESS", help="whom to send it to: you"), CONFIG),
        ("supportterm mail-test anna@example.org",),
        "With a running server and without. `supportterm check` asks the mail server, and sends nothing.",
    ),
    Command(
        "mail-retry",
        "Try all mails at once that the mail server has not taken yet.",
        "mailing:retry",
        (CONFIG,),
        ("supportterm mail-retry",),
        "The running server tries them again by itself, later each time; `supportterm status` says when. This"
        " ends with 0 if none waits any more.",
    ),
    Command(
        "mail-bounce",
        "Take in a mail that came back, from stdin (`< message.eml`).",
        "mailing:bounce",
        (CONFIG,),
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
            option(
                "shop",
                metavar="SHOP",
                nargs="?",
                default="",
                help="the shop's key; needed if there are several",
            ),
            option("--lang", metavar="CODE", default="", help="the widget's language, if not the page's own"),
            CONFIG,
        ),
        ("supportterm snippet", "supportterm snippet acme --lang nl"),
    ),
    Command(
        "login",
        "Sign in to a server; the sign-in is kept until it is revoked.",
        "login:run",
        (
            option("url", metavar="URL", help="the server, such as wss://chat.acme.example"),
            option("--name", metavar="NAME", default="", help="your login name; asked for if missing"),
            option("--invite", metavar="CODE", default="", help="set your first password with an invitation"),
            PASSWORD_STDIN,
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
            option(
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
            option(
                "url", metavar="URL", nargs="?", default="", help="the server; without it, the one used last"
            ),
        ),
        ("supportterm", "supportterm console wss://chat.acme.example"),
    ),
    *AGENTS,
    *REPORTS,
    Command(
        "backup",
        "Copy the database while the server runs, and check the copy.",
        "records:backup",
        (
            option("target", metavar="TARGET", help="a new file, or a directory to put one into"),
            CONFIG,
        ),
        ("supportterm backup /var/backups/supportterm/",),
    ),
    Command(
        "restore",
        "Put a backup in the database's place. No server may run.",
        "records:restore",
        (option("source", metavar="FILE", help="a file that `supportterm backup` made"), _YES, CONFIG),
        ("supportterm restore /var/backups/supportterm/supportterm-20260301T020000Z.db",),
        "The database so far is kept beside it. Persons erased since the backup are erased again, and agents"
        " sign in anew; passwords, and who is disabled or blocked, are those of the backup.",
    ),
    Command(
        "export",
        "Write down everything held about one customer, as JSON.",
        "records:export",
        (
            _PERSON,
            option("--out", metavar="FILE", default="", help="write to a new file that only you can read"),
            CONFIG,
        ),
        (
            "supportterm export aB3xY9kQ2mZ7pL5tR8wV1c --out anna.json",
            "supportterm export anna@example.org",
        ),
        "Only what is exactly the same fits, but for the case of an address and what stands between the"
        " digits of a number. Several customers that fit are listed with their ids, and nothing is written.",
    ),
    Command(
        "erase",
        "Remove one customer's texts and contact data for good.",
        "records:erase",
        (_PERSON, _YES, CONFIG),
        ("supportterm erase aB3xY9kQ2mZ7pL5tR8wV1c", "supportterm erase 33BF"),
        "Who it is stands above the question. If several customers fit, they are listed with their ids, and"
        " nothing is erased. Numbers and times stay, so that nothing else shifts; consoles and widgets forget"
        " the texts at once."
        " Backups made before still hold them until you delete those.",
    ),
    Command(
        "demo",
        "Try everything on this machine: a server, a demo shop, practice customers and the console.",
        "demo:run",
        (
            option(
                "--headless", action="store_true", help="play an agent by script and print the transcript"
            ),
            option(
                "--seconds",
                metavar="N",
                type=int,
                default=0,
                help="how long customers write (default: until you leave; headless: 30)",
            ),
            option("--customers", metavar="N", type=int, default=3, help="customers at once (default: 3)"),
            option(
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
