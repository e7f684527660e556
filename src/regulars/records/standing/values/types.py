"""What a member is worth from now on, and the run that reckoned it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from msgspec import Struct

PREFIX: Final = "value-"
"""What attributes begin with that we say of a member's value: `value-health`, `value-worth`."""
SAID: Final = tuple(
    f"{PREFIX}{name}" for name in ("health", "worth", "recency", "frequency", "money")
)
"""Those that are reckoned each night; the last three are from 1 to 5 beside everybody."""
AS_OF: Final = f"{PREFIX}as-of"
MODEL: Final = f"{PREFIX}model"
CATEGORY: Final = f"{PREFIX}category"
CATEGORY_AS_OF: Final = f"{PREFIX}category-as-of"
CATEGORY_VERSION: Final = f"{PREFIX}category-version"
"""Of which day what was reckoned is, and by which way: known wherever a rule asks for it."""
OLDER_THAN: Final = f"{PREFIX}older-than"
CATEGORY_OLDER_THAN: Final = f"{PREFIX}category-older-than"
"""Known only where something was reckoned and is too old to count: how many days it may be old."""
LAST_DAYS: Final = 30
"""So old what was reckoned may be for a rule, unless the shop says otherwise."""
Health = Literal["strong", "steady", "slipping", "lost"]
Worth = Literal["top-tenth", "upper", "middle", "lower"]
HEALTHS: Final[tuple[Health, ...]] = ("strong", "steady", "slipping", "lost")
WORTHS: Final[tuple[Worth, ...]] = ("top-tenth", "upper", "middle", "lower")


class Value(Struct, frozen=True):
    """One member's value.

    Units: `chance` of an order within 90 days in thousandths, nothing where nothing tells it;
    `orders` expected within them in hundredths; `worth_minor` of the next twelve months in minor
    units of today, `soon_minor` what of it is of the 90 days; `since` and `gap` in days. Of a shop
    whose orders or money no model carries there are no orders, no money and no `worth`.
    """

    member_id: UUID
    chance: int | None
    orders: int | None
    worth_minor: int | None
    since: int
    gap: int | None
    health: str | None
    worth: str | None
    as_of: date
    soon_minor: int | None = None


def as_reckoned(
    known: Mapping[str, bool | int | str], valued: Sequence[str | None], today: date
) -> dict[str, bool | int | str]:
    """What is known of a member, with the day and the way by which it was reckoned; what is older
    than it may be is left out, and its day stays with how old it might have been.

    Shape: `valued` are the day and model of the last run, `2026-03-01|MBG/NBD`, the same of
    categories, and how many days what they say counts. `today` is the day on which it counts.
    Example: reckoned on 1 March and asked on 1 April, `value-health` is left out, and
    `value-as-of: 2026-03-01` and `value-older-than: 30` say why.
    """
    values, categories, days = valued
    most = LAST_DAYS if days is None else int(days)
    oldest = today.toordinal() - most
    kept = dict(known)
    for ours, run, names, older in (
        (SAID, values, (AS_OF, MODEL), OLDER_THAN),
        ((CATEGORY,), categories, (CATEGORY_AS_OF, CATEGORY_VERSION), CATEGORY_OLDER_THAN),
    ):
        if not any(name in kept for name in ours):
            continue
        as_of, _, way = (run or "").partition("|")
        if as_of:
            kept |= dict(zip(names, (as_of, way), strict=True))
        if not as_of or date.fromisoformat(as_of).toordinal() < oldest:
            for name in ours:
                kept.pop(name, None)
            if as_of:
                kept[older] = most
    return kept


class Run(Struct, frozen=True):
    """A day's reckoning: of how many members, by which model ("" for none), how good it was."""

    as_of: date
    at: datetime
    members: int
    model: str
    found: dict[str, Any]
    cuts: dict[str, Any] | None = None
    """What values came to by each cut, of the last night only; read apart, as it may be long."""

    @property
    def precision(self) -> tuple[int, int] | None:
        """Whom the slipping alert would have picked on the last 90 days that were kept out, and
        how many of these did not order; nothing where that could not be said."""
        judged = self.found.get("judged") or {}
        return (judged["picked"], judged["right"]) if judged.get("picked") else None


_Minor = TypeVar("_Minor", int, int | None)


def worth_of(revenue_minor: _Minor, margin: int) -> _Minor:
    """What revenue is worth where so many of a hundred stay as margin, rounded down; with 0 nobody
    said how many, and it is revenue. What nobody can say stays unsaid.

    Example: of 84.50 with 30 % it is 25.35; with 0 it is 84.50 and not nothing.
    """
    if revenue_minor is None or not margin:
        return revenue_minor
    return revenue_minor * margin // 100
