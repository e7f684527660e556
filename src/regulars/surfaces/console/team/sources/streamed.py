"""The stream of a source: which broker it is, tried out, or read no more."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.inlets.keep_streams import EndStream, end_streams, stream_from
from regulars.records.inlets.streaming import read
from regulars.records.inlets.streaming.types import Begins
from regulars.records.inlets.types import Inlet
from regulars.surfaces.connect.streams.wire import StreamTried
from regulars.surfaces.connect.streams.wishing import Wished, streams_from, tried
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.asked import SAYS as ASKED_SAYS
from regulars.surfaces.console.team.sources.asked import since_of
from regulars.surfaces.console.team.sources.entering import SAYS, TYPED, entered
from regulars.surfaces.console.team.sources.sources import PAGE, found_inlet, source

_TYPED: Final = ("address", "begins", "since", *TYPED)


async def streamed(here: Here, form: Form) -> Response[Any]:
    """It is read so from now on, tried, or read no more."""
    id_, turn = str(form.path["inlet_id"]), form.get("turn")
    inlet = await found_inlet(here, id_)
    if turn == "test":
        return await source(here, id_, heard=await _tried(here, inlet))
    try:
        outcome = await (_ended(here, inlet) if turn == "end" else _kept(here, inlet, form))
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        says = ASKED_SAYS["since"] if field == "since" else SAYS.get(field)
        wrong = {field: here.reader.say(says) if says else here.told(outcome)}
        typed = {name: form.get(name) for name in _TYPED}
        return await source(here, id_, unfit=wrong, laid=typed)
    return redirect(f"{PAGE}/{id_}")


async def _kept(here: Here, inlet: Inlet, form: Form) -> Any:
    begins: Begins = "now" if form.get("begins") == "now" else "first"
    since = since_of(here, form.get("since").strip())
    wanted = Wished(form.get("address").strip(), begins, entered(form), since)
    async with here.transaction as tx:
        wish = streams_from(here.given, inlet, wanted, here.by)
        (outcome,) = await stream_from(tx, [wish])
    return outcome


async def _ended(here: Here, inlet: Inlet) -> Any:
    async with here.transaction as tx:
        (outcome,) = await end_streams(tx, [EndStream(inlet.inlet_id, here.by)])
    return outcome


async def _tried(here: Here, inlet: Inlet) -> StreamTried:
    async with here.transaction as tx:
        found = await read.one(tx, inlet.inlet_id)
        parts = await read.parts(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("This source reads no stream")
    return await tried(here.given, inlet, found, parts)
