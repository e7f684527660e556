"""Who looks at a screen: the language, the zone, and how numbers, money and days are read there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    format_timedelta,
    get_datetime_format,
)
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_name,
    get_decimal_symbol,
    get_group_symbol,
)
from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.surfaces.ui.words import LANGUAGES, PSEUDO, RIGHT_TO_LEFT, said_in


class Reader(Struct, frozen=True):
    """Says everything in one language and one zone.

    Units: money in minor units, quantities in units of a wallet's scale, counts whole.
    Example: `Reader("de").money(123456, "EUR")` is `1.234,56 €`.
    """

    language: str = "en"
    zone: str = "UTC"

    @property
    def direction(self) -> str:
        """Whether lines run from left to right or from right to left."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, text: str, **places: Any) -> str:
        """A sentence; what is put in comes by name."""
        return said_in(self.language).one(text, **places)

    def say_many(self, single: str, several: str, count: int, **places: Any) -> str:
        """A sentence about a count; `n` is the count as it is written here."""
        places = {"n": self.number(count), **places}
        return said_in(self.language).many(single, several, count, **places)

    def number(self, count: int | Decimal) -> str:
        """A number with its separators."""
        return self._below(format_decimal(count, locale=self._locale, decimal_quantization=False))

    @property
    def separators(self) -> tuple[str, str]:
        """What parts thousands and what parts decimals, as people write numbers here."""
        return get_group_symbol(self._locale), get_decimal_symbol(self._locale)

    def quantity(self, units: int, scale: int = 0) -> str:
        """So many of a wallet: 1250 units of scale 2 are `12.50`."""
        return self.number(Decimal(text_of(units, scale)))

    def plural(self, text: str) -> str:
        """Of decimal text the category of Unicode: zero, one, two, few, many or other."""
        return str(self._locale.plural_form(Decimal(text)))

    def signed(self, units: int, scale: int = 0) -> str:
        """The same with its sign: `+12`, `−3`; never by colour alone."""
        sign = "+" if units > 0 else "−" if units < 0 else ""
        # A sign alone has no direction: it would wander to the other side of its number.
        mark = "\u200e" if sign and self.direction == "rtl" else ""
        return mark + sign + self.quantity(abs(units), scale)

    def money(self, minor: int, currency: str) -> str:
        """An amount in its currency."""
        amount = Decimal(text_of(minor, decimals(currency)))
        return self._below(format_currency(amount, currency, locale=self._locale))

    def signed_money(self, minor: int, currency: str) -> str:
        """The same with its sign: `+€3.20`, `−€0.50`; never by colour alone."""
        sign = "+" if minor > 0 else "−" if minor < 0 else ""
        mark = "\u200e" if sign and self.direction == "rtl" else ""
        return mark + sign + self.money(abs(minor), currency)

    def whole_money(self, minor: int, currency: str) -> str:
        """An amount in whole units of its currency, for what nobody reckons to the cent."""
        amount = Decimal(minor // 10 ** decimals(currency))
        pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        return str(
            format_currency(amount, currency, pattern, locale=self._locale, currency_digits=False)
        )

    def currency(self, code: str) -> str:
        """A currency as it is called here: `US Dollar (USD)`."""
        return f"{get_currency_name(code, locale=self._locale)} ({code})"

    def typed_money(self, minor: int, currency: str) -> str:
        """An amount as one types it into a field here: `7,80`."""
        return text_of(minor, decimals(currency)).replace(".", self.separators[1])

    def share(self, part: int, whole: int) -> str:
        """A part of a whole in percent, to the nearest one; nothing of nothing is 0 %."""
        ratio = Decimal(part) / Decimal(whole) if whole else Decimal(0)
        return self._below(format_percent(ratio, locale=self._locale))

    def fine_share(self, part: int, whole: int) -> str:
        """The same to a tenth of a percent, where costs are compared."""
        ratio = Decimal(part) / Decimal(whole) if whole else Decimal(0)
        shape = self._locale.percent_formats[None].pattern.replace("##0", "##0.0", 1)
        return self._below(format_percent(ratio, shape, locale=self._locale))

    def day(self, at: datetime | date) -> str:
        """A day: `27 Nov 2026`."""
        return str(format_date(self._day_of(at), "medium", locale=self._locale))

    def last_day(self, end: datetime) -> str:
        """The last day of what ends at this instant, which itself is not in it.

        Example: what expires at midnight between 30 November and 1 December is good until 30
        November.
        """
        return self.day(end - timedelta(microseconds=1))

    def long_day(self, at: datetime | date) -> str:
        """A day in full: `27 November 2026`."""
        return str(format_date(self._day_of(at), "long", locale=self._locale))

    def full_day(self, at: datetime | date) -> str:
        """A day by its weekday, too: `Friday, 27 November 2026`."""
        return str(format_date(self._day_of(at), "full", locale=self._locale))

    def weekday(self, number: int) -> str:
        """The day of the week, 1 is Monday."""
        monday = date(2024, 1, 1)
        return str(format_date(monday + timedelta(number - 1), "EEEE", locale=self._locale))

    def leaf(self, at: datetime) -> tuple[str, str]:
        """A day as on a leaf of a calendar: `Fri` and `27`."""
        day = self._day_of(at)
        weekday, number = (format_date(day, form, locale=self._locale) for form in ("EEE", "d"))
        return str(weekday), str(number)

    def month(self, at: date) -> str:
        """A month: `Nov 2026`."""
        return str(format_skeleton("yMMM", at, locale=self._locale))

    def whole_month(self, at: date) -> str:
        """A month in full: `November 2026`."""
        return str(format_skeleton("yMMMM", at, locale=self._locale))

    def clock(self, at: datetime) -> str:
        """The time of day: `14:05`."""
        return str(format_time(at, "short", tzinfo=self._zone, locale=self._locale))

    def meeting(self, at: datetime) -> str:
        """When to be there: `Mon, 30 Nov 2026, 10:00`."""
        day = format_skeleton("yMMMEd", at, tzinfo=self._zone, locale=self._locale)
        joined = str(get_datetime_format("medium", locale=self._locale)).replace("'", "")
        return joined.replace("{0}", self.clock(at)).replace("{1}", day)

    def instant(self, at: datetime) -> str:
        """A day and its time in the reader's zone, with the zone's name."""
        said = format_datetime(at, "medium", tzinfo=self._zone, locale=self._locale)
        return f"{said} {at.astimezone(self._zone).tzname()}"

    def ago(self, then: datetime, now: datetime) -> str:
        """How long ago, roughly: `3 days ago`; a future is `in 3 days`."""
        away = then - now
        if abs(away.total_seconds()) < 60:
            return self.say("just now")
        return str(format_timedelta(away, add_direction=True, locale=self._locale))

    def _below(self, said: str) -> str:
        """What is below nothing, with its sign before it: a minus alone has no direction."""
        return said.replace("-", "\u200e-", 1) if self.direction == "rtl" else said

    def _day_of(self, at: datetime | date) -> date:
        return at.astimezone(self._zone).date() if isinstance(at, datetime) else at

    @property
    def _locale(self) -> Locale:
        # English of the island: days before months, and weeks that begin on Monday.
        name = "en" if self.language == PSEUDO else self.language
        return Locale.parse("en_GB" if name == "en" else name)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def language_of(
    query: Mapping[str, str],
    cookies: Mapping[str, str],
    accepts: str | None,
    otherwise: str = "en",
) -> str:
    """What to speak: what was asked for, what was chosen before, what the browser likes.

    Order: `?lang=`, the cookie `lang`, `Accept-Language`, else the shop's own language.
    """
    for asked in (query.get("lang"), cookies.get("lang")):
        if asked == PSEUDO or asked in LANGUAGES:
            return str(asked)
    liked = [part.split(";")[0].strip().replace("-", "_") for part in (accepts or "").split(",")]
    found = negotiate_locale([each for each in liked if each], list(LANGUAGES))
    if found:
        return str(found).split("_", maxsplit=1)[0]
    kept = otherwise.replace("_", "-").split("-", maxsplit=1)[0]
    return kept if kept in LANGUAGES else "en"
