"""What was seen of an experiment look by look, also as files; who is in an arm; its size."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.estimators.asking.sizes import parts_wanted_for_mean
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.sizing import Differ, Of, differ
from regulars.insight.experiments.tabled import MOST_LOOKS, arm_table, effect_table
from regulars.insight.metrics.asked import Table
from regulars.records.access.types import Scope
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Experiment
from regulars.surfaces.api.answers import Header
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.operations.terms.experiments.wire import Arms, SmallerPart
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Limit, Text
from regulars.surfaces.in_words.reports.sheets import KINDS, written
from regulars.surfaces.in_words.reports.wire import Missing, TableShown, table_shown

_TAG: Final = "Experiments"
_READ: Final = (Scope.PROGRAMS_READ, Scope.PROGRAMS_WRITE)
_FIRST: Final = UUID(int=0)


class LooksQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which table, and as what."""

    format: Annotated[str, Meta(max_length=20, description="`json`, `csv` or `parquet`.")] = "json"
    table: Annotated[
        str, Meta(max_length=20, description="Of a file: `effects` or `arms`.")
    ] = "effects"  # fmt: skip


class LooksOfExperiment(Struct, frozen=True):
    """What was seen look by look: effects with the bounds that hold at every look, and arms."""

    experiment: str
    tables: list[TableShown]


class ArmQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose list: an arm by its name."""

    arm: Annotated[str, Meta(min_length=1, max_length=40)]
    limit: Limit = 50
    cursor: Text | None = None


class MemberInArm(Struct, frozen=True):
    """Somebody in an arm."""

    member_id: str
    since: datetime


class ArmPage(Struct, frozen=True):
    """Some of an arm, and where to go on."""

    items: list[MemberInArm]
    has_more: bool
    next_cursor: str | None


class MeanAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """How much more a member would do within four weeks, on average."""

    outcome: Of
    more: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    """Of `spend` in minor units; of `orders` in hundredths of an order."""
    part: SmallerPart = 50
    arms: Arms = 2


class MeanShown(Struct, frozen=True):
    """Members the smaller of two arms needs, and the larger one, so that four of five such
    differences are sure by the bounds that hold at every look; by what members did in the last four
    weeks.

    `mean` and `spread` (standard deviation) are in the unit of the outcome: minor units or orders.
    Without them, `missing` says what there is too little of.
    """

    members: int | None
    counted: int | None
    mean: float | None
    spread: float | None
    missing: Missing | None = None
    larger: int | None = None


async def looks(call: Call) -> Reply:
    """Every look at an experiment, or one table of them as a file."""
    query: LooksQuery = call.query
    async with call.transaction as tx:
        one = await _known(tx, call.ids["code"])
        found = await read.looks(tx, one.experiment_id, MOST_LOOKS)
    tables = {each.id: each for each in (effect_table(found), arm_table(found))}
    if query.format == "json":
        return Reply(LooksOfExperiment(one.code, [table_shown(each) for each in tables.values()]))
    if query.table not in tables:
        raise BadParameter(f"the tables are {' and '.join(tables)}", field="table")
    try:
        return _file(one, tables[query.table], query.format)
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field) from None


def _file(one: Experiment, table: Table, kind: str) -> Reply:
    named = f'attachment; filename="{one.code}-{table.id}.{kind}"'
    header: Header = (b"content-disposition", named.encode())
    return Reply(written(table, kind), headers=(header,), media=KINDS[kind])


async def in_arm(call: Call) -> Reply:
    """Who is in an arm of an experiment."""
    query: ArmQuery = call.query
    place = place_of(query.cursor, tuple[UUID])
    after = _FIRST if place is None else place[0]
    async with call.transaction as tx:
        one = await _known(tx, call.ids["code"])
        names = [arm.name for arm in one.arms]
        if query.arm not in names:
            raise BadParameter(f"the arms of it are {', '.join(names)}", field="arm")
        at = names.index(query.arm)
        found = await read.in_arm(tx, one.experiment_id, at, after, query.limit + 1)
    some, more = found[: query.limit], len(found) > query.limit
    items = [MemberInArm(shown("mem", who), since) for who, since in some]
    return Reply(ArmPage(items, more, cursor_of((some[-1][0],)) if more else None))


async def mean_size(call: Call) -> Reply:
    """How many members it takes to notice that they spend or order more."""
    asked: MeanAsked = call.query

    async def look(tx: Tx, terms: Terms) -> Differ | NotEnough:
        zone = ZoneInfo(terms.at(call.now).program.zone)
        return await differ(tx, asked.outcome, call.now.astimezone(zone).date())

    found = await call.read(look)
    if isinstance(found, NotEnough):
        missing = Missing(found.what, found.have, found.wanted)
        return Reply(MeanShown(None, None, None, None, missing))
    more = asked.more / (1 if asked.outcome == "spend" else 100)
    size = parts_wanted_for_mean(found.spread, more, asked.part / 100, arms=asked.arms)
    counted = found.members, found.mean, found.spread
    return Reply(MeanShown(size.smaller, *counted, larger=size.larger))


async def _known(tx: Tx, code: str) -> Experiment:
    found = await read.experiment(tx, code)
    if found is None:
        raise NotFound(f"there is no experiment {code[:40]}", field="/code")
    return found


def _operation(path: str, name: str, **told: Any) -> Operation:
    return Operation(method="GET", path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "/v1/experiments/{code}/looks", "list_looks",
        says="What was seen of an experiment, look by look",
        notes="The last look of each day. Bounds hold however often one looks; where a look could "
        "say nothing, `missing` says of what there was too little.",
        scopes=_READ,
        query=LooksQuery,
        answers={200: LooksOfExperiment},
        answer_example={
            "experiment": "double-tuesday",
            "tables": [
                {
                    "id": "effects",
                    "columns": [{"id": "looked_at", "unit": "text"}, {"id": "arm", "unit": "text"}],
                    "rows": [["2026-04-01T08:00:00+00:00", "twice"]],
                }
            ],
        },
        files=tuple(media.partition(";")[0] for media in KINDS.values()),
        codes=("not_found",),
        do=looks,
    ),
    _operation(
        "/v1/experiments/{code}/members", "list_members_of_arm",
        says="Who is in an arm of an experiment",
        scopes=(Scope.MEMBERS_READ,),
        query=ArmQuery,
        answers={200: ArmPage},
        answer_example={
            "items": [
                {
                    "member_id": "mem_0196a8c0b1c27d3e8f4a5b6c7d8e9f01",
                    "since": "2026-03-03T08:00:00Z",
                }
            ],
            "has_more": False,
            "next_cursor": None,
        },
        codes=("not_found", "bad_cursor"),
        do=in_arm,
    ),
    _operation(
        "/v1/experiment-sizes/means", "experiment_size_of_means",
        says="How many members it takes to notice that they spend or order more",
        notes="For two equal arms, noticed four times of five, at 5 %. How much members differ is "
        "taken from the last four weeks of the shop itself, whoever did nothing included.",
        scopes=_READ,
        query=MeanAsked,
        answers={200: MeanShown},
        answer_example={
            "members": 6480, "counted": 5200, "mean": 1840.0, "spread": 3878.0, "missing": None,
            "larger": 6480,
        },
        do=mean_size,
    ),
)  # fmt: skip
