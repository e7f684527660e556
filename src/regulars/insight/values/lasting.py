"""What became of days that were far from usual, and of those the same rule finds in the past.

It lasted where a day of at least half as much came again within 90 days: a change of habits, and no
slip of a hand. It was taken back where less than half of the day is left, as the rest came back.
Of a jump of tiers alone: it lasted where they fell below that tier on no day of 90; who climbs
on has it still. What nobody can look up any more stays one day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from regulars.records.standing.alerts.days.read import Measure
from regulars.records.standing.alerts.types import WAITS, Outcome, Reason, Sort
from regulars.records.standing.alerts.unusual.read import Since, Unsettled

NIGHTS: Final = 7
"""One of each weekday, of which everything is known by now."""
MEASURES: Final[Mapping[Sort, Measure]] = {
    "spent_much": "spent", "earned_much": "issued", "redeemed_much": "redeemed",
}  # fmt: skip


def nights(day: date) -> list[date]:
    """The days of the past at which the rule is tried."""
    return [day - timedelta(days=WAITS + back) for back in range(NIGHTS)]


def asked(these: Sequence[Unsettled]) -> dict[tuple[Measure, str], list[tuple[UUID, date, int]]]:
    """What to look up of each measure and account: who, which day, how much it was."""
    found: dict[tuple[Measure, str], list[tuple[UUID, date, int]]] = {}
    for one in these:
        for why in one.reasons:
            if why.sort in MEASURES:
                row = (one.member_id, one.as_of, why.have)
                found.setdefault((MEASURES[why.sort], why.about), []).append(row)
    return found


def jumps(these: Sequence[Unsettled]) -> list[tuple[UUID, date, str]]:
    """Who jumped to which tier on which day, and gave no other reason."""
    return [
        (one.member_id, one.as_of, why.about)
        for one in these
        for why in one.reasons
        if why.sort == "tier_jump" and len(one.reasons) == 1
    ]


def became(
    one: Unsettled,
    since: Mapping[tuple[Measure, str], Mapping[tuple[UUID, date], Since]],
    left: Collection[tuple[UUID, date]],
    day: date,
) -> tuple[Outcome, date] | None:
    """What became of it by the end of a day, and since when that is known; nothing while nobody
    knows."""
    over = one.as_of + timedelta(days=WAITS)
    if one.gone:
        return "gone", day
    found = [there for why in one.reasons if (there := _since(one, why, since)) is not None]
    if any(there.taken_back for there in found):
        return "taken_back", day
    again = [there.again for there in found if there.again is not None]
    if again:
        return "lasted", min(again)
    if over > day:
        return None
    jumped = all(why.sort == "tier_jump" for why in one.reasons)
    if jumped and (one.member_id, one.as_of) not in left:
        return "lasted", over
    return "once", over


def _since(
    one: Unsettled,
    why: Reason,
    since: Mapping[tuple[Measure, str], Mapping[tuple[UUID, date], Since]],
) -> Since | None:
    if why.sort not in MEASURES:
        return None
    return since.get((MEASURES[why.sort], why.about), {}).get((one.member_id, one.as_of))
