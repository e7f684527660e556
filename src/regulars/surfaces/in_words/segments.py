"""The condition of a segment as a sentence, whole or each of its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from regulars.engine.words.voice import PLAIN, Voice
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
    Condition,
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
    SegmentIs,
    Spent,
    TagIs,
    TierIs,
    Visits,
    Worth,
)
from regulars.records.program.parts.measuring import names_of
from regulars.records.program.types import Program


class _Desk(NamedTuple):
    """The program in force, the voice, and what stores and segments are called."""

    program: Program
    voice: Voice
    names: Mapping[str, str]

    def called(self, codes: tuple[str, ...]) -> str:
        return self.voice.any_of([self.names.get(code, code) for code in codes])


def condition_in_words(
    condition: Condition,
    program: Program,
    voice: Voice = PLAIN,
    names: Mapping[str, str] | None = None,
) -> str:
    """Who is meant, as a sentence for whoever writes to them.

    Shape: `names` are what stores and segments are called, by code.
    Example: "tier Gold or higher and last purchase: at least 60 days ago".
    """
    return _say(_Desk(program, voice, names or {}), condition, top=True)


def _say(desk: _Desk, one: Condition, *, top: bool = False) -> str:
    if isinstance(one, All | AnyOf):
        parts = [_say(desk, part, top=len(one.of) == 1 and top) for part in one.of]
        joined = desk.voice.all_of(parts) if isinstance(one, All) else desk.voice.any_of(parts)
        return joined if top or len(parts) == 1 else f"({joined})"
    if isinstance(one, Not):
        return desk.voice.say("segment.not", that=_say(desk, one.that))
    says: Callable[[_Desk, Any], str] = _SAYS[type(one)]
    return says(desk, one)


def _tier(desk: _Desk, one: TierIs) -> str:
    step = names_of(desk.program).get(one.at_least, one.at_least)
    return desk.voice.say("missed.tier", tier=step)


def _member(desk: _Desk, one: MemberIs) -> str:
    words = {True: desk.voice.say("word.true"), False: desk.voice.say("word.false")}
    values = [words[value] if isinstance(value, bool) else str(value) for value in one.in_]
    return desk.voice.say("missed.value", name=one.attribute, values=desk.voice.any_of(values))


def _anniversary(desk: _Desk, one: AnniversaryIs) -> str:
    if not (one.days_before or one.days_after):
        return desk.voice.say("rule.anniversary", name=one.attribute)
    before, after = (desk.voice.span(n, "day") for n in (one.days_before, one.days_after))
    return desk.voice.say("missed.anniversary", name=one.attribute, before=before, after=after)


def _days_since(desk: _Desk, one: DaysSince) -> str:
    key = "missed.days_since" if one.before is None else "missed.days_since_before"
    least, before = (desk.voice.span(n or 0, "day") for n in (one.at_least, one.before))
    return desk.voice.say(key, name=one.attribute, least=least, before=before)


def _spent(desk: _Desk, one: Spent) -> str:
    said = desk.voice.say("segment.spent", bounds=_amounts(desk, one))
    return _where_and_when(desk, said, one)


def _orders(desk: _Desk, one: Orders) -> str:
    return _where_and_when(desk, desk.voice.say("segment.orders", bounds=_plain(desk, one)), one)


def _visits(desk: _Desk, one: Visits) -> str:
    return _where_and_when(desk, desk.voice.say("segment.visits", bounds=_plain(desk, one)), one)


def _did(desk: _Desk, one: Did) -> str:
    said = desk.voice.say("segment.did", kind=one.kind, bounds=_plain(desk, one))
    return _where_and_when(desk, said, one)


def _bought(desk: _Desk, one: CategoryBought | ArticleBought) -> str:
    key = "article" if isinstance(one, ArticleBought) else "category"
    names = desk.voice.any_of(one.in_)
    said = desk.voice.say(f"segment.{key}_bought", names=names, bounds=_plain(desk, one))
    return _where_and_when(desk, said, one)


def _spent_on(desk: _Desk, one: CategorySpent | ArticleSpent) -> str:
    key = "article" if isinstance(one, ArticleSpent) else "category"
    names, bounds = desk.voice.any_of(one.in_), _amounts(desk, one)
    return _where_and_when(
        desk, desk.voice.say(f"segment.{key}_spent", names=names, bounds=bounds), one
    )


def _amounts(desk: _Desk, one: Spent | Worth | CategorySpent | ArticleSpent) -> str:
    currency = desk.program.currency
    low, high = (
        None if said is None else desk.voice.money(str(said), currency)
        for said in (one.at_least, one.at_most)
    )
    return _bounds(desk, low, high)


def _lapse(desk: _Desk, one: Lapse) -> str:
    low, high = (
        None
        if said is None
        else desk.voice.say("segment.percent", n=desk.voice.number(_tenths(said)))
        for said in (one.at_least, one.at_most)
    )
    return desk.voice.say("segment.lapse", bounds=_bounds(desk, low, high))


def _worth(desk: _Desk, one: Worth) -> str:
    return desk.voice.say("segment.worth", bounds=_amounts(desk, one))


def _tenths(thousandths: int) -> str:
    """As a share of a hundred. Example: 601 is 60.1, 600 is 60."""
    whole, rest = divmod(thousandths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _club(desk: _Desk, one: ClubIs) -> str:
    return desk.voice.say("segment.club", names=desk.called(one.in_))


def _plan(desk: _Desk, one: PlanIs) -> str:
    names = {plan.id: plan.name for plan in desk.program.plans}
    called = desk.voice.any_of([names.get(code, code) for code in one.in_])
    return desk.voice.say("segment.plan", names=called)


def _where_and_when(desk: _Desk, said: str, one: Spent | Orders | Visits | Did | OfGoods) -> str:
    more = []
    if one.within_days is not None:
        n = desk.voice.number(str(one.within_days))
        more.append(desk.voice.say_count("segment.within", one.within_days, n=n))
    if isinstance(one, Spent | Orders | Visits) and one.stores:
        more.append(desk.voice.say("rule.stores", names=desk.called(one.stores)))
    return desk.voice.say("segment.more", what=said, more=desk.voice.all_of(more)) if more else said


def _last_order(desk: _Desk, one: LastOrder) -> str:
    return desk.voice.say("segment.last_order", gone=_gone(desk, one))


def _last_seen(desk: _Desk, one: LastSeen) -> str:
    return desk.voice.say("segment.last_seen", gone=_gone(desk, one))


def _gone(desk: _Desk, one: LastOrder | LastSeen) -> str:
    if one.before is None:
        key = "segment.days_ago" if one.at_least else "segment.ever"
    else:
        key = "segment.days_between" if one.at_least else "segment.fewer_days"
    least, before, last = (
        desk.voice.span(max(0, n), "day")
        for n in (one.at_least or 0, one.before or 0, (one.before or 0) - 1)
    )
    if key == "segment.days_between":
        least = desk.voice.number(str(one.at_least))
    return desk.voice.say(key, least=least, before=before, last=last)


def _consent(desk: _Desk, one: ConsentIs) -> str:
    return desk.voice.say(f"segment.{one.is_}", channel=_channel(desk, one.channel))


def _contact(desk: _Desk, one: ContactIs) -> str:
    return desk.voice.say("segment.contact", by=_channel(desk, one.by))


def _channel(desk: _Desk, name: str) -> str:
    return desk.voice.word(f"segment.by_{name}", name)


def _tag(desk: _Desk, one: TagIs) -> str:
    return desk.voice.say("segment.tag", names=desk.voice.any_of(one.in_))


def _points(desk: _Desk, one: PointsAre) -> str:
    wallet = desk.program.wallets.get(one.wallet)
    name = one.wallet if wallet is None else wallet.name or one.wallet
    return desk.voice.say("segment.points", wallet=name, bounds=_plain(desk, one))


def _answered(desk: _Desk, one: Answered) -> str:
    words = {"question": one.question.upper(), "bounds": _plain(desk, one)}
    return desk.voice.say("segment.answered", **words)


def _segment(desk: _Desk, one: SegmentIs) -> str:
    return desk.voice.say("segment.inside", names=desk.called(one.in_))


def _plain(
    desk: _Desk,
    one: Orders | Visits | PointsAre | Answered | Did | CategoryBought | ArticleBought,
) -> str:
    low, high = (
        None if said is None else desk.voice.number(str(said))
        for said in (one.at_least, one.at_most)
    )
    return _bounds(desk, low, high)


def _bounds(desk: _Desk, low: str | None, high: str | None) -> str:
    key = "exactly" if low == high else "least" if high is None else "between"
    return desk.voice.say(f"segment.{'most' if low is None else key}", low=low, high=high)


_SAYS: Final[Mapping[type, Any]] = {
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
    SegmentIs: _segment,
}
