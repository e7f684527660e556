"""Rules that rest for a while after they gave; put behind `returning.py`."""

from __future__ import annotations

from typing import Any

# Stand-ins for what `numbers_of` tells of a version: per limit its rule, for how long it rests, and
# whether that is minutes.
LIMITS, LIMIT_OF, REST_OF, BY_MINUTE = 0, (0,), (0,), (0,)


def moment(rows: Any, row: int, place: int) -> int:
    """The day or the minute of a row, as a rest counts it."""
    found: int = rows[13][2][row] if BY_MINUTE[place] else rows[2][row]
    return found


def rest(where: Any, room: Any, aside: Any) -> None:
    """There is room where the last time that still counts is long enough ago."""
    many, bag = aside[0], aside[3]
    for place in range(LIMITS):
        if REST_OF[place]:
            last = many[place] - 1
            while last >= 0 and bag[1, place, last] == 0:
                last -= 1
            many[place] = last + 1
            ago = moment(where[0], where[1], place) - bag[0, place, max(last, 0)]
            room[place] = 0 if last >= 0 and ago < REST_OF[place] else 1


def rested(where: Any, given: Any, aside: Any) -> None:
    """Remember when a rule gave."""
    many, bag = aside[0], aside[3]
    for place in range(LIMITS):
        if REST_OF[place] and given[LIMIT_OF[place]]:
            bag[0, place, many[place]] = moment(where[0], where[1], place)
            bag[1, place, many[place]] = 1
            many[place] += 1


def unrest(where: Any, given: Any, before: Any, aside: Any) -> None:
    """What gave nothing after all does not count: the rule rests no longer for it."""
    many, bag = aside[0], aside[3]
    for place in range(LIMITS):
        rule = LIMIT_OF[place]
        if REST_OF[place] and before[rule] and given[rule] == 0:
            at = moment(where[0], where[1], place)
            for last in range(many[place] - 1, -1, -1):
                if bag[0, place, last] == at:
                    bag[1, place, last] = 0
                    break
