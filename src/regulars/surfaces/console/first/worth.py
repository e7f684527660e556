"""What a member is worth and why somebody should look at them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.shares import share
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.values.why import Beside, Why, beside
from regulars.records.standing.alerts.types import MemberAlert, Reason
from regulars.records.standing.categories.read import last_run, said_of
from regulars.records.standing.categories.types import CategoryRun
from regulars.records.standing.values.read import values
from regulars.records.standing.values.types import Value, worth_of
from regulars.surfaces.console.first.reports.saying import lacked
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

HEALTH: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "strong": (N("Comes again almost surely"), "good"),
        "steady": (N("Comes again rather than not"), "good"),
        "slipping": (N("Slips away"), "warn"),
        "lost": (N("Hardly comes again"), "bad"),
    }
)
"""How a member is, and how that looks."""
REASONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "days_away": (
            N("%(have)s days since the last order; %(usual)s are usual between orders"),
            N("%(have)s days since the last order"),
        ),
        "fewer_people": (
            N("People who ordered in 90 days: %(have)s, after %(usual)s in those before"),
            "",
        ),
        "more_tickets": (
            N("Support tickets in 90 days: %(have)s, after %(usual)s in those before"),
            "",
        ),
        "fewer_orders": (N("Orders in 90 days: %(have)s, after %(usual)s in those before"), ""),
        "spends_less": (N("Spent in 90 days: %(have)s, after %(usual)s in those before"), ""),
        "spent_much": (N("Spent %(have)s in a day; about %(usual)s is usual"), ""),
        "earned_much": (N("Got %(have)s in a day; about %(usual)s is usual (%(about)s)"), ""),
        "redeemed_much": (
            N("Redeemed %(have)s in a day; about %(usual)s is usual (%(about)s)"),
            "",
        ),
        "tier_jump": ("", N("Climbed %(have)s tiers in a day, to %(about)s")),
    }
)
"""Each reason beside what is usual, and where nothing is known to be."""
_MONEY: Final = frozenset({"spends_less", "spent_much"})
_POINTS: Final = frozenset({"earned_much", "redeemed_much"})


WHYS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "days_away": REASONS["days_away"],
        "orders": (N("Orders in 90 days: %(have)s, after %(usual)s in those before"), ""),
        "spent": (N("Spent in 90 days: %(have)s, after %(usual)s in those before"), ""),
        "orders_ever": ("", N("Orders so far: %(have)s")),
        "spent_each": ("", N("Spent per order so far: %(have)s")),
    }
)
"""Why somebody is as they are, beside what is usual, and where nothing is."""
_NOT_LATE: Final = N("Here %(have)s days ago, and %(usual)s are usual between orders: not late")


class Worth(NamedTuple):
    """What a member is worth, and what is said beside it; nothing of whom nothing was reckoned."""

    value: Value | None
    beside: Beside | None
    kind: Kind | None


class Kind(NamedTuple):
    """What a member buys from next, and the run that says so."""

    category: str
    run: CategoryRun


async def worth_told(tx: Tx, member_id: UUID) -> Worth:
    """What a member is worth, where it was reckoned, with the reasons, and what they buy from
    next."""
    category, run = await said_of(tx, member_id), await last_run(tx)
    kind = Kind(category, run) if category and run else None
    value = (await values(tx, [member_id])).get(member_id)
    known = await beside(tx, [value] if value else [])
    return Worth(value, known.get(member_id), kind)


def next_shown(here: Here, kind: Kind | None) -> dict[str, Any] | None:
    """What a member buys from next, and how good such words were; nothing where nothing is said."""
    tried = kind and kind.run.found.get("tried")
    if not kind or not tried:
        return None
    share_ = {
        name: here.reader.share(tried[name], tried["orders"])
        for name in ("right", "own", "popular")
    }
    orders = here.reader.number(tried["orders"])
    return {"category": kind.category, "as_of": kind.run.as_of, "orders": orders, **share_}


def value_shown(here: Here, told: Worth) -> dict[str, Any] | None:
    """How a member is, why, and what they are worth; nothing of whom nothing was reckoned."""
    value, known = told.value, told.beside
    if value is None or known is None:
        return None
    says, look = HEALTH.get(value.health or "", ("", ""))
    soon = value.soon_minor
    return {
        "health": here.reader.say(says) if says else "",
        "look": look,
        "chance": _chance(here, known.chance(value)),
        "worth": "" if value.worth_minor is None else money(here, value.worth_minor, known.margin),
        "unvalued": _unvalued(here, known.unvalued) if value.worth_minor is None else "",
        "soon": "" if soon is None else money(here, soon, known.margin),
        "margin": known.margin,
        "reasons": [(_why(here, one), one.speaks) for one in known.reasons],
        "model": known.model,
        "interest": here.reader.share(known.interest, 100),
        "as_of": value.as_of,
    }


def _unvalued(here: Here, why: NotEnough | None) -> str:
    """Why nobody in this shop is said to be worth anything."""
    return lacked(here, why or NotEnough("values", 0, 1))


def _chance(here: Here, chance: tuple[int, int] | int | None) -> str:
    """A chance in percent; from where to where, where no more can be said."""
    if chance is None:
        return ""
    ends = chance if isinstance(chance, tuple) else (chance,)
    return " – ".join(here.reader.share(one, 1_000) for one in ends)


def _why(here: Here, why: Why) -> str:
    """A reason as a sentence; of who is not late it says so."""
    beside_, alone = WHYS[why.sort]
    if why.sort == "days_away" and why.speaks == "for":
        beside_ = _NOT_LATE
    in_money = why.sort in ("spent", "spent_each")
    have, usual = (
        money(here, one, 0) if in_money else here.reader.number(one)
        for one in (why.have, why.usual or 0)
    )
    return here.reader.say(alone if why.usual is None else beside_, have=have, usual=usual)


def money(here: Here, revenue_minor: int, margin: int) -> str:
    """Worth in money: revenue, or what of it stays where the shop said how much does."""
    currency = here.version.program.currency
    return here.reader.money(worth_of(revenue_minor, margin), currency)


def reasons(here: Here, one: MemberAlert) -> list[str]:
    """Why somebody should look at a member, a sentence each."""
    return [_reason(here, why) for why in one.reasons]


def _reason(here: Here, why: Reason) -> str:
    beside, alone = REASONS[why.sort]
    says = alone if why.usual is None else beside
    usual = 0 if why.usual is None else why.usual
    return here.reader.say(
        says, have=_amount(here, why, why.have), usual=_amount(here, why, usual),
        about=_about(here, why),
    )  # fmt: skip


def _amount(here: Here, why: Reason, amount: int) -> str:
    if why.sort in _MONEY:
        return here.reader.money(amount, here.version.program.currency)
    if why.sort in _POINTS:
        wallet = here.version.program.wallets.get(why.about)
        return here.reader.quantity(amount, wallet.scale if wallet else 0)
    return here.reader.number(amount)


def _about(here: Here, why: Reason) -> str:
    program = here.version.program
    if why.sort == "tier_jump":
        steps = program.tiers.steps if program.tiers else ()
        return next((step.name or step.id for step in steps if step.id == why.about), why.about)
    wallet = program.wallets.get(why.about)
    return (wallet.name if wallet else "") or why.about


def part_of(here: Here, part: int, whole: int) -> dict[str, str]:
    """A share as people read it: both numbers, percent, and from where to where it may lie."""
    found = share(part, whole)
    low, high = (here.reader.share(round(end * 1_000), 1_000) for end in (found.low, found.high))
    return {
        "part": here.reader.number(part),
        "whole": here.reader.number(whole),
        "share": here.reader.share(part, whole),
        "low": low,
        "high": high,
    }
