"""What came of a replay as bare figures: kept, put side by side, said in any language.

They name no member, so they may be kept for as long as somebody wants to compare them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from msgspec import Struct

from regulars.engine.replaying import compare
from regulars.engine.replaying.compare import Move
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.tables import FLOWS, ladder, liability_of

Pair = tuple[int, int]
"""By the terms in force, and by the draft."""
TWENTIETHS: Final = 20
MOST_REASONS: Final = 20


class Wallet(Struct, frozen=True):
    """What moved in a wallet between the two days, in units of its scale."""

    id: str
    scale: int
    flows: dict[str, Pair]


class Group(Struct, frozen=True):
    """Members who stand on one tier by the terms in force: what they get, who of them wins."""

    tier: str
    members: int
    sales_minor: int
    gave_minor: Pair
    more: int
    less: int


class Figures(Struct, frozen=True, kw_only=True):
    """A draft on a history beside the terms in force.

    Units: money in minor units; days as ISO, the last one exclusive; months as 2026-03.
    """

    since: str
    until: str
    currency: str
    lines: int
    members: int
    sales_minor: int
    wallets: list[Wallet]
    cost_minor: Pair
    owed_minor: Pair
    months: list[tuple[str, int, int]]
    """What is owed at each month's end."""
    winners: dict[str, tuple[int, int]]
    """Members who get `more`, `same`, `less`: how many, and how much money in all."""
    moved: int
    """Members who end on another tier."""
    tiers: list[tuple[str, int, int]]
    """Where members stand at the end; the empty name is no tier."""
    by_tier: list[Group]
    spread: list[int]
    """The difference of the member in the middle of each twentieth, who loses most first."""
    left_out: int
    reasons: list[tuple[str, int]]
    decided: str


def figures(result: Result) -> Figures:
    """Everything that is kept of a replay.

    Symbols: each line of money is rounded by itself, half to even, at `_coins`.
    """
    folds = (result.before, result.after)
    owed = [liability_of(fold, worth) for fold, worth in zip(folds, result.worths, strict=True)]
    months = sorted(owed[0].keys() | owed[1].keys())
    nothing = Fraction(0)
    told = result.everything_left_out()
    one, other = (compare.tiers(fold) for fold in folds)
    return Figures(
        since=result.since.isoformat(),
        until=result.until.isoformat(),
        currency=result.program.currency,
        lines=result.rows,
        members=len(result.moves),
        sales_minor=result.sales_minor,
        wallets=_wallets(result),
        cost_minor=_pair(
            compare.cost_of(fold, worth) for fold, worth in zip(folds, result.worths, strict=True)
        ),
        owed_minor=_pair(list(each.values() or [nothing])[-1] for each in owed),
        months=[
            (month, *_pair(each.get(month, nothing) for each in owed)) for month in months
        ],
        winners=_winners(result.moves),
        moved=sum(each.tier_before != each.tier_after for each in result.moves),
        tiers=[
            (step, one[step], other[step]) for step in ladder(result) if one[step] or other[step]
        ],
        by_tier=_by_tier(result),
        spread=_spread(result.moves),
        left_out=len(told),
        reasons=Counter(each.why for _, each in told).most_common(MOST_REASONS),
        decided=result.decided,
    )  # fmt: skip


def _coins(minor: Fraction | int) -> int:
    return round(Fraction(minor))


def _pair(both: Iterable[Fraction]) -> Pair:
    one, other = both
    return _coins(one), _coins(other)


def _wallets(result: Result) -> list[Wallet]:
    known = {
        **result.before.terms.versions[-1].program.wallets,
        **result.program.wallets,
    }
    found = []
    for id_, wallet in known.items():
        flows = {
            flow: (result.before.tally.total(id_, flow), result.after.tally.total(id_, flow))
            for flow, _ in FLOWS
        }
        moved = {flow: both for flow, both in flows.items() if any(both)}
        if moved:
            found.append(Wallet(id_, wallet.scale, moved))
    return found


def _winners(moves: Sequence[Move]) -> dict[str, tuple[int, int]]:
    parts: dict[str, list[Fraction]] = {"more": [], "same": [], "less": []}
    for one in moves:
        parts["more" if one.by > 0 else "less" if one.by < 0 else "same"].append(one.by)
    return {name: (len(by), _coins(sum(by, Fraction(0)))) for name, by in parts.items()}


def _by_tier(result: Result) -> list[Group]:
    groups: dict[str, list[Move]] = {}
    for one in result.moves:
        groups.setdefault(one.tier_before or "", []).append(one)
    return [
        Group(
            tier,
            len(groups[tier]),
            sum(one.sales_minor for one in groups[tier]),
            (
                _coins(sum((one.before for one in groups[tier]), Fraction(0))),
                _coins(sum((one.after for one in groups[tier]), Fraction(0))),
            ),
            sum(one.by > 0 for one in groups[tier]),
            sum(one.by < 0 for one in groups[tier]),
        )
        for tier in ladder(result)
        if tier in groups
    ]


def _spread(moves: Sequence[Move]) -> list[int]:
    ordered = sorted(_coins(one.by) for one in moves)
    places = [len(ordered) * (2 * step + 1) // (2 * TWENTIETHS) for step in range(TWENTIETHS)]
    return [ordered[place] for place in places] if ordered else []
