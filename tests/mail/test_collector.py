"""Mails that come back into a real mailbox: told once, and nobody else's mail is touched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from server.mail.collector import Collector, knock
from server.platform import RealPlatform
from server.settings.mail import Mail

from .chats import BEGUN, CHAT, Story, left_message
from .house import NUMBERS, House, house
from .mailboxes import mailbox, read_at
from .servers import talker, trusting
from .test_returned import report


def mailed() -> tuple[Story, bytes]:
    """A left message whose answer was accepted and its chat closed; and the mail that comes back."""
    story = left_message(begun=BEGUN)
    upto = story.mailing()
    number = NUMBERS.of(story.chat, story.events[-1].seq)
    story.mailed(upto)
    return story, report("postfix", number)


class Watch:
    """A collector that looks when a test wants it."""

    def __init__(self, desk: House, mail: Mail, encrypted: bool) -> None:
        settings = replace(desk.settings, mail=mail)
        trust = trusting() if encrypted else None
        self.collector = Collector(desk.bounces, RealPlatform(), desk.clock, settings, trust)
        self.worker = RealPlatform().worker("mailbox of a test")

    async def look(self) -> str:
        """What was wrong."""
        await self.collector.look(self.worker)
        return self.collector.trouble


@asynccontextmanager
async def watching(
    directory: Path, port: int, *stories: Story, encrypted: bool = False, **settings: Any
) -> AsyncIterator[tuple[House, Watch]]:
    # So long that no busy machine reaches it; who waits for it to end says less.
    mail = read_at(port, imap_tls=encrypted, **{"timeout_seconds": 60, **settings})
    async with house(directory, mail, *stories) as desk:
        watch = Watch(desk, mail, encrypted)
        try:
            yield desk, watch
        finally:
            await watch.worker.stop()


async def bounced(desk: House) -> list[str]:
    return [event.text for event in await desk.events(CHAT, "bounced")]


NONSENSE = "it answers nonsense: is it an IMAP server, and `imap_tls` right?"
NOT_OURS = [
    report("reply"),
    report("holiday"),
    report("delayed"),
    report("exim", "0" * 40),
    b"From: postmaster@acme.example\r\nSubject: The quota\r\n\r\nMind it\r\n",
]


@pytest.mark.parametrize("encrypted", [False, True])
async def test_only_what_is_ours_is_marked(tmp_path: Path, encrypted: bool) -> None:
    story, back = mailed()
    async with (
        mailbox(encrypted) as owner,
        watching(tmp_path, owner.port, story, encrypted=encrypted) as (desk, watch),
    ):
        await owner.put(NOT_OURS[0], back, *NOT_OURS[1:])
        before = await owner.messages()
        assert await watch.look() == ""
        assert [why.split(" <")[0] for why in await bounced(desk)] == ["550 5.1.1"]
        assert [seen for _, seen in await owner.messages()] == [False, True, False, False, False, False]
        assert [subject for subject, _ in await owner.messages()] == [subject for subject, _ in before]
        # What was looked at once is not asked for again; and the same report twice is one.
        await owner.put(back)
        assert await watch.look() == ""
        assert len(await bounced(desk)) == 1
        assert (await owner.messages())[-1][1]
        assert desk.metrics.mails["returned"] == 2


async def test_it_goes_to_a_folder_of_its_own(tmp_path: Path) -> None:
    story, back = mailed()
    async with (
        mailbox() as owner,
        watching(tmp_path, owner.port, story, imap_move_to='Came "back"') as (desk, watch),
    ):
        await owner.put(NOT_OURS[0], back)
        assert (await watch.look()).startswith('there is no folder Came "back": ')
        assert await bounced(desk) == []
        await owner.folder('"Came \\"back\\""')
        assert await watch.look() == ""
        assert len(await bounced(desk)) == 1
        assert [subject for subject, _ in await owner.messages()] == ["Re: Answer from Sanne (Acme Bikes)"]
        moved = await owner.messages('"Came \\"back\\""')
        assert moved == [("Undelivered Mail Returned to Sender", True)]


async def test_a_desk_that_can_store_nothing_hears_it_later(tmp_path: Path) -> None:
    story, back = mailed()
    async with mailbox() as owner, watching(tmp_path, owner.port, story) as (desk, watch):
        await owner.put(back)
        desk.reachable = False
        await watch.look()
        assert (await owner.messages())[0][1] is False
    async with mailbox() as owner, watching(tmp_path, owner.port) as (desk, watch):
        await owner.put(back)
        assert await watch.look() == ""
        assert len(await bounced(desk)) == 1


async def test_a_mailbox_that_cannot_be_read_says_why_and_is_tried_again(tmp_path: Path) -> None:
    story, back = mailed()
    async with mailbox() as owner, watching(tmp_path, owner.port, story) as (desk, watch):
        await owner.put(back)
        for settings, why in (
            ({"imap_password": "other"}, "it does not let us sign in"),
            ({"imap_folder": "Nowhere"}, "there is no folder Nowhere: "),
        ):
            await watch.collector.apply(replace(desk.settings, mail=read_at(owner.port, **settings)))
            await watch.collector.stop()
            assert (await watch.look()).startswith(why)
        assert await bounced(desk) == []
        await watch.collector.apply(replace(desk.settings, mail=read_at(owner.port)))
        await watch.collector.stop()
        assert await watch.look() == ""
        assert len(await bounced(desk)) == 1


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ((), "it does not answer in time"),
        ((None,), "the connection was lost"),
        ((b"* OK hello\r\n", None), "the connection was lost"),
        ((b"HTTP/1.1 400 Bad Request\r\n",), NONSENSE),
        ((b"* BYE go away\r\n",), NONSENSE),
    ],
)
async def test_servers_that_stall_drop_and_lie(
    tmp_path: Path, answers: tuple[bytes | None, ...], why: str
) -> None:
    limit = 60 if answers else 1
    async with talker(*answers) as (port, _), watching(tmp_path, port, timeout_seconds=limit) as (_, watch):
        assert await watch.look() == why


async def test_nobody_listens(tmp_path: Path) -> None:
    async with mailbox() as owner:
        port = owner.port
    async with watching(tmp_path, port) as (_, watch):
        assert await watch.look() == "it cannot be reached: Connection refused"


async def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    async with mailbox(encrypted=True) as owner, watching(tmp_path, owner.port) as (desk, _):
        watch = Watch(desk, read_at(owner.port, imap_tls=True), encrypted=False)
        try:
            assert (await watch.look()).startswith("its certificate is not trusted: self")
        finally:
            await watch.worker.stop()


async def test_a_stop_does_not_wait_for_a_server_that_says_nothing(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail = read_at(port, timeout_seconds=600)
    async with house(tmp_path, mail) as desk:
        collector = Collector(desk.bounces, RealPlatform(), desk.clock, desk.settings)
        collector.start()
        await heard.wait()
        async with asyncio.timeout(60):
            await collector.stop()
    server.close()
    await server.wait_closed()


async def test_knocking_changes_nothing(tmp_path: Path) -> None:
    worker = RealPlatform().worker("mailbox of a test")
    async with mailbox() as owner:
        await owner.put(mailed()[1])
        assert await knock(read_at(owner.port), worker) == ""
        assert await knock(read_at(owner.port, imap_password="no"), worker) == "it does not let us sign in"
        assert [seen for _, seen in await owner.messages()] == [False]
    await worker.stop()
