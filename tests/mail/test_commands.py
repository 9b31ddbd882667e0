"""What an operator tries a mail server by: the real commands, against a real mail server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from subprocess import CompletedProcess

from server.mail.post import Accepted, Later, Post, Refused
from tests.admin.running import Machine

from .mailboxes import mailbox
from .servers import PASSWORD, USER, mail_at, mail_server, secured, trusting
from .test_returned import report

TOML = """
[server]
public_url = "https://chat.acme.example"
[desk.main]
[shop.acme]
desk = "main"
origins = ["https://www.acme.example"]
[mail]
host = "localhost"
port = {port}
starttls = false
sender = "Acme Bikes <service@acme.example>"
"""


async def run(home: Path, port: int, *words: str) -> CompletedProcess[str]:
    """The command, beside the mail server that this process is."""
    (home / "supportterm.toml").write_text(TOML.format(port=port))
    return await asyncio.to_thread(Machine(home).run, *words)


async def test_a_trial_mail_arrives(tmp_path: Path) -> None:
    async with mail_server() as server:
        done = await run(tmp_path, server.port, "mail-test", "anna@example.org")
        assert done.returncode == 0, done.stderr
        again = await run(tmp_path, server.port, "mail-test", "anna@example.org")
    first, second = server.letters
    assert f"localhost took it, as {first['Message-ID']}" in done.stdout
    assert second["Message-ID"] in again.stdout != done.stdout
    assert (first["To"], first["From"]) == ("anna@example.org", "Acme Bikes <service@acme.example>")
    assert "supportterm mail-test" in first.get_content()


async def test_what_a_mail_server_says_is_told(tmp_path: Path) -> None:
    async with mail_server() as server:
        server.rcpt = "550 5.7.1 Relaying denied"
        refused = await run(tmp_path, server.port, "mail-test", "anna@example.org")
        assert (refused.returncode, "localhost refused it: 550 5.7.1 Relaying denied" in refused.stderr) == (
            1,
            True,
        )
        wrong = await run(tmp_path, server.port, "mail-test", "anna")
        assert (wrong.returncode, "that is no mail address" in wrong.stderr) == (2, True)
    gone = await run(tmp_path, server.port, "mail-test", "anna@example.org")
    assert (gone.returncode, "localhost did not take it: " in gone.stderr) == (4, True)
    (tmp_path / "supportterm.toml").write_text(TOML.partition("[mail]")[0])
    none = await asyncio.to_thread(Machine(tmp_path).run, "mail-test", "anna@example.org")
    assert (none.returncode, "names no mail server" in none.stderr) == (3, True)


async def test_check_asks_the_mail_server_and_sends_nothing(tmp_path: Path) -> None:
    async with mail_server() as server:
        good = await run(tmp_path, server.port, "check")
        assert "localhost takes mail from Acme Bikes <service@acme.example>." in good.stdout
        server.mail = "553 5.7.1 Not yours"
        bad = await run(tmp_path, server.port, "check")
        assert (
            "localhost takes no mail from Acme Bikes <service@acme.example>: 553 5.7.1 Not yours"
            in bad.stderr
        )
    gone = await run(tmp_path, server.port, "check")
    assert "localhost takes no mail" in gone.stderr
    # All that is good is said, too.
    assert "is good: 1 desk, 1 shop." in gone.stdout
    assert (good.returncode, bad.returncode, gone.returncode) == (0, 1, 1)
    assert server.letters == []


async def test_check_fails_where_the_link_in_a_mail_would_lead_nowhere(tmp_path: Path) -> None:
    async with mail_server() as server:
        path = tmp_path / "supportterm.toml"
        path.write_text(TOML.format(port=server.port).replace("public_url", "# public_url"))
        done = await asyncio.to_thread(Machine(tmp_path).run, "check")
    assert done.returncode == 1
    assert "localhost takes mail from" in done.stdout
    assert "`public_url` in [server] is empty: the link in a mail would lead to this machine" in done.stderr


async def test_check_looks_into_the_mailbox_and_changes_nothing(tmp_path: Path) -> None:
    async with mail_server() as server, mailbox() as owner:
        await owner.put(report("postfix"))
        path = tmp_path / "supportterm.toml"
        toml = TOML.format(port=server.port) + (
            f'imap_host = "localhost"\nimap_port = {owner.port}\nimap_tls = false\nimap_user = "{USER}"\n'
        )
        path.write_text(f'{toml}imap_password = "{PASSWORD}"\n')
        good = await asyncio.to_thread(Machine(tmp_path).run, "check")
        path.write_text(f'{toml}imap_password = "other"\n')
        bad = await asyncio.to_thread(Machine(tmp_path).run, "check")
        assert [seen for _, seen in await owner.messages()] == [False]
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "localhost shows the mails that come back to INBOX." in good.stdout
    assert "localhost does not show mails that came back: it does not let us sign in" in bad.stderr


async def test_knocking_encrypts_and_signs_in() -> None:
    async with mail_server(**secured()) as server:
        mail = mail_at(server.port, starttls=True, user=USER, password=PASSWORD)
        assert await Post(mail, trusting()).knock() == Accepted()
        assert server.sessions[0].authenticated
        wrong = mail_at(server.port, starttls=True, user=USER, password="other")
        assert await Post(wrong, trusting()).knock() == Later("it does not let us sign in (535)", down=True)
        server.mail = "550 No"
        assert await Post(mail, trusting()).knock() == Refused("550 No")
    assert server.letters == []
