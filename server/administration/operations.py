"""What an operator may do, whether a server runs or not.

Each operation is an async method whose arguments and results are plain JSON values, so that the
admin socket and the command line call the same thing.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from msgspec import to_builtins
from msgspec.structs import replace

from server.administration.fitting import check, desk_of, tidy
from server.administration.needs import Failed, Live, Records
from server.administration.persons import Persons, described
from server.administration.stranded import stranded
from server.passwords import PASSWORD_CHARS, Crowded, Passwords, weak
from server.platform import Platform
from server.reports.asking import BadQuestion
from server.reports.columns import TARGET_SECONDS
from server.reports.service import Reports
from server.settings import Settings
from server.settings.themes import unusable
from server.signin import INVITE_DAYS, invite, is_name
from server.store.interface import Agent
from supportterm import __version__

#: What `supportterm agent` and the rest may ask for over the admin socket.
OPERATIONS: Final = (
    "agent_add",
    "agent_set",
    "agent_list",
    "agent_passwd",
    "agent_disable",
    "agent_invite",
    "backup",
    "export",
    "erase",
    "find",
    "mail_bounce",
    "mail_retry",
    "reload",
    "report",
    "status",
)


class Administration:
    """Operations over ``records``. ``changing`` is the lock of the running `SignIn`, if one runs."""

    def __init__(
        self,
        records: Records,
        platform: Platform,
        settings: Settings,
        live: Live | None = None,
        changing: asyncio.Lock | None = None,
        reports: Reports | None = None,
    ) -> None:
        self._records = records
        self._persons = Persons(records)
        self._platform = platform
        self._settings = settings
        self._live = live
        self._changing = changing or asyncio.Lock()
        self._reports = reports
        self._passwords = Passwords(platform)

    def apply(self, settings: Settings) -> None:
        """Take reloaded settings."""
        self._settings = settings

    async def stop(self) -> None:
        """End the hashing threads."""
        await self._passwords.stop()

    async def call(self, op: str, args: dict[str, Any]) -> Any:
        """Run one of `OPERATIONS` by its name. Raises `Failed`."""
        if op not in OPERATIONS:
            raise Failed(f"This server does not know `{op}`: is it older than your command?")
        try:
            running = getattr(self, op)(**args)
        except TypeError:
            raise Failed(
                f"This server takes other arguments for `{op}`: is it older than your command?"
            ) from None
        return await running

    # --- agents ------------------------------------------------------------------------------------

    async def agent_add(
        self,
        agent: str,
        name: str = "",
        desk: str = "",
        title: str = "agent",
        limit: int = 0,
        languages: list[str] | None = None,
        password: str = "",
        skills: list[str] | None = None,
        ceiling: int = 0,
        trainee: bool = False,
        shifts: list[str] | None = None,
    ) -> dict[str, Any]:
        """A new agent: {"agent", "desk"}, and without a password an invitation: "code", "expires", "days".

        ``ceiling``: points of load in hundredths; 0 there and in ``limit`` is the desk's own.
        """
        if not is_name(agent):
            raise Failed(
                f"`{agent}` cannot be a login name: use up to 32 of a-z, 0-9, `.`, `_` and `-`, beginning"
                " with a letter or digit."
            )
        new = Agent(
            id=agent,
            name=_shown(name) or agent.capitalize(),
            desk=desk_of(desk, self._settings),
            title=title,
            limit=limit,
            languages=tuple(dict.fromkeys(languages or ())),
            created=self._platform.wall(),
            skills=tuple(dict.fromkeys(skills or ())),
            ceiling=ceiling,
            trainee=trainee,
            shifts=tidy(shifts or ()),
        )
        check(new, self._settings)
        hashed = await self._hash(password) if password else ""
        async with self._changing:
            if await self._records.agent(agent) is not None:
                raise Failed(
                    f"There is an agent `{agent}` already: choose another name, or use"
                    f" `supportterm agent passwd {agent}` or `supportterm agent invite {agent}`."
                )
            await self._records.save_agent(replace(new, password=hashed))
            invited = {} if password else await self._invite(agent)
            await self._people_changed(new.desk)
        return {"agent": agent, "desk": new.desk, **invited}

    async def agent_set(
        self,
        agent: str,
        name: str | None = None,
        title: str | None = None,
        limit: int | None = None,
        ceiling: int | None = None,
        trainee: bool | None = None,
        languages: list[str] | None = None,
        skills: list[str] | None = None,
        shifts: list[str] | None = None,
        desk: str | None = None,
    ) -> dict[str, Any]:
        """Change what is given about an agent: {"agent", "changed"}, the latter with names of fields.

        Lists replace those there were; an empty one takes all away. Who changes the ``desk`` must fit the new
        one, and leaves their chats behind.
        """
        asked = {
            "name": name and _shown(name),
            "desk": desk and desk_of(desk, self._settings),
            "title": title,
            "limit": limit,
            "ceiling": ceiling,
            "trainee": trainee,
            "languages": None if languages is None else tuple(dict.fromkeys(languages)),
            "skills": None if skills is None else tuple(dict.fromkeys(skills)),
            "shifts": None if shifts is None else tidy(shifts),
        }
        if name is not None and not name.strip():
            raise Failed("The name is empty: customers read it.")
        async with self._changing:
            found = await self._found(agent)
            changes = {
                field: value
                for field, value in asked.items()
                if value is not None and value != getattr(found, field)
            }
            if not changes:
                raise Failed(f"That is how `{agent}` is already: nothing was changed.")
            new = replace(found, **changes)
            moved = "desk" in changes
            check(new, self._settings, new.__struct_fields__ if moved else set(changes))
            await self._records.save_agent(new)
            await self._people_changed(new.desk)
            if moved:
                await self._people_changed(found.desk)
                if self._live is not None:
                    await self._live.agent_moved(agent, found.desk)
        return {"agent": agent, "changed": sorted(changes)}

    async def agent_list(self) -> list[dict[str, Any]]:
        """Every agent by login name; never a password.

        ``by_pace``: the ceiling (points × 100) that a running server gave them for their pace; 0: none.
        """
        lowered = self._live.lowered() if self._live is not None else {}
        return [
            {
                "agent": agent.id,
                "name": agent.name,
                "desk": agent.desk,
                "title": agent.title,
                "limit": agent.limit,
                "ceiling": agent.ceiling,
                "by_pace": lowered.get(agent.id, 0),
                "trainee": agent.trainee,
                "languages": list(agent.languages),
                "skills": list(agent.skills),
                "shifts": list(agent.shifts),
                "disabled": agent.disabled,
                "password": bool(agent.password),
                "created": agent.created,
            }
            for agent in sorted(await self._records.agents(), key=lambda agent: agent.id)
        ]

    async def agent_passwd(self, agent: str, password: str) -> dict[str, Any]:
        """Set a password and end every sign-in of the agent: {"agent", "ended"}."""
        hashed = await self._hash(password)
        async with self._changing:
            found = await self._found(agent)
            await self._records.save_agent(replace(found, password=hashed))
            return {"agent": found.id, "ended": await self._end_sessions(found.id)}

    async def agent_disable(self, agent: str, undo: bool = False) -> dict[str, Any]:
        """Lock the agent out and end every sign-in of theirs, or let them in again: {"agent", "ended"}."""
        async with self._changing:
            found = await self._found(agent)
            if found.disabled != undo:
                said = "is not disabled" if undo else "is disabled already"
                raise Failed(f"`{agent}` {said}: nothing was changed.")
            await self._records.save_agent(replace(found, disabled=not undo))
            ended = await self._end_sessions(found.id)
            await self._people_changed(found.desk)
            return {"agent": found.id, "ended": ended}

    async def agent_invite(self, agent: str) -> dict[str, Any]:
        """A one-time code to set a password with: {"agent", "code", "expires", "days"}."""
        async with self._changing:
            found = await self._found(agent)
            if found.disabled:
                raise Failed(f"`{agent}` is disabled: first `supportterm agent disable --undo {agent}`.")
            return {"agent": found.id, **await self._invite(found.id)}

    # --- records -----------------------------------------------------------------------------------

    async def backup(self, target: str) -> dict[str, Any]:
        """A checked copy of the database at ``target``, an absolute path: {"target", "bytes"}."""
        path = self._backup_path(target)
        try:
            await self._records.backup(path)
        except OSError as error:
            raise Failed(f"The backup could not be written to {path}: {error.strerror or error}.") from None
        return {"target": str(path), "bytes": path.stat().st_size}

    async def find(self, person: str) -> list[dict[str, Any]]:
        """Which customers `export` and `erase` would take that for: {"id", "customer", "name", "shop",
        "chats", "last", "line"}, the latter to be read."""
        found = await self._persons.find(person)
        return [{**to_builtins(one), "line": described(one, self._settings)} for one in found]

    async def export(self, person: str) -> dict[str, Any]:
        """Everything held about a customer, named as `Persons.find` takes it. Raises `Failed` for several."""
        one = await self._persons.one(person, self._settings)
        return await self._records.export_person(one.customer)

    async def erase(self, person: str) -> dict[str, Any]:
        """Remove a customer's texts and contact data everywhere: {"customer", "chats"}. Raises `Failed` where
        several fit.

        A chat is followed to who signs in meanwhile and takes it along: then all of theirs is removed too.
        """
        one = await self._persons.one(person, self._settings)
        customer, erased = one.customer, set[str]()
        while True:
            erased |= await self._erase_all(customer)
            if (now := await self._customer(one.id)) == customer:
                return {"customer": customer, "chats": sorted(erased)}
            customer = now

    async def _erase_all(self, customer: str) -> set[str]:
        erased: set[str] = set()
        while chats := await self._records.erase_person(customer):
            erased.update(chats)
            if self._live is None:
                break
            await self._live.person_erased(customer, chats)
            if not await self._any_served(chats):
                break
            # Once more: they may have written between their texts' end and the event that tells of it.
        return erased

    async def report(
        self,
        since: str = "",
        until: str = "",
        by: str = "",
        desk: str = "",
        shop: str = "",
        target: int = TARGET_SECONDS,
        zone: str = "",
        what: str = "service",
        lang: str = "",
    ) -> dict[str, Any]:
        """A report of some days, "service", "promises" or "reasons": {"report": as `Reports.answer` has it,
        "since", "until", "zone", "desks"}; those two moments are in ms since 1970."""
        if self._reports is None:
            raise Failed("Reports are made by the server or by the command itself, not here.")
        try:
            question = self._reports.question(
                since=since,
                until=until,
                by=by,
                desk=desk,
                shop=shop,
                target=target,
                zone=zone,
                what=what,
                lang=lang,
            )
            report = await self._reports.answer(question)
        except BadQuestion as error:
            raise Failed(str(error)) from None
        told = {"since": question.since, "until": question.until, "zone": question.zone}
        return {"report": report, **told, "desks": list(question.desks)}

    # --- the server --------------------------------------------------------------------------------

    async def reload(self) -> list[str]:
        """Apply changed settings to the running server: what still needs a restart, or a look."""
        if self._live is None:
            raise Failed(_NO_SERVER)
        later = await self._live.reload()
        return [*later, *(await self._stranded()).values(), *unusable(self._settings.shops)]

    async def status(self) -> dict[str, Any]:
        """The version, where data lies, and the running server's figures; "notes": what is to be mended."""
        live = self._live.status() if self._live is not None else {}
        notes = list((await self._stranded()).values())
        return {"version": __version__, "data_dir": str(self._settings.data_dir), **live, "notes": notes}

    # --- mail --------------------------------------------------------------------------------------

    async def mail_bounce(self, message: str) -> dict[str, Any]:
        """Take in a mail that came back, in base64: {"outcome"}, as `server.mail.bounces` has it."""
        if self._live is None:
            raise Failed(_NO_SERVER)
        try:
            raw = base64.b64decode(message, validate=True)
        except ValueError:
            raise Failed("The message is not base64.") from None
        return {"outcome": await self._live.mail_bounce(raw)}

    async def mail_retry(self) -> dict[str, Any]:
        """Try all mails that wait at once: {"waiting", "why"}, of those that still do."""
        if self._live is None:
            raise Failed(_NO_SERVER)
        return await self._live.mail_retry()

    # --- helpers -----------------------------------------------------------------------------------

    def _backup_path(self, target: str) -> Path:
        path = Path(target)
        if not path.is_absolute():
            raise Failed("Name the backup by an absolute path.")
        if path.is_dir():
            stamp = datetime.fromtimestamp(self._platform.wall() / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
            path /= f"supportterm-{stamp}.db"
        if path.exists():
            raise Failed(f"{path} exists already: name another file, or a directory.")
        if not path.parent.is_dir():
            raise Failed(f"There is no directory {path.parent}: make it first.")
        return path

    async def _stranded(self) -> dict[str, str]:
        return stranded(await self._records.in_desks(), self._settings)

    async def _people_changed(self, desk: str) -> None:
        if self._live is not None:
            await self._live.people_changed(desk)

    async def _found(self, agent: str) -> Agent:
        found = await self._records.agent(agent)
        if found is None:
            raise Failed(f"There is no agent `{agent}`: `supportterm agent list` shows all of them.")
        return found

    async def _any_served(self, chats: list[str]) -> bool:
        """Whether one of the chats is at a desk that still exists; nobody is told of the others."""
        rows = [await self._records.row(chat) for chat in chats]
        return any(row is not None and row.desk in self._settings.desks for row in rows)

    async def _customer(self, person: str) -> str:
        row = await self._records.row(person)
        return row.customer if row is not None else person

    async def _hash(self, password: str) -> str:
        if weak(password):
            raise Failed(f"The password is too short: use at least {PASSWORD_CHARS} characters.")
        try:
            return await self._passwords.hash(password)
        except Crowded:
            raise Failed("The server is busy with other passwords: try again in a moment.") from None

    async def _invite(self, agent: str) -> dict[str, Any]:
        code, expires = await invite(self._records, self._platform, agent)
        return {"code": code, "expires": expires, "days": INVITE_DAYS}

    async def _end_sessions(self, agent: str) -> int:
        ended = await self._records.end_sessions(agent)
        if self._live is not None:
            await self._live.sessions_ended(agent)
        return ended


def _shown(name: str) -> str:
    """A name as customers read it. Raises `Failed` for signs that are no part of one."""
    name = name.strip()
    if not name.isprintable():
        raise Failed("The name has signs in it that cannot be seen: customers read it, so type it again.")
    return name


_NO_SERVER: Final = "No server runs with these settings: start one with `supportterm serve`."
