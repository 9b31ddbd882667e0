"""The server is killed while it hands mails over: each arrives, and a second copy has the same number."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from server.desk.events import chat_stream, decode_data
from server.platform import RealPlatform
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore
from supportterm.protocol import kinds
from tests.crash.house import House
from tests.mail.chats import left_message
from tests.mail.house import stored
from tests.mail.servers import MailServer, mail_server

MAILS: Final = 7
#: Which of them their sender does not survive: with the letter handed over and unanswered, or with the answer
#: read and not yet on record.
DIES: Final = {1: "unanswered", 3: "answered", 4: "unanswered", 6: "answered"}
_SECONDS: Final = 60
_TOML: Final = """
[server]
port = {{port}}
data_dir = "data"
log_level = "info"
public_url = "https://chat.acme.example"

[mail]
host = "localhost"
port = {mail}
starttls = false
sender = "service@acme.example"

[desk.main]

[shop.acme]
desk = "main"
origins = ["*"]
"""

pytestmark = [pytest.mark.crash, pytest.mark.timeout(240)]


class Killing(MailServer):
    """Kills who hands it some of the mails, one way or the other."""

    house: House

    def begin(self, house: House) -> None:
        self.house = house
        self.killed = asyncio.Event()
        #: What came under each number.
        self.contents: dict[str, set[bytes]] = {}
        self.new = False
        self.on_data = self._takes

    def _dies(self, how: str) -> bool:
        """Whether who brought the newest mail, for the first time, dies in that way."""
        return self.new and DIES.get(len(self.contents)) == how

    async def _takes(self, _: MailServer) -> str:
        number = self.letters[-1]["Message-ID"]
        self.new = number not in self.contents
        self.contents.setdefault(number, set()).add(self.raw[-1])
        if self._dies("unanswered"):
            self._kill()
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        # Whoever takes their leave has read the answer.
        if self._dies("answered"):
            self._kill()
        return "221 Bye"

    def _kill(self) -> None:
        # The test waits for its end: with the connection, this conversation is over, too.
        assert self.house.process is not None
        self.house.process.kill()
        self.killed.set()


async def test_a_kill_between_the_mail_servers_yes_and_our_note_loses_nothing(tmp_path: Path) -> None:
    now = RealPlatform().wall()
    stories = [left_message(chat=f"a-chat-that-was-left-{n}", begun=now - 60_000) for n in range(MAILS)]
    upto = {story.chat: story.mailing() for story in stories}
    async with mail_server(Killing()) as server:
        assert isinstance(server, Killing)
        house = House(tmp_path, toml=_TOML.format(mail=server.port))
        server.begin(house)
        house.data.mkdir(parents=True)
        store = await SqliteStore.open(house.data / DATABASE, RealPlatform())
        await stored(store, *stories)
        await store.close()
        try:
            async with asyncio.timeout(_SECONDS):
                for _ in DIES:
                    server.killed.clear()
                    await house.start()
                    await server.killed.wait()
                    assert house.process is not None
                    assert await house.process.wait() == -signal.SIGKILL
                await house.start()
                while len(server.contents) < MAILS:
                    server.arrived.clear()
                    await server.arrived.wait()
            # It waits for the mail that is under way, and puts it on record.
            assert await house.stop() == 0
        finally:
            await house.end()
        assert "Traceback" not in house.log.read_text()

    sent = Counter(letter["Message-ID"] for letter in server.letters)
    assert len(sent) == MAILS
    assert sum(sent.values()) == MAILS + len(DIES), (
        "once more for each kill, and not again for what is on record"
    )
    assert all(len(found) == 1 for found in server.contents.values()), "the same letter under the same number"
    store = await SqliteStore.open(house.data / DATABASE, RealPlatform())
    try:
        await are_on_record(store, upto)
    finally:
        await store.close()


async def are_on_record(store: SqliteStore, upto: dict[str, int]) -> None:
    """Each mail was accepted, once, and none waits."""
    for chat, number in upto.items():
        found = [event for event in await store.stream(chat_stream(chat)) if event.kind == "mailed"]
        assert [decode_data(event, kinds.Mailed) for event in found] == [kinds.Mailed(number, "accepted")]
    assert await store.facts("SELECT * FROM mail_outbox") == []
