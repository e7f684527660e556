"""Two replays of one history side by side: what the draft changes, for whom, and what it costs.

Everything here is mechanical: the same people buy the same things, whatever they are promised.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.tally import ADDS, BEFORE, Bought
from regulars.engine.terms import Version
from regulars.records.program.types import Program
from regulars.records.program.wallets import Period

NO_TIER: Final = ""
NOTHING: Final = Fraction(0)
GAINS: Final = ("issued", "returned", "cancelled")
"""What a member gets from the rules, net of what returns and cancelled points take back."""


class Move(NamedTuple):
    """One member under both terms: worth of what they earned, in money, and their tiers."""

    member_id: UUID
    before: Fraction
    after: Fraction
    sales_minor: int
    tier_before: str
    tier_after: str

    @property
    def by(self) -> Fraction:
        """How much more the draft gives them, in minor units of money."""
        return self.after - self.before


class Month(NamedTuple):
    """One month of one wallet: what moved, and what members had at its end."""

    month: str
    wallet: str
    moved: Mapping[str, int]
    outstanding: int


class Burn(NamedTuple):
    """How much of a budget, or of a limit of everyone, went in one period."""

    budget: str
    period: int
    """Its number, as `period_of` gives it."""
    used: int
    full: int
    per: Period
    wallet: str
    """Whose smallest units are counted; nothing where a limit counts times."""


class Group(NamedTuple):
    """A store or segment under both terms."""

    name: str
    activities: int
    sales_minor: int
    before: Fraction
    after: Fraction


Worth = Mapping[str, Fraction]
"""Per wallet: what one smallest unit costs the shop, in minor units of money."""


def worth_of(program: Program) -> dict[str, Fraction]:
    """What a point of each wallet costs when it is spent on the dearest reward for it.

    A wallet for which nothing is to be had has no price. Order: prudent, so the dearest.
    """
    minor = decimals(program.currency)
    found: dict[str, Fraction] = {}
    for reward in program.rewards:
        if len(reward.price) != 1:
            continue
        ((wallet, price),) = reward.price.items()
        paid = units(price, program.wallets[wallet].scale)
        cost = units(reward.worth if reward.cost is None else reward.cost, minor)
        if paid and cost:
            found[wallet] = max(found.get(wallet, Fraction(0)), Fraction(cost, paid))
    return found


def months(fold: Fold) -> list[Month]:
    """Month by month and wallet: what moved, and what members have together at its end."""
    tally = fold.tally
    wallets = sorted({wallet for _, wallet, _ in tally.months})
    found = []
    for wallet in wallets:
        stands = 0
        for month in sorted({month for month, _, _ in tally.months} | {BEFORE}):
            moved = {
                flow: n for (m, w, flow), n in tally.months.items() if (m, w) == (month, wallet)
            }
            stands += sum(ADDS.get(flow, 0) * n for flow, n in moved.items())
            if month != BEFORE:
                found.append(Month(month, wallet, moved, stands))
    return found


def gained(fold: Fold, member_id: UUID, worth: Worth) -> Fraction:
    """What a member got from the rules in the window, in money."""
    moved = fold.tally.members.get(member_id, {})
    return _sum(
        ADDS[flow] * n * worth.get(w, NOTHING) for (w, flow), n in moved.items() if flow in GAINS
    )


def cost_of(fold: Fold, worth: Worth) -> Fraction:
    """What the points that the rules gave in the window cost, net of returns."""
    return _sum(
        ADDS[flow] * units * worth.get(wallet, NOTHING)
        for (month, wallet, flow), units in fold.tally.months.items()
        if month != BEFORE and flow in GAINS
    )


def _sum(parts: Iterable[Fraction]) -> Fraction:
    whole = NOTHING
    for part in parts:
        whole += part
    return whole


def moves(before: Fold, after: Fold, worths: tuple[Worth, Worth]) -> list[Move]:
    """Everybody under both terms, the greatest winner first, the greatest loser last."""
    everybody = before.states.keys() | after.states.keys()
    found = [
        Move(
            member_id,
            gained(before, member_id, worths[0]),
            gained(after, member_id, worths[1]),
            before.tally.sales.get(member_id, 0),
            tier_of(before, member_id),
            tier_of(after, member_id),
        )
        for member_id in everybody
    ]
    return sorted(found, key=lambda one: (-one.by, one.member_id))


def tier_of(fold: Fold, member_id: UUID) -> str:
    """Where a member stands at the end."""
    state = fold.states.get(member_id)
    return (state.tier if state else None) or NO_TIER


def tiers(fold: Fold) -> Counter[str]:
    """How many members stand on each step at the end."""
    return Counter(tier_of(fold, member_id) for member_id in fold.states)


def stores(before: Fold, after: Fold, worths: tuple[Worth, Worth]) -> list[Group]:
    """What each store sold and gave under both terms, by name."""
    names = before.tally.stores.keys() | after.tally.stores.keys()
    nothing = Bought()
    found = []
    for name in sorted(names):
        one, other = (fold.tally.stores.get(name, nothing) for fold in (before, after))
        given = [
            _sum(n * worth.get(wallet, NOTHING) for wallet, n in each.units.items())
            for each, worth in zip((one, other), worths, strict=True)
        ]
        sold = one if one.activities else other
        found.append(Group(name, sold.activities, sold.amount_minor, given[0], given[1]))
    return found


def segments(found: Sequence[Move], segment_of: Callable[[UUID], str]) -> list[Group]:
    """Members by segment: how many, what they bought, and what they got under both terms."""
    parts: dict[str, list[Move]] = defaultdict(list)
    for one in found:
        parts[segment_of(one.member_id)].append(one)
    return [
        Group(
            name,
            len(those),
            sum(one.sales_minor for one in those),
            _sum(one.before for one in those),
            _sum(one.after for one in those),
        )
        for name, those in sorted(parts.items())
    ]


def burn(fold: Fold) -> Iterator[Burn]:
    """What went of each budget, and of each limit of everyone, by period."""
    for version in fold.terms.versions:
        full = _budgets(version)
        for (counter, period), used in sorted(fold.budgets.items()):
            if counter in full and used:
                name, most, per, wallet = full[counter]
                yield Burn(name, period, used, most, per, wallet)


def _budgets(version: Version) -> dict[int, tuple[str, int, Period, str]]:
    compiled, wallets = version.compiled, list(version.program.wallets)
    found = {
        counter: (budget.id, budget.full, budget.per, wallets[budget.wallet])
        for counter, budget in zip(version.budget_counters, compiled.budgets, strict=True)
        if budget.shared
    }
    filled = {rule.id: rule.wallet for rule in version.program.rules}
    for counter, limit in zip(version.limit_counters, compiled.limits, strict=True):
        if limit.shared:
            rule = compiled.rules[limit.rule]
            wallet = filled.get(rule, "") if limit.counts == "points" else ""
            found[counter] = (rule, limit.full, limit.per, wallet)
    return found


class Response(NamedTuple):
    """An assumption about behaviour: how sales and cost move if people answer to the change."""

    elasticity: Fraction
    sales_minor: Fraction
    cost_minor: Fraction


def respond(
    sales_minor: int, before: Fraction, after: Fraction, elasticity: Fraction
) -> Response | None:
    """Sales if points are a discount and people answer to the price that is left.

    Units: what is left to pay falls by (after - before) of (sales - before); an elasticity of 0.1
    makes a tenth of that share more sales, and points grow with them.
    Example: sales 1,000, back 0 and then 100, elasticity 0.3: a tenth is less to pay, so sales are
    1,030 and the cost is 103. Nothing can be said where nothing was left to pay.
    """
    if sales_minor <= before:
        return None
    grown = 1 + elasticity * Fraction(after - before, sales_minor - before)
    return Response(elasticity, sales_minor * grown, after * grown)
