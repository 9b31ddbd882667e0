"""Every way to say a day beside every way to say an hour, before and behind what is promised."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pytest

from supportterm.coach.promising import find

from .phrases import alike, said


class Words(NamedTuple):
    """What a language says: promises with a gap for the time, days and hours as `phrases.said` tells them."""

    promises: tuple[str, ...]
    days: dict[str, str]
    hours: dict[str, str]


WORDS = {
    "nl": Words(
        ("Ik laat het u {} weten", "{} bel ik u"),
        {
            "vandaag": "today",
            "morgen": "tomorrow",
            "overmorgen": "overmorrow",
            "vrijdag": "fri",
            "komende maandag": "mon",
            "volgende week dinsdag": "tue+",
            "op 3 augustus": "3/8",
            "vrijdag 3 augustus": "3/8",
        },
        {
            "": "",
            "om 10 uur": "10:00",
            "voor 12 uur": "12:00",
            "om half vijf": "16:30",
            "om kwart over drie": "15:15",
            "tussen 10 en 11 uur": "11:00",
            "om 16.30 uur": "16:30",
            "uiterlijk 15:00": "15:00",
            "voor de middag": "12:00",
            "in de middag": "afternoon",
        },
    ),
    "da": Words(
        ("Jeg vender tilbage {}", "{} ringer jeg til dig"),
        {
            "i dag": "today",
            "i morgen": "tomorrow",
            "i overmorgen": "overmorrow",
            "på fredag": "fri",
            "den 3. august": "3/8",
            "fredag den 3. august": "3/8",
        },
        {
            "": "",
            "kl. 10": "10:00",
            "inden kl. 12": "12:00",
            "kl. halv fem": "16:30",
            "kvart over tre": "15:15",
            "mellem 10 og 11": "11:00",
            "kl. 16.30": "16:30",
            "senest kl. 15": "15:00",
            "inden middag": "12:00",
            "om eftermiddagen": "afternoon",
        },
    ),
    "en": Words(
        ("I'll get back to you {}", "{} I'll call you"),
        {
            "today": "today",
            "tomorrow": "tomorrow",
            "the day after tomorrow": "overmorrow",
            "on Friday": "fri",
            "next Tuesday": "tue+",
            "on 3 August": "3/8",
            "on August 3rd": "3/8",
            "on Friday 3 August": "3/8",
        },
        {
            "": "",
            "at 10": "10:00",
            "before noon": "12:00",
            "at half past four": "16:30",
            "at quarter past three": "15:15",
            "between 10 and 11": "11:00",
            "by 4:30 pm": "16:30",
            "by 3pm": "15:00",
            "no later than 15:00": "15:00",
            "in the afternoon": "afternoon",
        },
    ),
    "de": Words(
        ("Ich melde mich {}", "{} rufe ich Sie an"),
        {
            "heute": "today",
            "morgen": "tomorrow",
            "übermorgen": "overmorrow",
            "am Freitag": "fri",
            "nächsten Dienstag": "tue+",
            "am 3. August": "3/8",
            "am Freitag, 3. August": "3/8",
            "am Freitag, den 3. August": "3/8",
        },
        {
            "": "",
            "um 10 Uhr": "10:00",
            "bis 12 Uhr": "12:00",
            "um halb fünf": "16:30",
            "um viertel nach drei": "15:15",
            "zwischen 10 und 11 Uhr": "11:00",
            "bis 16:30 Uhr": "16:30",
            "bis spätestens 15 Uhr": "15:00",
            "vormittags": "morning",
            "am Nachmittag": "afternoon",
        },
    ),
    "fr": Words(
        ("Je reviens vers vous {}", "{} je vous rappelle"),
        {
            "aujourd'hui": "today",
            "demain": "tomorrow",
            "après-demain": "overmorrow",
            "vendredi": "fri",
            "le 3 août": "3/8",
            "vendredi 3 août": "3/8",
        },
        {
            "": "",
            "à 10h": "10:00",
            "avant midi": "12:00",
            "à 16h30": "16:30",
            "à trois heures et quart": "15:15",
            "entre 10h et 11h": "11:00",
            "au plus tard à 15 heures": "15:00",
            "matin": "morning",
            "après-midi": "afternoon",
            "dans l'après-midi": "afternoon",
        },
    ),
}


@pytest.mark.parametrize("lang", WORDS)
def test_each_day_with_each_hour(lang: str) -> None:
    promises, days, hours = WORDS[lang]
    wrong = []
    for promise, (day, is_day), (hour, is_hour) in product(promises, days.items(), hours.items()):
        text = promise.format(f"{day} {hour}".strip())
        text = text[0].upper() + text[1:]
        found = {alike(one) for one in said(find(text, lang))}
        if alike(f"at {is_day} {is_hour}".strip()) not in found:
            wrong.append((text, sorted(found)))
    assert not wrong
