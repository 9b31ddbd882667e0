"""The outbox: nothing decided is lost, nothing accepted sent again, and every outcome on record once."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.desk.commands import CLOCK, Erase, Seen
from server.desk.decision import Decision
from server.desk.events import chat_stream
from server.desk.reach import Trying
from server.mail.mailer import wait_ms
from server.mail.outbox import Outbox
from server.settings.mail import Mail
from server.store.interface import Append, Unavailable

from .chats import CHAT, Story, left_message
from .house import House, house, settings_with
from .servers import MailServer, mail_at, mail_server, talker

OTHER = "another-chat-of-ours"


def waits(*, chat: str = CHAT) -> tuple[Story, int]:
    """A left message whose answer is to be mailed, and how far."""
    story = left_message(chat=chat)
    return story, story.mailing()


async def test_what_was_decided_is_mailed_and_on_record(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        await desk.round()
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]
        assert await desk.waiting() == []
        await desk.round(3_600)
    assert len(server.letters) == 1
    assert server.letters[0]["To"] == "anna@example.org"
    assert f"#supportterm=acme.{CHAT}.{story.events[-1].at}" in server.letters[0].get_content()
    assert desk.metrics.mails == {"accepted": 1}


async def test_a_refusal_is_on_record_with_the_servers_words_and_final(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        server.rcpt = "550 5.1.1 No such mailbox"
        await desk.round()
        await desk.round(3_600)
        assert await desk.mailed(CHAT) == [(upto, "refused", "550 5.1.1 No such mailbox")]
        assert await desk.waiting() == []
    assert server.commands.count("QUIT") == 1
    assert desk.metrics.mails == {"refused": 1}


async def test_what_is_not_taken_is_tried_again_and_twice_as_late_each_time(tmp_path: Path) -> None:
    story, upto = waits()
    async with (
        mail_server() as server,
        house(tmp_path, mail_at(server.port, retry_seconds=60), story) as desk,
    ):
        server.rcpt = "450 4.2.1 Busy"
        tries = []
        for passed in (0, 59, 1, 119, 1, 239, 1):
            await desk.round(passed)
            tries.append(server.commands.count("QUIT"))
        assert tries == [1, 1, 2, 2, 3, 3, 4]
        assert await desk.mailed(CHAT) == []
        server.rcpt = "250 OK"
        await desk.round(480)
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]
    assert desk.metrics.mails == {"retried": 4, "accepted": 1}


def test_waits_double_up_to_the_longest() -> None:
    mail = Mail(retry_seconds=60, retry_most_minutes=30)
    assert [wait_ms(n, mail) // 1000 for n in (1, 2, 3, 4, 5, 6, 7, 1_000)] == [
        60,
        120,
        240,
        480,
        960,
        1800,
        1800,
        1800,
    ]


async def test_what_is_never_taken_counts_as_refused_at_last(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server:
        port = server.port
    async with house(tmp_path, mail_at(port, retry_hours=2, retry_most_minutes=30), story) as desk:
        await desk.round()
        for _ in range(4):
            assert await desk.mailed(CHAT) == []
            await desk.round(1_800)
        [(number, how, why)] = await desk.mailed(CHAT)
        assert (number, how) == (upto, "refused")
        assert why.startswith("The mail server took it at no time in 2 hours: ")
        assert await desk.waiting() == []


async def test_after_a_long_outage_of_ours_it_is_tried_before_it_is_given_up(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port, retry_hours=1), story) as desk:
        await desk.round(86_400)
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]


async def test_a_server_that_is_down_is_asked_once_not_for_every_mail(tmp_path: Path) -> None:
    stories = [waits(chat=f"one-of-many-chats-{n}")[0] for n in range(5)]
    async with talker(b"421 Later\r\n") as (port, _), house(tmp_path, mail_at(port), *stories) as desk:
        await desk.round()
        assert desk.metrics.mails == {"retried": 1}
        await desk.round(59)
        assert desk.metrics.mails == {"retried": 1}
        await desk.round(1)
        assert desk.metrics.mails == {"retried": 2}
        async with mail_server() as server:
            await desk.mailer.apply(settings_with(tmp_path, mail_at(server.port)))
            await desk.mailer.stop()
            await desk.round()
        assert await desk.waiting() == []
    assert len(server.letters) == 5


async def test_one_mail_the_server_chokes_on_does_not_hold_up_the_others(tmp_path: Path) -> None:
    first = Story().opened().customer("choke").contact("anna@example.org").agent("It is in Utrecht.")
    first.mailing()
    second, upto = waits(chat=OTHER)

    async def hangs_up(server: MailServer) -> str:
        if b"choke" in server.raw[-1]:
            server.hang_up()
        return "250 OK"

    async with mail_server() as server, house(tmp_path, mail_at(server.port), first, second) as desk:
        server.on_data = hangs_up
        await desk.round()
        assert await desk.mailed(OTHER) == []
        await desk.round(60)
        assert await desk.mailed(OTHER) == [(upto, "accepted", "")]
        assert await desk.mailed(CHAT) == []


async def test_nor_does_one_that_we_choke_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (first, broken), (second, upto) = waits(), waits(chat=OTHER)
    async with mail_server() as server, house(tmp_path, mail_at(server.port), first, second) as desk:
        desk.broken = CHAT
        await desk.round()
        assert await desk.mailed(OTHER) == [(upto, "accepted", "")]
        assert await desk.waiting() == [(CHAT, broken)]
        assert "a mail cannot be written: ZeroDivisionError" in caplog.text
        assert "anna" not in caplog.text
        await desk.round(24 * 3_600)
        await desk.round()
        assert [(number, how) for number, how, _ in await desk.mailed(CHAT)] == [(broken, "refused")]


async def test_mails_of_one_chat_go_in_order(tmp_path: Path) -> None:
    story, first = waits()
    story.customer("And the tube?").agent("In the same parcel.")
    second = story.mailing(first)
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        server.on_data = busy
        await desk.round()
        server.on_data = taken
        await desk.round(59)
        assert len(server.letters) == 1
        await desk.round(1)
        await desk.round()
        assert await desk.mailed(CHAT) == [(first, "accepted", ""), (second, "accepted", "")]
    said = [letter.get_content() for letter in server.letters]
    assert ["Utrecht" in text for text in said] == [True, True, False]
    assert ["tube" in text for text in said] == [False, False, True]


async def busy(_: MailServer) -> str:
    return "452 Later"


async def taken(_: MailServer) -> str:
    return "250 OK"


# --- restarts --------------------------------------------------------------------------------------------


async def test_after_a_restart_what_waits_is_tried_at_once_under_the_same_number(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server:
        async with house(tmp_path, mail_at(server.port), story) as desk:
            server.on_data = busy
            await desk.round()
            await desk.round(60)
        async with house(tmp_path, mail_at(server.port)) as desk:
            server.on_data = taken
            await desk.round()
            assert await desk.mailed(CHAT) == [(upto, "accepted", "")]
    assert len({letter["Message-ID"] for letter in server.letters}) == 1
    assert len({bytes(raw) for raw in server.raw}) == 1


async def test_what_is_on_record_is_not_sent_again_though_the_outbox_never_heard(tmp_path: Path) -> None:
    """The server died right after the desk had stored the outcome."""
    story, upto = waits()
    story.mailed(upto)
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        await desk.round()
        assert await desk.waiting() == []
    assert server.letters == []


async def test_the_same_words_decided_on_again_are_another_mail(tmp_path: Path) -> None:
    """One that came back goes to another address: also in the same millisecond, where the clock was set back,
    and though the mailer has not forgotten the first."""
    story, upto = waits()
    async with house(tmp_path, Mail(), story) as desk:
        outbox = Outbox(desk.store)
        await outbox.follow()
        (first,) = await outbox.waiting(9)
        begun = len(story.events)
        story.mailed(upto)
        story.mailing()
        story.events[-1] = replace(story.events[-1], at=first.since)
        fence = await desk.store.claim("main")
        await desk.store.append("main", fence, [Append(chat_stream(CHAT), begun, story.events[begun:])])
        await outbox.follow()
        (again,) = await outbox.waiting(9)
        assert (again.chat, again.upto, again.since) == (first.chat, first.upto, first.since)
        assert again != first
        await outbox.drop(first)
        assert await outbox.waiting(9) == [again]


async def test_a_desk_that_can_store_nothing_is_told_again_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        desk.doorway.trouble = "disk full"
        await desk.round()
        assert await desk.waiting() == [(CHAT, upto)]
        desk.doorway.trouble = ""
        await desk.round()
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]
    assert len(server.letters) == 1
    assert desk.metrics.mails == {"accepted": 1}


# --- what is not mailed -----------------------------------------------------------------------------------


async def test_an_erased_chat_mails_nothing(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        await desk.store.erase_person("customer-of-" + CHAT)
        await decided(desk, Erase(CHAT))
        await desk.round()
        assert [(n, how) for n, how, _ in await desk.mailed(CHAT)] == [(upto, "refused")]
        assert await desk.waiting() == []
    assert server.commands == []


async def test_erased_between_two_tries_it_is_not_tried_again(tmp_path: Path) -> None:
    story, _ = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        server.on_data = busy
        await desk.round()
        await desk.store.erase_person("customer-of-" + CHAT)
        await decided(desk, Erase(CHAT))
        await desk.round(60)
        assert await desk.waiting() == []
    assert len(server.letters) == 1


async def decided(desk: House, command: Erase | Seen) -> None:
    done: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
    desk.doorway.submit(CLOCK, command, done.set_result)
    await done


async def test_what_the_customer_has_seen_in_the_widget_needs_no_mail(tmp_path: Path) -> None:
    story, upto = waits()
    story.seen(upto)
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        await desk.round()
        assert await desk.waiting() == []
    assert server.commands == []


async def test_nor_does_what_they_see_while_others_are_mailed(tmp_path: Path) -> None:
    (first, _), (second, upto) = waits(), waits(chat=OTHER)
    async with mail_server() as server, house(tmp_path, mail_at(server.port), first, second) as desk:

        async def meanwhile(_: MailServer) -> str:
            await decided(desk, Seen(OTHER, upto))
            return "250 OK"

        server.on_data = meanwhile
        await desk.round()
        await desk.round()
        assert await desk.waiting() == []
        assert await desk.mailed(OTHER) == []
        assert await desk.events(OTHER, "seen")
    assert len(server.letters) == 1


async def test_an_address_that_no_mail_server_takes_is_refused_without_asking_one(tmp_path: Path) -> None:
    story = left_message().contact("ånna@example.org")
    upto = story.mailing()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        await desk.round()
        assert await desk.mailed(CHAT) == [(upto, "refused", "No mail server takes an address like this.")]
    assert server.commands == []


async def test_a_desk_that_is_in_no_settings_keeps_its_mails(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        desk.reachable = False
        await desk.round()
        desk.reachable = True
        await desk.round(60)
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]


# --- life -------------------------------------------------------------------------------------------------


async def test_it_runs_only_where_there_is_a_mail_server(tmp_path: Path) -> None:
    async with house(tmp_path, Mail()) as desk:
        desk.mailer.start()
        assert not running()
        await desk.mailer.apply(settings_with(tmp_path, mail_at(1)))
        assert running()
        await desk.mailer.apply(settings_with(tmp_path, Mail()))
        assert not running()


def running() -> bool:
    return any(task.get_name() == "mailer" for task in asyncio.all_tasks())


async def test_a_mail_under_way_is_finished_before_the_server_stops(tmp_path: Path) -> None:
    story, upto = waits()
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slow(_: MailServer) -> str:
        arrived.set()
        await go.wait()
        return "250 OK"

    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        server.on_data = slow
        desk.mailer.start()
        await arrived.wait()
        stopping = asyncio.ensure_future(desk.mailer.stop())
        await asyncio.sleep(0)
        go.set()
        await stopping
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]
        assert not running()


async def test_what_goes_wrong_in_one_round_is_tried_in_the_next(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        desk.store.failing = Unavailable("disk full", "the disk is full")
        with pytest.raises(Unavailable):
            await desk.round()
        assert server.commands == []
        await desk.round()
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]


async def test_logs_hold_no_address_and_no_text(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "supportterm")
    (first, _), (second, _) = waits(), waits(chat=OTHER)
    async with mail_server() as server, house(tmp_path, mail_at(server.port), first, second) as desk:
        server.rcpt = "450 <anna@example.org> busy with Utrecht"
        await desk.round()
        server.rcpt = "550 <anna@example.org> no Utrecht here"
        await desk.round(60)
        server.rcpt = "250 OK"
        await desk.round(60)
    lines = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert any("refused" in line for line in lines)
    assert not [line for line in lines if "anna" in line or "Utrecht" in line]
    assert server.letters == [] or server.letters[0]["Message-ID"] in str(lines)


async def test_what_is_tried_in_vain_is_told(tmp_path: Path) -> None:
    story, other = waits()[0], waits(chat=OTHER)[0]
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story, other) as desk:
        news: list[dict[str, Trying]] = []
        desk.mailer.news = lambda trying: news.append(dict(trying))
        server.rcpt = "450 4.2.1 Busy"
        await desk.round()
        again = desk.clock.now().at + 60_000
        assert news == [{chat: Trying(1, again, "it answers 450") for chat in (CHAT, OTHER)}]
        await desk.round(30)
        assert len(news) == 1
        await desk.round(30)
        assert {one.tried for one in news[-1].values()} == {2}
        assert desk.mailer.why == "it answers 450"
        server.rcpt = "250 OK"
        await desk.round(120)
        assert (news[-1], desk.mailer.why) == ({}, "")


async def test_who_waits_behind_a_server_that_is_down_is_told_that(tmp_path: Path) -> None:
    story, other = waits()[0], waits(chat=OTHER)[0]
    async with talker(b"421 Later\r\n") as (port, _), house(tmp_path, mail_at(port), story, other) as desk:
        await desk.round()
        assert desk.metrics.mails == {"retried": 1}
        assert {chat: one.tried for chat, one in desk.mailer.trying.items()} == {CHAT: 1, OTHER: 1}


async def test_all_is_tried_at_once_when_somebody_asks(tmp_path: Path) -> None:
    story, upto = waits()
    async with mail_server() as server, house(tmp_path, mail_at(server.port), story) as desk:
        server.rcpt = "450 4.2.1 Busy"
        desk.mailer.start()
        assert await desk.mailer.retry() == 1
        tried = server.commands.count("QUIT")
        server.rcpt = "250 OK"
        assert await desk.mailer.retry() == 0
        assert await desk.mailed(CHAT) == [(upto, "accepted", "")]
        assert tried >= 1
