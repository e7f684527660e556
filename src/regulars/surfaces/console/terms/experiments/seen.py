"""What was seen of an experiment over time, as charts and files; who is in a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from regulars.base.decimals import text_of
from regulars.base.faults import NotFound
from regulars.base.money import decimals
from regulars.insight.estimators.asking.sizes import Parts, parts_wanted_for_mean
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.sizing import Of, differ
from regulars.insight.experiments.tabled import (
    Bounded,
    arm_table,
    effect_table,
    over_time,
)
from regulars.records.members import read as members
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Experiment, Look
from regulars.surfaces.api.faults import BadCursor
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.form import plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.terms.experiments.words import MISSING, OUTCOMES
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.reports.sheets import KINDS, written
from regulars.surfaces.ui.paper import GUARDED, NEVER

A_PAGE: Final = 50
_FIRST: Final = UUID(int=0)
_MORE: Final = N("An amount above nothing")
PART: Final = N("From 2 to 5 parts; a whole number of percent that leaves some to the first one")
_AHEAD: Final = N("%(arm)s beside %(first)s, look by look: %(value)s at the last one.")
_UNIT: Final = {
    "spend": N("In %(currency)s a member."), "orders": N("In orders a member."),
    "came": N("In percentage points."),
}  # fmt: skip


def charts(here: Here, one: Experiment, looks: Sequence[Look]) -> list[dict[str, Any]]:
    """Of each part after the first what it was ahead by, with its bounds, look by look."""
    say, found = here.reader.say, list[dict[str, Any]]()
    for at, arm in enumerate(one.arms[1:], 1):
        ahead = over_time(looks, arm.name, one.outcome)
        if len(ahead) < 2:
            continue
        last = _units(here, one, ahead[-1].value)
        unit = say(_UNIT[one.outcome], currency=here.version.program.currency)
        says = say(
            _AHEAD, arm=arm.name, first=one.arms[0].name, value=here.reader.number(last)
        )  # fmt: skip
        found.append(
            {
                "id": f"ahead-{at}",
                "says": f"{says} {unit}",
                "series": [say("Difference"), say("At least"), say("At most")],
                "rows": [_row(here, one, each) for each in ahead],
            }
        )
    return found


def _row(here: Here, one: Experiment, each: Bounded) -> tuple[str, list[Decimal]]:
    ends = (each.value, each.low, each.high)
    return here.reader.day(each.look.at), [_units(here, one, end) for end in ends]


def _units(here: Here, one: Experiment, value: float) -> Decimal:
    """A difference in the unit of the chart: whole money, percentage points or orders."""
    if one.outcome == "spend":
        places = decimals(here.version.program.currency)
        return Decimal(text_of(round(value), places)) if places else Decimal(round(value))
    return Decimal(text_of(round(value * (10_000 if one.outcome == "came" else 100)), 2))


def file_of(one: Experiment, looks: Sequence[Look], table: str, kind: str) -> Response[Any]:
    """Effects or arms of every look as a file. Faults: NotFound."""
    tables = {each.id: each for each in (effect_table(looks), arm_table(looks))}
    if table not in tables or kind not in KINDS:
        raise NotFound("there is no such file")
    name = f'attachment; filename="{one.code}-{table}.{kind}"'
    headers = GUARDED | {"cache-control": NEVER, "content-disposition": name}
    media = KINDS[kind].partition(";")[0]
    return Response(written(tables[table], kind), media_type=media, headers=headers)


async def in_part(here: Here, code: str) -> Response[str]:
    """Who is in a part of an experiment, the first one where none is named, page by page.

    Faults: NotFound.
    """
    nothing, name = N("there is no such part of an experiment"), here.query.get("part", "")
    try:
        place = place_of(here.query.get("cursor") or None, tuple[UUID])
    except BadCursor:
        raise NotFound(nothing) from None
    async with here.transaction as tx:
        one = await read.experiment(tx, code)
        if one is None:
            raise NotFound(nothing)
        name = name or one.arms[0].name
        at = next((k for k, arm in enumerate(one.arms) if arm.name == name), None)
        if at is None:
            raise NotFound(nothing)
        after = _FIRST if place is None else place[0]
        found = await read.in_arm(tx, one.experiment_id, at, after, A_PAGE + 1)
        known = await members.members(tx, [who for who, _ in found[:A_PAGE]])
    base = f"/console/experiments/{code}/members?"
    lines = []
    for who, since in found[:A_PAGE]:
        named = known.get(who)
        name_ = "" if named is None else name_of(named) or named.number
        lines.append((shown("mem", who), name_, here.reader.day(since)))
    more = cursor_of((found[A_PAGE - 1][0],)) if len(found) > A_PAGE else None
    said = {"part": name}
    return here.page(
        "experiments/members.html",
        one=one,
        part=name,
        lines=lines,
        first=base + urlencode(said) if place else "",
        following=base + urlencode(said | {"cursor": more}) if more else "",
    )


async def size_of_means(here: Here) -> dict[str, str]:
    """How many members it takes that so much more is noticed, by what this shop's members did in
    the last four weeks; or what is wrong with the question, or missing."""
    typed, of = here.query.get("more", ""), here.query.get("of", "spend")
    asked = {"more": typed, "of": of, "wrong": "", "says": "", "many": ""}
    if not typed.strip():
        return asked
    outcome: Of = "orders" if of == "orders" else "spend"
    scale = decimals(here.version.program.currency) if outcome == "spend" else 2
    plain = plain_number(typed.strip(), here.reader.separators)
    number = Decimal(plain) if plain.replace(".", "", 1).isdigit() and len(plain) < 10 else 0
    more = round(number * 10**scale)
    if more <= 0:
        return asked | {"wrong": here.reader.say(_MORE)}
    of_parts = parts_asked(here)
    if of_parts is None:
        return asked | {"wrong": here.reader.say(PART)}
    today = here.now.astimezone(here.zone).date()
    async with here.transaction as tx:
        found = await differ(tx, outcome, today)
    if isinstance(found, NotEnough):
        places = {"have": here.reader.number(int(found.have)),
                  "wanted": here.reader.number(int(found.wanted))}  # fmt: skip
        return asked | {"says": here.reader.say(MISSING[found.what], **places)}
    unit = 1 if outcome == "spend" else 100
    size = parts_wanted_for_mean(found.spread * unit, more, of_parts.part, arms=of_parts.arms)
    mean, spread = (_said(here, outcome, one) for one in (found.mean, found.spread))
    says = here.reader.say(
        "In the last four weeks members had %(mean)s on average and differed by %(spread)s "
        "(standard deviation).",
        mean=mean, spread=spread,
    )  # fmt: skip
    return asked | {"many": size_said(here, size, of_parts), "says": says}


class PartsAsked(NamedTuple):
    """Into how many parts all are divided, and how much of the first and of one further part
    together is in the smaller of them; whether that is the further one."""

    part: float
    arms: int
    further: bool


def parts_asked(here: Here) -> PartsAsked | None:
    """What is typed: how many parts, and how many percent of all are in each but the first, as an
    experiment is planned. Equal parts where no percent are typed; nothing where it is no such part.

    Example: three parts with 20 percent leave 60 to the first: of both a quarter is in the smaller.
    """
    arms = here.query.get("arms", "").strip() or "2"
    if arms not in ("2", "3", "4", "5"):
        return None
    typed = here.query.get("part", "").strip().removesuffix("%").strip()
    if not typed:
        return PartsAsked(0.5, int(arms), further=True)
    part = int(typed) if len(typed) < 3 and typed.isascii() and typed.isdigit() else 0
    first = 100 - part * (int(arms) - 1)
    if part == 0 or first <= 0:
        return None
    return PartsAsked(min(part, first) / (part + first), int(arms), further=part <= first)


def size_said(here: Here, size: Parts, asked: PartsAsked) -> str:
    """How many members it takes, as a sentence."""
    number = here.reader.number
    if asked.arms > 2 and size.smaller == size.larger:
        return here.reader.say(
            "It takes %(many)s members in each of %(parts)s equal parts.",
            many=number(size[0]), parts=number(asked.arms),
        )  # fmt: skip
    if asked.arms > 2:
        each, first = size if asked.further else (size.larger, size.smaller)
        return here.reader.say(
            "It takes %(first)s members in the first part and %(each)s in each further one.",
            first=number(first), each=number(each),
        )  # fmt: skip
    if size.smaller == size.larger:
        return here.reader.say(
            "It takes %(many)s members in each of two equal parts.", many=number(size[0])
        )
    return here.reader.say(
        "It takes %(smaller)s members in the smaller part and %(larger)s in the other.",
        smaller=number(size.smaller), larger=number(size.larger),
    )  # fmt: skip


def _said(here: Here, outcome: Of, value: float) -> str:
    if outcome == "spend":
        return here.reader.money(round(value), here.version.program.currency)
    return here.reader.number(Decimal(text_of(round(value * 100), 2)))


def ways(here: Here) -> list[tuple[str, str]]:
    """Of what a mean can be asked."""
    return [(one, here.reader.say(OUTCOMES[one])) for one in ("spend", "orders")]
