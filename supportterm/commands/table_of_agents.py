"""The commands ``supportterm agent …`` with their options and examples, as data."""

from __future__ import annotations

import argparse
from typing import Final

from supportterm.commands.declaring import CONFIG, PASSWORD_STDIN, Command, Option, option, points

_AGENT: Final = option("agent", metavar="NAME", help="the agent's login name")
_TITLES: Final = ("agent", "supervisor", "admin")
_POINTS: Final = {"metavar": "POINTS", "type": points}
_METAVARS: Final = {"language": "CODE", "skill": "SKILL", "shift": "HOURS"}
_SHIFT_HELP: Final = 'when the agent works, such as "mon-fri 9:00-17:00"; may be repeated'


def _words(name: str, what: str) -> tuple[Option, ...]:
    """How `agent set` changes a list."""
    return (
        option(f"--{name}", metavar=_METAVARS[name], action="append", help=what),
        option(f"--no-{name}s", dest=name, action="store_const", const=[], help=f"take all {name}s away"),
    )


AGENTS: Final = (
    Command(
        "agent add",
        "Add an agent, with an invitation or a password.",
        "agents:add",
        (
            _AGENT,
            option("--name", dest="shown", metavar="TEXT", default="", help="the name that customers read"),
            option("--desk", metavar="ID", default="", help="the agent's desk; needed if there are several"),
            option(
                "--title",
                choices=_TITLES,
                default="agent",
                help="agent, supervisor or admin (default: agent)",
            ),
            option("--limit", metavar="N", type=int, default=0, help="chats at once (default: as the desk)"),
            option(
                "--ceiling",
                default=0,
                help="points of load up to which new chats come (default: as the desk)",
                **_POINTS,
            ),
            option(
                "--trainee",
                action="store_true",
                help="the desk's ceiling and cap for trainees hold, and their console shows all steps",
            ),
            option(
                "--language",
                metavar="CODE",
                action="append",
                default=[],
                help="a language the agent writes; may be repeated (default: all)",
            ),
            option(
                "--skill",
                metavar="SKILL",
                action="append",
                default=[],
                help="what the agent is good at, one of the desk's skills; may be repeated",
            ),
            option("--shift", metavar="HOURS", action="append", default=[], help=_SHIFT_HELP),
            option(
                "--password", action="store_true", help="ask for a password instead of making an invitation"
            ),
            PASSWORD_STDIN,
            CONFIG,
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
            option("--name", dest="shown", metavar="TEXT", help="the name that customers read"),
            option(
                "--desk", metavar="ID", help="another desk; chats of the one before go to somebody else there"
            ),
            option("--title", choices=_TITLES, help="agent, supervisor or admin"),
            option("--limit", metavar="N", type=int, help="chats at once; 0: as the desk"),
            option("--ceiling", help="points of load up to which new chats come; 0: as the desk", **_POINTS),
            option(
                "--trainee",
                action=argparse.BooleanOptionalAction,
                help="whether the desk's ceiling and cap for trainees hold, and the console shows all steps",
            ),
            *_words("language", "a language the agent writes; may be repeated, and replaces those before"),
            *_words("skill", "what the agent is good at; may be repeated, and replaces those before"),
            *_words("shift", f"{_SHIFT_HELP}, and replaces those before"),
            CONFIG,
        ),
        (
            "supportterm agent set anna --ceiling 3.5 --language nl --language en",
            "supportterm agent set tess --no-trainee --skill returns --skill technical",
            'supportterm agent set tess --shift "mon-wed 9:00-17:00" --shift "sat 10:00-14:00"',
        ),
        "A running server applies it at once; but for `--desk`, no chat is taken from anybody. A console"
        " shows a new title when it connects again. Without languages an agent answers in all. Shifts follow"
        " the clock of the desk's first shop: an agent who promises a time after theirs is told.",
    ),
    Command(
        "agent list",
        "List the agents.",
        "agents:show",
        (option("--json", action="store_true", help="print JSON"), CONFIG),
        ("supportterm agent list",),
    ),
    Command(
        "agent passwd",
        "Set an agent's password and end all their sign-ins.",
        "agents:passwd",
        (_AGENT, PASSWORD_STDIN, CONFIG),
        ("supportterm agent passwd anna",),
    ),
    Command(
        "agent disable",
        "Lock an agent out and end all their sign-ins; their chats go to somebody else.",
        "agents:disable",
        (_AGENT, option("--undo", action="store_true", help="let the agent in again"), CONFIG),
        ("supportterm agent disable anna", "supportterm agent disable --undo anna"),
    ),
    Command(
        "agent invite",
        "Make a one-time code with which an agent sets a new password.",
        "agents:invite",
        (_AGENT, CONFIG),
        ("supportterm agent invite anna",),
        "The password so far works until the invitation is used.",
    ),
)
