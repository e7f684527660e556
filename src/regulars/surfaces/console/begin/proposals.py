"""What is proposed to somebody who sets a shop up: programs, and what their country suggests."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies
from phonenumbers import SUPPORTED_REGIONS

from regulars.surfaces.console.words import N
from regulars.surfaces.ui.words import LANGUAGES

PROGRAMS: Final = MappingProxyType(
    {
        "coffee-shop": (
            N("Café"), N("Points for what is spent and a stamp for each coffee: the tenth is free.")
        ),
        "square-like": (
            N("Corner shop"), N("Stars for a visit, for what is spent and for some articles.")
        ),
        "bronze-silver-gold": (
            N("Bronze, silver, gold"), N("Three tiers by what a member spends in a year.")
        ),
        "cashback": (
            N("Money back"), N("A share of every purchase, paid out to the bank account.")
        ),
        "referral-first": (
            N("Friends bring friends"),
            N("Whoever brings a friend gets points, and so does the friend."),
        ),
        "office-supplies": (
            N("Many stores, one balance"),
            N("Points that add up over every store and the web shop."),
        ),
        "beauty-tiers": (
            N("Beauty"), N("Tiers by yearly spending, a birthday gift, savings that open earlier.")
        ),
        "outdoor-pass": (
            N("Outdoors"), N("Points for buying and for being out there; rewards are experiences.")
        ),
        "athletic-club": (
            N("Sports club"), N("First at new things, classes and events, points for money off.")
        ),
        "auto-enrol": (
            N("Web shop"), N("Every account is a member, with points for buying and for reviews.")
        ),
        "everywhere": (
            N("App, web and store"), N("One membership everywhere; what members do counts, too.")
        ),
        "prime": (
            N("Paid membership"), N("A fee for a year, and delivery and deals are included.")
        ),
        "very-important": (
            N("Best customers"), N("Care and access for those who spend much, and no discounts.")
        ),
        "cause": (N("A good cause"), N("Members turn their points into donations.")),
        "clubs": (N("Clubs and events"), N("Coming, learning and speaking up count most.")),
        "b2b-retention": (
            N("Business customers"), N("A company has several contacts and one pool of points.")
        ),
    }
)  # fmt: skip
"""What a shop can start from: its name and a sentence, those most shops take first."""
FIRST_SHOWN: Final = 4
COLOURS: Final = ("#0f5c4d", "#7a1f3d", "#1f4e8c", "#8a4b0f", "#5b3a8c", "#b3261e", "#3d3a36")
"""Colours that suit a shop and can be read."""
OTHERWISE: Final = "DE"
_REGION: Final = re.compile(r"[-_]([A-Za-z]{2})\b")


class Country(NamedTuple):
    """A country, and what it suggests."""

    code: str
    name: str
    currency: str
    zone: str
    language: str


@lru_cache(maxsize=8)
def countries(language: str) -> tuple[Country, ...]:
    """Every country that has telephones, money and a time, by its name in this language."""
    names = Locale.parse(language if language in LANGUAGES else "en").territories
    found = []
    for code in SUPPORTED_REGIONS:
        money, zone = get_territory_currencies(code), _zones().get(code)
        if money and zone and code in names:
            spoken = next((one for one in get_official_languages(code) if one in LANGUAGES), "en")
            found.append(Country(code, names[code], money[0], zone, spoken))
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Every time zone that is named after a place."""
    return tuple(sorted(one for one in available_timezones() if _is_place(one)))


@lru_cache(maxsize=8)
def currencies(language: str) -> tuple[tuple[str, str], ...]:
    """Every currency of a country: its code, and the code with its name."""
    names = Locale.parse(language if language in LANGUAGES else "en").currencies
    codes = sorted({one.currency for one in countries("en")})
    return tuple((code, f"{code} · {names.get(code, code)}") for code in codes)


def likely(accepts: str | None) -> Country:
    """The country somebody is likely in, by what their browser says it speaks."""
    by_code = {one.code: one for one in countries("en")}
    for region in _REGION.findall(accepts or ""):
        if region.upper() in by_code:
            return by_code[region.upper()]
    spoken = (accepts or "")[:2].lower()
    home = {"de": "DE", "tr": "TR", "en": "GB", "ar": "SA"}.get(spoken, OTHERWISE)
    return by_code[home]


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """The zone of each country's largest city, as far as the zone names tell: its capital first."""
    found: dict[str, str] = {}
    for zone, code in get_global("zone_territories").items():
        if _is_place(zone) and (code not in found or zone in _CAPITALS):
            found[code] = zone
    return found


def _is_place(zone: str) -> bool:
    return "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))


_CAPITALS: Final = frozenset(
    {
        "America/Argentina/Buenos_Aires", "America/Mexico_City", "America/New_York",
        "America/Sao_Paulo", "America/Toronto", "Asia/Almaty", "Asia/Jakarta",
        "Asia/Kuala_Lumpur", "Asia/Shanghai", "Asia/Tashkent", "Australia/Sydney",
        "Europe/Berlin", "Europe/Kyiv", "Europe/Lisbon", "Europe/Madrid", "Europe/Moscow",
        "America/Santiago", "Pacific/Auckland", "Africa/Kinshasa", "America/Guayaquil",
    }
)  # fmt: skip
