"""Each question of a condition as what the statement says of a member: in a set, or not in it."""

# ruff: noqa: S608 - names are ours, and every value is a placeholder

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from regulars.base.decimals import units
from regulars.insight.segments.sheet import NOBODY, Sheet
from regulars.records.program.changes.segments.conditions import (
    AnniversaryIs,
    Answered,
    ArticleBought,
    ArticleSpent,
    CategoryBought,
    CategorySpent,
    ClubIs,
    ConsentIs,
    ContactIs,
    Counted,
    DaysSince,
    Did,
    Lapse,
    LastOrder,
    LastSeen,
    MemberIs,
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
from regulars.records.program.changes.segments.ground import OnList
from regulars.records.program.parts.conditions import JOINED_ON

_FIRST: Final = date(1, 1, 1)
_STANDS: Final = (
    "not exists (select from activity r where r.program_id = $1::int and r.sale_id = a.activity_id)"
)
"""Nobody took it back."""
_HERE: Final = {Spent: "", Orders: "orders > 0", Visits: "(sales > 0 or visits > 0)"}


def _tier(one: TierIs, sheet: Sheet) -> str:
    steps = sheet.arg(list(sheet.ground.from_step(one.at_least)), "text[]")
    return sheet.inside(f"{sheet.rows('standing')} and tier = any({steps})")


def _attribute(name: str, sheet: Sheet) -> str:
    if name == JOINED_ON:
        return "to_jsonb((m.joined_at at time zone $2::text)::date::text)"
    told = sheet.arg(name, "text")
    return f"coalesce(m.derived -> {told}, m.attributes -> {told})"


def _text(name: str, sheet: Sheet) -> str:
    if name == JOINED_ON:
        return "(m.joined_at at time zone $2::text)::date::text"
    told = sheet.arg(name, "text")
    has = f"coalesce(m.derived -> {told}, m.attributes -> {told})"
    return f"case when jsonb_typeof({has}) = 'string' then {has} #>> '{{}}' end"


def _member(one: MemberIs, sheet: Sheet) -> str:
    values = [msgspec.json.encode(value).decode() for value in one.in_]
    wanted = sheet.arg(values, "text[]")
    return f"coalesce({_attribute(one.attribute, sheet)} = any({wanted}::jsonb[]), false)"


def _anniversary(one: AnniversaryIs, sheet: Sheet) -> str:
    has = _text(one.attribute, sheet)
    days = sheet.arg(_days_of_years(one, sheet.ground.today), "text[]")
    return (
        f"coalesce(right(({has}), 5) = any({days}) "
        f"and ({has}) ~ '^([0-9]{{4}}-)?[0-9]{{2}}-[0-9]{{2}}$' "
        f"and (length(({has})) = 5 or pg_input_is_valid(({has}), 'date')), false)"
    )


def _days_of_years(one: AnniversaryIs, today: date) -> list[str]:
    """Every day without its year whose return is near enough; 29 February on the 28th, too."""
    first, last = -one.days_after, one.days_before
    found = []
    for away in range(first, last + 1):
        there = today + timedelta(days=away)
        found.append(there.isoformat()[5:])
        if (there.month, there.day) == (2, 28) and not isleap(there.year):
            found.append("02-29")
    return found


def _days_since(one: DaysSince, sheet: Sheet) -> str:
    has = _text(one.attribute, sheet)
    first, last = _stretch(one.at_least, one.before, sheet.ground.today)
    low, high = sheet.arg(first.isoformat(), "text"), sheet.arg(last.isoformat(), "text")
    return (
        f"coalesce(({has}) ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' "
        f'and ({has}) collate "C" >= {low} and ({has}) collate "C" <= {high} '
        f"and pg_input_is_valid(({has}), 'date'), false)"
    )


def _stretch(at_least: int, before: int | None, today: date) -> tuple[date, date]:
    """From which day to which it is so long ago, both included; no day where it is never."""
    ordinal = today.toordinal()
    last = ordinal - at_least
    if last < 1:
        return date(1, 1, 2), _FIRST
    return date.fromordinal(1 if before is None else max(ordinal - before + 1, 1)), (
        date.fromordinal(last)
    )


def _counted(one: Counted, sheet: Sheet) -> str:
    low, high = one.at_least, one.at_most
    if isinstance(one, Spent):
        scale = sheet.ground.money_scale
        low, high = (None if said is None else units(said, scale) for said in (low, high))
    plain = one.within_days is None and not one.stores and not isinstance(one, Visits)
    if plain:
        amount = "net_minor" if isinstance(one, Spent) else "orders"
        members = sheet.rows("member_orders")
        return _bounded(members, " and ", (amount, low, high), sheet)
    if isinstance(one, Spent):
        summed = ("sum(net_minor)", low, high)
        return _bounded(_of_days(one, sheet), " group by member_id having ", summed, sheet)
    return _so_many_days(one, sheet)


def _so_many_days(one: Orders | Visits, sheet: Sheet) -> str:
    """On so many different days, whatever the stores; counting them only where it takes more."""
    nothing = _nothing_fits(one.at_least, one.at_most)
    if nothing and one.at_most is None:
        return "true"
    # Where nobody's nothing fits, at least 1 is asked; where it fits, who is above does not.
    least = one.at_least if not nothing else (one.at_most or 0) + 1
    most = None if nothing else one.at_most
    members = f"{_of_days(one, sheet)} group by member_id"
    if most is None and least == 2:
        members += " having min(day) < max(day)"
    elif most is not None or least != 1:
        # Read in the order of members and days, so that nothing is sorted. Two groupings, one of
        # days and one of members, made the planner expect few and took ten times as long.
        members += f" having count(distinct day) >= {sheet.arg(least, 'bigint')}"
        if most is not None:
            members += f" and count(distinct day) <= {sheet.arg(most, 'bigint')}"
    return sheet.inside(members, negated=nothing)


def _nothing_fits(low: Any, high: Any) -> bool:
    """Whether who has none of it fits."""
    return (low is None or low <= 0) and (high is None or high >= 0)


def _of_days(one: Counted, sheet: Sheet) -> str:
    sheet.grouped = True
    where = sheet.rows("member_day")
    if one.within_days is not None:
        first = sheet.ground.today - timedelta(days=one.within_days - 1)
        where += f" and day >= {sheet.arg(first, 'date')}"
    if one.stores:
        where += f" and store = any({sheet.arg(list(one.stores), 'text[]')})"
    here = _HERE[type(one)]
    return where + (f" and {here}" if here else "")


def _bounded(members: str, joint: str, amount: tuple[str, Any, Any], sheet: Sheet) -> str:
    """Whose amount lies between; who has none has 0 of it."""
    what, low, high = amount
    low_at = "" if low is None else f"{what} >= {sheet.arg(low, 'bigint')}"
    high_at = "" if high is None else f"{what} <= {sheet.arg(high, 'bigint')}"
    fits = " and ".join(each for each in (low_at, high_at) if each)
    nothing = _nothing_fits(low, high)
    return sheet.inside(f"{members}{joint}{f'not ({fits})' if nothing else fits}", negated=nothing)


def _last_order(one: LastOrder, sheet: Sheet) -> str:
    low, high = _between_days(one, sheet)
    return sheet.inside(f"{sheet.rows('member_orders')} and last_on between {low} and {high}")


def _last_seen(one: LastSeen, sheet: Sheet) -> str:
    sheet.grouped = True
    low, high = _between_days(one, sheet)
    return sheet.inside(
        f"{sheet.rows('member_day')} and (sales > 0 or visits > 0) and day >= {low} "
        f"group by member_id having max(day) <= {high}"
    )


def _between_days(one: LastOrder | LastSeen, sheet: Sheet) -> tuple[str, str]:
    first, last = _stretch(one.at_least, one.before, sheet.ground.today)
    return sheet.arg(first, "date"), sheet.arg(last, "date")


def _consent(one: ConsentIs, sheet: Sheet) -> str:
    channel = sheet.arg(one.channel, "text")
    if one.is_ == "unsaid":
        said = f"{sheet.rows('consent', 'distinct member_id')} and channel = {channel}"
        return sheet.inside(said, negated=True)
    # In the order of `consent_last` the last word of each comes first: nothing is sorted.
    last = (
        f"{sheet.rows('consent', 'distinct on (member_id) member_id, state')} "
        f"and channel = {channel} order by member_id, changed_at desc"
    )
    state = sheet.arg(one.is_, "text")
    return sheet.inside(f"select member_id from ({last}) last_word where state = {state}")


def _contact(one: ContactIs, sheet: Sheet) -> str:
    return sheet.inside(
        f"{sheet.rows('identifier', 'distinct member_id')} and kind = {sheet.arg(one.by, 'text')}"
    )


def _tag(one: TagIs, sheet: Sheet) -> str:
    words = sheet.arg(list(one.in_), "text[]")
    return sheet.inside(f"{sheet.rows('member_tag', 'distinct member_id')} and tag = any({words})")


def _points(one: PointsAre, sheet: Sheet) -> str:
    purse = sheet.ground.wallets.get(one.wallet)
    if purse is None:
        return "false"
    low, high = (
        None if said is None else units(said, purse.scale) for said in (one.at_least, one.at_most)
    )
    members = f"{sheet.rows('balance')} and wallet = {sheet.arg(purse.code, 'smallint')}"
    return _bounded(members, " and ", ("available + held - debt", low, high), sheet)


def _answered(one: Answered, sheet: Sheet) -> str:
    """Their last answer, told as an activity or given to a survey of ours."""
    least, most = (1, 5) if one.question == "csat" else (0, 10)
    kind = sheet.arg(one.question, "text")
    return sheet.inside(
        "select member_id from (select distinct on (member_id) member_id, score from ("
        "select coalesce(l.into_id, a.member_id) as member_id, a.occurred_at, a.activity_id, "
        "(a.body #>> '{details,score}')::numeric as score from activity a "
        "left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id "
        f"where a.program_id = $1::int and a.kind = {kind} "
        f"and a.member_id <> '{NOBODY}'{sheet.whosever('a.member_id')} "
        f"and jsonb_typeof(a.body #> '{{details,score}}') = 'number' and {_STANDS} union all "
        "select coalesce(l.into_id, a.member_id), a.answered_at, a.invitation_id, a.score "
        "from survey_answer a "
        "join survey v on v.program_id = a.program_id and v.survey_id = a.survey_id "
        "left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id "
        f"where a.program_id = $1::int and v.kind = {kind} and a.score is not null"
        f"{sheet.whosever('a.member_id')}) each_one "
        f"where score between {least} and {most} "
        "order by member_id, occurred_at desc, activity_id desc) last_one "
        f"where score between {sheet.arg(one.at_least, 'int')} and {sheet.arg(one.at_most, 'int')}"
    )


def _did(one: Did, sheet: Sheet) -> str:
    """So many of it, under whatever id it was told; days begin as they do in the shop."""
    sheet.grouped = True
    where = (
        "select coalesce(l.into_id, a.member_id) as member_id from activity a "
        "left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id "
        f"where a.program_id = $1::int and a.kind = {sheet.arg(one.kind, 'text')} "
        f"and a.member_id <> '{NOBODY}'{sheet.whosever('a.member_id')} and {_STANDS}"
    )
    if one.within_days is not None:
        first = sheet.ground.today - timedelta(days=one.within_days - 1)
        where += (
            f" and a.occurred_at >= {sheet.arg(first, 'date')}::timestamp at time zone $2::text"
        )
    times = ("count(*)", one.at_least, one.at_most)
    return _bounded(
        f"select member_id from ({where}) each_one", " group by member_id having ", times, sheet
    )


def _bought(one: CategoryBought | ArticleBought, sheet: Sheet) -> str:
    """On so many days; of one good each day is one row, in the order of members."""
    days = "count(*)" if len(set(one.in_)) == 1 else "count(distinct day)"
    return _bounded(_of_goods(one, sheet), " having ", (days, one.at_least, one.at_most), sheet)


def _spent_on(one: CategorySpent | ArticleSpent, sheet: Sheet) -> str:
    scale = sheet.ground.money_scale
    low, high = (
        None if said is None else units(said, scale) for said in (one.at_least, one.at_most)
    )
    return _bounded(_of_goods(one, sheet), " having ", ("sum(net_minor)", low, high), sheet)


def _of_goods(one: OfGoods, sheet: Sheet) -> str:
    sheet.grouped = True
    article = isinstance(one, ArticleBought | ArticleSpent)
    names = sorted(set(one.in_))
    good = (
        f"= {sheet.arg(names[0], 'text')}"
        if len(names) == 1
        else f"= any({sheet.arg(names, 'text[]')})"
    )
    where = f"{sheet.rows('member_good')} and {'' if article else 'not '}article and good {good}"
    if one.within_days is not None:
        first = sheet.ground.today - timedelta(days=one.within_days - 1)
        where += f" and day >= {sheet.arg(first, 'date')}"
    return f"{where} group by member_id"


def _lapse(one: Lapse, sheet: Sheet) -> str:
    """Kept is the chance that they order; who has none is in no set."""
    low = 0 if one.at_most is None else 1000 - one.at_most
    high = 1000 if one.at_least is None else 1000 - one.at_least
    low_at, high_at = sheet.arg(low, "smallint"), sheet.arg(high, "smallint")
    return sheet.inside(f"{sheet.rows('member_value')} and chance between {low_at} and {high_at}")


def _worth(one: Worth, sheet: Sheet) -> str:
    """Of whom nobody can say it there is no number, and they are in no set."""
    scale = sheet.ground.money_scale
    low, high = (
        None if said is None else units(said, scale) for said in (one.at_least, one.at_most)
    )
    where = f"{sheet.rows('member_value')} and worth_minor is not null"
    if low is not None:
        where += f" and worth_minor >= {sheet.arg(low, 'bigint')}"
    if high is not None:
        where += f" and worth_minor <= {sheet.arg(high, 'bigint')}"
    return sheet.inside(where)


def _club(one: ClubIs, sheet: Sheet) -> str:
    """Places lie under the id of then: whoever was merged may be in it twice."""
    return sheet.inside(
        "select distinct coalesce(l.into_id, p.member_id) as member_id from club c "
        "join club_place p on p.program_id = c.program_id and p.club_id = c.club_id "
        "left join member_alias l on l.program_id = p.program_id and l.member_id = p.member_id "
        f"where c.program_id = $1::int and c.code = any({sheet.arg(list(one.in_), 'text[]')}) "
        f"and p.until is null{sheet.whosever('p.member_id')}"
    )


def _plan(one: PlanIs, sheet: Sheet) -> str:
    """A membership lies under the id of then."""
    return sheet.inside(
        "select distinct coalesce(l.into_id, c.member_id) as member_id from membership_clock c "
        "left join member_alias l on l.program_id = c.program_id and l.member_id = c.member_id "
        f"where c.program_id = $1::int and c.plan = any({sheet.arg(list(one.in_), 'text[]')})"
        + sheet.whosever("c.member_id")
    )


def _on_list(one: OnList, sheet: Sheet) -> str:
    return sheet.inside(
        "select distinct coalesce(l.into_id, s.member_id) as member_id from segment_listed s "
        "left join member_alias l on l.program_id = s.program_id and l.member_id = s.member_id "
        f"where s.program_id = $1::int and s.segment_id = {sheet.arg(one.segment_id, 'uuid')}"
        + sheet.whosever("s.member_id")
    )


WRITES: Final[Mapping[type, Any]] = {
    TierIs: _tier,
    MemberIs: _member,
    AnniversaryIs: _anniversary,
    DaysSince: _days_since,
    Spent: _counted,
    Orders: _counted,
    Visits: _counted,
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
"""How each question is written."""
