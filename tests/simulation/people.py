"""What customers and agents do, drawn."""

from __future__ import annotations

import random
import string
from typing import Literal

from supportterm.link.chatlog import ChatLog
from supportterm.protocol import frames
from supportterm.protocol.base import Status
from supportterm.protocol.callbacks import How

from .device import Device
from .witness import Kind, Witness, marker

_WORDS = (
    "waar",
    "blijft",
    "mijn pakje",
    "hvor er",
    "min ordre",
    "the blue one",
    "please",
    "niet goed",
    "tak",
)
_TAILS = (
    "",
    " 4111 1111 1111 1111",
    " ünïcödé 😀",
    ' "\\/\n\t<b>',
    " \u202eabc\u0007\u001b[31m",
)
#: Texts that only ask for patience; every other text carries its marker, and says something.
_HOLDING = ("One more moment", "still checking", "momentje nog", "ben nog aan het zoeken")


class Author:
    """Makes ids and texts; every text carries its marker."""

    def __init__(self, dice: random.Random, witness: Witness) -> None:
        self.dice = dice
        self.witness = witness
        self._count = 0
        #: A chat is being handed on since somebody looked last.
        self.handed = False
        #: In how many seconds a promise falls due that was given since somebody looked last; 0: none was.
        self.promised = 0

    def id(self) -> str:
        return "".join(self.dice.choices(string.ascii_lowercase, k=22))

    def text(self, kind: Kind, author: str, chat: str) -> str:
        self._count += 1
        dice = self.dice
        length = dice.choice((300, 600)) if dice.random() < 0.05 else dice.randrange(1, 12)
        words = " ".join(dice.choices(_WORDS, k=length))
        tail = dice.choice(_TAILS) if dice.random() < 0.3 else ""
        return f"{marker(kind, author, chat, self._count)} {words}{tail}"[:4_000]

    # --- customers -----------------------------------------------------------------------------------

    def customer(self, device: Device) -> None:
        """One thing a customer does."""
        log = self._newest(device)
        closed = log is not None and log.head is not None and log.head.state == "closed"
        if log is None or (closed and self.dice.random() < 0.4):
            if self.dice.random() < 0.1:
                self._leave(device, self.id())
            else:
                self._open(device)
            return
        if log.head is not None and log.head.state == "left" and self.dice.random() < 0.9:
            return  # they need not stay, and do something else
        match self.dice.choices(
            ("say", "burst", "close", "reopen", "typed", "saw", "more", "repeat", "leave", "choose", "time"),
            (40, 8, 5, 5, 8, 15, 3, 6, 2, 3, 3),
        )[0]:
            case "say":
                self._say(device, log, "C")
            case "burst":
                for _ in range(self.dice.randrange(2, 15)):
                    self._say(device, log, "C")
            case "close":
                device.put(frames.CloseChat(id=self.id(), chat=log.chat))
            case "reopen":
                device.put(frames.Reopen(id=self.id(), chat=log.chat))
            case "repeat":
                self._repeat(device)
            case "leave":
                self._leave(device, log.chat)
            case "choose":
                choice: Literal["now", "wait"] = self.dice.choice(("now", "wait"))
                device.put(frames.ChooseLanguage(id=self.id(), chat=log.chat, choice=choice))
            case "time":
                device.put(frames.NeedTime(id=self.id(), chat=log.chat))
            case what:
                device.do(what, log.chat)

    def _leave(self, device: Device, chat: str) -> None:
        """A message for later, in a chat that waits or a new one."""
        author = device.person.name
        text = self.text("C", author, chat)
        contact = self._address(author, chat) if self.dice.random() < 0.5 else ""
        device.put(frames.LeaveMessage(id=self.id(), chat=chat, text=text, contact=contact, lang="nl"))

    def _address(self, author: str, chat: str) -> str:
        """One that mail servers take; most of them."""
        name = self.text("P", author, chat).split()[0]
        return f"{name}x@example.org" if self.dice.random() < 0.9 else f"{name}@example.org"

    def _open(self, device: Device) -> None:
        chat = self.id()
        author = device.person.name
        page = self.text("P", author, chat)[:2_000] if self.dice.random() < 0.5 else ""
        lang = self.dice.choice(("nl", "nl", "en"))
        topic = "returns" if self.dice.random() < 0.2 else ""
        device.put(frames.Open(id=self.id(), chat=chat, lang=lang, topic=topic, page=page))
        device.put(frames.Say(id=self.id(), chat=chat, text=self.text("C", author, chat)))

    def _newest(self, device: Device) -> ChatLog | None:
        found = None
        for log in device.journal.chats.values():
            if not log.gone and (log.outbox or log.head):
                found = log
        return found

    def _say(self, device: Device, log: ChatLog, kind: Literal["C", "A"], promise: int = 0) -> None:
        text = self.text(kind, device.person.name, log.chat)
        device.put(frames.Say(id=self.id(), chat=log.chat, text=text, promise=promise))

    def _promise(self, device: Device, log: ChatLog) -> None:
        """A while, or a time of day by the server's clock as the console knows it."""
        link = device.link
        assert link is not None
        self.promised = self.dice.choice((30, 31, 40, 55))
        now = device.journal.server_time(link.now_ms())
        if now is None or self.dice.random() < 0.5:
            self._say(device, log, "A", promise=self.promised * 1_000)
            return
        text = self.text("A", device.person.name, log.chat)
        # A second more than allowed at least, for the way there.
        due = now + (self.promised + 1) * 1_000
        device.put(frames.Say(id=self.id(), chat=log.chat, text=text, due=due))

    def _call_back(self, device: Device, chat: str, *, again: bool = False) -> None:
        """The customer need not stay; or has been called, if they were told that."""
        link = device.link
        assert link is not None
        head, now = device.journal.chats[chat].head, device.journal.server_time(link.now_ms())
        if head is not None and head.callback and not again:
            device.put(frames.Phoned(id=self.id(), chat=chat, reached=self.dice.random() < 0.5))
        elif now is not None:
            due = now + self.dice.choice((32, 45, 90)) * 1_000
            how: How = self.dice.choice(("phone", "mail", "mail"))
            owner = self.witness.begun_by.get(chat, "nobody")
            contact = f"+31 20 {self.dice.randrange(10**6, 10**7)}"
            if how == "mail":
                contact = self._address(owner, chat)
            device.put(frames.CallBack(id=self.id(), chat=chat, due=due, how=how, contact=contact))

    def _repeat(self, device: Device) -> None:
        """Say something again under the same id, now and then something else under it."""
        opened = set(self.witness.opened())
        done = [
            asked.command
            for id, asked in self.witness.asked.items()
            if asked.place == device.place
            and {"event", "ok"} & set(self.witness.answers[id])
            and getattr(asked.command, "chat", "") in opened
        ]
        if not done:
            return
        command = self.dice.choice(done)
        if isinstance(command, frames.Say | frames.Note) and self.dice.random() < 0.3:
            kind: Kind = "A" if device.person.role == "agent" else "C"
            text = self.text(kind, device.person.name, command.chat)
            command = frames.Say(id=command.id, chat=command.chat, text=text)
        device.put(command)

    # --- agents ----------------------------------------------------------------------------------------

    def agent(self, device: Device) -> None:
        """One thing an agent does."""
        dice, mine = self.dice, device.journal.mine
        if dice.random() < 0.5:
            device.do("pressed")
        if mine is not None and mine.offers and dice.random() < 0.5:
            chat = dice.choice(mine.offers).chat
            answer = frames.Accept if dice.random() < 0.7 else frames.Decline
            device.put(answer(id=self.id(), chat=chat))
            return
        if dice.random() < 0.3 and self._by_mail(device):
            return
        chats = [log for log in device.journal.chats.values() if log.head is not None and not log.gone]
        if not chats or dice.random() < 0.08:
            self._elsewhere(device)
            return
        self._in_chat(device, dice.choice(chats))

    def _by_mail(self, device: Device) -> bool:
        """Take what is to be answered by mail, answer it and be done; now and then by another address."""
        left = device.journal.left
        rows = [row for row in left.rows if "@" in row.contact and not row.answered_at] if left else []
        if not rows:
            return False
        chat = self.dice.choice(rows).chat
        log = device.journal.chats.get(chat)
        if log is None or log.head is None or log.head.owner != device.person.name:
            device.put(frames.Take(id=self.id(), chat=chat, sure=True))
        elif self.dice.random() < 0.2:
            self._call_back(device, chat, again=True)
        else:
            self._say(device, log, "A")
            device.put(frames.CloseChat(id=self.id(), chat=chat))
        return True

    def _elsewhere(self, device: Device) -> None:
        """Besides their chats: how they are, what waits, the time after a chat."""
        dice, journal = self.dice, device.journal
        waits = [row.chat for row in journal.queue.rows] if journal.queue else []
        waits += [row.chat for row in journal.left.rows] if journal.left else []
        called = [row.chat for row in journal.left.rows if row.how] if journal.left else []
        if called and dice.random() < 0.3:
            chat, reached = dice.choice(called), dice.random() < 0.5
            device.put(frames.Phoned(id=self.id(), chat=chat, reached=reached))
        elif waits and dice.random() < 0.6:
            device.put(frames.Take(id=self.id(), chat=dice.choice(waits), sure=dice.random() < 0.5))
        elif journal.mine is not None and journal.mine.wrap_ups and dice.random() < 0.5:
            chat = dice.choice(journal.mine.wrap_ups).chat
            act: Literal["end", "extend"] = dice.choice(("end", "extend"))
            device.put(frames.Breather(id=self.id(), chat=chat, act=act))
        else:
            status: Status = dice.choices(("online", "away", "finishing", "offline"), (8, 2, 1, 1))[0]
            device.put(frames.SetStatus(id=self.id(), status=status))

    def _in_chat(self, device: Device, log: ChatLog) -> None:
        name, chat, dice = device.person.name, log.chat, self.dice
        match dice.choices(
            (
                "say",
                "promise",
                "hold",
                "call back",
                "note",
                "close",
                "reopen",
                "typed",
                "saw",
                "more",
                "repeat",
                "team",
                "abuse",
            ),
            (34, 20, 8, 20, 12, 8, 4, 8, 15, 3, 6, 12, 1),
        )[0]:
            case "say":
                self._say(device, log, "A")
            case "promise":
                self._promise(device, log)
            case "hold":
                device.put(frames.Say(id=self.id(), chat=chat, text=dice.choice(_HOLDING)))
            case "call back":
                self._call_back(device, chat)
            case "note":
                device.put(frames.Note(id=self.id(), chat=chat, text=self.text("N", name, chat)))
            case "close":
                device.put(frames.CloseChat(id=self.id(), chat=chat))
            case "reopen":
                device.put(frames.Reopen(id=self.id(), chat=chat))
            case "repeat":
                self._repeat(device)
            case "team":
                self._with_colleagues(device, chat)
            case "abuse":
                act: Literal["warn", "end", "block"] = dice.choice(("warn", "end", "block"))
                device.put(frames.Abuse(id=self.id(), chat=chat, act=act, minutes=1))
            case what:
                device.do(what, chat)

    def _with_colleagues(self, device: Device, chat: str) -> None:
        """Hand the chat on, take that back, ask somebody in, or send them out again."""
        dice, colleague = self.dice, self._colleague(device)
        match dice.choices(("handoff", "recall", "invite", "uninvite"), (6, 1, 2, 2))[0]:
            case "handoff":
                text = self.text("N", device.person.name, chat)
                to_skill = device.person.place == "main" and dice.random() < 0.3
                device.put(
                    frames.HandOff(
                        id=self.id(),
                        chat=chat,
                        text=text,
                        agent="" if to_skill else colleague,
                        skill="returns" if to_skill else "",
                        sure=dice.random() < 0.5,
                    )
                )
                self.handed = True
            case "recall":
                device.put(frames.Recall(id=self.id(), chat=chat))
            case "invite":
                device.put(frames.Invite(id=self.id(), chat=chat, agent=colleague))
            case _:
                device.put(frames.Uninvite(id=self.id(), chat=chat, agent=colleague))

    def _colleague(self, device: Device) -> str:
        """Somebody of the desk, now and then oneself."""
        return self.dice.choice(("anna", "bo", "sam") if device.person.place == "main" else ("cees", "dirk"))

    # --- supervisors -------------------------------------------------------------------------------------

    def supervisor(self, device: Device) -> None:
        """One thing a supervisor does besides an agent's work."""
        dice, journal = self.dice, device.journal
        chats = [chat for one in journal.team.agents for chat in one.chats] if journal.team else []
        chats += [row.chat for row in journal.queue.rows] if journal.queue else []
        what = dice.choices(
            ("assign", "watch", "unwatch", "status", "ceiling", "control", "unblock"), (5, 5, 2, 2, 2, 2, 2)
        )[0]
        match what:
            case "assign" if chats:
                colleague = self._colleague(device)
                device.put(frames.Assign(id=self.id(), chat=dice.choice(chats), agent=colleague))
            case "watch" if chats:
                device.do("watch", dice.choice(chats))
            case "unwatch" if journal.watched:
                device.do("unwatch", dice.choice(sorted(journal.watched)))
            case "status":
                status: Status = dice.choice(("online", "online", "away", "finishing", "offline"))
                device.put(frames.SetAgent(id=self.id(), agent=self._colleague(device), status=status))
            case "ceiling":
                ceiling = dice.choice((0, 100, 200, 500))
                device.put(frames.SetAgent(id=self.id(), agent=self._colleague(device), ceiling=ceiling))
            case "control":
                self._control(device)
            case "unblock" if journal.blocks and journal.blocks.blocks:
                block = dice.choice(journal.blocks.blocks).block
                device.put(frames.Unblock(id=self.id(), block=block))
            case _:
                pass

    def _control(self, device: Device) -> None:
        """Something for a quarter of a minute, by the server's clock as the console knows it."""
        dice, journal = self.dice, device.journal
        shop = "" if device.person.place == "other" else dice.choice(("", "acme", "bikes"))
        what: Literal["closed", "open", "banner", "queue", "languages", "invitations"] = dice.choice(
            ("closed", "open", "banner", "queue", "languages", "invitations")
        )
        text = {"banner": "delivery strike", "languages": "en"}.get(what, "")
        now = journal.welcome.time if journal.welcome else 0
        until = now + 120_000 if dice.random() < 0.8 else 0
        device.put(frames.Control(id=self.id(), what=what, shop=shop, until=until, value=2, text=text))
