"""What a mail says, to whom, and that nobody but us writes its headers."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.desk.events import DESK
from server.mail.answer import Answer, answer_of
from server.mail.letter import QUOTED, Letter, clean, letter_of, plain_address
from server.mail.texts import languages, texts
from supportterm.protocol import kinds
from supportterm.protocol.contact import Identity, written_identity

from .chats import BEGUN, Story, left_message
from .house import NUMBERS

LINK = "https://www.acme.example/tyres#supportterm=1.a-chat-that-was-left.1.x"
SENDER = "Acme Bikes <service@acme.example>"


def answer(story: Story, after: int = 0) -> Answer:
    upto = story.mailing(after)
    found = answer_of(story.events, upto)
    assert found is not None
    return found


def letter(
    found: Answer, *, shop: str = "Acme Bikes", sender: str = SENDER, familiar: bool = False
) -> Letter:
    return letter_of(found, NUMBERS, shop=shop, sender=sender, link=LINK, familiar=familiar)


def read(letter: Letter) -> EmailMessage:
    """As a reader's program does."""
    return message_from_bytes(letter.content, policy=default)


def body(letter: Letter) -> str:
    return cast(str, read(letter).get_content()).replace("\r\n", "\n")


# --- what it says ----------------------------------------------------------------------------------


def test_an_answer_as_a_mail() -> None:
    made = letter(answer(left_message()))
    assert body(made) == (
        "Hello Anna,\n\n"
        "Sanne from Acme Bikes has answered you:\n\n"
        "It is in Utrecht, and comes tomorrow.\n\n"
        f"To write back, or to read the whole conversation:\n{LINK}\n\n"
        "The link works for 30 days and is meant for you alone: whoever has it can read this conversation.\n"
        "\n"
        "You wrote:\n> Where is my tyre?\n"
    )
    mail = read(made)
    assert mail["Subject"] == "Sanne from Acme Bikes has answered you"
    assert mail["From"] == mail["Reply-To"] == "Acme Bikes <service@acme.example>"
    assert mail["To"] == made.to == "anna@example.org"
    assert made.sender == "service@acme.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Type"] == 'text/plain; charset="utf-8"'
    assert mail["Date"].datetime.timestamp() * 1000 == BEGUN + 6_000
    assert mail["Message-ID"] == made.message_id
    assert re.fullmatch(r"<[0-9a-f]{40}@acme\.example>", made.message_id)
    assert made.content.isascii()
    assert max(map(len, made.content.splitlines())) <= 78


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("familiar", [False, True])
def test_every_language_fills_every_place(language: str, familiar: bool) -> None:
    said = body(letter(answer(left_message(f"{language}-XX")), familiar=familiar))
    assert "{" not in said
    subject = read(letter(answer(left_message(language))))["Subject"]
    assert "Sanne" in subject
    assert "Acme Bikes" in subject
    for part in ("Anna", "Sanne", "Acme Bikes", "Utrecht", LINK, "30", "> Where is my tyre?"):
        assert part in said
    assert body(letter(answer(left_message(language).contact("anna@example.org", "")))).startswith(
        texts(language).polite.named.replace("{name}", "Anna")
    )


def test_the_languages_of_customers_have_texts() -> None:
    assert languages() == ["da", "de", "en", "fr", "nl"]


def test_a_language_without_texts_gets_english() -> None:
    assert "has answered you" in body(letter(answer(left_message("pt-BR"))))


def test_one_mail_holds_all_that_was_said_since_the_one_before() -> None:
    story = left_message().agent("Sorry:", "the day after.")
    first = story.mailing()
    story.mailed(first).customer("And the tube?").agent("In the same parcel.", name="Bob")
    second = answer(story, first)
    said = body(letter(second))
    assert "Utrecht" not in said
    assert "Bob from Acme Bikes has answered you" in said
    assert said.endswith("You wrote:\n> And the tube?\n")
    assert read(letter(second))["References"] == read(letter(answer(left_message())))["References"]
    found = answer_of(story.events, first)
    assert found is not None
    assert [text for _, text in found.said] == [
        "It is in Utrecht, and comes tomorrow.",
        "Sorry:",
        "the day after.",
    ]


def test_what_was_asked_before_its_customer_signed_in_is_not_theirs_to_read() -> None:
    story = Story().opened().customer("I live at Main Street 5")
    known = Identity("48213", "Eva", "eva@example.org")
    story.add("identified", DESK, kinds.Identified("c-eva", "c-browser"), text=written_identity(known))
    story.customer("Where is my parcel?").agent("It is in Utrecht.")
    found = answer(story)
    assert (found.address, found.asked, found.page) == ("eva@example.org", ("Where is my parcel?",), "")


def test_what_was_said_before_the_promise_is_not_said_again() -> None:
    story = (
        Story()
        .opened()
        .customer("Where is it?")
        .agent("I will find out and mail you.")
        .contact("a@b.example")
    )
    after = story.pub
    story.add("callback", "agent:sanne", kinds.Callback(BEGUN, "mail"))
    said = body(letter(answer(story.agent("It is in Utrecht."), after)))
    assert "find out" not in said
    assert said.startswith("Hello,\n")


def test_a_line_that_only_asks_for_patience_is_no_answer() -> None:
    holding = kinds.Message(holding=True)
    story = left_message().agent("One more moment", data=holding)
    assert "moment" not in body(letter(answer(story)))
    story = Story().opened().contact("a@b.example").agent("One more moment", data=holding)
    assert "moment" in body(letter(answer(story)))


def test_what_was_said_before_a_new_time_is_mailed() -> None:
    """It kept no promise, but it is more than a request for patience."""
    holding = kinds.Message(holding=True)
    story = left_message().agent("It is in Utrecht. I'll be back in five minutes.", data=holding)
    said = body(letter(answer(story.agent("They bring it tomorrow."))))
    assert "It is in Utrecht." in said
    assert "They bring it tomorrow." in said


def test_solutions_to_choose_from_are_numbered() -> None:
    story = left_message().agent(
        "What suits you?\nA new one\tit is here tomorrow\nMoney back", data=kinds.Message(options=2)
    )
    assert "What suits you?\n1. A new one: it is here tomorrow\n2. Money back\n" in body(
        letter(answer(story))
    )


def test_the_newest_address_and_name_count() -> None:
    story = left_message().contact("+45 12 34 56 78").contact("anna@work.example", "Anna Berg")
    made = letter(answer(story))
    assert made.to == "anna@work.example"
    assert body(made).startswith("Hello Anna Berg,")


@pytest.mark.parametrize(
    "name", ["0612345678", "cheap-pills.example", "http://x", "x" * 60, "Anna; click", "..."]
)
def test_what_is_no_name_is_not_greeted(name: str) -> None:
    assert body(letter(answer(left_message().contact("anna@example.org", name)))).startswith("Hello,\n")


def test_of_a_long_question_both_ends_are_repeated() -> None:
    story = Story().opened().customer("begin " + "x" * 3_000, "y" * 3_000 + " end").contact("a@b.example")
    said = body(letter(answer(story.agent("Yes."))))
    quoted = said.partition("You wrote:\n")[2]
    assert quoted.startswith("> begin xxx")
    assert quoted.endswith("yyy end\n")
    assert len(quoted) < QUOTED + 50


# --- what is not there any more ---------------------------------------------------------------------


def test_an_erased_chat_has_nothing_to_mail() -> None:
    story = left_message()
    upto = story.mailing()
    assert answer_of(story.events, upto) is not None
    assert answer_of(story.erased().events, upto) is None


def test_without_an_address_nothing_is_mailed() -> None:
    story = Story().opened().customer("Hello?").contact("+45 12 34 56 78").agent("Yes?")
    assert answer_of(story.events, story.mailing()) is None


def test_what_was_not_decided_is_not_mailed() -> None:
    story = left_message()
    assert answer_of(story.events, story.pub) is None


# --- headers ------------------------------------------------------------------------------------------


def test_the_same_mail_is_the_same_bytes_each_time() -> None:
    story = left_message()
    upto = story.mailing()
    first = answer_of(story.events, upto)
    story.agent("Something newer")
    again = answer_of(story.events, upto)
    assert first is not None
    assert first == again
    assert letter(first) == letter(first)


def test_each_mail_has_its_own_number() -> None:
    story = left_message()
    one, two, other = (
        answer(story),
        answer(story.agent("More.")),
        answer(left_message(chat="another-chat-of-hers")),
    )
    assert len({letter(one).message_id for one in (one, two, other)}) == 3


_HOSTILE = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('\r\n\t\x00\x1b"<>@,;:\\\u2028\u202e\x85=?_.')),
    max_size=60,
)


@settings(deadline=None)
@given(_HOSTILE, _HOSTILE, _HOSTILE, _HOSTILE)
def test_nobody_writes_into_the_headers(name: str, agent: str, shop: str, text: str) -> None:
    """Whatever is written in a name or a text: the same headers, once each, and one recipient."""
    story = (
        Story()
        .opened()
        .customer(text + "\r\nBcc: all@example.org\r\n\r\nHi")
        .contact("anna@example.org", name)
    )
    made = letter(answer(story.agent(text + "\n.\nyes", name=agent + "\r\nBcc: all@example.org")), shop=shop)
    head, _, rest = made.content.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        *(b"From", b"To", b"Reply-To", b"Subject", b"Date", b"Message-ID", b"References", b"Auto-Submitted"),
        *(b"Content-Type", b"Content-Transfer-Encoding", b"MIME-Version", b"Content-Language"),
    ]
    mail = read(made)
    assert mail.defects == []
    for header in ("From", "Reply-To"):
        assert [a.addr_spec for a in mail[header].addresses] == ["service@acme.example"]
    assert [a.addr_spec for a in mail["To"].addresses] == ["anna@example.org"]
    assert "\n" not in mail["Subject"]
    said = body(made)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert rest.isascii()


@pytest.mark.parametrize(
    ("sender", "shop", "shown"),
    [
        ("service@acme.example", "Acme, Inc.", "Acme, Inc."),
        ("service@acme.example", 'Ac"me', 'Ac"me'),
        ("service@acme.example", "Æblegård", "Æblegård"),
        ('"Acme, Service" <service@acme.example>', "Acme", "Acme, Service"),
        ("service@acme.example", "x" * 80, "x" * 80),
    ],
)
def test_who_it_is_from(sender: str, shop: str, shown: str) -> None:
    mail = read(letter(answer(left_message()), shop=shop, sender=sender))
    assert [(a.display_name, a.addr_spec) for a in mail["From"].addresses] == [
        (shown, "service@acme.example")
    ]
    assert parseaddr(str(mail["Reply-To"]))[1] == "service@acme.example"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("anna@example.org", "anna@example.org"),
        ("a.b+tyres_1@mail.example.org", "a.b+tyres_1@mail.example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ],
)
def test_addresses_that_mail_servers_take(written: str, told: str) -> None:
    assert plain_address(written) == told


@pytest.mark.parametrize(
    "written",
    [
        *("", "anna", "@example.org", "anna@", "anna@-x.example", "anna@exa mple.org", "ånna@example.org"),
        *(
            '"a b"@example.org',
            "a@b@example.org",
            "anna@example.org>",
            "<anna@example.org",
            ".anna@example.org",
        ),
        *(
            "anna@example..org",
            "anna@[127.0.0.1]",
            "anna@example.org\r\nRCPT TO:<x@y.example>",
            "a" * 260 + "@x.example",
        ),
    ],
)
def test_addresses_that_they_do_not(written: str) -> None:
    with pytest.raises(ValueError):
        plain_address(written)


def test_text_is_cleaned_and_not_mangled() -> None:
    assert clean("a\r\nb\rc\u2028d\te\n\n\n\nf") == "a\nb\nc\nd    e\n\nf"
    assert clean("\x1b[31mred\x07\u202eder\u200b ok") == "[31mredder ok"
    assert clean("👩\u200d🔧 Æ ö ß é नमस्ते 日本") == "👩\u200d🔧 Æ ö ß é नमस्ते 日本"
