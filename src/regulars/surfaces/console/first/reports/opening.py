"""Where one sees whom a row of a table, or a cell of the cohorts, counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from regulars.insight.metrics.asked import Cell, Report, Table
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.reading.fairness import UP_TO
from regulars.insight.metrics.reading.further import APART
from regulars.insight.metrics.reading.memberships import ALL_ENDED
from regulars.insight.metrics.reading.preferences import APART as PAIRED
from regulars.insight.metrics.reports.memberships import ALL
from regulars.insight.metrics.reports.tiers import GONE
from regulars.insight.metrics.spans import Span, following
from regulars.insight.people.types import NO_TIER as ON_NO_TIER
from regulars.surfaces.in_words.reports.wire import rows_of

ROWS: Final = "/console/reports/rows"
MEMBERS: Final = "/console/members"
_BY_TIME: Final = {
    "enrolment": "joined", "flow": "points_issued", "orders": "active_members",
    "brought": "referrals_named", "turns": "memberships_begun", "roll_forward": "points_issued",
    "earn_cohorts": "points_issued",
}  # fmt: skip
"""Of tables by time: whom or what a row opens."""
_OF_ALL_STORES: Final = {
    "rewards": "rewarded_members", "stores": "store_repeat_rate", "migration": "tier_migration",
    "answered": "bought_after_answer", "plans": "memberships_active", "reach": "reward_reached",
    "habits": "habits_of", "renewals": "renewals_reached", "accounts_staying": "accounts_staying",
}  # fmt: skip
_BY_NAME: Final = _OF_ALL_STORES | {
    "tenths": "top_tenth_spend", "open_by_tenth": "top_tenth_spend", "channels": "channel_share",
}  # fmt: skip
"""Of tables whose rows are told apart by their first column: what a row opens."""
_OF_TWO: Final = {
    "pairs": ("basket_pair", PAIRED), "migration": ("tier_migration", APART),
    "hours": ("hour_share", "-"), "likings": ("category_lift", ">"),
    "likings_by_cohort": ("category_lift", ">"),
}  # fmt: skip
"""Of tables whose rows are told apart by their first two columns; who left altogether is in no
list."""
_OF: Final = {"likings": "tier:", "likings_by_cohort": "year:"}
"""Of these tables: how it is said what the first column is."""
_CUT: Final = {
    "bringing_tiers": ("referrals_named", "tier"), "refused": ("referrals_named", "reason"),
    "by_tier": ("reached_members", "tier"), "by_tenure": ("reached_members", "tenure"),
    "ages": ("reached_members", "age"), "open_by_tier": ("offers_open", "tier"),
    "open_by_tenure": ("offers_open", "tenure"), "offered_by_tenure": ("offers_given", "tenure"),
}  # fmt: skip
"""Of tables of fairness and referral: by what a row takes members apart."""
_MONTHS: Final = {"by_expiry": "lapses", "by_age": "earned"}
"""Of tables of what is outstanding: what happens to it in the month of a row."""
_VALUED: Final = {
    "by_health": "health", "by_part": "part", "by_chance": "chance", "value_by_tier": "tier",
    "value_by_store": "store",
}  # fmt: skip
"""Of tables of values: by what a row takes members apart."""
_BECAME: Final = {"named": "referrals_named", "bought": "referrals_bought",
                  "kept": "referrals_rewarded"}  # fmt: skip
_COLUMNS: Final = {
    "enrolment": {"joined": "joined", "once": "joined_first_order",
                  "twice": "joined_second_order", "rewarded": "joined_first_reward"},
    "flow": {"issued": "points_issued", "redeemed": "points_redeemed", "expired": "points_expired"},
    "orders": {"buyers": "active_members", "first": "new_buyers", "twice": "repeat_rate"},
    "turns": {"began": "memberships_begun", "ended": "membership_churn",
              "failed": "payments_failed"},
    "roll_forward": {"issued": "points_issued", "redeemed": "points_redeemed",
                     "expired": "points_expired"},
    "brought": _BECAME | {"sent": "invitations_sent"}, "bringing_tiers": _BECAME,
}  # fmt: skip
"""Whom or what a number of a table opens, by its column, of the row's time or group."""
_WHOLE: Final = {("turns", "ended"): ALL_ENDED}
"""Of columns that count more than their figure does: the group that lists all of them."""
NOBODY_STANDS_BEHIND: Final = frozenset({
    "tie_out", "deferred", "journal", "back_test", "ways", "renewals_tried",
    "reckoned", "nights", "brought_over",
})  # fmt: skip
"""Tables of sums and of estimates of the past: which members were expected then, nobody kept; what
the ledger and the journal are of, their own pages and the files for the books list."""
_BEFORE: Final = "_before"
_WHO: Final = {"bringers": 0, "accounts": 1}
"""In which column the member stands whom a row is about."""


def opens(wallet: str, found: Report, one: Table, row: Sequence[Cell]) -> str:
    """Where one sees whom a row of a table counts; '' where nobody can be listed."""
    if one.id in _WHO:
        who = row[_WHO[one.id]]
        return f"{MEMBERS}/{who}" if who else ""
    if one.id == "tier_mix":
        return f"{MEMBERS}?{urlencode({'tier': row[1] or ON_NO_TIER})}"
    figure = _figure(found, one, row)
    if figure is None:
        return ""
    store = None if one.id.removesuffix(_BEFORE) in _OF_ALL_STORES else found.asked.store
    if one.id == "by_store":
        store = str(row[0])
    return rows_of(figure, wallet, store, ROWS) or ""


def numbers_open(wallet: str, found: Report, one: Table, row: Sequence[Cell]) -> list[str]:
    """Where one sees whom each number of a row counts, cell by cell; '' where that is said of the
    row itself, or of nobody.

    Example: of a week of points those who redeemed stand behind what was redeemed, and not those
    who were given some.
    """
    table = one.id.removesuffix(_BEFORE)
    known = _COLUMNS.get(table, {})
    about = _figure(found, one, row) if known else None
    links = []
    for head, cell in zip(one.columns, row, strict=True):
        metric = known.get(head.id) if cell else None
        if metric is None or about is None:
            links.append("")
            continue
        figure = Figure(metric, about.span, group=_WHOLE.get((table, head.id), about.group))
        links.append(rows_of(figure, wallet, found.asked.store, ROWS) or "")
    return links


def _figure(found: Report, one: Table, row: Sequence[Cell]) -> Figure | None:
    """The figure whose rows a row of this table opens."""
    table, span, about = one.id, found.asked.span, row[0]
    if table.endswith(_BEFORE):
        assert found.asked.compare is not None, table
        table, span = table.removesuffix(_BEFORE), found.asked.compare
    if table in _BY_TIME:
        first = _day(about)
        until = following(first, "month") if table == "earn_cohorts" else _day(row[1])
        return Figure(_BY_TIME[table], Span(first, until))
    if table in _MONTHS and row[-1] != found.asked.today:
        return None  # whose they were then, nobody kept
    if table == "renewals" and row[1] is None:
        return None  # foretold: nobody has come that far
    if table == "lorenz":  # so many tenths of those who pay least
        return Figure("top_tenth_spend", span, group=f"{UP_TO}{one.rows.index(tuple(row)) + 1}")
    group = _group(table, row)
    return None if group is None else Figure(group[0], span, group=group[1])


def _group(table: str, row: Sequence[Cell]) -> tuple[str, str] | None:
    """Of which metric a row is, and of which group; None where nobody can be listed."""
    about = row[0]
    found: tuple[str, str] | None = None
    if table in _OF_TWO:
        metric, between = _OF_TWO[table]
        group = f"{_OF.get(table, '')}{about}{between}{row[1]}"
        found = None if row[1] == GONE else (metric, group)
    elif table == "weekdays":
        found = "weekday_share", f"{row[1]}-{about}"
    elif table in _BY_NAME:
        # All who were looked at stand behind each habit, and who of them are the best.
        found = _BY_NAME[table], "" if table == "habits" else str(about)
    elif table in _CUT:
        found = _CUT[table][0], f"{_CUT[table][1]}:{about}"
    elif table in _MONTHS:
        month = f"{_day(about):%Y-%m}" if about is not None else ""
        found = "outstanding", f"{_MONTHS[table]}:{month}"
    elif table == "staying":
        found = "membership_staying", "" if about == ALL else str(about)
    elif table in _VALUED:
        found = "valued_members", f"{_VALUED[table]}:{about}"
    elif about and table == "categories":
        found = "category_share", str(about)
    elif about and table == "by_store":
        found = "reached_members", ""
    return found


def cell_of(wallet: str, first_on: date, month: date) -> str:
    """Where one sees whom a cell of the table of cohorts counts."""
    span = Span(month, following(month, "month"))
    base = rows_of(Figure("cohort_retention", span), wallet, None, ROWS)
    return f"{base}&{urlencode({'cohort': first_on.isoformat()[:7]})}"


def _day(cell: Cell) -> date:
    assert isinstance(cell, date), cell
    return cell
