"""What was booked lately in the whole shop, with who did it and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from regulars.engine.words.reasons import reason_in_words
from regulars.insight.home.lately import Lately, lately
from regulars.records.access.staff.read import some_staff
from regulars.records.access.staff.types import staff_of
from regulars.surfaces.api.faults import BadCursor
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.lately.lines import SORTS, booked_as, moves

A_PAGE: Final = 30
"""Some screens of a telephone; who looks for more goes on."""


async def activity(here: Here) -> Response[str]:
    """The latest entries of everybody; all, or of one sort."""
    sort, cursor = here.query.get("kind", ""), here.query.get("cursor", "")
    sort = sort if sort in SORTS else ""
    try:
        place = place_of(cursor or None, tuple[UUID])
    except BadCursor:
        place, cursor = None, ""
    async with here.transaction as tx:
        found, after = await lately(
            tx, SORTS[sort][1] if sort else None, place and place[0], A_PAGE
        )
        people = await some_staff(
            tx, {who for one in found if (who := staff_of(one.actor)) is not None}
        )
    return here.page(
        "people/activity.html",
        days=_days(here, found, people),
        sort=sort,
        sorts=[("", here.reader.say("Everything")),
               *((one, words) for one, (words, _) in SORTS.items())],
        first=_address(sort, "") if cursor else "",
        following=_address(sort, cursor_of((after,)) or "") if after else "",
    )  # fmt: skip


def _days(here: Here, found: Sequence[Lately], people: Any) -> list[tuple[str, list[Any]]]:
    """The lines under the days on which they were booked, the latest first.

    Example: what happened on Monday and was told on Tuesday stands under Tuesday, with its day.
    """
    zone = here.zone
    by_day = groupby(found, lambda one: one.recorded_at.astimezone(zone).date())
    return [
        (here.reader.full_day(day), [_line(here, one, people, day) for one in these])
        for day, these in by_day
    ]


def _line(here: Here, one: Lately, people: Any, day: date) -> dict[str, Any]:
    who = staff_of(one.actor)
    postings = list(zip(one.wallets, one.accounts, one.amounts, strict=True))
    words, sign = booked_as(one.kind, one.actor, postings)
    return {
        "id": shown("ent", one.entry_id),
        "member_id": shown("mem", one.member_id),
        "member": f"{one.given_name} {one.family_name}".strip() or one.number,
        "words": words,
        "sign": sign,
        "at": one.occurred_at,
        "late": one.occurred_at.astimezone(here.zone).date() != day,
        "moved": moves(here, postings),
        "by": people[who].name if who in people else "",
        "store": one.store or "",
        "receipt": one.receipt or "",
        "reason": reason_in_words(one.actor, one.reason, here.voice),
    }


def _address(sort: str, cursor: str) -> str:
    said = {name: value for name, value in (("kind", sort), ("cursor", cursor)) if value}
    return "/console/activity" + (f"?{urlencode(said)}" if said else "")
