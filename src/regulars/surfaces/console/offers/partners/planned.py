"""How often and where a partner gets its settlements: kept, tried, put once more, ended."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.keep_settlement_plans import (
    EndSettlements,
    PutFrom,
    end_settlements,
    plan_settlements,
    put_from,
)
from regulars.records.errands.extracts.read import own_name
from regulars.records.rewards.partners.settling import read
from regulars.records.rewards.partners.settling.types import Every, SettlementFormat
from regulars.records.rewards.partners.types import Partner
from regulars.surfaces.connect.extracts.settlements.putting import How, plan_from, tried
from regulars.surfaces.connect.extracts.settlements.wire import SettlementPlanTried
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.partners.partners import PAGE, there
from regulars.surfaces.console.offers.partners.words import EVERY
from regulars.surfaces.console.team.sources.fed import SAYS, place_typed
from regulars.surfaces.console.words import N

_TYPED: Final = ("place", "address", "account", "endpoint", "region", "every", "format", "from_on")
_OWN: Final = {
    "paused": N("It is paused: have it go on first"),
    "from_on": N("Say an earlier day, or settle first: nothing was settled since then"),
}
_NO_DAY: Final = N("Say a day, as 2026-01-31")


async def plan(
    here: Here,
    slug: str,
    unfed: dict[str, str] | None = None,
    laid: dict[str, str] | None = None,
    reached: SettlementPlanTried | None = None,
) -> Response[str]:
    """When and where, how far it is, and a form to change it.

    `unfed` and `laid`: what is wrong, and what was typed; `reached`: what came of a test.
    """

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        one = await there(tx, slug)
        last = (await read.last(tx, [one.partner_id])).get(one.partner_id)
        return {
            "one": one,
            "plan": await read.plan(tx, one.partner_id),
            "made": 0 if last is None else last.number,
            "own_folder": await own_name(tx),
        }

    return here.page(
        "offers/partners/plan.html",
        status=422 if unfed else 200,
        every_words=EVERY,
        has_folder=here.given.extracts is not None,
        fingerprint=fingerprint,
        saying=in_words,
        reached=reached,
        unfed=unfed or {},
        laid=laid or {},
        **await here.read(look),
    )


async def turned(here: Here, form: Form) -> Response[Any]:
    """It is put so from now on, from a day on, tried, or no more."""
    slug, turn = str(form.path["partner"]), form.get("turn")
    async with here.transaction as tx:
        one = await there(tx, slug)
    if turn == "test":
        return await plan(here, slug, reached=await _tried(here, one))
    try:
        outcome = await _done(here, one, form)
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        says = _OWN.get(field) or SAYS.get(field)
        wrong = {field: here.reader.say(says) if says else here.told(outcome)}
        if field == "from_on" and not _day(form.get("from_on")):
            wrong = {field: here.reader.say(_NO_DAY)}
        return await plan(here, slug, wrong, {name: form.get(name) for name in _TYPED})
    return redirect(f"{PAGE}/{slug}/plan")


async def _done(here: Here, one: Partner, form: Form) -> Any:
    turn = form.get("turn")
    if turn == "end":
        async with here.transaction as tx:
            return (await end_settlements(tx, [EndSettlements(here.by, one.slug)]))[0]
    if turn == "from":
        day = _day(form.get("from_on"))
        if day is None:
            return Invalid("this is no day", field="/from_on")
        async with here.transaction as tx:
            return (await put_from(tx, here.terms, [PutFrom(here.by, one.slug, day)]))[0]
    every = cast("Every", form.get("every") if form.get("every") in EVERY else "month")
    format_: SettlementFormat = "parquet" if form.get("format") == "parquet" else "csv"
    who = (here.terms.program_id, one, here.by)
    how = How(every, format_, form.get("paused") == "yes")
    wish = plan_from(here.given, who, place_typed(form), how)
    async with here.transaction as tx:
        return (await plan_settlements(tx, here.terms, [wish]))[0]


async def _tried(here: Here, one: Partner) -> SettlementPlanTried:
    async with here.transaction as tx:
        found, own = await read.plan(tx, one.partner_id), await own_name(tx)
    if found is None:
        raise NotFound("No settlements are planned for this partner")
    return await tried(here.given, (here.terms.program_id, own), found)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()[:10])
    except ValueError:
        return None
