"""What each member bought of which good, the other way: from whole histories, in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from regulars.insight.prepared.left import left_of
from regulars.records.activity.types import Activity, ReturnedLine
from regulars.records.prepared.types import MemberGood

Bought = tuple[UUID, date, Activity, Sequence[tuple[ReturnedLine, ...]]]
"""Who bought on which day, the sale, and what came back of it."""


def goods_of(bought: Iterable[Bought]) -> list[MemberGood]:
    """The rows of these sales, in their order."""
    sums: dict[tuple[UUID, date, bool, str], list[int]] = defaultdict(lambda: [0, 0])
    for who, day, sale, back in bought:
        for article in (False, True):
            for part in left_of(_by_article(sale) if article else sale, back).values():
                row = sums[who, day, article, part.category]
                row[0] += part.pieces
                row[1] += part.minor
    return sorted(
        MemberGood(*key, minor) for key, (pieces, minor) in sums.items() if key[3] and pieces > 0
    )


def _by_article(sale: Activity) -> Activity:
    """The same sale with articles in the place of categories: what is left is left alike."""
    lines = tuple(replace(one, category=one.sku) for one in sale.body.lines)
    return replace(sale, body=replace(sale.body, lines=lines))
