"""One event that came in: what it said, what became of it, and looked at again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import msgspec
from litestar import Response
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.flows.inlets.again.say_another import TAKEN, SayAnother, say_another, taken_for
from regulars.flows.inlets.again.say_same import SaySame, say_same
from regulars.flows.inlets.keep_inlets import RanAgain, RunAgain, run_again
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.inlets import read
from regulars.records.inlets.types import Arrival, Gave, Inlet, may_run_again
from regulars.surfaces.api.strict.ids import addressed, required, shown
from regulars.surfaces.connect.inlets.wire import payload_of
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.asked import since_of
from regulars.surfaces.console.team.sources.sources import BECAME, PAGE, found_inlet, source
from regulars.surfaces.console.words import N

AROUND: Final = timedelta(days=7)
MOST_OTHERS: Final = 10
_NO_DAY: Final = N("Say a day that is over")


async def event(here: Here, id_: str, arrival: str, wrong: Fault | None = None) -> Response[str]:
    """One event with its payload and what was booked for it; `wrong`: why it is no other sale."""
    inlet, arrival_id = await found_inlet(here, id_), addressed("arr", arrival)
    async with here.transaction as tx:
        one = (await read.some(tx, [arrival_id])).get(arrival_id)
        gave = await read.gave(tx, [arrival_id])
        others = [] if one is None else await _others(tx, inlet, one, gave)
        taken = set() if one is None else await taken_for(tx, inlet, one)
    if one is None or one.inlet_id != inlet.inlet_id:
        raise NotFound("There is no such event")
    return here.page(
        "sources/event.html",
        id=id_,
        event=arrival,
        inlet=inlet,
        one=one,
        open=may_run_again(one),
        taken=[shown("act", id_) for id_ in sorted(taken - set(one.apart))]
        if (one.state, one.code) in TAKEN and one.body is not None
        else [],
        others=others,
        became=BECAME,
        saying=in_words,
        gave=[_gave(one, each) for each in gave],
        wrong=wrong,
        currency=here.version.program.currency,
        payload=_readable(payload_of(one)) if one.body is not None else "",
    )


async def again(here: Here, form: Form) -> Response[Any]:
    """One event that is open is looked at again."""
    id_, arrival = str(form.path["inlet_id"]), str(form.path["arrival_id"])
    wish = RunAgain(addressed("inl", id_), here.by, addressed("arr", arrival))
    await _run(here, wish)
    return redirect(f"{PAGE}/{id_}/{arrival}")


async def another(here: Here, form: Form) -> Response[Any]:
    """What one event tells is another sale than the one it was taken for."""
    id_, arrival = str(form.path["inlet_id"]), str(form.path["arrival_id"])
    named = tuple(required("act", one, "activity") for one in form.all("activity"))
    wish = SayAnother(addressed("inl", id_), addressed("arr", arrival), named, here.by)
    async with here.transaction as tx:
        (outcome,) = await say_another(tx, [wish])
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        return await event(here, id_, arrival, outcome)
    return redirect(f"{PAGE}/{id_}/{arrival}")


async def same(here: Here, form: Form) -> Response[Any]:
    """What one event was booked as is a sale that is booked by another name, too."""
    id_, arrival = str(form.path["inlet_id"]), str(form.path["arrival_id"])
    ids = addressed("inl", id_), addressed("arr", arrival)
    try:
        other = required("act", form.get("activity"), "activity")
        done = await here.do(say_same, SaySame(*ids, other, here.by, here.asked()))
    except Fault as fault:
        done = fault
    if isinstance(done, NotFound) and done.field == "/arrival_id":
        raise done
    if isinstance(done, Refused):
        done = Invalid(here.told(done), field="/activity")
    if isinstance(done, Fault):
        return await event(here, id_, arrival, done)
    return redirect(f"{PAGE}/{id_}/{arrival}")


async def all_again(here: Here, form: Form) -> Response[Any]:
    """Everything that is open there is looked at again; or what was passed, since a day."""
    id_, typed = str(form.path["inlet_id"]), form.get("since").strip()
    wish = RunAgain(addressed("inl", id_), here.by)
    if form.get("state") != "passed":
        await _run(here, wish)
        return redirect(f"{PAGE}/{id_}")
    try:
        since = since_of(here, typed)
    except Fault as fault:
        wrong = {"since": here.reader.say(_NO_DAY)} if fault.field == "/since" else {}
        return await source(here, id_, unrun=wrong, since=typed)
    ran = await _run(here, replace(wish, states=("passed",), since=since))
    return await source(here, id_, ran=ran, since=typed)


async def _run(here: Here, wish: RunAgain) -> RanAgain | None:
    async with here.transaction as tx:
        (outcome,) = await run_again(tx, [wish])
    if isinstance(outcome, NotFound):
        raise outcome
    # Whoever pressed twice finds it on its way already: that is what they wanted.
    assert not isinstance(outcome, Fault) or wish.arrival_id is not None, outcome
    return outcome if isinstance(outcome, RanAgain) else None


async def _others(
    tx: Tx, inlet: Inlet, one: Arrival, gave: list[Gave]
) -> list[tuple[str, Activity]]:
    """Other sales of the same member with the same total, some days around: one of them may be the
    one this event was booked as."""
    if (one.state, one.code) != ("booked", "") or one.body is None:
        return []
    whose = {each.member_id for each in gave if each.member_id != NOBODY}
    mine = await activities.some(tx, sorted(whose), [each.activity_id for each in gave])
    sales = [row for row in mine.values() if row.kind == "purchase" and row.source == inlet.source]
    if len(sales) != 1:
        return []
    sale = sales[0]
    span = (sale.occurred_at - AROUND, sale.occurred_at + AROUND)
    near = await activities.bought_within(tx, {sale.member_id: span})
    alike = [row for row in near if row.amount_minor == sale.amount_minor]
    others = [row for row in alike if row.activity_id not in mine]
    back = await activities.came_back(tx, [sale.activity_id, *(row.activity_id for row in others)])
    if sale.activity_id in back:
        return []
    others = [row for row in others if row.activity_id not in back][-MOST_OTHERS:]
    return [(shown("act", row.activity_id), row) for row in others]


def _gave(one: Arrival, gave: Gave) -> tuple[str, str, bool, bool]:
    """An activity, whose it is, whether it was booked for this event, whether it is another one."""
    id_ = shown("act", gave.activity_id)
    return id_, _member(gave.member_id), gave.first, gave.activity_id in one.apart


def _member(member_id: Any) -> str:
    return "" if member_id == NOBODY else shown("mem", member_id)


def _readable(text: str) -> str:
    """The payload with a line for each field, numbers as they came."""
    try:
        return msgspec.json.format(text, indent=2)
    except msgspec.DecodeError:  # attributes above, the data below
        return text
