"""The keys of ``[desk.<id>]``: how much an agent carries, and how long everything takes."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct, field

from server.settings.about import about, points, true_or_false, whole


class Desk(Struct, frozen=True, kw_only=True):
    """One team of agents. `<id>` is made of a-z, 0-9 and `-`."""

    practice: Annotated[
        bool, true_or_false("A desk for simulated customers: it stays out of all figures and sends no mail.")
    ] = False
    skills: Annotated[
        list[str],
        about(
            "What agents of this desk may be good at; entry rules and `supportterm agent` choose from these.",
            'a list of words made of a-z, 0-9 and `-`, such as ["returns", "technical"]',
        ),
    ] = field(default_factory=list)

    # --- how much an agent carries ---
    ceiling: Annotated[
        float,
        points(0.1, 50, "Points of load up to which an agent gets new chats, unless they have their own."),
    ] = 2.6
    trainee_ceiling: Annotated[float, points(0.1, 50, "The same for trainees.")] = 2.0
    ceiling_by_pace: Annotated[
        bool,
        true_or_false(
            "Agents whose replies took longer than the team's on their last five days at work have a lower"
            " ceiling; trainees and who was given one of their own keep that."
        ),
    ] = True
    hysteresis: Annotated[
        float,
        points(0, 10, "After an agent was full, they get the next chat this many points below the ceiling."),
    ] = 0.25
    hard_cap: Annotated[
        int,
        whole(1, 50, "Chats an agent gets at most, quiet ones and promises too, unless they have a limit."),
    ] = 5
    trainee_hard_cap: Annotated[int, whole(1, 50, "The same for trainees.")] = 2
    weight_waiting: Annotated[
        float, points(0.1, 10, "Points of a chat whose customer waits for the agent; a new chat costs these.")
    ] = 1.0
    weight_promise: Annotated[float, points(0, 10, "Points of a chat with a running promise.")] = 0.8
    weight_promise_due: Annotated[
        float, points(0, 10, "Points of a chat whose promise is in its last minute.")
    ] = 1.0
    weight_answered: Annotated[
        float, points(0, 10, "Points of a chat whose agent waits for the customer.")
    ] = 0.5
    weight_quiet: Annotated[
        float, points(0, 10, "Points of a chat in which nobody wrote for `quiet_seconds`.")
    ] = 0.2
    weight_closing: Annotated[
        float, points(0, 10, "Points of a closed chat until its agent's breather is over.")
    ] = 0.5
    quiet_seconds: Annotated[
        int, whole(10, 3_600, "Seconds without a message after which an answered chat is quiet.")
    ] = 150
    far_promise_minutes: Annotated[
        int, whole(1, 1_440, "A promise further away than these minutes weighs nothing yet.")
    ] = 30
    near_promise_minutes: Annotated[
        int, whole(1, 1_440, "Minutes before its deadline from which a far promise weighs.")
    ] = 10

    # --- promises ---
    overdue_offer_seconds: Annotated[
        int,
        whole(
            0,
            86_400,
            "Seconds after a broken promise until a free colleague is offered its chat; never while the"
            " owner is typing, or the customer's page is gone. 0: never.",
        ),
    ] = 120
    callbacks_per_hour: Annotated[
        int,
        whole(
            0,
            1_000,
            "Callbacks that may fall due within one hour; who promises one more there is told. 0: any.",
        ),
    ] = 4
    callback_lead_minutes: Annotated[
        int,
        whole(
            0, 1_440, "Minutes before a callback is due in which it comes up for its agent, or for the team."
        ),
    ] = 10
    suggest_percentile: Annotated[
        int,
        whole(
            1,
            99,
            "Which of an agent's own past answers decides what is suggested to promise: 80 is a time within"
            " which 80 of 100 came.",
        ),
    ] = 80

    # --- how chats come to an agent ---
    accept: Annotated[
        Literal["auto", "ask"],
        about("Whether a chat is its agent's at once, or must be accepted.", '"auto" or "ask"'),
    ] = "auto"
    accept_seconds: Annotated[
        int, whole(5, 600, "Seconds to accept an offered chat in, before it is offered to somebody else.")
    ] = 30
    silence_seconds: Annotated[
        int,
        whole(
            0,
            3_600,
            "Seconds without a key or a first reply after which a new chat goes back to the front of the"
            " queue and its agent is away. 0: never.",
        ),
    ] = 60
    ramp_seconds: Annotated[
        int,
        whole(
            0, 600, "Seconds between the first chats after coming online, up to the ceiling's worth. 0: none."
        ),
    ] = 15
    breather_seconds: Annotated[
        int, whole(0, 3_600, "Seconds a closed chat weighs on, for its wrap-up; the agent may end them.")
    ] = 30
    abuse_breather_seconds: Annotated[int, whole(0, 3_600, "The same after an abusive chat.")] = 300
    affinity_hours: Annotated[
        int,
        whole(
            0,
            8_760,
            "Hours after a chat in which its customer gets the same agent again, if that agent is free.",
        ),
    ] = 24
    handoff_seconds: Annotated[
        int, whole(10, 3_600, "Seconds to accept a handed chat in, before it comes back to its sender.")
    ] = 120

    # --- who is gone ---
    presence_grace_seconds: Annotated[
        int,
        whole(
            0,
            3_600,
            "Seconds an agent's console may be gone before their chats wait for somebody else. After a start"
            " of the server it has at least 45: a console may wait half a minute before it tries again.",
        ),
    ] = 20
    reserve_minutes: Annotated[
        int, whole(0, 1_440, "Minutes for which an absent agent's quiet chats stay theirs.")
    ] = 10
    page_grace_seconds: Annotated[
        int, whole(0, 600, "Seconds a customer's page may be gone before they count as gone.")
    ] = 30
    gone_close_minutes: Annotated[
        int,
        whole(
            0,
            1_440,
            "Minutes after a customer's page is gone until the chat closes; a promise that falls due then, or"
            " later, is withdrawn and not broken. Who waits and has written nothing yet has one. 0: never.",
        ),
    ] = 10
    nudge_minutes: Annotated[
        int,
        whole(
            0, 1_440, "Minutes after which a quiet customer is asked once whether they are there. 0: never."
        ),
    ] = 10
    nudged_close_minutes: Annotated[
        int, whole(1, 1_440, "Minutes after that question until the chat closes.")
    ] = 10
    need_time_minutes: Annotated[
        int, whole(1, 60, "Minutes a customer gets by pressing that they need time.")
    ] = 5
    reopen_minutes: Annotated[
        int, whole(0, 43_200, "Minutes during which a closed chat can be reopened.")
    ] = 30
    idle_close_hours: Annotated[
        int, whole(1, 8_760, "Hours without a message after which a chat closes by itself.")
    ] = 24
