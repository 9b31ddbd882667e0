"""Callbacks in the figures: a promise as any other, kept when the answer has arrived."""

from __future__ import annotations

from .conftest import Asking
from .desk import Chat, Room, at

ANNA = "agent:anna"


def called_back(room: Room, name: str) -> Chat:
    """Asked at 0 s; at 10 s Anna promises an answer by mail by 3,600 s, writes it at 3,000 s."""
    chat = room.chat(name).asks(0).joined(1)
    chat.add(10, "promised", ANNA, due_at=at(3_600), named=True)
    chat.add(10, "callback", ANNA, due_at=at(3_600), how="mail")
    chat.add(10, "unassigned", ANNA, reason="callback", agent="anna", left=True)
    return chat.joined(2_990).says(3_000).add(3_030, "mailing", upto=7, after=4)


async def test_kept_when_it_has_arrived(asking: Asking) -> None:
    room = Room()
    in_time = called_back(room, "in time")
    in_time.add(3_100, "mailed", upto=7, how="accepted").add(3_100, "promise_ended", how="kept")
    late = called_back(room, "late").add(3_600, "promise_ended", how="broken")
    late.add(4_000, "mailed", upto=7, how="accepted").add(4_000, "made_good", late_ms=400_000)
    refused = called_back(room, "refused").add(3_100, "mailed", upto=7, how="refused")
    refused.add(3_600, "promise_ended", how="broken")
    row = (await asking(room, what="promises", by="agent"))["anna"]
    assert [row[name] for name in ("made", "kept", "broken", "made_good")] == [3, 1, 2, 1]
    assert row["late_p50"] == 400
    assert row["actual_p50"] == 3_990  # to 3,100 s; to 4,000 s; and one that never came


async def test_the_callback_answers_what_was_asked(asking: Asking) -> None:
    """Who was told when they are called back did not wait until then for a first answer."""
    room = Room()
    called_back(room, "in time").add(3_100, "promise_ended", how="kept").closed(3_200)
    row = (await asking(room))["all"]
    assert row["first_p50"] == 10


async def test_not_kept_if_it_came_back(asking: Asking) -> None:
    room = Room()

    def taken(name: str) -> Chat:
        chat = called_back(room, name).add(3_100, "mailed", upto=7, how="accepted")
        return chat.add(3_100, "promise_ended", how="kept").closed(3_100)

    again = taken("answered again").add(
        3_200, "bounced", mail=8, upto=7, again=True, ended_at=at(3_100), promise=5, due_at=at(3_600)
    )
    again.add(3_200, "unassigned", reason="bounced", agent="", left=True).add(3_300, "mailed", upto=7)
    again.add(3_300, "promise_ended", how="kept").closed(3_300)
    broken = taken("too late").add(
        4_000, "bounced", mail=8, upto=7, again=True, ended_at=at(3_100), promise=5, due_at=at(3_600)
    )
    broken.add(4_000, "unassigned", reason="bounced", agent="", left=True)
    broken.add(4_000, "promise_ended", how="broken")
    taken("asked elsewhere").add(4_000, "bounced", mail=8, upto=7, ended_at=at(3_100))
    late = called_back(room, "made good").add(3_600, "promise_ended", how="broken")
    late.add(4_000, "made_good", late_ms=400_000).closed(4_000)
    late.add(4_100, "bounced", mail=8, upto=7, again=True, ended_at=at(4_000), late_at=at(3_600))
    late.add(4_100, "unassigned", reason="bounced", agent="", left=True).closed(5_000)
    row = (await asking(room, what="promises", by="agent"))["anna"]
    figures = {name: row[name] for name in ("made", "kept", "broken", "made_good", "running")}
    assert figures == {"made": 4, "kept": 1, "broken": 3, "made_good": 0, "running": 0}
