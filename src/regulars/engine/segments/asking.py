"""Is she in it, and why: a condition asked of one member, without any table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct

from regulars.base.decimals import units
from regulars.engine.compiling.lookups import days_since, near_anniversary
from regulars.records.program.changes.segments.conditions import (
    All,
    AnniversaryIs,
    Answered,
    AnyOf,
    ArticleBought,
    ArticleSpent,
    CategoryBought,
    CategorySpent,
    ClubIs,
    ConsentIs,
    ContactIs,
    DaysSince,
    Did,
    Lapse,
    LastOrder,
    LastSeen,
    MemberIs,
    Not,
    OfGoods,
    Orders,
    PlanIs,
    PointsAre,
    Spent,
    TagIs,
    TierIs,
    Visits,
    Worth,
)
from regulars.records.program.changes.segments.ground import Ground, OnList, Plain
from regulars.records.program.changes.segments.profile import DayHere, Profile


class Reason(Struct, frozen=True):
    """One question, whether it holds, and what was found; of several together, each of them.

    `has` is what the member has of what was asked: an amount, days gone by, a tier; nothing where
    there is nothing.
    """

    asked: Plain
    holds: bool
    has: Any = None
    parts: tuple[Reason, ...] = ()


def ask(condition: Plain, profile: Profile, ground: Ground) -> Reason:
    """Whether a condition holds for a member on this day, and why.

    Order: every part is asked, also those that cannot change the answer any more.
    Example: who ordered on 1 March is `last_order` at least 9 days ago on the 10th, not on the 9th.
    """
    if isinstance(condition, All | AnyOf):
        parts = tuple(ask(one, profile, ground) for one in condition.of)
        joins = all if isinstance(condition, All) else any
        return Reason(condition, joins(part.holds for part in parts), parts=parts)
    if isinstance(condition, Not):
        inner = ask(condition.that, profile, ground)
        return Reason(condition, not inner.holds, parts=(inner,))
    holds, has = _ASKS[type(condition)](condition, profile, ground)
    return Reason(condition, holds, has)


def _tier(one: TierIs, who: Profile, ground: Ground) -> tuple[bool, Any]:
    return who.tier in ground.from_step(one.at_least), who.tier


def _member(one: MemberIs, who: Profile, _: Ground) -> tuple[bool, Any]:
    has = who.attributes.get(one.attribute)
    # True is 1 to Python; to whoever wrote the condition it is not.
    return any(type(has) is type(value) and has == value for value in one.in_), has


def _anniversary(one: AnniversaryIs, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = who.attributes.get(one.attribute)
    today = ground.today.toordinal()
    return near_anniversary(has, today, one.days_before, one.days_after), has


def _days_since(one: DaysSince, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = who.attributes.get(one.attribute)
    gone = days_since(has, ground.today.toordinal())
    return _within(gone, one.at_least, one.before), has


def _spent(one: Spent, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = sum(day.net_minor for day in _those(one, who, ground))
    low, high = (_units(said, ground.money_scale) for said in (one.at_least, one.at_most))
    return _between(has, low, high), has


def _orders(one: Orders, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = len({day.day for day in _those(one, who, ground) if day.ordered})
    return _between(has, one.at_least, one.at_most), has


def _visits(one: Visits, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = len({day.day for day in _those(one, who, ground) if day.seen})
    return _between(has, one.at_least, one.at_most), has


def _last_order(one: LastOrder, who: Profile, ground: Ground) -> tuple[bool, Any]:
    return _last(one, (day.day for day in who.days if day.ordered), ground)


def _last_seen(one: LastSeen, who: Profile, ground: Ground) -> tuple[bool, Any]:
    return _last(one, (day.day for day in who.days if day.seen), ground)


def _last(one: LastOrder | LastSeen, days: Iterable[date], ground: Ground) -> tuple[bool, Any]:
    last = max(days, default=None)
    if last is None:
        return False, None
    gone = (ground.today - last).days
    return _within(gone, one.at_least, one.before), gone


def _consent(one: ConsentIs, who: Profile, _: Ground) -> tuple[bool, Any]:
    has = who.consents.get(one.channel, "unsaid")
    return has == one.is_, has


def _contact(one: ContactIs, who: Profile, _: Ground) -> tuple[bool, Any]:
    return one.by in who.contacts, None


def _tag(one: TagIs, who: Profile, _: Ground) -> tuple[bool, Any]:
    has = sorted(who.tags.intersection(one.in_))
    return bool(has), has


def _points(one: PointsAre, who: Profile, ground: Ground) -> tuple[bool, Any]:
    purse = ground.wallets.get(one.wallet)
    if purse is None:
        return False, None
    has = who.points.get(one.wallet, 0)
    low, high = (_units(said, purse.scale) for said in (one.at_least, one.at_most))
    return _between(has, low, high), has


def _answered(one: Answered, who: Profile, _: Ground) -> tuple[bool, Any]:
    has = who.scores.get(one.question)
    return has is not None and one.at_least <= has <= one.at_most, has


def _did(one: Did, who: Profile, ground: Ground) -> tuple[bool, Any]:
    days = who.did.get(one.kind, ())
    first = 0 if one.within_days is None else ground.today.toordinal() - one.within_days + 1
    has = sum(times for day, times in days if day.toordinal() >= first)
    return _between(has, one.at_least, one.at_most), has


def _bought(one: CategoryBought | ArticleBought, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = len({day for day, _ in _of_goods(one, who, ground)})
    return _between(has, one.at_least, one.at_most), has


def _spent_on(one: CategorySpent | ArticleSpent, who: Profile, ground: Ground) -> tuple[bool, Any]:
    has = sum(minor for _, minor in _of_goods(one, who, ground))
    low, high = (_units(said, ground.money_scale) for said in (one.at_least, one.at_most))
    return _between(has, low, high), has


def _of_goods(one: OfGoods, who: Profile, ground: Ground) -> Iterable[tuple[date, int]]:
    first = 0 if one.within_days is None else ground.today.toordinal() - one.within_days + 1
    article = isinstance(one, ArticleBought | ArticleSpent)
    return (
        had
        for good in dict.fromkeys(one.in_)
        for had in who.goods.get((article, good), ())
        if had[0].toordinal() >= first
    )


def _lapse(one: Lapse, who: Profile, _: Ground) -> tuple[bool, Any]:
    return who.lapse is not None and _between(who.lapse, one.at_least, one.at_most), who.lapse


def _worth(one: Worth, who: Profile, ground: Ground) -> tuple[bool, Any]:
    low, high = (_units(said, ground.money_scale) for said in (one.at_least, one.at_most))
    return who.worth_minor is not None and _between(who.worth_minor, low, high), who.worth_minor


def _club(one: ClubIs, who: Profile, _: Ground) -> tuple[bool, Any]:
    has = sorted(who.clubs.intersection(one.in_))
    return bool(has), has


def _plan(one: PlanIs, who: Profile, _: Ground) -> tuple[bool, Any]:
    has = sorted(who.plans.intersection(one.in_))
    return bool(has), has


def _on_list(one: OnList, who: Profile, _: Ground) -> tuple[bool, Any]:
    return one.segment_id in who.lists, None


def _those(one: Spent | Orders | Visits, who: Profile, ground: Ground) -> Iterable[DayHere]:
    first = 0 if one.within_days is None else ground.today.toordinal() - one.within_days + 1
    return (
        day
        for day in who.days
        if day.day.toordinal() >= first and (not one.stores or day.store in one.stores)
    )


def _units(said: str | int | None, scale: int) -> int | None:
    return None if said is None else units(said, scale)


def _between(has: int, low: int | None, high: int | None) -> bool:
    return (low is None or low <= has) and (high is None or has <= high)


def _within(gone: int, low: int, before: int | None) -> bool:
    return gone >= max(low, 0) and (before is None or gone < before)


_ASKS: Final[Mapping[type, Any]] = {
    TierIs: _tier,
    MemberIs: _member,
    AnniversaryIs: _anniversary,
    DaysSince: _days_since,
    Spent: _spent,
    Orders: _orders,
    Visits: _visits,
    LastOrder: _last_order,
    LastSeen: _last_seen,
    ConsentIs: _consent,
    ContactIs: _contact,
    TagIs: _tag,
    PointsAre: _points,
    Answered: _answered,
    Did: _did,
    CategoryBought: _bought,
    ArticleBought: _bought,
    CategorySpent: _spent_on,
    ArticleSpent: _spent_on,
    Lapse: _lapse,
    Worth: _worth,
    ClubIs: _club,
    PlanIs: _plan,
    OnList: _on_list,
}
