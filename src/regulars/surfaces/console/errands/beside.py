"""What came of trials, said: one by itself, or two and three side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec

from regulars.base.money import decimals
from regulars.records.errands.types import Errand
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.replay.figures import Figures, Group, Wallet

MOST: Final = 3
"""So many are put side by side: with what is in force four columns, and four lines in a chart."""
FLOWS: Final = (
    ("issued", N("Given")),
    ("returned", N("Taken back by returns")),
    ("cancelled", N("Came to nothing")),
    ("expired", N("Expired")),
    ("redeemed", N("Redeemed")),
    ("short", N("Of that, not there")),
    ("given", N("Given by hand")),
    ("taken", N("Taken by hand")),
    ("opened", N("Brought along")),
)
"""What moves in a wallet, in the order in which it is read; what is left is summed elsewhere."""


class Row(NamedTuple):
    """A line of a table: what it counts, and its values as text."""

    name: str
    values: list[str]


def figures_of(one: Errand) -> Figures:
    """The figures of a trial that is done."""
    return msgspec.convert(one.outcome, Figures)


def seen(here: Here, one: Errand) -> dict[str, Any]:
    """Everything a trial's page shows."""
    told, reader = figures_of(one), here.reader
    more, less = told.winners["more"], told.winners["less"]
    return {
        "told": told,
        "days": days(here, told),
        "headline": _headline(here, told),
        "figures": _figures(here, told),
        "points": [row for wallet in told.wallets for row in _points(here, wallet, told)],
        "winners": [
            Row(
                reader.say(name),
                [reader.number(count), here.reader.signed_money(minor, told.currency)],
            )
            for name, (count, minor) in (
                (N("Get more"), more),
                (N("Get the same"), told.winners["same"]),
                (N("Get less"), less),
            )
        ],
        "by_tier": [_group(here, each, told) for each in told.by_tier] if _ladder(told) else [],
        "tiers": [
            Row(
                _tier(here, name),
                [reader.number(before), reader.number(after), reader.signed(after - before)],
            )
            for name, before, after in told.tiers
        ]
        if _ladder(told)
        else [],
        "months": [
            (_month(here, month), [_whole(before, told), _whole(after, told)])
            for month, before, after in told.months
        ],
        "spread": [
            (reader.share(place, len(told.spread)), [_whole(minor, told)])
            for place, minor in enumerate(told.spread)
        ],
    }


def _ladder(told: Figures) -> bool:
    """Whether there are steps at all that somebody stands on."""
    return any(name for name, _, _ in told.tiers)


def _headline(here: Here, told: Figures) -> str:
    """The result in a sentence or two."""
    reader, by = here.reader, told.cost_minor[1] - told.cost_minor[0]
    more, less = told.winners["more"][0], told.winners["less"][0]
    who = reader.say(
        "Of %(all)s members, %(more)s would have got more and %(less)s less.",
        all=reader.number(told.members),
        more=reader.number(more),
        less=reader.number(less),
    )
    amount = reader.money(abs(by), told.currency)
    cost = reader.say("What is given would have cost the same.")
    if by > 0:
        cost = reader.say("What is given would have cost %(money)s more.", money=amount)
    elif by < 0:
        cost = reader.say("What is given would have cost %(money)s less.", money=amount)
    return f"{who} {cost}"


def _figures(here: Here, told: Figures) -> list[tuple[str, str, str]]:
    """The three that matter: what is given, what is owed at the end, what of sales that is."""
    reader, money = here.reader, lambda minor: here.reader.money(minor, told.currency)
    found = []
    for name, (before, after) in (
        (N("Cost of what is given"), told.cost_minor),
        (N("Owed at the end"), told.owed_minor),
    ):
        beside = reader.say("now %(before)s", before=money(before))
        found.append((reader.say(name), money(after), f"{beside} ({_by(here, before, after)})"))
    shares = [reader.fine_share(cost, told.sales_minor) for cost in told.cost_minor]
    found.append(
        (reader.say("Of what was sold"), shares[1], reader.say("now %(before)s", before=shares[0]))
    )
    return found


def _by(here: Here, before: int, after: int) -> str:
    """By how much of a hundred it is more or less."""
    if not before:
        return "–" if not after else here.reader.say("new")
    change = abs(after - before)
    sign = "+" if after > before else "−" if after < before else "±"
    mark = "\u200e" if here.reader.direction == "rtl" else ""
    return f"{mark}{sign}{here.reader.share(change, abs(before))}"


def _points(here: Here, wallet: Wallet, told: Figures) -> list[Row]:
    called, reader = _wallet(here, wallet.id), here.reader
    return [
        Row(
            f"{called}: {reader.say(name)}",
            [
                reader.quantity(both[0], wallet.scale),
                reader.quantity(both[1], wallet.scale),
                reader.signed(both[1] - both[0], wallet.scale),
            ],
        )
        for flow, name in FLOWS
        if (both := wallet.flows.get(flow))
    ]


def _wallet(here: Here, id_: str) -> str:
    named = here.version.program.wallets.get(id_)
    return (named.name if named else "") or id_


def _group(here: Here, one: Group, told: Figures) -> Row:
    reader = here.reader
    before, after = one.gave_minor
    return Row(
        _tier(here, one.tier),
        [
            reader.number(one.members),
            reader.number(one.more),
            reader.number(one.less),
            reader.money(before, told.currency),
            reader.money(after, told.currency),
            reader.signed_money(after - before, told.currency),
        ],
    )


def _tier(here: Here, name: str) -> str:
    program = here.version.program
    steps = program.tiers.steps if program.tiers else ()
    named = {step.id: step.name or step.id for step in steps}
    return named.get(name, name) or here.reader.say("No tier")


def _whole(minor: int, told: Figures) -> int:
    """Whole money for a chart; a coin more or less is not seen there."""
    unit = 10 ** decimals(told.currency)
    return (abs(minor) + unit // 2) // unit * (1 if minor >= 0 else -1)


def _month(here: Here, month: str) -> str:
    return here.reader.month(date.fromisoformat(f"{month}-01"))


def days(here: Here, told: Figures) -> str:
    """The first and the last day that counted."""
    first, last = date.fromisoformat(told.since), date.fromisoformat(told.until) - timedelta(1)
    return here.reader.say(
        "%(first)s to %(last)s", first=here.reader.day(first), last=here.reader.day(last)
    )


# --- side by side -----------------------------------------------------------------------------


def side_by_side(here: Here, picked: Sequence[Errand]) -> dict[str, Any]:
    """Trials in columns beside what is in force, what differs in words, and a chart."""
    told = [figures_of(one) for one in picked]
    names = _names(here, picked)
    alike = len({_history(one, each) for one, each in zip(picked, told, strict=True)}) == 1
    return {
        "heads": [(one.errand_id.hex, name) for one, name in zip(picked, names, strict=True)],
        "currency": told[0].currency,
        "alike": alike,
        "days": days(here, told[0]),
        "rows": [_beside(here, name, value, told, alike) for name, value in _lines(here, told)],
        "differences": _differences(here, names, told),
        "costs": _costs(here, names, told, alike),
        "months": _owed(here, told) if alike else [],
        "series": [here.reader.say("In force"), *names],
    }


def _names(here: Here, picked: Sequence[Errand]) -> list[str]:
    """What each is called here, as short as it is clear: revisions of one draft by their number."""
    say, number = here.reader.say, here.reader.number
    drafts = [one.ask["draft"] for one in picked]
    if len(set(drafts)) == 1:
        return [say("Revision %(n)s", n=number(one.ask["revision"])) for one in picked]
    if len(set(drafts)) == len(drafts):
        return drafts
    return [
        say("%(draft)s, revision %(n)s", draft=one.ask["draft"], n=number(one.ask["revision"]))
        for one in picked
    ]


def _beside(here: Here, name: str, value: Value, told: Sequence[Figures], alike: bool) -> Row:
    """A line of the table; what is in force has a column where it is the same for all."""
    now = [value(here, told[0], 0)] if alike else []
    return Row(name, [*now, *(value(here, each, 1) for each in told)])


def _lines(here: Here, told: Sequence[Figures]) -> list[tuple[str, Value]]:
    """The lines of the table: days where they differ, each wallet, then those of every table."""
    say = here.reader.say
    wallets = {wallet.id: wallet for each in told for wallet in each.wallets}
    given = [
        (say("%(points)s given", points=_wallet(here, id_)), partial(_issued, id_))
        for id_, wallet in wallets.items()
        if "issued" in wallet.flows
    ]
    when: list[tuple[str, Value]] = []
    if len({days(here, each) for each in told}) > 1:
        when = [(say(N("Days")), lambda here, told, _: days(here, told))]
    return [*when, *given, *((say(name), value) for name, value in LINES)]


def _history(one: Errand, told: Figures) -> tuple[str, ...]:
    """On what it was tried: results of other histories say nothing about each other."""
    return (
        told.since,
        told.until,
        one.ask.get("upload", ""),
        str(one.ask["version"]),
        str(told.lines),
    )


Value = Callable[[Here, Figures, int], str]


def _money_of(pair: Callable[[Figures], tuple[int, int]]) -> Value:
    return lambda here, told, at: here.reader.money(pair(told)[at], told.currency)


def _who(kind: str) -> Value:
    return lambda here, told, at: here.reader.number(told.winners[kind][0]) if at else "–"


def _issued(id_: str, here: Here, told: Figures, at: int) -> str:
    for wallet in told.wallets:
        if wallet.id == id_ and "issued" in wallet.flows:
            return here.reader.quantity(wallet.flows["issued"][at], wallet.scale)
    return "–"


LINES: Final[tuple[tuple[str, Value], ...]] = (
    (N("Cost of what is given"), _money_of(lambda told: told.cost_minor)),
    (
        N("Of what was sold"),
        lambda here, told, at: here.reader.fine_share(told.cost_minor[at], told.sales_minor),
    ),
    (N("Owed at the end"), _money_of(lambda told: told.owed_minor)),
    (N("Members who get more"), _who("more")),
    (N("Members who get less"), _who("less")),
    (
        N("Members who end on another tier"),
        lambda here, told, at: here.reader.number(told.moved) if at else "–",
    ),
)
"""The lines of the table, each with how its value is said: 0 is in force, 1 the draft."""


def _differences(here: Here, names: Sequence[str], told: Sequence[Figures]) -> list[str]:
    """Each beside the first, in words."""
    found, first = [], told[0]
    for name, each in zip(names[1:], told[1:], strict=True):
        by = each.cost_minor[1] - first.cost_minor[1]
        more = each.winners["more"][0] - first.winners["more"][0]
        less = each.winners["less"][0] - first.winners["less"][0]
        reader = here.reader
        places = {"name": name, "first": names[0], "money": reader.money(abs(by), each.currency)}
        if by > 0:
            cost = reader.say("“%(name)s” costs %(money)s more than “%(first)s”", **places)
        elif by < 0:
            cost = reader.say("“%(name)s” costs %(money)s less than “%(first)s”", **places)
        else:
            cost = reader.say("“%(name)s” costs the same as “%(first)s”", **places)
        who = reader.say(
            "members who gain: %(more)s, members who lose: %(less)s",
            more=reader.signed(more),
            less=reader.signed(less),
        )
        found.append(f"{cost}; {who}.")
    return found


def _costs(
    here: Here, names: Sequence[str], told: Sequence[Figures], alike: bool
) -> list[tuple[str, list[int]]]:
    rows = [
        (name, [_whole(each.cost_minor[1], each)]) for name, each in zip(names, told, strict=True)
    ]
    if not alike:
        return rows
    first = told[0]
    now = [_whole(first.cost_minor[0], first)]
    return [(here.reader.say("In force"), now), *rows]


def _owed(here: Here, told: Sequence[Figures]) -> list[tuple[str, list[int]]]:
    """What is owed at each month's end: in force, then by each draft."""
    by_month = [{month: (before, after) for month, before, after in each.months} for each in told]
    months = sorted(set().union(*by_month))
    nothing = (0, 0)
    return [
        (
            _month(here, month),
            [
                _whole(by_month[0].get(month, nothing)[0], told[0]),
                *(_whole(m.get(month, nothing)[1], t) for m, t in zip(by_month, told, strict=True)),
            ],
        )
        for month in months
    ]
