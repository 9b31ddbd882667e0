"""A letter is accepted, refused, or kept for later; nothing in between, whatever a mail server does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from server.mail.letter import Letter
from server.mail.post import Accepted, Later, Post, Refused

from .servers import PASSWORD, USER, MailServer, mail_at, mail_server, secured, talker, trusting

LETTER = Letter(
    "service@acme.example",
    "anna@example.org",
    "<one@acme.example>",
    b"From: service@acme.example\r\nMessage-ID: <one@acme.example>\r\n\r\n.\r\nHej\r\n",
)


async def test_what_is_accepted_arrived_as_it_was() -> None:
    async with mail_server() as server:
        assert await Post(mail_at(server.port)).hand_over(LETTER) == Accepted()
    assert server.envelopes == [("service@acme.example", "anna@example.org")]
    assert server.letters[0]["Message-ID"] == "<one@acme.example>"
    assert server.letters[0].get_content() == ".\r\nHej\r\n"  # a point alone ends nothing
    assert server.commands[-1] == "QUIT"


@pytest.mark.parametrize(
    ("what", "answer", "outcome"),
    [
        ("rcpt", "550 5.1.1 No such mailbox here", Refused("550 5.1.1 No such mailbox here")),
        ("rcpt", "450 4.2.1 Mailbox busy", Later("it answers 450", down=False)),
        ("mail", "553 5.7.1 Not your address", Refused("553 5.7.1 Not your address")),
        ("mail", "530 5.7.0 Sign in first", Later("it answers 530", down=True)),
        ("mail", "421 4.3.2 Going down", Later("it answers 421", down=False)),
        ("data", "554 5.6.0 Looks like spam", Refused("554 5.6.0 Looks like spam")),
        ("data", "452 4.3.1 Disk full", Later("it answers 452", down=False)),
        ("data", "251 Whatever", Later("it answers 251", down=False)),
    ],
)
async def test_what_an_answer_means(what: str, answer: str, outcome: Refused | Later) -> None:
    async with mail_server() as server:
        if what == "data":

            async def answers(_: MailServer) -> str:
                return answer

            server.on_data = answers
        else:
            setattr(server, what, answer)
        assert await Post(mail_at(server.port)).hand_over(LETTER) == outcome


async def test_a_mail_servers_words_are_made_safe_and_short() -> None:
    words = "550-\x1b[2Jno\r\n550 no\u202e, \x9b" + "x" * 400 + "\r\n"
    async with talker(b"220 hello\r\n", b"250 mail\r\n", b"250 ok\r\n", words.encode()) as (port, _):
        outcome = await Post(mail_at(port)).hand_over(LETTER)
    assert isinstance(outcome, Refused)
    assert outcome.words.startswith("550 ␛[2Jno no�, �xxx")
    assert len(outcome.words) == 200


async def test_a_server_that_hangs_up_instead_of_answering_has_not_accepted() -> None:
    async with mail_server() as server:

        async def hangs_up(server: MailServer) -> str:
            server.hang_up()
            return "250 too late"

        server.on_data = hangs_up
        outcome = await Post(mail_at(server.port)).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert outcome.down
    assert len(server.raw) == 1


async def test_a_server_that_hangs_up_after_accepting_has_accepted() -> None:
    greeting = (b"220 hello\r\n", b"250 mail\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
    lines = (b"",) * LETTER.content.count(b"\n")
    async with talker(*greeting, *lines, b"250 ok\r\n", None) as (port, heard):
        assert await Post(mail_at(port)).hand_over(LETTER) == Accepted()
    assert heard[-2:] == [b".\r\n", b"QUIT\r\n"]


async def test_a_server_that_stalls_is_left() -> None:
    async with mail_server() as server:

        async def stalls(_: MailServer) -> str:
            return await asyncio.Future[str]()

        server.on_data = stalls
        outcome = await Post(mail_at(server.port, timeout_seconds=1)).hand_over(LETTER)
    assert outcome == Later("it does not answer in time", down=True)


@pytest.mark.parametrize(
    "answers", [(b"",), (b"220 mail.example", b""), (b"220 hello\r\n", b"250-mail\r\n", b"250-")]
)
async def test_one_that_stalls_at_the_beginning_is_left_as_well(answers: tuple[bytes, ...]) -> None:
    async with talker(*answers) as (port, _):
        outcome = await Post(mail_at(port, timeout_seconds=1)).hand_over(LETTER)
    assert outcome == Later("it does not answer in time", down=True)


@pytest.mark.parametrize(
    "answers",
    [
        (b"HTTP/1.1 400 Bad Request\r\n",),
        (b"\xff\xfe\x00\r\n",),
        (b"220 hello\r\n", b"\r\n"),
        (b"220 hello\r\n", b"250 mail\r\n", b"yes\r\n"),
        (b"220 hello\r\n", b"250 mail\r\n", b"250 ok\r\n", b"two hundred and fifty\r\n"),
        (b"220 hello\r\n", b"250 mail\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"\x00\x1b[2J\r\n"),
        (b"220 " + b"x" * 100_000,),
        (None,),
        (b"220 hello\r\n", None),
        (b"554 go away\r\n",),
        (b"220 hello\r\n", b"550 no\r\n", b"550 no\r\n"),
    ],
)
async def test_nonsense_is_neither_yes_nor_no(answers: tuple[bytes, ...]) -> None:
    async with talker(*answers) as (port, _):
        outcome = await Post(mail_at(port)).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert outcome.why.isprintable()


async def test_nobody_listens() -> None:
    async with mail_server() as server:
        port = server.port
    outcome = await Post(mail_at(port)).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert outcome.down


# --- encryption and signing in ---------------------------------------------------------------------


async def test_with_starttls_everything_is_encrypted() -> None:
    async with mail_server(**secured()) as server:
        mail = mail_at(server.port, starttls=True, user=USER, password=PASSWORD)
        assert await Post(mail, trusting()).hand_over(LETTER) == Accepted()
    assert server.sessions[0].ssl is not None
    assert server.sessions[0].authenticated
    at = server.commands.index("STARTTLS")
    assert [line.partition(" ")[0] for line in server.commands[:at]] == ["EHLO"]


async def test_without_starttls_nothing_is_sent_in_the_clear() -> None:
    async with mail_server(authenticator=None) as server:
        mail = mail_at(server.port, starttls=True, user=USER, password=PASSWORD)
        outcome = await Post(mail, trusting()).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert outcome.why == (
        "it offers no STARTTLS: try another `port`, or set `starttls = false` if it is on this machine"
    )
    assert [line.partition(" ")[0] for line in server.commands] == ["EHLO"]
    assert server.letters == []


async def test_a_server_that_only_says_it_encrypts_is_told_nothing() -> None:
    offers = b"250-mail\r\n250 STARTTLS\r\n"
    async with talker(b"220 hello\r\n", offers, b"220 go on\r\n", b"250 mail\r\n", b"250 ok\r\n") as (
        port,
        heard,
    ):
        outcome = await Post(mail_at(port, starttls=True)).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert not any(b"anna" in line or b"Hej" in line for line in heard)


async def test_a_certificate_that_nobody_vouches_for_is_not_believed() -> None:
    async with mail_server(**secured()) as server:
        mail = mail_at(server.port, starttls=True, user=USER, password=PASSWORD)
        outcome = await Post(mail).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert "certificate is not trusted" in outcome.why
    assert server.letters == []


async def test_a_wrong_password_is_no_refusal_of_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("wrong\n")
    async with mail_server(**secured()) as server:
        mail = mail_at(server.port, starttls=True, user=USER, password_file=str(file))
        assert await Post(mail, trusting()).hand_over(LETTER) == Later(
            "it does not let us sign in (535)", down=True
        )
        # The file is read each time: it can be put right without a restart.
        file.write_text(PASSWORD + "\n")
        assert await Post(mail, trusting()).hand_over(LETTER) == Accepted()
        file.unlink()
        outcome = await Post(mail, trusting()).hand_over(LETTER)
    assert isinstance(outcome, Later)
    assert "No such file" in outcome.why
