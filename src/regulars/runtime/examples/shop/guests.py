"""The guests of the made-up coffee shop: when they began to come, how often, what they like."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final, NamedTuple
from unicodedata import normalize

_FIRST: Final = [
    "Ada",
    "Bruno",
    "Clara",
    "Deniz",
    "Emil",
    "Frida",
    "Gül",
    "Hana",
    "Ivo",
    "Jana",
    "Kofi",
    "Lea",
    "Milo",
    "Nora",
    "Olga",
    "Paul",
    "Rosa",
    "Sami",
    "Tara",
    "Umut",
    "Vera",
    "Wim",
    "Yara",
    "Zeki",
    "Amal",
    "Bela",
    "Can",
    "Dilan",
    "Elif",
    "Fritz",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Karim",
    "Lina",
]
_LAST: Final = [
    "Arslan",
    "Becker",
    "Çelik",
    "Dietz",
    "Engel",
    "Fischer",
    "Grün",
    "Haddad",
    "Ilgen",
    "Jansen",
    "Kaya",
    "Lenz",
    "Möller",
    "Novak",
    "Özdemir",
    "Peters",
    "Reuter",
    "Schulz",
    "Toprak",
    "Unger",
    "Vogel",
    "Wagner",
    "Yılmaz",
    "Zimmer",
]
WEEKS: Final = 61
"""How long the shop has been there."""
STORE: Final = "corner"
"""The store they come to; there is no other."""
SHOWN: Final = "demo-02"
"""The guest whose card the demo opens: they have a pass, and bring friends."""
REGULARS: Final = 72
OFTEN: Final = 108
"""The others come now and then; with fewer than a hundred nothing can be tried out."""
MANY: Final = 400
"""The rest is seldom there; without them too few are known for long enough to say who is lost:
it takes 200 who ordered twice by the day from which that is learnt."""
_EVERY_DAYS: Final = (1.6, 2.5, 4, 6, 9, 14)
_PHONE: Final = "+493023125{:03d}"
"""Numbers of Berlin that nobody has: they are kept free for films and examples."""


_PLAIN: Final = str.maketrans({"ı": "i", "ö": "oe", "ü": "ue", "ä": "ae"})


def guest_phone(number: int) -> str:
    """The telephone of a guest."""
    return _PHONE.format(number)


class Guest(NamedTuple):
    """Somebody who comes: from which day on, every so many days, until when."""

    number: int
    given_name: str
    family_name: str
    locale: str
    joined_on: date
    every_days: float
    left_on: date | None
    likes: int
    """Which of the drinks they mostly take."""

    @property
    def external(self) -> str:
        """The id of another system: plain letters only."""
        return f"demo-{self.number:02d}"

    @property
    def phone(self) -> str:
        """Their telephone."""
        return guest_phone(self.number)

    @property
    def email(self) -> str:
        """Their address, plain letters only; every third has none."""
        if self.number % 3 == 0:
            return ""
        name = f"{self.given_name}.{self.family_name}{self.number}".translate(_PLAIN)
        letters = normalize("NFKD", name).encode("ascii", "ignore").decode()
        return f"{letters.lower()}@guests.example"


def guests(chance: random.Random, first_on: date, today: date) -> list[Guest]:
    """The guests of a shop from its first day until today.

    Order: by the day they joined. A third are there in the first two months; every fifth has
    stopped coming, as in any café.
    """
    days = (today - first_on).days
    found = []
    for number in range(1, MANY + 1):
        early = chance.random() < 0.35
        joined = first_on + timedelta(days=chance.randrange(60 if early else max(days - 10, 61)))
        stays = chance.random() > 0.2
        left = None if stays else joined + timedelta(days=chance.randrange(40, 200))
        found.append(
            Guest(
                number=number,
                given_name=_FIRST[(number - 1) % len(_FIRST)],
                family_name=_LAST[(number * 7 + number // REGULARS) % len(_LAST)],
                locale=("de", "de", "en", "tr")[number % 4],
                joined_on=min(joined, today),
                every_days=chance.choice(_every_days(number)),
                left_on=left,
                likes=chance.randrange(3),
            )
        )
    return sorted(found, key=lambda guest: (guest.joined_on, guest.number))


def _every_days(number: int) -> tuple[float, ...]:
    """How many days may lie between the visits of a guest."""
    if number <= REGULARS:
        return _EVERY_DAYS
    return (9, 14) if number <= OFTEN else (18, 24, 30)
