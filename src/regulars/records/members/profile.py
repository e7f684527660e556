"""What a member tells about itself, checked and brought into one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from regulars.base.faults import Invalid
from regulars.records.members.types import Attributes

LONGEST_NAME = 100
LONGEST_TEXT = 200
MOST_ATTRIBUTES = 50
LARGEST_WHOLE = 2**53 - 1
OURS = ("experiment-", "offer-", "value-")
"""What a shop's own attributes do not begin with."""

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
# Marks that turn the direction of the text around a name, on receipts as on screens.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_FAST_CLOCK = timedelta(days=1)


def person_name(text: str, field: str) -> str:
    """A name as people write it, in any script, without what only machines would see."""
    return _plain_text(text, field, LONGEST_NAME, "name")


def locale(text: str) -> str:
    """The language a member reads, as `de`, `pt-BR` or `zh-Hant-TW`; empty is not said."""
    if not text:
        return ""
    parts = _LOCALE.fullmatch(text)
    if parts is None:
        raise Invalid(
            "This is not a language", field="/locale", mend="Write it as in de, pt-BR or zh-Hant-TW"
        )
    language, script, region = parts.groups()
    return "-".join(
        part for part in (language.lower(), (script or "").title(), (region or "").upper()) if part
    )


def zone(text: str) -> str:
    """Where a member's clock hangs, as `Europe/Berlin`; empty is the program's own zone."""
    if text and not (_ZONE.fullmatch(text) and _is_zone(text)):
        raise Invalid("This is not a time zone", field="/zone", mend="Write it as in Europe/Berlin")
    return text


def attributes(given: Mapping[str, object], field: str = "/attributes") -> Attributes:
    """What the shop knows of a member: yes or no, whole numbers and short texts, by name."""
    if len(given) > MOST_ATTRIBUTES:
        raise Invalid(
            f"A member can have at most {MOST_ATTRIBUTES} attributes",
            field=field,
            mend="Leave some out",
        )
    return {_slug(name, field): _value(value, f"{field}/{name}") for name, value in given.items()}


def joined_at(said: datetime | None, now: datetime) -> datetime:
    """When the member joined; now when nothing was said. Never before 1970 or after tomorrow."""
    if said is None:
        return now
    if said.tzinfo is None or not _FIRST_DAY <= said <= now + _FAST_CLOCK:
        raise Invalid(
            "Nobody joined then",
            field="/joined_at",
            mend="Send an instant with its offset, from 1970 until now",
        )
    return said.astimezone(UTC)


def _slug(name: str, field: str) -> str:
    if len(name) > 40 or not _SLUG.fullmatch(name):
        raise Invalid(
            "An attribute is named in small letters, digits and single hyphens",
            field=field,
            mend="Name it as in shoe-size",
            name=name[:40],
        )
    if name.startswith(OURS):
        raise Invalid(
            "Attributes of this name are said by Regulars itself",
            field=field,
            mend=f"Give it a name that does not begin with {' or '.join(OURS)}",
            name=name[:40],
        )
    return name


def _value(value: object, field: str) -> bool | int | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_WHOLE:
            raise Invalid(
                "This number is too large",
                field=field,
                mend=f"Send at most {LARGEST_WHOLE}, or send it as text",
            )
        return value
    if isinstance(value, str):
        return _plain_text(value, field, LONGEST_TEXT, "text")
    raise Invalid(
        "An attribute is true or false, a whole number or a text",
        field=field,
        mend="Send fractions as text",
    )


def _plain_text(text: str, field: str, longest: int, what: str) -> str:
    if len(text) > 4 * longest:
        raise Invalid(f"This {what} is too long", field=field, mend=_at_most(longest))
    if any(unicodedata.category(sign) in ("Cc", "Cs") or sign in _TURNING for sign in text):
        raise Invalid(
            f"This {what} has control characters", field=field, mend="Send only what can be read"
        )
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > longest:
        raise Invalid(f"This {what} is too long", field=field, mend=_at_most(longest))
    return text


def _at_most(longest: int) -> str:
    return f"Send at most {longest} characters"


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True
