"""Gifts: put into the text, and counted once with the message that said so."""

from __future__ import annotations

from pathlib import Path

from supportterm.console.aids.aid import Outgoing
from supportterm.console.aids.gifts import Gifts, Given, told_as
from supportterm.console.state import State
from supportterm.protocol import views
from supportterm.protocol.frames import By, Err, Say, Tell

from .conftest import A, Desk, Opened
from .promising import AGAIN, aid
from .server import NOON, HandServer, event, sent
from .understanding import facts, give, lamp, reasoned

__all__ = ["lamp", "reasoned"]


def give_shipping(desk: Desk) -> str:
    """Send a message with a gift, in one turn of the loop: nothing has left yet."""
    session = desk.app.session
    assert session.log is not None
    reason = next(one for one in session.shops.of(session.log).reasons if one.mandate)
    text = "Ik betaal je de verzendkosten terug."
    session.gifts.put(A, Given(reason, reason.mandate[0]), text)
    session.let_go(A, Outgoing(text))
    return text


def told(server: HandServer) -> list[tuple[str, str]]:
    return [(one.reason, one.mandate) for one in sent(server.heard, Tell)]


async def test_a_gift_is_put_into_the_text_and_counted_when_it_is_sent(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Shipping refunded" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text == "Ik betaal je de verzendkosten terug.")
        assert sent(reasoned.heard, Tell) == []
        await desk.later(600)
        await desk.press("enter")
        await desk.until(lambda: sent(reasoned.heard, Say))
        reasoned.accept()
        await desk.until(lambda: sent(reasoned.heard, Tell))
        assert told(reasoned) == [("parcel-late", "free-shipping")]


async def test_a_gift_taken_out_again_is_not_counted(open_console: Opened, reasoned: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Shipping refunded" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text != "")
        await desk.press("ctrl+u")
        await desk.type("Ik kijk even.")
        await desk.press("enter")
        reasoned.accept()
        await desk.settle()
        assert sent(reasoned.heard, Tell) == []


async def test_a_gift_counts_once_with_the_message_that_was_taken_back_and_sent_after_all(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        text = give_shipping(desk)
        assert session.log is not None
        assert [type(entry.command) for entry in session.log.outbox] == [Say]
        assert session.take_back()[0] == text
        assert session.log.outbox == []
        desk.main.paint()
        await desk.settle()
        assert told(reasoned) == []
        session.let_go(A, Outgoing(text))
        await desk.until(lambda: sent(reasoned.heard, Say))
        reasoned.accept()
        await desk.until(lambda: told(reasoned) == [("parcel-late", "free-shipping")])
        assert session.state.leaving == {}


async def test_a_gift_in_a_refused_message_counts_when_it_is_sent_again(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        give_shipping(desk)
        await desk.until(lambda: sent(reasoned.heard, Say))
        reasoned.give(Err("chat_closed", id=reasoned.heard.pop().id))  # type: ignore[union-attr]
        await desk.until(lambda: session.log is not None and session.log.refused)
        await desk.settle()
        assert told(reasoned) == []
        session.retry()
        await desk.until(lambda: sent(reasoned.heard, Say))
        reasoned.accept()
        await desk.until(lambda: told(reasoned) == [("parcel-late", "free-shipping")])


async def test_a_gift_in_a_refused_message_that_is_erased_never_counts(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        give_shipping(desk)
        await desk.until(lambda: sent(reasoned.heard, Say))
        reasoned.give(Err("chat_closed", id=reasoned.heard.pop().id))  # type: ignore[union-attr]
        await desk.until(lambda: session.log is not None and session.log.refused)
        give(desk, event(A, 7, NOON, By("desk"), "erased", pub=6))
        await desk.until(lambda: session.log is not None and not session.log.refused)
        await desk.settle()
        assert (told(reasoned), session.state.leaving) == ([], {})


async def test_a_gift_whose_message_is_answered_on_the_next_visit_counts_once(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        give_shipping(desk)
        await desk.until(lambda: sent(reasoned.heard, Say))
        desk.main.save_drafts()
    reasoned.heard.clear()
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: sent(reasoned.heard, Say))
        leaving = dict(desk.app.session.state.leaving)
        reasoned.accept()
        await desk.until(lambda: told(reasoned) == [("parcel-late", "free-shipping")])
        # As if the console had gone before it knew that it had told: the desk knows the same id again.
        desk.app.session.state.leaving.update(leaving)
        desk.app.session.count_gifts()
        await desk.settle()
        assert len({one.id for one in sent(reasoned.heard, Tell)}) == 1
        assert desk.app.session.state.leaving == {}


async def test_a_gift_in_a_draft_is_remembered_with_it(open_console: Opened, reasoned: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Shipping refunded" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text != "")
        desk.main.save_drafts()
    async with open_console((100, 40)) as desk:
        await desk.until(lambda: desk.main.composer.text != "")
        await desk.later(600)
        # What else is sent meanwhile takes nothing of it along.
        desk.app.session.restate(A, "Je wilt de zwarte reasoned. Klopt dat?")
        await desk.press("enter")

        def counted() -> bool:
            reasoned.accept()
            return told(reasoned) == [("parcel-late", "free-shipping")]

        await desk.until(counted)


VOUCHER = views.Gift(
    "voucher", {"en": "Voucher up to €10"}, {"nl": "Hierbij een bon van € …: …", "en": "A voucher of € …: …"}
)


async def test_what_a_gift_leaves_open_is_filled_in_first(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(reasons=[views.Reason("late", {"en": "Late"}, mandate=[VOUCHER])])
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Voucher up to" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text == "Hierbij een bon van € ‹…›: ‹…›")
        await desk.later(AGAIN)
        assert "To fill in: bon van € …, and 1 more" in aid(desk)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        await desk.type("5")
        await desk.press("tab")
        assert desk.main.composer.selected_text == "‹…›"
        await desk.type("KADE")
        assert desk.main.composer.text == "Hierbij een bon van € 5: KADE"
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.accept()
        await desk.until(lambda: told(lamp) == [("late", "voucher")])


async def test_a_gift_sent_with_a_gap_is_not_given_and_can_be_put_in_again(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=[views.Reason("late", {"en": "Late"}, mandate=[VOUCHER])])
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Voucher up to" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text != "")
        for _ in range(2):
            await desk.later(AGAIN)
            await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.accept()
        await desk.settle()
        assert (told(lamp), desk.app.session.state.leaving) == ([], {})
        desk.app.action_flow("gift")
        await desk.until(lambda: "Voucher up to" in desk.screen_text)


def test_two_reasons_may_have_a_gift_of_the_same_name(tmp_path: Path) -> None:
    gift = views.Gift("voucher", {"en": "Voucher"}, {"en": "Here is a voucher for five euros"})
    late, broken = (views.Reason(name, {"en": name}, mandate=[gift]) for name in ("late", "broken"))
    gifts = Gifts(State(tmp_path / "s"))
    gifts.put(A, Given(late, gift), "Here is a voucher for five euros")
    assert gifts.has(A, Given(late, gift))
    assert not gifts.has(A, Given(broken, gift))
    gifts.put(A, Given(broken, gift), "Here is a voucher for five euros")
    gifts.left("m1", A, "Here is a voucher for five euros")
    assert gifts.leaves(A, Given(late, gift))
    assert gifts.arrived({"m1"}) == {}
    found = gifts.arrived(set())["m1"].gifts
    assert [one.reason for one in found] == ["late", "broken"]
    assert len({told_as(message, one) for message in ("m1", "m2") for one in found}) == 4
    gifts.counted("m1")
    assert not gifts.has(A, Given(late, gift))
