"""Extracts for a warehouse: when and where they are written, and those that are there."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.flows.errands.keep_extracts import (
    EndExtracts,
    WriteNow,
    end_extracts,
    plan_extracts,
    write_now,
)
from regulars.records.errands.extracts import read
from regulars.records.errands.extracts.types import ExtractFormat
from regulars.surfaces.connect.extracts.wire import ExtractsTried, clock_of, minutes_of
from regulars.surfaces.connect.extracts.wishing import extracts_from, tried
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.fed import SAYS, place_typed
from regulars.surfaces.console.words import N

PAGE: Final = "/console/extracts"
SHOWN: Final = 20
USUAL: Final = "03:00"
STATES: Final = {
    "begun": (N("On its way"), "warn", "clock"),
    "done": (N("There"), "good", "circle-check"),
    "ended": (N("Given up"), "", "x"),
}
KINDS: Final = {"": "", "full": N("Everything"), "fresh": N("What was fresh")}
_TYPED: Final = ("place", "address", "account", "endpoint", "region", "at", "format")
_AT: Final = N("Say a time of day, as 03:00")


async def extracts(
    here: Here, unfed: Any = None, laid: Any = None, reached: Any = None
) -> Response[str]:
    """When and where, and those that are there."""
    async with here.transaction as tx:
        plan, runs = await read.plan(tx), await read.page(tx, None, SHOWN)
        own = await read.own_name(tx)
    return here.page(
        "sources/extracts.html",
        status=422 if unfed else 200,
        plan=plan,
        at=clock_of(plan.at_minute) if plan else USUAL,
        runs=runs,
        run_states=STATES,
        run_kinds=KINDS,
        own_folder=own,
        has_folder=here.given.extracts is not None,
        fingerprint=fingerprint,
        saying=in_words,
        reached=reached,
        unfed=unfed or {},
        laid=laid or {},
    )


async def turned(here: Here, form: Form) -> Response[Any]:
    """They are written so from now on, at once, paused, tried, or no more."""
    turn = form.get("turn")
    if turn == "test":
        return await extracts(here, reached=await _tried(here))
    try:
        outcome = await _done(here, form, turn)
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        says = _AT if field == "at" else SAYS.get(field)
        wrong = {field: here.reader.say(says) if says else here.told(outcome)}
        return await extracts(here, wrong, {name: form.get(name) for name in _TYPED})
    return redirect(PAGE)


async def _done(here: Here, form: Form, turn: str) -> Any:
    if turn in ("end", "now"):
        async with here.transaction as tx:
            if turn == "end":
                return (await end_extracts(tx, [EndExtracts(here.by)]))[0]
            return (await write_now(tx, [WriteNow(here.by)]))[0]
    at = form.get("at")[:5]
    if len(at) != len(USUAL) or not (at[:2] + at[3:]).isdigit() or minutes_of(at) >= 24 * 60:
        raise Invalid("This is no time of day", field="/at")
    format_: ExtractFormat = "csv" if form.get("format") == "csv" else "parquet"
    when = (minutes_of(at), format_, form.get("paused") == "yes")
    wish = extracts_from(here.given, here.terms.program_id, place_typed(form), when, here.by)
    async with here.transaction as tx:
        return (await plan_extracts(tx, here.terms, [wish]))[0]


async def _tried(here: Here) -> ExtractsTried:
    async with here.transaction as tx:
        plan, own = await read.plan(tx), await read.own_name(tx)
    if plan is None:
        raise NotFound("No extracts are planned")
    return await tried(here.given, (here.terms.program_id, own), plan)
