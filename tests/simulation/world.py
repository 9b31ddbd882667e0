"""One seed's story: people use the system, things go wrong, the sky clears, and all is judged."""

from __future__ import annotations

import asyncio
import base64
import logging
import random
import shutil
import tempfile
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import argon2

from server import passwords
from server.desk.desk import Desk
from server.gateway.customer import customer_id
from server.node import Node
from supportterm.link.login import login

from .decisions import Decisions
from .device import ADDRESS, Device, Person
from .host import Host
from .invariants import judge
from .loop import Stuck, VirtualLoop
from .network import Network
from .people import Author
from .post import Post
from .signers import SUBS, Moment, Signers
from .snoop import snoop
from .trace import Trace
from .transport import End
from .weather import Weather
from .witness import Witness

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: Seconds after the weather has cleared by which everybody has noticed a silent connection: clients
#: and the server's pings give it a minute.
NOTICED = 70.0
#: Seconds by which everything must have arrived: the longest wait before the next attempt is half a
#: minute, a customer's whole outbox takes half a minute at the allowed rate.
PATIENCE = 300.0
#: A story ends when nothing falls due so soon that it could happen while the server stops.
SOON_MS = 2_500


class Broken(AssertionError):
    """A seed broke a promise. The message says which, and how to see it again."""


class Outcome(NamedTuple):
    """``digest`` must be the same whenever the seed is run."""

    digest: str
    steps: int
    seconds: float
    commands: int
    frames: int
    starts: int
    erasures: int
    mails: int
    bounces: int
    believed: int
    moved: int


def run(seed: int | str, show: bool = False) -> Outcome:
    """Live through one seed. Raises `Broken`."""
    base = Path("/dev/shm")
    directory = Path(tempfile.mkdtemp(prefix="sim-", dir=base if base.is_dir() else None))
    # Real hashes, but quick ones: what they cost is not what is looked at here.
    quick = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    try:
        with patch.object(passwords, "PasswordHasher", quick):
            return World(str(seed), directory, show).run()
    finally:
        shutil.rmtree(directory)


async def _nameless(_: object) -> str:
    """There is no name server in the simulation."""
    return "shop.example"


class World:
    """Everything of one seed."""

    def __init__(self, seed: str, directory: Path, show: bool = False) -> None:
        self.seed = seed
        self.dice = random.Random(f"{seed}/world")
        self.loop = VirtualLoop()
        self.trace = Trace(self.loop.time, show)
        self.network = Network(self.loop, seed, self.trace)
        self.signers = Signers(directory, seed, self._now)
        self.witness = Witness(self.trace, self.signers, self._now)
        self.host = Host(self.loop, self.network, directory, self.witness, self.trace)
        self.network.written = self._server_wrote
        self.decisions = Decisions()
        self.erasures = 0
        self._operations: list[asyncio.Task[Any]] = []
        self._disabled: list[Person] = []
        self._changing = False
        self._operator = self.loop.process("operator", "10.0.0.2")
        self.people = self._make_people()
        #: By person; an agent who signs in again gets another one.
        self.tokens = {person.name: person.token for person in self.people}
        self._draw_more_tokens()
        self.devices = [self._device(person, 0) for person in self.people]
        self.author = Author(random.Random(f"{seed}/author"), self.witness)
        self.post = Post(self.loop, seed, self.trace)
        self.bounces = 0
        self.weather = Weather(self.loop, self.network, self.host, self.devices, self.trace)

    def _make_people(self) -> list[Person]:
        def token() -> str:
            return "".join(self.dice.choices(_LETTERS, k=43))

        customers = [
            Person(f"c{n}", "customer", self.dice.choice(("acme", "bikes", "toys")), token(), f"10.0.1.{n}")
            for n in range(self.dice.randrange(3, 7))
        ]
        agents = [
            Person("anna", "agent", "main", token(), "10.0.2.1", languages=("nl", "en")),
            Person("bo", "agent", "main", token(), "10.0.2.2", languages=("en",), skills=("returns",)),
            Person("sam", "agent", "main", token(), "10.0.2.3", title="supervisor", languages=("en",)),
            Person("cees", "agent", "other", token(), "10.0.2.4"),
            Person("dirk", "agent", "other", token(), "10.0.2.5", title="supervisor"),
        ]
        return customers + agents

    def _draw_more_tokens(self) -> None:
        """Who is signed in has another token in each browser, which is theirs there."""
        for person in self.people:
            if person.role == "customer":
                for sub in SUBS:
                    self.tokens[f"{person.name}.{sub}"] = "".join(self.dice.choices(_LETTERS, k=43))
        pages = self.witness.whose.pages
        shop_of = {person.name: person.place for person in self.people if person.role == "customer"}
        for page, token in self.tokens.items():
            if shop := shop_of.get(page.partition(".")[0]):
                pages[customer_id(shop, token)] = page

    def _device(self, person: Person, number: int) -> Device:
        name = f"{person.name}.{number}"
        parts = self.loop, self.network, self.witness, self.trace, self.tokens, self.signers
        return Device(name, person, *parts)

    def _now(self) -> Moment:
        return Moment(self.loop.time(), self.host.machine.wall())

    def _server_wrote(self, end: End, data: bytes) -> None:
        # A letter may be on its way already when its chat is erased.
        if end.process.name == "server" and end.peer is not None and end.peer.process.name != "post":
            self.witness.server_wrote(end.peer.process.name, data)

    # --- the story ---------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Live through it. Raises `Broken`."""
        watch = _LogWatch(self.witness)
        try:
            with (
                patch("server.doorway.Desk", self.decisions.desks(self.witness.whose)),
                patch("aiosmtplib.SMTP._get_default_local_hostname", _nameless),
            ):
                self.loop.run_until_complete(self._story())
        except Stuck as stuck:
            self.witness.fail(str(stuck))
        finally:
            watch.end()
            digest, steps, seconds = self.trace.digest(), self.loop.steps, self.loop.time()
            errors = self.loop.errors
            self.loop.bury()
        self.witness.violations += errors
        if self.witness.violations:
            raise Broken(
                f"seed {self.seed}: {self.witness.violations[0]}\n"
                f"({len(self.witness.violations)} broken promises; to see how it came to that: "
                f"python -m tests.simulation --seeds {self.seed} --trace)"
            )
        return Outcome(
            digest,
            steps,
            seconds,
            len(self.witness.asked),
            self.witness.frames,
            self.host.starts,
            self.erasures,
            len(self.post.taken),
            self.bounces,
            self.witness.whose.said["good"],
            len(self.witness.whose.moves),
        )

    async def _story(self) -> None:
        await self._operator.spawn(self.host.prepare(self._operator, self._agents()))
        self.post.start()
        self.host.start()
        for device in self.devices:
            device.start()
        end = self.dice.uniform(40, 110)
        next_fault = self.dice.expovariate(1 / 4)
        next_look = 5.0
        while self.loop.time() < end and not self.witness.violations:
            await asyncio.sleep(self.dice.expovariate(4))
            self._supervise()
            self._bounce()
            if self.loop.time() >= next_fault:
                next_fault += self.dice.expovariate(1 / 4)
                self.weather.strike()
            if self.loop.time() >= next_look:
                next_look += 5.0
                self.host.inspect()
                self.host.look_who_is_believed()
            self._act()
        self.weather.clear()
        self.post.calm = True
        if await self._settle() and not self.witness.violations:
            await judge(self)

    def _agents(self) -> list[Person]:
        return [person for person in self.people if person.role == "agent"]

    def _supervise(self) -> None:
        if not self.host.up and self.loop.time() >= self.host.restart_at:
            self.host.start()

    def _act(self) -> None:
        roll = self.dice.random()
        if roll < 0.01:
            self._new_tab()
        elif roll < 0.015:
            self._operate(self._erase())
        elif roll < 0.017:
            self._operate(self._disable())
        elif roll < 0.025:
            self._snoop()
        elif roll < 0.03:
            self._operate(self.host.ask(self.dice.choice(("status", "reload", "agent_list"))))
        elif roll < 0.045:
            self._sign_in()
        elif roll < 0.047:
            self._operate(self._change_secret())
        else:
            device = self.dice.choice(self.devices)
            if not device.running or device.stopped:
                return
            if device.person.role == "customer":
                self.author.customer(device)
            elif device.person.title == "supervisor" and self.dice.random() < 0.4:
                self.author.supervisor(device)
            else:
                self.author.agent(device)
            if self.author.handed:
                self.author.handed = False
                self.weather.in_mid_handoff()
            if self.author.promised:
                self.weather.around_a_deadline(self.author.promised)
                self.author.promised = 0

    def _sign_in(self) -> None:
        """Somebody signs in at their shop on a page, or out; or the page is loaded anew with a newer word."""
        device = self.dice.choice([device for device in self.devices if device.person.role == "customer"])
        device.sign_in(self.dice.choice(("", *SUBS)))

    def _new_tab(self) -> None:
        """A second window of somebody."""
        person = self.dice.choice(self.people)
        number = sum(device.person is person for device in self.devices)
        if number < 3:
            device = self._device(person, number)
            self.devices.append(device)
            device.start(takeover=self.dice.random() < 0.5)

    # --- operators, and worse ------------------------------------------------------------------------------

    def _operate(self, work: Coroutine[Any, Any, Any]) -> None:
        self._operations.append(self._operator.spawn(work))

    def _bounce(self) -> None:
        """Some of what was mailed comes back, now and then twice."""
        if self.post.undelivered and self.dice.random() < 0.2:
            number = self.post.undelivered.pop(0)
            if self.dice.random() < 0.2:
                self.post.undelivered.append(number)
            self._operate(self._hand_back(self.post.report(number)))

    async def _hand_back(self, report: bytes) -> None:
        message = base64.b64encode(report).decode()
        while True:
            found = await self.host.ask("mail_bounce", message=message)
            if found is not None and found["outcome"] != "later":
                break
            await asyncio.sleep(3)
        if found["outcome"] != "told":
            self.witness.fail(f"what came back was held to be {found['outcome']}")
        self.bounces += 1

    async def _erase(self) -> None:
        """Erase a customer, again and again until the server says it is done."""
        chats = self.witness.opened()
        if not chats:
            return
        chat = self.dice.choice(chats)
        whose = self.witness.whose
        while True:
            before = whose.chats_of(whose.owner_of[chat])
            settled = {other: self.witness.settled([other]) for other in before}
            if await self.host.ask("erase", person=chat) is not None:
                # What was somebody else's by then, or went to somebody else, may be there still.
                for other in before & whose.chats_of(whose.owner_of[chat]):
                    self.witness.erased |= settled[other]
                self.erasures += 1
                return
            await asyncio.sleep(3)

    async def _change_secret(self) -> None:
        """A shop signs with another secret from now on, and has the server read it."""
        if self._changing:
            return
        self._changing = True
        self.signers.change()
        while await self.host.ask("reload") is None:
            await asyncio.sleep(3)
        self.signers.known.append(self.loop.time())
        self._changing = False

    async def _disable(self) -> None:
        """Disable an agent, and after a while let them in again."""
        person = self.dice.choice(self._agents())
        # Of two sign-ins at once the later one is good, and which that is the operator cannot tell.
        if person in self._disabled:
            return
        self._disabled.append(person)
        while await self.host.ask("agent_disable", agent=person.name) is None:
            if await self._is_disabled(person):
                break
            await asyncio.sleep(3)
        await asyncio.sleep(self.dice.expovariate(1 / 10))
        while (invited := await self.host.ask("agent_invite", agent=person.name)) is None:
            await self.host.ask("agent_disable", agent=person.name, undo=True)
            await asyncio.sleep(3)
        while True:
            try:
                found = await login(ADDRESS, person.name, "correct horse battery", invited["code"])
                break
            except Exception as error:
                self.trace("operator", f"login: {error!r}")
                await asyncio.sleep(3)
                invited = await self.host.ask("agent_invite", agent=person.name) or invited
        self.tokens[person.name] = found.token
        self._disabled.remove(person)
        for device in self.devices:
            if device.person is person:
                device.kill()
                device.start()

    async def _is_disabled(self, person: Person) -> bool:
        listed = await self.host.ask("agent_list")
        return bool(listed) and any(one["agent"] == person.name and one["disabled"] for one in listed)

    def _snoop(self) -> None:
        chats = self.witness.opened()
        if chats:
            shop = self.dice.choice(("acme", "bikes", "toys"))
            token = "".join(self.dice.choices(_LETTERS, k=43))
            person = Person("snoop", "customer", shop, token, "10.0.3.1")
            process = self.loop.process("snoop", person.host)
            some = [self.dice.choice(chats)]
            process.spawn(snoop(person, some, random.Random(self.dice.random()), self.witness))

    # --- the end -------------------------------------------------------------------------------------------

    async def _settle(self) -> bool:
        """Wait until everybody is online and everything is answered; False if that never comes."""
        noticed, until = self.loop.time() + NOTICED, self.loop.time() + PATIENCE
        quiet = 0
        while quiet < 5 or self.loop.time() < noticed:
            self._supervise()
            self._bounce()
            for device in self.devices:
                if not device.running:
                    device.start()
            await asyncio.sleep(1)
            self.host.look_who_is_believed()
            quiet = 0 if self._open_ends() else quiet + 1
            if self.witness.violations:
                return False
            if self.loop.time() > until:
                self.witness.fail(f"not settled after {PATIENCE:.0f} s: {'; '.join(self._open_ends())}")
                return False
        return True

    def _open_ends(self) -> list[str]:
        node = self.host.node if self.host.up else None
        found = [] if node else ["the server is down"]
        if node is not None and any(_is_due(doorway.desk, node) for doorway in node.doorways.values()):
            found.append("something falls due at a desk")
        if node is not None and node._mailer.waiting:
            found.append(f"{node._mailer.waiting} mails wait")
        found += ["a mail has yet to come back" for _ in self.post.undelivered]
        found += ["an operator waits" for task in self._operations if not task.done()]
        for device in self.devices:
            if device.link is None or device.link.state.kind != "online":
                found.append(f"{device.name} is {device.link.state if device.link else 'gone'}")
                continue
            journal = device.journal
            left = [entry.id for log in journal.chats.values() for entry in log.outbox]
            left += [entry.id for entry in journal.own]
            if left:
                found.append(f"{device.name} has {len(left)} unanswered, first {left[0]}")
            found += [f"{device.name} syncs {log.chat}" for log in journal.chats.values() if log.syncing]
        return found


def _is_due(desk: Desk, node: Node) -> bool:
    """Whether something is near: a desk that is about to act is not at rest. It always watches its clock."""
    soon = node._clock.now().run + SOON_MS
    return any(run <= soon for key, run in desk.deadlines._due.items() if key[0] != "clock")


class _LogWatch(logging.Handler):
    """An error in a log that no fault explains is a broken promise."""

    EXPLAINED = ("not accepting messages", "a page cannot be read", "a connection ended because the store")

    def __init__(self, witness: Witness) -> None:
        super().__init__(logging.ERROR)
        self._witness = witness
        self._root = logging.getLogger()
        self._root.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if not text.startswith(self.EXPLAINED):
            error = f": {record.exc_info[1]!r}" if record.exc_info else ""
            self._witness.fail(f"{record.name} logged: {text}{error}")

    def end(self) -> None:
        self._root.removeHandler(self)
