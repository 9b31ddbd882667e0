"""Who may come in: passwords, invitations, tokens, and how often one may try."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher
from msgspec.structs import replace

from server.settings import Limits
from server.signin import Refused, SignIn, code_hash, invite, is_name, new_code, token_hash
from server.store.interface import Agent
from server.store.sqlite import SqliteStore

from .conftest import TurnedClock

PASSWORD = "correct horse battery"
ANNA = Agent(id="anna", name="Anna", desk="main", password=PasswordHasher().hash(PASSWORD))


@pytest.fixture
async def signin(store: SqliteStore, platform: TurnedClock) -> AsyncIterator[SignIn]:
    made = SignIn(store, platform, Limits())
    await store.save_agent(ANNA)
    yield made
    await made.stop()


async def refusal(signin: SignIn, name: str, password: str, address: str = "192.0.2.1") -> Refused:
    with pytest.raises(Refused) as caught:
        await signin.login(name, password, address, "laptop")
    return caught.value


async def test_a_token_for_the_password(signin: SignIn, store: SqliteStore) -> None:
    token, agent = await signin.login(" Anna ", PASSWORD, "192.0.2.1", "laptop")
    assert agent.id == "anna"
    assert len(token) == 43
    session = await store.session(token_hash(token))
    assert session is not None
    assert (session.agent, session.device) == ("anna", "laptop")
    assert await signin.agent_of(token) == agent
    assert await signin.agent_of("x" * 43) is None


async def test_the_same_answer_for_everything_that_is_wrong(signin: SignIn, store: SqliteStore) -> None:
    await store.save_agent(replace(ANNA, id="gone", disabled=True))
    await store.save_agent(replace(ANNA, id="invited", password=""))
    for name, password in [
        ("anna", "wrong password"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("invited", ""),
        ("'; drop table agents", PASSWORD),
        ("", ""),
    ]:
        assert (await refusal(signin, name, password)).code == "bad_login"


async def test_the_account_is_guarded_from_every_address(signin: SignIn, platform: TurnedClock) -> None:
    for number in range(5):
        assert (await refusal(signin, "anna", "wrong", f"192.0.2.{number}")).code == "bad_login"
    late = await refusal(signin, "anna", PASSWORD, "198.51.100.1")
    assert late.code == "login_wait"
    assert 0 < late.after_ms <= 60_001  # rounded up
    platform.later += late.after_ms
    await signin.login("anna", PASSWORD, "198.51.100.1", "")


async def test_an_address_is_guarded_over_all_accounts(signin: SignIn) -> None:
    codes = [
        (await refusal(signin, f"nobody{number}", "wrong", f"2001:db8::{number}")).code
        for number in range(21)
    ]
    assert codes == ["bad_login"] * 20 + ["login_wait"]


async def test_success_costs_no_attempt(signin: SignIn) -> None:
    for _ in range(7):
        await signin.login("anna", PASSWORD, "192.0.2.1", "")


async def test_parallel_guesses_are_not_more_guesses(signin: SignIn) -> None:
    answers = await asyncio.gather(
        *(refusal(signin, "anna", f"guess {n}", f"192.0.2.{n}") for n in range(20))
    )
    assert sorted(answer.code for answer in answers) == ["bad_login"] * 5 + ["login_wait"] * 15


async def test_a_crowd_is_told_to_come_back(store: SqliteStore, platform: TurnedClock) -> None:
    signin = SignIn(store, platform, Limits(login_attempts_per_address=1000))
    answers = await asyncio.gather(*(refusal(signin, f"nobody{n}", "guess") for n in range(40)))
    codes = [answer.code for answer in answers]
    assert (codes.count("bad_login"), codes.count("busy")) == (32, 8)
    await signin.stop()


async def test_an_old_hash_is_renewed(signin: SignIn, store: SqliteStore) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await store.save_agent(replace(ANNA, password=weak))
    await signin.login("anna", PASSWORD, "192.0.2.1", "")
    found = await store.agent("anna")
    assert found is not None
    assert found.password != weak
    assert not PasswordHasher().check_needs_rehash(found.password)
    await signin.login("anna", PASSWORD, "192.0.2.1", "")


async def test_composed_and_decomposed_letters_are_the_same(signin: SignIn, store: SqliteStore) -> None:
    await store.save_agent(replace(ANNA, password=PasswordHasher().hash("bl\u00e5b\u00e6rgr\u00f8d")))
    await signin.login("anna", "bla\u030ab\u00e6rgr\u00f8d", "192.0.2.1", "")


async def test_revoked_tokens_are_forgotten(signin: SignIn, store: SqliteStore) -> None:
    token, _ = await signin.login("anna", PASSWORD, "192.0.2.1", "")
    assert await signin.agent_of(token)
    await store.end_sessions("anna")
    signin.forget("anna")
    assert await signin.agent_of(token) is None


async def test_a_disabled_agent_has_no_token(signin: SignIn, store: SqliteStore) -> None:
    token, _ = await signin.login("anna", PASSWORD, "192.0.2.1", "")
    await store.save_agent(replace(ANNA, disabled=True))
    signin.forget("anna")
    assert await signin.agent_of(token) is None


async def test_an_invitation_sets_the_password_once(
    signin: SignIn, store: SqliteStore, platform: TurnedClock
) -> None:
    ended: list[str] = []

    async def end(agent: str) -> None:
        ended.append(agent)

    signin.ended = end
    before, _ = await signin.login("anna", PASSWORD, "192.0.2.1", "")
    code, expires = await invite(store, platform, "anna")
    assert expires - platform.wall() <= 7 * 86_400_000
    with pytest.raises(Refused, match="too short"):
        await signin.accept_invite(code, "short", "192.0.2.1", "")
    spoken = code.upper().replace("-", " ")
    token, agent = await signin.accept_invite(spoken, "a new long password", "192.0.2.1", "phone")
    assert agent.id == "anna"
    assert ended == ["anna"]
    assert await signin.agent_of(token)
    assert await signin.agent_of(before) is None
    assert (await refusal(signin, "anna", PASSWORD)).code == "bad_login"
    await signin.login("anna", "a new long password", "192.0.2.1", "")
    with pytest.raises(Refused) as again:
        await signin.accept_invite(code, "another long password", "192.0.2.1", "")
    assert again.value.code == "bad_invite"


async def test_an_invitation_ends(signin: SignIn, store: SqliteStore, platform: TurnedClock) -> None:
    code, _ = await invite(store, platform, "anna")
    platform.later += 7 * 86_400_000 + 1
    with pytest.raises(Refused) as late:
        await signin.accept_invite(code, "a new long password", "192.0.2.1", "")
    assert late.value.code == "bad_invite"
    await signin.login("anna", PASSWORD, "192.0.2.1", "")


async def test_codes_are_guarded_by_address(signin: SignIn, platform: TurnedClock) -> None:
    codes = []
    for _ in range(21):
        with pytest.raises(Refused) as caught:
            await signin.accept_invite(new_code(platform), "a new long password", "192.0.2.1", "")
        codes.append(caught.value.code)
    assert codes == ["bad_invite"] * 20 + ["login_wait"]


def test_codes_can_be_read_out(platform: TurnedClock) -> None:
    code = new_code(platform)
    assert [len(group) for group in code.split("-")] == [5] * 5
    assert code_hash(code) == code_hash(f" {code.upper()} ")
    assert code != new_code(platform)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("anna", True),
        ("anna.de-vries_2", True),
        ("2", True),
        ("a" * 32, True),
        ("a" * 33, False),
        ("Anna", False),
        (".anna", False),
        ("anna\n", False),
        ("ånna", False),
        ("", False),
    ],
)
def test_login_names(name: str, good: bool) -> None:
    assert is_name(name) is good
