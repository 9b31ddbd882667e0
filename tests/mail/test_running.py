"""A whole server and a whole mail server: from the message that was left to the link in the answer."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.desk.events import decode_data
from server.gateway.admin import call, socket_path
from server.platform import RealPlatform
from server.rules_of import rules_of
from server.settings import Desk, Shop
from server.settings.identity import Identity
from server.settings.mail import Mail
from supportterm.protocol import frames, kinds, views
from tests.gateway.test_pages import get
from tests.gateway.test_team import view
from tests.signing import SECRET, known
from tests.support import Running, new_id, new_token, running_node, settings_in

from .mailboxes import mailbox, read_at
from .servers import MailServer, mail_at, mail_server
from .test_returned import report

PAGE = "https://www.acme.example"
DESK = Desk(ramp_seconds=0, breather_seconds=0)
SHOPS = {"demo": Shop(desk="main", name="Acme Bikes", languages=["nl", "en"], origins=[PAGE])}


async def left(running: Running) -> str:
    """A customer asks when nobody is there, and goes."""
    chat = new_id()
    async with running.customer(origin=PAGE) as cleo:
        message = frames.LeaveMessage(
            new_id(), chat, "Waar is 48213?", "Cleo", "cleo@example.org", lang="nl", page=PAGE + "/band?x=1"
        )
        assert isinstance(await cleo.ask(message), frames.Event)
    return chat


async def answered(running: Running, chat: str) -> None:
    """Mia answers, and closes the chat: what she wrote is mailed at once."""
    token = await running.add_agent("mia")
    async with running.agent(token) as mia:
        for command in (
            frames.Take(new_id(), chat, sure=True),
            frames.Say(new_id(), chat, "Morgen bij u."),
            frames.CloseChat(new_id(), chat),
        ):
            assert isinstance(await mia.ask(command), frames.Event)


async def kinds_of(running: Running, chat: str) -> list[str]:
    return [event.kind for event in await running.node.store.stream("chat:" + chat)]


async def test_a_left_message_is_answered_by_mail(tmp_path: Path) -> None:
    async with (
        mail_server() as server,
        running_node(tmp_path, desks={"main": DESK}, shops=SHOPS, mail=mail_at(server.port)) as running,
    ):
        chat = await left(running)
        await answered(running, chat)
        await server.arrived.wait()
        await until_closed(running, chat)
        happened = await kinds_of(running, chat)
        assert happened.count("mailing") == happened.count("mailed") == 1
        assert happened.index("mailing") < happened.index("mailed") < happened.index("closed")

        [letter] = server.letters
        assert letter["Subject"] == "Antwoord van Mia (Acme Bikes)"
        text = letter.get_content()
        assert "Morgen bij u." in text
        assert "> Waar is 48213?" in text
        link = re.search(rf"{PAGE}/band#supportterm=(\S+)", text)
        assert link is not None
        async with running.connection("/v1/shop/demo", origin=PAGE) as elsewhere:
            await elsewhere.send(frames.Hello(1, new_token(), link=link[1]))
            assert (await elsewhere.next(frames.Welcome)).chats == [chat]

        figures = (await get(running, "/metrics")).body
        assert b'supportterm_mails_total{outcome="accepted"} 1.0' in figures
        assert b"supportterm_mails_waiting 0.0" in figures


async def until_closed(running: Running, chat: str) -> None:
    """The desk closes it by itself, once it knows that the answer was accepted."""
    async with running.agent(await running.add_agent("tom", title="supervisor")) as tom:
        await view(tom, views.Left, lambda left: not left.rows)


async def test_a_shop_without_a_mail_server_mails_nothing(tmp_path: Path) -> None:
    async with running_node(tmp_path, desks={"main": DESK}, shops=SHOPS) as running:
        chat = await left(running)
        await answered(running, chat)
        assert not {"mailing", "mailed"} & set(await kinds_of(running, chat))
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "mailer"]
        assert b"supportterm_mails_waiting" not in (await get(running, "/metrics")).body


@pytest.mark.parametrize(
    ("mail", "practice", "mails"),
    [(Mail(), False, False), (mail_at(25), False, True), (mail_at(25), True, False)],
)
def test_who_is_only_played_gets_no_mail(tmp_path: Path, mail: Mail, practice: bool, mails: bool) -> None:
    settings = replace(settings_in(tmp_path, desks={"main": Desk(practice=practice)}, shops=SHOPS), mail=mail)
    shop = rules_of(settings, "main").shop("demo")
    assert shop.facts is not None
    assert (shop.mail, shop.facts.mail) == (mails, mails)


async def test_a_mail_server_named_while_it_runs_is_used_at_once(tmp_path: Path) -> None:
    """And what was on its way when its settings were wrong goes by the new ones."""
    toml = f"""
        [server]
        port = 0
        [desk.main]
        ramp_seconds = 0
        [shop.demo]
        desk = "main"
        origins = ["{PAGE}"]
        [mail]
        host = "localhost"
        sender = "service@acme.example"
        starttls = false
    """

    async def busy(_: MailServer) -> str:
        return "452 Later"

    async with mail_server() as wrong, mail_server() as server:
        wrong.on_data = busy
        mail = mail_at(wrong.port)
        async with running_node(tmp_path, desks={"main": DESK}, shops=SHOPS, mail=mail) as running:
            chat = await left(running)
            await answered(running, chat)
            await wrong.arrived.wait()
            running.settings.path.write_text(toml + f"port = {server.port}\n")
            assert await running.node.reload() == []
            await server.arrived.wait()
            await until_closed(running, chat)
    assert server.letters[0]["Message-ID"] == wrong.letters[0]["Message-ID"]


async def test_an_answer_goes_to_the_address_that_the_shop_vouches_for(tmp_path: Path) -> None:
    """They told none; and what was told before they signed in was maybe not theirs."""
    shops = {"demo": replace(SHOPS["demo"], identity=Identity(secret=SECRET))}
    signed = known("48213", RealPlatform().wall(), name="Eva Jansen", email="eva@example.org")
    async with (
        mail_server() as server,
        running_node(tmp_path, desks={"main": DESK}, shops=shops, mail=mail_at(server.port)) as running,
        running.agent(await running.add_agent("mia", title="supervisor")) as mia,
    ):
        browser, chat = new_token(), new_id()
        async with running.customer(browser, origin=PAGE) as somebody:
            await somebody.ask(frames.Open(new_id(), chat, lang="en"))
            await somebody.ask(frames.GiveContact(new_id(), chat, "stranger@example.org", "Somebody"))
        async with running.connection("/v1/shop/demo", origin=PAGE) as eva:
            await eva.send(frames.Hello(1, browser, identity=signed))
            assert (await eva.next(frames.Welcome)).chats == [chat]
            await eva.ask(frames.Say(new_id(), chat, "Where is it?"))
        due = RealPlatform().wall() + 3_600_000
        for command in (
            frames.Say(new_id(), chat, "I will find out."),
            frames.CallBack(new_id(), chat, due, "mail"),
            frames.Take(new_id(), chat, sure=True),
            frames.Say(new_id(), chat, "It is in Utrecht."),
            frames.CloseChat(new_id(), chat),
        ):
            assert isinstance(await mia.ask(command), frames.Event), command
        await server.arrived.wait()
    [letter] = server.letters
    assert letter["To"] == "eva@example.org"
    assert "Somebody" not in letter.get_content()


@pytest.mark.parametrize(
    ("rcpt", "how", "mail"), [("250 OK", ["kept"], ""), ("550 No such mailbox", [], "refused")]
)
async def test_a_callback_is_kept_by_a_mail_that_was_accepted(
    tmp_path: Path, rcpt: str, how: list[str], mail: str
) -> None:
    async with (
        mail_server() as server,
        running_node(tmp_path, desks={"main": DESK}, shops=SHOPS, mail=mail_at(server.port)) as running,
        running.agent(await running.add_agent("mia", title="supervisor")) as mia,
    ):
        server.rcpt = rcpt
        async with running.customer(origin=PAGE) as anna:
            chat = new_id()
            await anna.ask(frames.Open(new_id(), chat, lang="en"))
            await anna.ask(frames.Say(new_id(), chat, "Where is 48213?"))
            due = RealPlatform().wall() + 3_600_000
            await mia.next(frames.Event, lambda event: event.text == "Where is 48213?")
            await mia.ask(frames.Say(new_id(), chat, "I will find out."))
            promise = frames.CallBack(new_id(), chat, due, "mail", "anna@example.org", "Anna")
            assert isinstance(await mia.ask(promise), frames.Event)
        for command in (
            frames.Take(new_id(), chat, sure=True),
            frames.Say(new_id(), chat, "It is in Utrecht."),
            frames.CloseChat(new_id(), chat),
        ):
            assert isinstance(await mia.ask(command), frames.Event), command
        if mail:
            await view(mia, views.Left, lambda left: any(row.mail == mail for row in left.rows))
        else:
            await view(mia, views.Left, lambda left: not left.rows)
        events = await running.node.store.stream("chat:" + chat)
        ended = [
            decode_data(event, kinds.PromiseEnded).how for event in events if event.kind == "promise_ended"
        ]
        assert ended == how
        assert (events[-1].kind == "closed") == (not mail)
        if not mail:
            text = server.letters[0].get_content()
            assert "It is in Utrecht." in text
            assert "I will find out." not in text, "they were there to read it"
            assert text.startswith("Hello Anna,")
        refused = [event.text for event in events if event.kind == "mailed" and event.text]
        assert refused == ([rcpt] if mail else [])


async def test_a_callback_whose_mail_comes_back_is_not_kept(tmp_path: Path) -> None:
    """From the mail server's yes to the report in the mailbox, the list, the figures, and another address."""
    async with mail_server() as server, mailbox() as owner:
        mail = replace(
            read_at(owner.port, imap_seconds=1), host="localhost", port=server.port, timeout_seconds=20
        )
        async with (
            running_node(tmp_path, desks={"main": DESK}, shops=SHOPS, mail=mail) as running,
            running.agent(await running.add_agent("mia", title="supervisor")) as mia,
        ):
            async with running.customer(origin=PAGE) as anna:
                chat = new_id()
                await anna.ask(frames.Open(new_id(), chat, lang="en"))
                await anna.ask(frames.Say(new_id(), chat, "Where is 48213?"))
                due = RealPlatform().wall() + 3_600_000
                await mia.next(frames.Event, lambda event: event.text == "Where is 48213?")
                promise = frames.CallBack(new_id(), chat, due, "mail", "anna@example.org", "Anna")
                assert isinstance(await mia.ask(promise), frames.Event)
            for command in (
                frames.Take(new_id(), chat, sure=True),
                frames.Say(new_id(), chat, "It is in Utrecht."),
                frames.CloseChat(new_id(), chat),
            ):
                assert isinstance(await mia.ask(command), frames.Event), command
            await view(mia, views.Left, lambda left: not left.rows)
            assert await promises(running) == (1, 1, 0)

            await owner.put(report("postfix", server.letters[0]["Message-ID"][1:41]))
            await view(mia, views.Left, lambda left: [row.mail for row in left.rows] == ["refused"])
            event = await mia.next(frames.Event, lambda event: event.kind == "joined")
            assert event.by.id == "mia", "it comes up for who promised"
            assert await promises(running) == (1, 0, 1)
            correct = frames.CallBack(new_id(), chat, due + 60_000, "mail", "anna.new@example.org")
            assert isinstance(await mia.ask(correct), frames.Event)
            await view(mia, views.Left, lambda left: not left.rows)
            first, second = server.letters
            assert second["To"] == "anna.new@example.org"
            assert "It is in Utrecht." in second.get_content()
            assert first["Message-ID"] != second["Message-ID"]
            assert await promises(running) == (1, 1, 0)

            path = socket_path(running.settings.data_dir)
            raw = base64.b64encode(report("gmail", first["Message-ID"][1:41])).decode()
            assert await call(path, "mail_bounce", message=raw) == {"outcome": "told"}
            assert await promises(running) == (1, 1, 0), "the first one is known to have come back"
            raw = base64.b64encode(report("gmail", "0" * 40)).decode()
            assert await call(path, "mail_bounce", message=raw) == {"outcome": "foreign"}
            assert (await call(path, "mail_retry")) == {"waiting": 0, "why": ""}
            assert (await call(path, "status"))["mail"] == {"waiting": 0, "mailbox": ""}


async def promises(running: Running) -> tuple[int, int, int]:
    """Made, kept in time or after an extension, and running."""
    report = await running.node.administration.call("report", {"what": "promises", "by": "agent"})
    columns = [column["id"] for column in report["report"]["columns"]]
    row = dict(zip(columns, report["report"]["rows"][0], strict=True))
    return row["made"], row["kept"] + row["extended"], row["running"]
