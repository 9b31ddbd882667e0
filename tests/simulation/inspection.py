"""A look into a running server: does the desk hold what its log says, after a start and in between?"""

from __future__ import annotations

from server.desk.desk import Desk
from server.desk.events import chat_stream
from server.node import Node
from server.store.interface import StoreError

from .case import Case
from .witness import Witness


def believed(node: Node, witness: Witness) -> None:
    """Whether who is on the line by a shop's word may still be."""
    witness.whose.served(
        (f"{session.person.identity.sub}@{session.person.shop}", session.person.signed_at)
        for hub in node._hubs.values()
        for session in hub.sessions()
        if session.person.identity.sub
    )


async def inspect(node: Node, witness: Witness) -> None:
    """Compare owners, queue order and waiting times with the log; what moves meanwhile is left out."""
    log: dict[str, Case] = {}
    try:
        for chat in list(witness.begun_by):
            log[chat] = Case(await node.store.stream(chat_stream(chat)))
    except (StoreError, RuntimeError):
        return  # a fault of the disk's, or the server stops; that is not what is looked at here
    for name, doorway in node.doorways.items():
        if not doorway.trouble:
            shops = {key for key, shop in node.settings.shops.items() if shop.desk == name}
            _compare(name, doorway.desk, {k: c for k, c in log.items() if c.shop in shops}, witness)


def _compare(name: str, desk: Desk, log: dict[str, Case], witness: Witness) -> None:
    for chat, case in log.items():
        held = desk.chats.get(chat)
        if held is None:
            if case.state != "closed":
                witness.fail(f"the desk {name} has forgotten {chat}, which is {case.state}")
            continue
        if held.seq != case.seq:
            continue
        said = (
            *(held.state, held.owner, held.queued_at, held.waiting_since, held.offered),
            *(held.promise_due, held.broken_at),
        )
        true = (
            *(case.state, case.owner, case.since, case.waiting, case.offered),
            *(case.due, case.broken),
        )
        if said != true:
            witness.fail(f"the desk {name} holds {chat} to be {said}; the log says {true}")
    for chat, held in desk.chats.items():
        homes = [
            held.state == "open" and chat in desk.agent(held.owner).chats,
            held.state == "queued" and chat in desk.queue,
            held.state == "left" and chat in desk.left and not held.owner,
            held.state == "closed",
        ]
        owners = [agent.id for agent in desk.agents.values() if chat in agent.chats]
        if sum(homes) != 1 or owners != ([held.owner] if held.state == "open" else []):
            witness.fail(f"{chat} is {held.state}, owned by {owners}, with so many places: {sum(homes)}")
    order = [chat for chat in desk.queue if chat in log and desk.chats[chat].seq == log[chat].seq]
    if order != sorted(order, key=lambda chat: log[chat].place(chat)):
        witness.fail(f"the queue of {name} stands in another order than its log's: {order}")
