"""Reports: what a shop measures of itself, for whoever reads it by a program of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from msgspec import structs

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.asking import cohort_in
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.reading import rows as behind
from regulars.insight.metrics.spans import Span
from regulars.records.access.types import Scope
from regulars.surfaces.api.answers import Header
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.in_words.reports import examples
from regulars.surfaces.in_words.reports.asking import REPORTS, of_whole_shop, question, wallet_of
from regulars.surfaces.in_words.reports.offering import rule_for
from regulars.surfaces.in_words.reports.sheets import KINDS, the_table, written
from regulars.surfaces.in_words.reports.wire import (
    MetricsShown,
    ReportQuery,
    ReportShown,
    RowsPage,
    RowsQuery,
    RuleShown,
    RulesShown,
    account_shown,
    metric_shown,
    points_day_shown,
    report_shown,
    who_shown,
)

_CODES: Final = ("bad_cursor",)


async def metrics(call: Call) -> Reply:
    """Every metric there is, and what it means."""
    return Reply(MetricsShown([metric_shown(one) for one in METRICS.values()]))


async def report(call: Call, *, name: str) -> Reply:
    """One report; or one table of it as a file."""
    query: ReportQuery = call.query
    said = {one.encode_name: getattr(query, one.name) for one in structs.fields(query)}
    try:
        return await _report(call, name, said)
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field) from None


async def _report(call: Call, name: str, said: dict[str, str]) -> Reply:
    kind = said["format"]
    of_whole_shop(name, said["store"])
    if kind not in ("json", *KINDS):
        raise Invalid("the format is json, csv or parquet", field="format")
    found, shown = await call.read(partial(_found, call, name, said))
    if kind == "json":
        return Reply(shown)
    table = the_table(found, said["table"])
    named = f'attachment; filename="{name}-{table.id}.{kind}"'
    header: Header = (b"content-disposition", named.encode())
    return Reply(written(table, kind), headers=(header,), media=KINDS[kind])


async def _found(
    call: Call, name: str, said: dict[str, str], tx: Tx, terms: Terms
) -> tuple[Report, ReportShown]:
    asked = question(terms, call.now, said)
    found = await REPORTS[name](tx, asked)
    currency = terms.at(call.now).program.currency
    as_of = await behind.looked_at(tx)
    return found, report_shown(found, as_of, currency, wallet_of(terms, asked))


async def rules_to_try(call: Call) -> Reply:
    """For what the best do more, rules that ask for it."""
    return Reply(RulesShown(await call.read(partial(_rules, call))))


async def _rules(call: Call, tx: Tx, terms: Terms) -> list[RuleShown]:
    found = await REPORTS["best"](tx, question(terms, call.now, {}))
    program = terms.at(call.now).program
    habits = [str(row[0]) for row in found.table("habits").rows]
    return [RuleShown(one, rule) for one in habits if (rule := rule_for(program, one)) is not None]


async def rows(call: Call) -> Reply:
    """The members behind a figure, or the days on which points moved."""
    query: RowsQuery = call.query
    metric = METRICS.get(query.metric)
    if metric is None or not metric.rows:
        some = ", ".join(one.id for one in METRICS.values() if one.rows)
        raise BadParameter(f"rows can be read of {some}", field="metric")
    said = {one.encode_name: str(getattr(query, one.name)) for one in structs.fields(query)}
    try:
        return await call.read(partial(_rows, call, query, said))
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field) from None


async def _rows(call: Call, query: RowsQuery, said: dict[str, str], tx: Tx, terms: Terms) -> Reply:
    of_whole_shop(METRICS[query.metric].report, query.store)
    asked = question(terms, call.now, said | {"compare": "", "granularity": "month"})
    most = query.limit
    if METRICS[query.metric].rows == "days":
        place = place_of(query.cursor, tuple[UUID, date, str])
        days = await behind.points_behind(tx, query.metric, asked, place, most + 1, query.group)
        last = days[most - 1] if len(days) > most else None
        next_ = None if last is None else last[:3]
        shown = [points_day_shown(one) for one in days[:most]]
        return Reply(RowsPage(shown, len(days) > most, cursor_of(next_)))
    begin = place_of(query.cursor, tuple[UUID])
    page = behind.Page(behind.NOBODY if begin is None else begin[0], most + 1)
    if METRICS[query.metric].rows == "accounts":
        firms = await behind.accounts_behind(tx, query.metric, asked, page, query.group)
        after = cursor_of((firms[most - 1].account.account_id,)) if len(firms) > most else None
        return Reply(
            RowsPage([account_shown(one) for one in firms[:most]], len(firms) > most, after)
        )
    cell = behind.Cell(cohort_of(query), query.group)
    found = await behind.behind(tx, query.metric, asked, page, cell)
    more = len(found) > most
    cursor = cursor_of((found[most - 1].member_id,)) if more else None
    return Reply(RowsPage([who_shown(one) for one in found[:most]], more, cursor))


def cohort_of(query: RowsQuery) -> Span | None:
    """The month of a cohort, as `2026-03`. Faults: Invalid where a cell needs one."""
    if query.metric != "cohort_retention":
        return None
    return cohort_in(query.cohort)


_SAYS: Final = {
    "overview": "What one wants to know at a glance, and how far members come who join",
    "retention": "Who comes back, how often, after how long, and for how much",
    "points": "What was issued, redeemed and expired, and what becomes of points in the end",
    "liability": "What is owed for points, how it rolls forward, and what is revenue yet",
    "tiers": "In which tiers members were when a time began, and where they are at its end",
    "stores": "Stores beside one another",
    "best": "What the best do more than others, and which rewards are within reach",
    "preferences": "What members buy, when, and what goes together, by tier and first year",
    "fairness": "Who gets what of points: by tenths, tier, store, age and tenure",
    "referral": "Who brings whom, how far newcomers come, what they bring beside the others",
    "memberships": "Who stays on a paid plan, which payments fail, who comes back",
    "values": "What members are worth and how likely they come: by health, tier, store and RFM",
    "accounts": "Accounts with several people: use, who falls quiet, NPS across accounts",
}
_NOTES: Final = (
    "From prepared rows, some seconds behind the books. Days are the shop's, `until` is not in the "
    "time. What cannot be said has no value and says what is missing. Money is net of what came "
    "back until now and belongs to the day of the sale: a time that is over may still move "
    "with returns. A report of the whole shop refuses `store` with the field named."
)


def _operation(name: str, do: Callable[[Call], Awaitable[Reply]]) -> Operation:
    scope = Scope.BOOKS_READ if name == "liability" else Scope.REPORTS_READ
    return Operation(
        method="GET",
        path=f"/v1/insight/{name}",
        name=f"get_{name}_report",
        tag="Reports",
        says=_SAYS[name],
        notes=_NOTES,
        scopes=(scope,),
        query=ReportQuery,
        answers={200: ReportShown},
        answer_example=examples.REPORT | {"report": name},
        files=tuple(media.partition(";")[0] for media in KINDS.values()),
        do=do,
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/insight/metrics",
        name="list_metrics",
        tag="Reports",
        says="Every metric and what exactly it means",
        scopes=(Scope.REPORTS_READ, Scope.BOOKS_READ),
        answers={200: MetricsShown},
        answer_example=examples.METRICS,
        do=metrics,
    ),
    *(_operation(name, partial(report, name=name)) for name in REPORTS),
    Operation(
        method="GET",
        path="/v1/insight/best/rules",
        name="list_rules_to_try",
        tag="Reports",
        says="Rules to try, for what the best do more than others",
        notes="Each as it would stand in the program file; nothing is written by asking. What the "
        "best do says who stays, not why: try it with an experiment.",
        scopes=(Scope.REPORTS_READ,),
        answers={200: RulesShown},
        answer_example=examples.RULES,
        codes=("invalid",),
        do=rules_to_try,
    ),
    Operation(
        method="GET",
        path="/v1/insight/rows",
        name="list_rows_behind",
        tag="Reports",
        says="What a figure is made of: members, accounts, or days on which points moved",
        notes="Each figure of a report says the address of its rows.",
        scopes=(Scope.MEMBERS_READ,),
        query=RowsQuery,
        answers={200: RowsPage},
        answer_example=examples.ROWS,
        codes=_CODES,
        do=rows,
    ),
)
