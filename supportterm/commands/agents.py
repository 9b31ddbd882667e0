"""``supportterm agent …``: the people at the consoles."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from server.settings import Settings
from supportterm.commands.asking import new_password
from supportterm.commands.common import operate, settings_of
from supportterm.commands.exits import Exit
from supportterm.text.safe import safe_line


def add(args: Namespace) -> int:
    """Add an agent."""
    settings = settings_of(args)
    password = new_password(args.password_stdin) if args.password or args.password_stdin else ""
    made = operate(
        settings,
        "agent_add",
        agent=args.agent,
        name=args.shown,
        desk=args.desk,
        title=args.title,
        limit=args.limit,
        languages=args.language,
        password=password,
        skills=args.skill,
        ceiling=args.ceiling,
        trainee=args.trainee,
        shifts=args.shift,
    )
    print(f"{made['agent']} is an agent of the desk {made['desk']} now.")
    print(how_to_sign_in(settings, made))
    return Exit.DONE


def change(args: Namespace) -> int:
    """Change what is given about an agent."""
    done = operate(
        settings_of(args),
        "agent_set",
        agent=args.agent,
        name=args.shown,
        title=args.title,
        limit=args.limit,
        ceiling=args.ceiling,
        trainee=args.trainee,
        languages=args.language,
        skills=args.skill,
        shifts=args.shift,
        **({"desk": args.desk} if args.desk else {}),
    )
    print(f"{done['agent']} is changed: {', '.join(done['changed'])}.")
    return Exit.DONE


def how_to_sign_in(settings: Settings, made: dict[str, Any]) -> str:
    """What the agent does next, with the invitation if there is one."""
    login = f"  supportterm login {settings.socket_url}"
    if "code" not in made:
        return f"They sign in with:\n{login} --name {made['agent']}"
    send = f"Send them this, privately; it works once and for {made['days']} days:"
    return f"{send}\n{login} --invite {made['code']}"


def show(args: Namespace) -> int:
    """List the agents."""
    agents = operate(settings_of(args), "agent_list")
    if args.json:
        print(json.dumps(agents, indent=2))
        return Exit.DONE
    if not agents:
        print("There are no agents yet: `supportterm agent add NAME` makes one.")
        return Exit.DONE
    rows = [("agent", "name", "desk", "title", "limit", "ceiling", "languages", "skills", "shifts", "")]
    for agent in agents:
        state = "disabled" if agent["disabled"] else "" if agent["password"] else "invited"
        title = f"{agent['title']}, trainee" if agent["trainee"] else agent["title"]
        rows.append(
            (
                agent["agent"],
                str(safe_line(agent["name"])),
                agent["desk"],
                title,
                str(agent["limit"] or "-"),
                _ceiling(agent),
                " ".join(agent["languages"]) or "-",
                " ".join(agent["skills"]) or "-",
                ", ".join(agent["shifts"]) or "-",
                state,
            )
        )
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return Exit.DONE


def _ceiling(agent: dict[str, Any]) -> str:
    """The agent's own, or the lower one that their desk measured."""
    if agent["ceiling"]:
        return f"{agent['ceiling'] / 100:g}"
    # A server of an older version tells nothing of it.
    lowered = agent.get("by_pace", 0)
    return f"{lowered / 100:g} by pace" if lowered else "-"


def passwd(args: Namespace) -> int:
    """Set a password."""
    settings = settings_of(args)
    done = operate(settings, "agent_passwd", agent=args.agent, password=new_password(args.password_stdin))
    print(f"{done['agent']} has a new password; {_ended(done['ended'])}.")
    return Exit.DONE


def disable(args: Namespace) -> int:
    """Lock an agent out, or let them in again."""
    done = operate(settings_of(args), "agent_disable", agent=args.agent, undo=args.undo)
    if args.undo:
        print(f"{done['agent']} may sign in again.")
    else:
        print(f"{done['agent']} is disabled; {_ended(done['ended'])}.")
    return Exit.DONE


def invite(args: Namespace) -> int:
    """Make an invitation."""
    settings = settings_of(args)
    print(how_to_sign_in(settings, operate(settings, "agent_invite", agent=args.agent)))
    return Exit.DONE


def _ended(sessions: int) -> str:
    return "1 sign-in ended" if sessions == 1 else f"{sessions} sign-ins ended"
