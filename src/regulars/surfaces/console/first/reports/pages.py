"""Every report as a page: asked by its address, with its figures, charts, tables and files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from regulars.base.faults import Invalid
from regulars.base.money import decimals
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.asked import Asked, Report, before
from regulars.insight.metrics.asking import usual_spans
from regulars.insight.metrics.defined.joining import STEPS
from regulars.insight.metrics.reading.closed import closes
from regulars.records.access.staff.permissions import Permission
from regulars.records.members import read as members
from regulars.records.tills import read as tills
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.first.reports import closing, giving
from regulars.surfaces.console.first.reports.drawing import valuing
from regulars.surfaces.console.first.reports.drawing.charts import CHARTS, heat
from regulars.surfaces.console.first.reports.drawing.drawn import week
from regulars.surfaces.console.first.reports.offering import offered
from regulars.surfaces.console.first.reports.saying import Said, figures_said, table_said
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.reports.asking import OF_A_STORE, question, wallet_of
from regulars.surfaces.in_words.reports.heads import TITLES
from regulars.surfaces.in_words.reports.sheets import KINDS, the_table, written
from regulars.surfaces.in_words.reports.telling import report_of
from regulars.surfaces.ui.paper import GUARDED, NEVER

FULL: Final[Mapping[str, tuple[str, ...]]] = {
    "overview": (
        "active_members", "participation_revenue", "redemption_flow", "second_order_90",
        "outstanding", "breakage", "return_on_cost", "brought_more", *STEPS,
    ),
    "retention": (
        "active_members", "new_buyers", "repeat_rate", "period_retention", "second_order_90",
        "lapsed_members", "lapsed_back", "order_frequency", "order_value", "median_wait",
        "median_gap",
        "participation_orders", "participation_revenue", "members_kept",
    ),
    "points": (
        "points_issued", "points_redeemed", "points_expired", "points_adjusted",
        "redemption_flow", "earn_burn", "expiry_flow", "redeeming_members", "redemption_ultimate",
        "breakage",
    ),
    "liability": (
        "outstanding", "liability", "breakage", "breakage_off", "redemption_ultimate",
    ),
    "tiers": (),
    "stores": (),
    "best": ("habits_of", "first_reward_wait"),
    "preferences": ("told_categories", "category_share", "basket_mix", "hour_share"),
    "fairness": (
        "reached_members", "gini_spend", "gini_issued", "gini_redeemed", "top_tenth_spend",
        "top_tenth_redeemed", "offers_open", "offers_given", "gifts_given", "cost_of_newcomers",
        "cost_of_loyal",
    ),
    "referral": (
        "invitations_sent", "inviting_members", "invitations_each", "invitations_taken",
        "referral_factor", "referrals_named", "bringing_members", "referrals_bought",
        "referrals_rewarded", "referrals_guarded", "referred_worth", "others_worth",
        "referred_difference",
    ),
    "memberships": (
        "memberships_active", "memberships_begun", "membership_churn", "membership_staying",
        "membership_renewing", "membership_off",
        "payments_failed", "payments_rescued", "memberships_won_back", "membership_fees",
    ),
    "values": (
        "valued_members", "expected_value", "expected_value_each", "expected_to_come",
        "health_share", "money_off",
    ),
    "accounts": (
        "accounts_there", "accounts_buying", "contacts_buying", "accounts_quiet", "accounts_again",
        "accounts_ended", "accounts_asking", "nps_accounts", "nps_members", "csat_members",
        "survey_response",
    ),
}  # fmt: skip
SIMPLE: Final[Mapping[str, tuple[str, ...]]] = {
    "overview": ("active_members", "joined", "points_issued", "points_redeemed", "outstanding"),
    "retention": ("active_members", "new_buyers", "repeat_rate", "order_value"),
    "points": ("points_issued", "points_redeemed", "points_expired", "redeeming_members"),
    "liability": ("outstanding",),
    "tiers": (),
    "stores": (),
    "best": ("habits_of",),
    "preferences": ("category_share", "hour_share"),
    "fairness": ("reached_members", "top_tenth_spend", "top_tenth_redeemed"),
    "referral": ("invitations_sent", "referrals_named", "referrals_bought", "referrals_rewarded"),
    "memberships": ("memberships_active", "memberships_begun", "membership_churn"),
    "accounts": ("accounts_there", "accounts_buying", "accounts_quiet"),
    "values": ("valued_members", "expected_value"),
}
"""What is shown to who has not asked for everything: counts, no estimates, no bounds."""
SIMPLE_TABLES: Final = {"orders", "flow", "roll_forward", "by_expiry", "migration", "stores",
                 "enrolment", "tier_mix", "rewards", "categories", "tenths", "by_tier",
                 "open_by_tenth",
                 "brought", "bringers", "turns", "plans", "accounts", "habits",
                 "reach", "by_health", "value_by_tier", "value_by_store"}  # fmt: skip
SPANS: Final = (
    ("month", N("This month")),
    ("last", N("Last month")),
    ("quarter", N("Three months")),
    ("year", N("Twelve months")),
)
OF_MONEY: Final = ("retention", "stores", "preferences", "fairness", "referral", "accounts", "best")
"""Reports whose money moves with what comes back."""
OF_A_WALLET: Final = ("overview", "points", "liability", "stores", "fairness")
"""Reports that are of one kind of points."""
IN_STEPS: Final = ("overview", "retention", "points", "referral", "memberships", "values")
"""Reports that have a table or a chart by time, of which somebody chooses the steps."""
DRAWN: Final = ("orders", "flow", "roll_forward", "brought", "turns", "nights")
"""Tables by time that a chart draws: the time before stands in the chart and in its table."""
FIELDS: Final = ("from", "to", "compare", "granularity", "wallet", "store")
SLIPS: Final = {
    "from": N("Write a day such as 2026-10-01, at most ten years before the last one."),
    "until": N("The last day cannot lie before the first."),
    "compare": N("Choose one of these."),
    "granularity": N("That would be too many parts for a chart: take a coarser one."),
    "wallet": N("The program has no such points."),
    "store": N("There is no such store. Choose one of these, or all of them."),
    "table": N("There is no such table here."),
    "format": N("It can be had as CSV or Parquet."),
}


class Shown(NamedTuple):
    """A report with when its rows were looked at, the names of stores, and of the liability the
    months that were closed."""

    report: Report
    as_of: Any
    said: Said
    months: list[dict[str, Any]]
    by_night: bool = False
    """Whether it was told by night, and may be counted anew."""


class Form(NamedTuple):
    """What was typed, between which stores one may choose, and what is wrong, by its field."""

    typed: dict[str, str]
    stores: dict[str, str]
    wrong: dict[str, str]


async def reports(here: Here) -> Response[str]:
    """All reports, each with the question it answers."""
    say = here.reader.say
    found = [
        (f"/console/reports/{id_}", say(name), say(about))
        for id_, (name, about) in TITLES.items()
        if id_ != "liability" or here.may(Permission.BOOKS_READ)
    ]
    return here.page("reports/reports.html", reports=found, causes=giving.may_see(here))


async def report(here: Here, name: str) -> Response[Any]:
    """One report; with `as`, one table of it as a file."""
    typed, stores = typed_in(here), await stores_of(here, name)
    asked, wrong = asked_or_wrong(here, typed, stores)
    form = Form(typed, stores, wrong)
    if wrong:
        return _page(here, name, form, asked, None)
    try:
        shown = await shown_of(here, name, typed)
        if typed["as"]:
            return file_of(shown.report, typed["table"], typed["as"])
    except Invalid as fault:
        form = form._replace(wrong={fault.field: here.reader.say(_slip(fault))})
        return _page(here, name, form, asked, None)
    return _page(here, name, form, shown.report.asked, shown)


async def stores_of(here: Here, name: str) -> dict[str, str]:
    """Stores a report can be of, by their codes; none where there is one, or it is of all."""
    if name not in OF_A_STORE:
        return {}
    async with here.transaction as tx:
        found = {code: one.name for code, one in (await tills.stores(tx)).items()}
    return found if len(found) > 1 else {}


def typed_in(here: Here) -> dict[str, str]:
    """What the address asks for."""
    return {one: here.query.get(one, "") for one in (*FIELDS, "as", "table", "anew")}


def asked_or_wrong(
    here: Here, typed: dict[str, str], stores: Mapping[str, str]
) -> tuple[Asked, dict[str, str]]:
    """The question, or the usual one with what is wrong with what was typed, by its field.

    Keeps: a store is only asked for where one can be chosen; it is taken out of `typed` elsewhere.
    """
    if not stores:
        typed["store"] = ""
    try:
        if typed["store"] and typed["store"] not in stores:
            raise Invalid("there is no such store", field="store")
        return question(here.terms, here.now, said_of(typed)), {}
    except Invalid as fault:
        wrong = {"to" if fault.field == "until" else fault.field: here.reader.say(_slip(fault))}
        return question(here.terms, here.now, {}), wrong


def _slip(fault: Invalid) -> str:
    return SLIPS.get(fault.field, SLIPS["compare"])


def said_of(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as the API says it: the last day is in it here, and there it is not.

    Faults: Invalid for what is no day.
    """
    said = {name: typed[name] for name in FIELDS if name != "to"}
    if typed["to"]:
        try:
            said["until"] = (date.fromisoformat(typed["to"]) + timedelta(1)).isoformat()
        except (ValueError, OverflowError):
            raise Invalid("this is no day", field="until") from None
    return said


async def shown_of(here: Here, name: str, typed: Mapping[str, str]) -> Shown:
    """The report as it is asked for."""

    async def look(tx: Tx, terms: Terms) -> Shown:
        said_, anew = said_of(typed), bool(typed["anew"])
        found, as_of, told = await report_of(tx, terms, name, said_, here.now, anew=anew)
        stores = {code: one.name for code, one in (await tills.stores(tx)).items()}
        wallet = wallet_of(terms, found.asked)
        wallets = here.version.program.wallets
        scale = wallets[wallet].scale if wallet in wallets else 0
        named = await people_of(here, tx, found) if name == "referral" else {}
        said, months = Said(here, wallet, scale, stores, named), list[dict[str, Any]]()
        if name == "liability":
            closed = await closes(tx)
            months = closing.months_said(said, found, closed, await closing.names(tx, closed))
        return Shown(found, as_of, said, months, told)

    return await here.read(look)


async def people_of(here: Here, tx: Tx, found: Report) -> dict[str, str]:
    """Names of members whom a table of referral is about, for who may see members."""
    if not here.may(Permission.MEMBERS_READ):
        return {}
    ids = [str(row[0]) for row in found.table("bringers").rows]
    known = await members.members(tx, [UUID(one.removeprefix("mem_")) for one in ids])
    return {shown("mem", id_): name_of(one) or one.number for id_, one in known.items()}


def file_of(found: Report, table: str, kind: str) -> Response[Any]:
    """A table as a file; nobody keeps it on the way."""
    one = the_table(found, table)
    body = written(one, kind)
    name = f'attachment; filename="{found.id}-{one.id}.{kind}"'
    headers = GUARDED | {"cache-control": NEVER, "content-disposition": name}
    return Response(body, media_type=KINDS[kind].partition(";")[0], headers=headers)


def _page(here: Here, name: str, form: Form, asked: Asked, shown: Shown | None) -> Response[str]:
    title, about = TITLES[name]
    words: dict[str, Any] = {} if shown is None else words_of(here, name, shown)
    if shown is not None:
        found = shown.report
        words |= {
            "heat": heat(shown.said, found) if name == "retention" else None,
            "week": week(shown.said, found) if name == "preferences" else None,
            "grid": valuing.grid(shown.said, found) if name == "values" else None,
            "reckoned": valuing.reckoned(shown.said, found) if name == "values" else "",
            "months": shown.months,
            "moves": closing.moves_said(here, found, shown.months),
            "money": name in OF_MONEY,
            "rules": offered(shown.said, found) if name == "best" else [],
            "wallet": shown.said.wallet,
            "closed": closing.said_of(here),
            "tied": found.table("tie_out").rows[0][2] if name == "liability" else None,
        }
    return here.page(
        "reports/report.html",
        status=422 if form.wrong else 200,
        name=name,
        title=here.reader.say(title),
        about=here.reader.say(about),
        asked=asked,
        asking=asking(here, name, form, asked),
        **words,
    )


def words_of(here: Here, name: str, shown: Shown) -> dict[str, Any]:
    """The figures, charts and tables of a report as somebody reads them, few or all."""
    said, found, full = shown.said, shown.report, here.staff.full_view
    tables = [one for one in found.tables if full or one.id in SIMPLE_TABLES]
    drawn = {before(one) for one in DRAWN}
    tables = [one for one in tables if one.id not in drawn]
    if name == "tiers" and not said.here.version.program.tiers:
        tables = []
    return {
        "figures": figures_said(said, found, (FULL if full else SIMPLE)[name]),
        "tables": [table_said(said, one, found) for one in tables if one.rows],
        "charts": CHARTS[name](said, found, decimals(here.version.program.currency)),
        "as_of": shown.as_of,
        "compared": found.asked.compare,
        "anew": _anew(here, name) if shown.by_night else "",
    }


def _anew(here: Here, name: str) -> str:
    """Where the same report is worked out by now."""
    said = {one: here.query[one] for one in FIELDS if here.query.get(one)}
    return f"/console/reports/{name}?{urlencode(said | {'anew': 'yes'})}"


def query_of(typed: Mapping[str, str]) -> str:
    """What was typed, for the address of a file."""
    return urlencode({one: typed[one] for one in FIELDS if typed[one]})


def asking(here: Here, name: str, form: Form, asked: Asked) -> dict[str, Any]:
    """What the form has in it that asks for a report: on its own page, or on the first one."""
    typed, wrong = form.typed, form.wrong
    wallets = here.version.program.wallets
    days = {"from": asked.span.from_on.isoformat(), "to": asked.span.last_on.isoformat()}
    return {
        "action": here.path,
        "full": here.staff.full_view,
        "steps": name in IN_STEPS,
        "typed": typed if wrong else dict(typed) | days,
        "wrong": wrong,
        "spans": [(_address(here.path, typed, one), here.reader.say(says), one == _days(asked))
                  for one, says in _spans(here)],
        "wallets": [(id_, one.name or id_) for id_, one in wallets.items()]
        if name in OF_A_WALLET else [],
        "stores": sorted(form.stores.items(), key=lambda one: one[1].casefold()),
        "query": query_of(typed),
    }  # fmt: skip


def _days(asked: Asked) -> tuple[date, date]:
    return asked.span.from_on, asked.span.last_on


def _spans(here: Here) -> list[tuple[tuple[date, date], str]]:
    """Ranges to choose with one click, as first and last day."""
    spans = usual_spans(here.now.astimezone(here.zone).date())
    return [((spans[id_].from_on, spans[id_].last_on), says) for id_, says in SPANS]


def _address(path: str, typed: Mapping[str, str], days: tuple[date, date]) -> str:
    said = {one: typed[one] for one in FIELDS[2:] if typed[one]}
    both = {"from": days[0].isoformat(), "to": days[1].isoformat()}
    return f"{path}?{urlencode(both | said)}"
