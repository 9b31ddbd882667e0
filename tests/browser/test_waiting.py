"""What a customer sees of a desk: waiting, closed hours, a left message, questions, handoffs, endings."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from supportterm.protocol import frames
from supportterm.protocol.frames import By
from supportterm.protocol.views import Door, Topic, Wait
from tests.browser.house import Agent, RunningServer
from tests.browser.scripted import CHAT, DESK, METTE, MINUTE, Scripted, now
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

TOM = By("agent", "Tom")
STRIKE = "Delivery strike until 22:00"


def tomorrow(hour: int) -> int:
    """That hour of tomorrow, here, in ms since 1970."""
    at = datetime.fromtimestamp(time.time()) + timedelta(days=1)
    return int(at.replace(hour=hour, minute=0, second=0, microsecond=0).timestamp() * 1000)


@pytest_asyncio.fixture(loop_scope="session")
async def widget(script: Scripted, page: Page) -> Widget:
    return await Widget(page).visit(script)


@pytest_asyncio.fixture(loop_scope="session")
async def waiting(script: Scripted, page: Page) -> Widget:
    """A returning customer whose chat waits."""
    await script.begins()
    return await (await returning(script, page)).open()


async def returning(script: Scripted, page: Page) -> Widget:
    """A customer whose browser remembers the chat."""
    await page.add_init_script(f"localStorage['supportterm.demo.chat'] ??= '{CHAT}'")
    return await Widget(page).visit(script)


async def test_position_and_range_follow_live(script: Scripted, waiting: Widget) -> None:
    await script.shows(wait=Wait(3, 3 * MINUTE, 5 * MINUTE))
    await expect(waiting.queue).to_contain_text("You are number 3 in the queue")
    await expect(waiting.queue).to_contain_text("About 3 to 5 minutes")
    await expect(waiting.status).to_have_text("Thank you for waiting")
    await expect(waiting.button("Leave a message instead")).to_be_hidden()
    await script.shows(wait=Wait(4, 4 * MINUTE, 9 * MINUTE, "returned", leave=True))
    await expect(waiting.queue).to_contain_text("someone whose chat was interrupted goes first")
    await expect(waiting.button("Leave a message instead")).to_be_visible()
    await script.shows(wait=Wait(1, 4 * MINUTE, 9 * MINUTE, "slower"))
    await expect(waiting.queue).to_contain_text("You are next")
    await expect(waiting.queue).to_contain_text("It takes a little longer than we said")
    await script.shows(wait=Wait(1))
    await expect(waiting.queue).to_contain_text("We will be with you as soon as someone is free.")
    await expect(waiting.queue).not_to_contain_text("minutes")
    await waiting.write("It was order 1234")
    assert (await script.hears(frames.Say)).text == "It was order 1234"
    await script.happens("joined", METTE, name="Mette", instead_of="")
    await script.shows(wait=Wait(0))
    await expect(waiting.queue).to_be_hidden()
    await waiting.shows("Where is my order?", "It was order 1234")


async def test_a_wait_for_nobody_says_so(script: Scripted, waiting: Widget) -> None:
    away, other = "Everyone is away for a moment.", "The right colleague is not here just now."
    off, keep = "Nobody is here for new chats just now.", "You keep your place in the queue."
    for wait, *says in (
        (Wait(1, leave=True, nobody="off"), off, ""),
        (Wait(2, leave=True, nobody="away"), away, ""),
        (Wait(1, leave=True, nobody="other"), other, ""),
        (
            Wait(1, leave=True, nobody="other", until=tomorrow(9)),
            other,
            "We ask someone else tomorrow at 09:00.",
        ),
        # What was to happen a moment ago is about to.
        (Wait(1, leave=True, nobody="other", until=now() - MINUTE), other, ""),
        (Wait(1, leave=True, nobody="closed"), "We are closed now.", ""),
        (
            Wait(1, leave=True, nobody="closed", until=tomorrow(9)),
            "We are closed now. We open tomorrow at 09:00.",
            "",
        ),
        # Since the day before yesterday means nothing to who came just now.
        (Wait(1, leave=True, nobody="off", since=now() - 48 * 60 * MINUTE), off, ""),
    ):
        await script.shows(door=Door(open=False), wait=wait)
        await expect(waiting.queue.locator("p")).to_have_text(
            [*says, f"{keep} You can write already: it will be read."]
        )
        await expect(waiting.status).to_have_text("Thank you for waiting")
    await waiting.button("Leave a message instead").click()
    await expect(waiting.question).to_have_value("Where is my order?")


async def test_what_is_not_sent_yet_is_in_the_message_that_is_left_instead(
    script: Scripted, waiting: Widget, page: Page
) -> None:
    await script.shows(door=Door(open=False), wait=Wait(1, leave=True, nobody="off"))
    await expect(waiting.button("Leave a message instead")).to_be_visible()
    await page.context.set_offline(True)
    await waiting.write("It is a gift")
    await expect(waiting.tick("It is a gift", "Waiting to be sent")).to_have_count(1)
    await waiting.button("Leave a message instead").click()
    await expect(waiting.question).to_have_value("Where is my order?\nIt is a gift")


async def test_a_wait_for_nobody_says_since_when_and_is_over_with_somebody(
    script: Scripted, waiting: Widget
) -> None:
    since = now() - now() % MINUTE
    at = datetime.fromtimestamp(since / 1000).strftime("%H:%M")
    await script.shows(door=Door(open=False), wait=Wait(1, leave=True, nobody="off", since=since))
    await expect(waiting.queue).to_contain_text(f"Since {at}.")
    await script.shows(door=Door(open=True), wait=Wait(1, MINUTE, 3 * MINUTE))
    await expect(waiting.queue.locator("p")).to_have_text(
        ["You are next", "About 1 to 3 minutes", "You can write already: it will be read."]
    )
    await expect(waiting.button("Leave a message instead")).to_be_hidden()


async def test_the_real_desk_tells_whoever_waits_that_nobody_is_there(
    server: RunningServer, page: Page
) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await expect(widget.status).to_have_text("Nobody is online right now.")
    await expect(page.get_by_text("Write anyway: we answer here.")).to_be_visible()
    await widget.write("Where is my order?")
    await expect(widget.queue).to_contain_text("Nobody is here for new chats just now.")
    async with Agent(server) as mette:
        chat = await mette.hears("Where is my order?")
        await expect(widget.queue).to_be_hidden()
        mette.closes(chat)
        await mette.link.drained()
        mette.link.put(frames.SetStatus(id="away-aaaaaaaaaaaaa", status="away", reason="lunch"))
        await mette.link.drained()
        await widget.button("New chat").click()
        await widget.write("And one more thing")
        await expect(widget.queue).to_contain_text("Everyone is away for a moment.")
        await widget.button("Leave a message instead").click()
        await widget.button("Leave message").click()
        await expect(widget.line("Your message is kept.")).to_be_visible()


async def test_news_comes_to_places_that_were_there(script: Scripted, waiting: Widget, page: Page) -> None:
    # A screen reader says what changes in a place that it knows, not what comes together with its place.
    banner, place = page.locator(".banner"), page.locator(".place")
    for silent in (banner, place):
        await expect(silent).to_be_empty()
        await expect(silent).to_be_hidden()
        await expect(silent).to_have_attribute("aria-live", "polite")
        assert await silent.evaluate("one => one.checkVisibility()")
    await script.shows(door=Door(open=True, banner=STRIKE), wait=Wait(2, MINUTE, 2 * MINUTE))
    await expect(banner).to_have_text(STRIKE)
    await expect(place).to_have_text("You are number 2 in the queue")
    await expect(place).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_keyboard_stays_in_a_panel_that_covers_the_page(
    script: Scripted, page: Page, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 640})
    await script.begins("open")
    widget = await (await returning(script, page)).open()
    await page.evaluate("document.body.append(document.createElement('button'))")
    within = "() => document.activeElement?.shadowRoot?.activeElement?.closest('.panel') != null"
    on_page = "() => document.activeElement != document.body && !document.activeElement.shadowRoot"
    reached = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        reached.append((await page.evaluate(within), await page.evaluate(on_page)))
    assert any(inside for inside, _ in reached)
    # Where the page is seen beside it, the way there is open.
    assert any(outside for _, outside in reached) == (width > 480)
    await widget.field.press("Escape")
    await expect(widget.launcher).to_be_focused()


async def test_the_form_says_what_an_address_is_for_where_answers_are_mailed(
    script: Scripted, widget: Widget, page: Page
) -> None:
    await script.shows(door=Door(open=False, closed=True))
    await widget.launcher.click()
    address = page.get_by_label("E-mail (optional)", exact=True)
    await expect(address).to_be_visible()
    await script.shows(door=Door(open=False, closed=True, mail=True))
    await expect(page.get_by_label("E-mail (optional): the answer comes there, too")).to_be_visible()
    await expect(address).to_have_count(0)


async def test_who_left_an_address_reads_that_the_answer_goes_there_too(
    script: Scripted, waiting: Widget, page: Page
) -> None:
    await script.shows(door=Door(open=True, mail=True), wait=Wait(9, 20 * MINUTE, 40 * MINUTE, leave=True))
    await waiting.button("Leave a message instead").click()
    await page.get_by_label("E-mail (optional)").fill("ana@example.org")
    await waiting.button("Leave message").click()
    await script.hears(frames.LeaveMessage)
    await expect(waiting.line("Your message is kept.")).to_contain_text(
        "It is mailed to ana@example.org, too."
    )
    # A shop that mails nothing any more does not say so.
    await script.shows(door=Door(open=True, mail=False))
    await expect(waiting.line("Your message is kept.")).not_to_contain_text("ana@example.org")


async def test_a_chat_that_waits_becomes_a_left_message(
    script: Scripted, waiting: Widget, page: Page
) -> None:
    await script.shows(wait=Wait(9, 20 * MINUTE, 40 * MINUTE, leave=True))
    await waiting.field.fill("It is a gift")
    await waiting.button("Leave a message instead").click()
    await expect(waiting.question).to_be_focused()
    await expect(waiting.question).to_have_value("Where is my order?\nIt is a gift")
    await waiting.button("Back to the chat").click()
    await expect(waiting.field).to_be_focused()
    await waiting.button("Leave a message instead").click()
    await expect(waiting.question).to_have_value("Where is my order?\nIt is a gift")
    await page.reload()
    await expect(waiting.question).to_have_value("Where is my order?\nIt is a gift")
    await page.get_by_label("Name (optional)").press_sequentially("Anna Bak")
    await page.get_by_label("E-mail (optional)").fill("anna")
    await waiting.button("Leave message").click()
    await expect(page.get_by_role("alert").first).to_contain_text("Please check the e-mail address")
    await expect(page.get_by_label("E-mail (optional)")).to_be_focused()
    await page.get_by_label("E-mail (optional)").fill("anna@example.org")
    await page.keyboard.press("Enter")
    left = await script.hears(frames.LeaveMessage)
    assert (left.chat, left.name, left.contact) == (CHAT, "Anna Bak", "anna@example.org")
    assert left.text == "Where is my order?\nIt is a gift"
    await expect(waiting.line("Your message is kept. The answer comes here, by tomorrow at")).to_be_visible()
    await expect(waiting.form).to_be_hidden()
    await expect(waiting.field).to_have_value("")


async def test_a_closed_shop_says_when_it_opens_and_takes_a_message(
    script: Scripted, widget: Widget, page: Page
) -> None:
    await widget.open()
    await widget.field.fill("Does the belt")
    await script.shows(door=Door(open=False, closed=True, opens_at=tomorrow(9)))
    await expect(page.get_by_text("We are closed now. We open tomorrow at 09:00.")).to_be_visible()
    await expect(widget.question).to_be_focused()
    await expect(widget.question).to_have_value("Does the belt")
    await widget.question.fill("Does the belt fit?")
    await widget.button("Leave message").click()
    left = await script.hears(frames.LeaveMessage)
    assert (left.text, left.name, left.lang) == ("Does the belt fit?", "", "en")
    await widget.shows("Does the belt fit?")
    await expect(widget.tick("Does the belt fit?", "Sent")).to_have_count(1)
    # The next day.
    await widget.field.press("Escape")
    await script.shows(door=Door(open=True))
    await script.happens("joined", METTE, chat=left.chat, name="Mette", instead_of="")
    await script.happens("message", METTE, "Yes, it does.", chat=left.chat)
    await expect(widget.launcher).to_have_accessible_name("Open chat (1)")
    await page.reload()
    await expect(widget.launcher).to_have_accessible_name("Open chat (1)")
    await widget.open()
    await widget.shows("Does the belt fit?", "Yes, it does.")


async def test_the_shop_opens_while_a_message_is_thought_about(
    script: Scripted, widget: Widget, page: Page
) -> None:
    await script.shows(door=Door(open=False, closed=True))
    await widget.launcher.click()
    await expect(page.get_by_text("We are closed now.", exact=False)).to_be_visible()
    await script.shows(door=Door(open=True))
    await expect(widget.field).to_be_focused()
    await expect(widget.form).to_be_hidden()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("shop_closed", "We are closed now."),
        ("queue_full", "Many people are waiting right now."),
        ("address_full", "Too many people are already waiting from this internet connection."),
    ],
)
async def test_what_was_said_to_a_full_or_closed_shop_is_in_the_form(
    script: Scripted, widget: Widget, page: Page, code: str, why: str
) -> None:
    script.refuses["open"] = frames.Err(code)
    await widget.open()
    await widget.field.fill("Do you have the blue one?")
    await widget.field.press("Enter")
    await expect(widget.question).to_have_value("Do you have the blue one?")
    told = page.get_by_text(f"{why} Leave a message: we keep it and answer here.")
    await expect(told).to_be_visible()
    await page.reload()
    await expect(widget.question).to_have_value("Do you have the blue one?")
    await expect(told).to_be_visible()
    await widget.button("Leave message").click()
    opened = await script.hears(frames.Open)
    left = await script.hears(frames.LeaveMessage)
    assert left.chat != opened.chat
    assert left.text == "Do you have the blue one?"
    assert not [frame for frame in script.heard if isinstance(frame, frames.Say)]


async def test_a_refused_message_to_leave_goes_back_into_the_form(
    script: Scripted, widget: Widget, page: Page
) -> None:
    script.refuses["leave"] = frames.Err("no_contact")
    await script.shows(door=Door(open=False, closed=True))
    await widget.launcher.click()
    await widget.question.fill("Does it fit?")
    await page.get_by_label("E-mail (optional)").fill("anna@example.invalid")
    await widget.button("Leave message").click()
    await expect(page.get_by_text("Please check the e-mail address, or leave it out.")).to_be_visible()
    await expect(widget.question).to_have_value("Does it fit?")
    await expect(page.get_by_label("E-mail (optional)")).to_have_value("anna@example.invalid")
    await expect(page.get_by_label("E-mail (optional)")).to_have_attribute("aria-invalid", "true")
    script.refuses.clear()
    await page.get_by_label("E-mail (optional)").fill("")
    await widget.button("Leave message").click()
    await widget.shows("Does it fit?")


async def test_a_topic_may_be_chosen_or_passed_over(script: Scripted, widget: Widget, page: Page) -> None:
    topics = [Topic("returns", "Returns"), Topic("parts", "Parts & <b>repairs</b>")]
    await script.shows(door=Door(open=True, topics=topics))
    await widget.open()
    parts = widget.button("Parts & <b>repairs</b>")
    await widget.button("Returns").click()
    await parts.click()
    await expect(parts).to_have_attribute("aria-pressed", "true")
    await expect(widget.button("Returns")).to_have_attribute("aria-pressed", "false")
    await expect(widget.field).to_be_focused()
    await widget.write("It broke")
    assert (await script.hears(frames.Open)).topic == "parts"
    await expect(parts).to_be_hidden()
    await widget.button("End chat").click()
    await widget.button("New chat").click()
    await widget.write("Something else")
    assert (await script.hears(frames.Open)).topic == ""


@pytest.mark.parametrize(("button", "choice"), [("English now", "now"), ("Danish tomorrow at 09:00", "wait")])
async def test_a_language_is_chosen_with_one_press(
    script: Scripted, waiting: Widget, button: str, choice: str
) -> None:
    await script.happens("language_asked", wanted="da", lang="en", opens_at=tomorrow(9))
    await expect(waiting.line("Nobody who speaks Danish is free right now.")).to_be_visible()
    await waiting.write("Either is fine")
    await waiting.button(button).click()
    assert (await script.hears(frames.ChooseLanguage)).choice == choice
    await expect(waiting.button(button)).to_be_hidden()
    await expect(waiting.field).to_be_focused()


async def test_a_chat_is_handed_on(script: Scripted, page: Page) -> None:
    await script.begins("open")
    widget = await (await returning(script, page)).open()
    await script.happens("handing", METTE, name="", skill="repairs")
    await script.happens("joined", TOM, name="Tom", instead_of="Mette")
    await script.happens("handing", TOM, name="Ida", skill="")
    await script.happens("stays", DESK, name="Tom")
    await script.happens("promised", TOM, due_at=tomorrow(9))
    await script.happens("promise_ended", DESK, how="kept", late_ms=0)
    await expect(page.locator(".list .line")).to_have_text(
        [
            "Mette joined the chat",
            "You are being handed to a colleague who knows about repairs",
            "Tom takes over from Mette",
            "You are being handed to Ida",
            "Tom stays with you",
            "Tom will be back tomorrow at 09:00",
        ]
    )
    await expect(page.get_by_role("heading", name="Tom", exact=True)).to_be_visible()
    await expect(widget.field).to_be_visible()


async def test_what_was_read_in_the_open_panel_is_not_counted_after_it(script: Scripted, page: Page) -> None:
    await script.begins("open")
    widget = await (await returning(script, page)).open()
    await script.happens("message", METTE, "Does that help?")
    await widget.shows("Where is my order?", "Does that help?")
    await widget.field.press("Escape")
    await expect(widget.panel).to_be_hidden()
    await expect(widget.launcher).to_have_accessible_name("Open chat")
    await expect(page.locator(".badge")).to_be_empty()


async def test_a_quiet_customer_asks_for_time(script: Scripted, page: Page) -> None:
    await script.begins("open")
    widget = await (await returning(script, page)).open()
    await script.happens("nudged", DESK, closes_at=now() + 10 * MINUTE, time_ms=7 * MINUTE)
    await expect(widget.line("Are you still there?")).to_be_visible()
    await widget.button("I need 7 minutes").click()
    assert (await script.hears(frames.NeedTime)).chat == CHAT
    await expect(widget.line("Take your time: the chat stays open until")).to_be_visible()
    await expect(widget.button("I need 7 minutes")).to_be_hidden()
    await script.happens("closed", DESK, reason="idle", appeal="")
    await expect(widget.line("nothing was written for a while")).to_be_visible()
    await expect(widget.button("New chat")).to_be_visible()


async def test_the_banner_comes_and_goes(script: Scripted, widget: Widget, page: Page) -> None:
    await widget.open()
    await script.shows(door=Door(open=True, banner="<b>Strike</b> until 22:00"))
    await expect(page.get_by_text("<b>Strike</b> until 22:00", exact=True)).to_be_visible()
    await script.shows(door=Door(open=True))
    await expect(page.locator(".banner")).to_be_hidden()


async def test_a_text_being_written_survives_the_next_page(
    script: Scripted, widget: Widget, page: Page
) -> None:
    await widget.open()
    await widget.field.fill("half a sent")
    await widget.visit(script, "/demo/product.html")
    await expect(widget.field).to_have_value("half a sent")
    await widget.write("half a sentence")
    await widget.again()
    await expect(widget.field).to_have_value("")


async def test_an_answer_survives_a_lost_connection(script: Scripted, waiting: Widget, page: Page) -> None:
    await script.happens("language_asked", wanted="da", lang="en", opens_at=0)
    await expect(waiting.button("Wait for Danish")).to_be_visible()
    await page.context.set_offline(True)
    await waiting.button("English now").click()
    await expect(waiting.button("English now")).to_be_hidden()
    await page.context.set_offline(False)
    assert (await script.hears(frames.ChooseLanguage)).choice == "now"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_nothing(script: Scripted, page: Page, scheme: Any, width: int) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 760})
    await script.begins()
    widget = await (await returning(script, page)).open()
    axe, found = Axe(), []

    async def look() -> None:
        found.extend((await axe.run(page)).response["violations"])

    await script.shows(door=Door(open=False), wait=Wait(1, leave=True, nobody="off", since=now()))
    await expect(widget.queue).to_contain_text("Nobody is here")
    await look()
    await script.shows(
        door=Door(open=True, banner=STRIKE), wait=Wait(4, MINUTE, 9 * MINUTE, "returned", True)
    )
    await script.happens("language_asked", wanted="da", lang="en", opens_at=tomorrow(9))
    await expect(widget.button("English now")).to_be_visible()
    await look()
    await widget.button("Leave a message instead").click()
    await page.get_by_label("E-mail (optional)").fill("anna")
    await widget.button("Leave message").click()
    await expect(page.get_by_label("E-mail (optional)")).to_be_focused()
    await look()
    await script.happens("joined", METTE, name="Mette", instead_of="")
    await script.happens("nudged", DESK, closes_at=tomorrow(9), time_ms=7 * MINUTE)
    await expect(widget.button("I need 7 minutes")).to_be_visible()
    await look()
    await script.happens("promised", METTE, due_at=now() + 4 * MINUTE)
    await widget.field.press("Escape")
    await expect(page.locator(".launcher .due")).to_be_visible()
    await look()
    await widget.open()
    await script.happens("closed", DESK, reason="idle", appeal="")
    await script.shows(door=Door(open=True, topics=[Topic("a", "Returns"), Topic("b", "Parts")]))
    await widget.button("New chat").click()
    await widget.button("Parts").click()
    await look()
    await script.shows(door=Door(open=False, closed=True, opens_at=tomorrow(9), mail=True))
    await expect(page.get_by_label("E-mail (optional): the answer comes there, too")).to_be_visible()
    await look()
    await script.shows(door=Door(open=True, blocked_until=tomorrow(9), appeal="fair@shop.example"))
    await expect(page.get_by_text("You cannot begin a new chat")).to_be_visible()
    await look()
    assert found == []
