"""The log of every release still folds to what it folded to then.

At a release: ``python -m tests.desk.test_releases`` writes its log and its picture; commit the file and
never change it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.desk import versions
from server.desk.commands import Erase, Masked, Retire
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.versions import newest, upcast
from server.store.reading import event_of
from supportterm import __version__
from supportterm.protocol import frames

from .story import ANNA, BEN, CLEO, MIA, RULES, TOM, Story, chat_of, folded_of, new_id

#: The parts of a desk that every record tells of.
RECORDED = ("seq", "at", "queue", "chats", "agents")
RELEASES = Path(__file__).parent / "releases"


class Release(msgspec.Struct):
    """``customers``: chat → whose it is. ``picture``: what all of it folded to, as JSON values."""

    events: list[Event]
    customers: dict[str, str]
    picture: dict[str, Any]


def told() -> Story:
    """A story in which every kind of event happens."""
    story = Story()
    story.arrive(MIA)
    anna, ben = story.open(ANNA), story.open(BEN)
    story.say(ANNA, anna, "Where is my parcel?")
    story.do(MIA, frames.Note(new_id(), anna.id, "it is in the van"))
    story.do(MIA, Masked(frames.Say(new_id(), anna.id, "was it paid from •••• 1111?"), 1))
    story.close(MIA, ben)
    story.tick()
    story.say(BEN, ben, "one more thing")
    story.status(MIA, "away")
    story.do(CLEO, frames.Open(new_id(), chat_of(CLEO), "da", page="https://bikes.example/cart"))
    story.do(CLEO, frames.CloseChat(new_id(), story.chat(CLEO).id))
    story.reopen(CLEO, story.chat(CLEO))
    story.do(TOM, Retire(MIA.id))
    story.ask(MIA, Erase(anna.id))
    story.arrive(TOM)
    story.wait(RULES.idle_close_ms)
    return story


def folded(release: Release) -> dict[str, Any]:
    """What today's desk makes of the release's log, as JSON values."""
    story = Story()
    desk = Desk("main", RULES)
    events = [upcast(event) for event in release.events]
    for event in events:
        if event.stream == "desk:main":
            desk.apply(event)
    for chat, customer in release.customers.items():
        own = [event for event in events if event.stream == "chat:" + chat]
        desk.load(chat, customer, own, story.now)
    known = {name: part for name, part in folded_of(desk).items() if name in RECORDED}
    known["queue"] = [(place[2], place[3]) for place in desk.queue.rows()]
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(known))
    return plain


@pytest.mark.parametrize("path", sorted(RELEASES.glob("*.json")), ids=lambda path: path.stem)
def test_an_older_log_folds_to_its_recorded_state(path: Path) -> None:
    release = msgspec.json.decode(path.read_bytes(), type=Release)
    now, was = folded(release), release.picture
    # What a chat or desk has learned to remember since is not in the record.
    assert (now["seq"], now["at"]) == (was["seq"], was["at"])
    assert now["queue"] == was["queue"]
    for part in ("chats", "agents"):
        for name, slots in was[part].items():
            assert shared(slots, now[part][name]) == slots


def shared(was: Any, now: Any) -> Any:
    """Of what is known now, what the record knows, in the record's form."""
    if isinstance(was, dict):
        return {name: now[name] for name in was}
    # 0.1 recorded of an agent their status, when a chat was last offered to them, and their chats.
    return [now["status"], now["offered_at"], sorted(now["chats"])]


def test_this_release_is_recorded() -> None:
    assert (RELEASES / f"{__version__}.json").exists(), "run `python -m tests.desk.test_releases`"


def test_old_data_is_brought_to_todays_shape_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    row = (1, 1, 5, "opened", "customer", "", "", b"", b"1", "", 0, 1)
    assert (event_of("chat:x", row).v, newest("opened")) == (1, 1)
    monkeypatch.setitem(versions.NEWEST, "opened", 3)
    monkeypatch.setitem(versions.STEPS, ("opened", 1), lambda data: data + b"2")
    monkeypatch.setitem(versions.STEPS, ("opened", 2), lambda data: data + b"3")
    read = event_of("chat:x", row)
    assert (read.v, read.data) == (3, b"123")
    assert event_of("chat:x", (*row[:-1], 4)).v == 4, "a later version than ours stays as it is"


def test_every_step_leads_on() -> None:
    steps = {(kind, v) for kind, last in versions.NEWEST.items() for v in range(1, last)}
    assert steps == set(versions.STEPS)


if __name__ == "__main__":
    story = told()
    release = Release(story.log, {chat.id: chat.customer for chat in story.desk.chats.values()}, {})
    release.picture = folded(release)
    RELEASES.mkdir(exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(release), indent=1)
    (RELEASES / f"{__version__}.json").write_bytes(text + b"\n")
    print({event.kind for event in story.log})
