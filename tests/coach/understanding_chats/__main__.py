"""Prints how many slots are right, per language and set: `python -m tests.coach.understanding_chats`."""

from __future__ import annotations

from supportterm.coach.understanding import languages
from tests.coach.understanding_chats import chats, wrong


def main() -> None:
    print("language  set  chats  slots right")
    for language in languages():
        for written in sorted({chat.written for chat in chats(language)}):
            some = [chat for chat in chats(language) if chat.written == written]
            missed = [miss for chat in some for miss in wrong(chat, language).items()]
            slots = 5 * len(some)
            print(f"{language:8}  {written:3}  {len(some):5}  {slots - len(missed)} of {slots}")
            for slot, (expected, found) in missed:
                print(f"{'':20}{slot}: wanted {expected!r}, got {found!r}")


if __name__ == "__main__":
    main()
