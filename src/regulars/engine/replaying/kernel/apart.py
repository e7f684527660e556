"""A history of which the kernel decides all it can, and the fold those members whom it cannot.

Members are decided by themselves, so one to whom something was told late, who paid a sale with
points or was merged keeps nobody else from being decided in columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.kernel.besides.numbers import all_draw
from regulars.engine.replaying.kernel.columns import Columns, read
from regulars.engine.replaying.kernel.gaps import refuse
from regulars.engine.replaying.kernel.summing import Decided, summed
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.replaying.parting import Part, decide, join, with_ties
from regulars.engine.replaying.tally import Came, Tally
from regulars.engine.terms import Terms, Version
from regulars.records.activity.happening import Happening

Until = tuple[tuple[int, int], datetime, frozenset[str]]
"""The days that count, when it ends, and which notices were really promised."""
Placed = tuple[int, Happening]
"""A row with its place in the history."""


class Apart(NamedTuple):
    """What is decided in columns, and the rows of those members who are decided one by one."""

    columns: Columns
    rows: list[Placed]
    many: int = 0
    """How many members these are."""
    why: str = ""
    """The most frequent reason."""


def apart(version: Version, placed: Sequence[Placed], warns: Iterable[str] = ()) -> Apart:
    """Tell whom the kernel decides from whom the fold does; who is tied together stays so.

    Refuses: NotPlain where the program is none for the kernel, or no member is.
    """
    refuse(version)
    told = {version.wallet_ids[code] for code in version.warned}
    if told & frozenset(warns):
        raise NotPlain("which notices were shown is part of this history")
    columns, others = read(version, placed)
    if not others:
        return Apart(columns, [])
    if all_draw(version):
        raise NotPlain(f"all draw on one budget, and of some members {next(iter(others.values()))}")
    # A member has one reason, the first; the rest of a tie has none of its own.
    why = Counter(others.values()).most_common(1)[0][0]
    whose = with_ties([one for _, one in placed], others)
    rest = [each for each in placed if each[1].member_id not in whose]
    columns, more = read(version, rest)
    assert not more, more
    if not columns.members:
        raise NotPlain(why)
    return Apart(columns, [each for each in placed if each[1].member_id in whose], len(whose), why)


def together(fold: Fold, columns: Columns, part: Part) -> Fold:
    """What the kernel came to, with what the fold came to besides."""
    join(fold, part)
    fold.tally.came = [one for _, one in part.came]
    told = sorted([*columns.left, *part.left_out], key=lambda each: each[0])
    fold.left_out = [one for _, one in told]
    return fold


def parts_of(
    terms: Terms, placed: Sequence[Placed], until: Until, *, compiled: bool = True
) -> tuple[list[Part], Apart]:
    """Both as parts of a history that is put together elsewhere; and who was decided how.

    Refuses: NotPlain, as `apart` and `Kernel` do.
    """
    window, ends, warns = until
    found = apart(terms.versions[0], placed, warns)
    fold, decided = summed(terms, found.columns, window, compiled=compiled)
    ids = {at: one.activity.activity_id for at, one in placed if one.activity is not None}
    parts = [part_of(fold, found.columns, decided, ids)]
    if found.rows:
        parts.append(decide(Fold(terms, Tally(*window), warns), found.rows, ends))
    return parts, found


def part_of(fold: Fold, columns: Columns, decided: Decided, ids: dict[int, UUID]) -> Part:
    """What the kernel came to, as a part of a history that is put together elsewhere.

    Shape: `ids` are the activities by the place of their row.
    """
    tally = fold.tally
    came: dict[int, dict[str, Any]] = defaultdict(lambda: {"units": {}})
    for rows in decided.rows():
        each = (
            rows[name].tolist() for name in ("place", "member", "day", "store", "units", "tier")
        )
        for place, member, day, store, units, tier in zip(*each, strict=True):
            came[place] |= {"member_id": columns.members[member], "day": day, "store": store}
            came[place] |= {"tier": tier or None}
            came[place]["units"][rows["wallet"]] = units
    return Part(
        tiers={member_id: state.tier for member_id, state in fold.states.items()},
        months=list(tally.months.items()),
        members={member_id: list(moved.items()) for member_id, moved in tally.members.items()},
        sales=dict(tally.sales),
        stores=dict(tally.stores),
        rules=dict(tally.rules),
        came=[
            (place, Came(activity_id=ids[place], amount_minor=0, rules={}, **one))
            for place, one in sorted(came.items())
        ],
        left_out=columns.left,
    )
