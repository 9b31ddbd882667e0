"""A promise whose answer comes by mail or phone: said calmly, and offered where a shop mails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.async_api import Page, expect

from supportterm.protocol import frames
from supportterm.protocol.views import Door
from tests.browser.scripted import CUSTOMER, METTE, MINUTE, Scripted, now
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

ASK = "No time to wait? We can mail you."
BROKEN = "Mette needs a little more time and will tell you how much."


def in_days(days: int, hour: int = 10) -> int:
    """That hour of a day to come, by this machine's clock."""
    day = dt.datetime.now() + dt.timedelta(days=days)
    return int(day.replace(hour=hour, minute=0, second=0, microsecond=0).timestamp() * 1000)


def weekday(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1000).strftime("%A")


async def in_a_chat(script: Scripted, page: Page) -> Widget:
    await script.begins("open")
    widget = await Widget(page).visit(script)
    await widget.open()
    await expect(widget.line("Mette joined the chat")).to_be_visible()
    return widget


async def called_back(script: Scripted, due: int, how: str = "mail") -> None:
    await script.happens("promised", METTE, due_at=due, named=True)
    await script.happens("callback", METTE, due_at=due, how=how)


async def test_a_callback_is_one_calm_line_and_no_countdown(script: Scripted, page: Page) -> None:
    widget = await in_a_chat(script, page)
    due = in_days(2)
    await called_back(script, due)
    said = f"Mette answers you by mail before {weekday(due)} 10:00. You don’t need to stay."
    await expect(widget.line(said)).to_have_count(1)
    await expect(widget.line("will be back")).to_have_count(0)
    await expect(page.get_by_role("timer")).to_have_text(said)
    # Somebody who writes all the same is with somebody again, or waits as everybody does.
    await widget.write("One more thing")
    await expect(page.get_by_role("timer")).to_contain_text("will be back")
    await expect(widget.line(said)).to_have_count(1)


async def test_shortly_before_it_is_due_nothing_ticks(script: Scripted, page: Page) -> None:
    widget = await in_a_chat(script, page)
    due = now() + 3 * MINUTE
    await called_back(script, due, "phone")
    hour = dt.datetime.fromtimestamp(due / 1000).strftime("%H:%M")
    days = "" if dt.datetime.fromtimestamp(due / 1000).date() == dt.date.today() else f"{weekday(due)} "
    said = f"Mette calls you before {days}{hour}. You don’t need to stay."
    await expect(page.get_by_role("timer")).to_have_text(said)
    await expect(widget.line(said)).to_have_count(1)
    # When she is given more time, the same is said of that.
    await script.happens("promise_extended", METTE, due_at=(later := in_days(1)), named=True)
    more = f"Mette calls you before {weekday(later)} 10:00. You don’t need to stay."
    await expect(page.get_by_role("timer")).to_have_text(more)
    await expect(widget.line(more)).to_have_count(1)
    await script.happens("promise_ended", METTE, how="kept", late_ms=0)
    await expect(page.get_by_role("timer")).to_be_empty()


async def test_it_is_there_after_a_reload(script: Scripted, page: Page) -> None:
    widget = await in_a_chat(script, page)
    await called_back(script, in_days(1))
    await widget.again()
    await expect(page.get_by_role("timer")).to_contain_text("answers you by mail before")
    # As for any left message: it can be added to, and there is nothing to end.
    await expect(widget.button("End chat")).to_be_hidden()
    await expect(widget.field).to_be_enabled()


# --- when a promise was not kept --------------------------------------------------------------------


async def broken(script: Scripted, page: Page, *, mail: bool = True) -> Widget:
    await script.shows(door=Door(open=True, mail=mail))
    widget = await in_a_chat(script, page)
    await script.happens("promised", METTE, due_at=now() + MINUTE, named=False)
    await script.happens("promise_ended", how="broken", late_ms=0)
    await expect(widget.line(BROKEN)).to_be_visible()
    return widget


async def test_who_cannot_wait_any_longer_leaves_an_address(script: Scripted, page: Page) -> None:
    widget = await broken(script, page)
    await expect(page.get_by_text(ASK)).to_be_visible()
    field = page.get_by_label("Your e-mail address")
    await field.fill("anna@example")
    await field.press("Enter")
    await expect(page.get_by_text("Please check the e-mail address")).to_be_visible()
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description("Please check the e-mail address, or leave it out.")
    await field.fill("anna@example.org")
    await expect(page.get_by_text("Please check the e-mail address")).to_be_hidden()
    await widget.button("Send e-mail address").click()
    given = await script.hears(frames.GiveContact)
    assert (given.contact, given.name) == ("anna@example.org", "")
    thanks = "Thank you. Mette sees your address, anna@example.org, and tells you by when the mail comes."
    await expect(page.get_by_text(thanks)).to_be_visible()
    await expect(field).to_be_hidden()
    # And so she does.
    await called_back(script, in_days(1))
    await expect(page.get_by_text(thanks)).to_be_hidden()
    assert not [frame for frame in script.heard if isinstance(frame, frames.GiveContact)]


async def test_what_the_server_takes_for_no_address_is_said(script: Scripted, page: Page) -> None:
    script.refuses["give_contact"] = frames.Err("no_contact")
    await broken(script, page)
    field = page.get_by_label("Your e-mail address")
    await field.fill("anna@a,b.example")
    await field.press("Enter")
    await expect(page.get_by_text("Please check the e-mail address")).to_be_visible()
    await expect(field).to_have_value("anna@a,b.example")
    await field.press_sequentially("x")
    await expect(page.get_by_text("Please check the e-mail address")).to_be_hidden()


@pytest.mark.parametrize(
    ("kind", "by", "data"),
    [
        ("message", METTE, {}),
        ("promised", METTE, {"due_at": 2_000_000_000_000, "named": True}),
        ("joined", METTE, {"name": "Mette"}),
        ("closed", METTE, {"reason": "agent", "appeal": ""}),
    ],
    ids=["answered", "given a time", "with somebody else", "over"],
)
async def test_it_is_offered_as_long_as_nothing_is_said(
    script: Scripted, page: Page, kind: str, by: frames.By, data: dict[str, Any]
) -> None:
    await broken(script, page)
    await expect(page.get_by_text(ASK)).to_be_visible()
    await script.happens("message", CUSTOMER, "Hello?")
    await expect(page.get_by_text("Hello?")).to_be_visible()
    await expect(page.get_by_text(ASK)).to_be_visible()
    await script.happens(kind, by, "It is on its way." if kind == "message" else "", **data)
    await expect(page.get_by_text(ASK)).to_be_hidden()


async def test_where_the_shop_mails_nobody_it_is_not_offered(script: Scripted, page: Page) -> None:
    await broken(script, page, mail=False)
    await expect(page.get_by_text(ASK)).to_be_hidden()
    await script.shows(door=Door(open=True, mail=True))
    await expect(page.get_by_text(ASK)).to_be_visible()
