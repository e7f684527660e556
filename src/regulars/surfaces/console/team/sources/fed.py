"""The files of a source: where they are looked for, tried out, or left alone."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.inlets.keep_feeds import EndFeed, end_feeds, feed_from
from regulars.records.inlets.feeding import read
from regulars.records.inlets.types import Inlet
from regulars.surfaces.connect.feeds.wire import FeedTried
from regulars.surfaces.connect.feeds.wishing import Wanted, feeds_from, tried
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.sources import PAGE, found_inlet, source
from regulars.surfaces.console.words import N

SAYS: Final = {
    "place": N("No folder of this machine is open to it: whoever runs it sets one"),
    "address": N("Write it as in the example for such a place"),
    "account": N("Say as whom we come in"),
    "secret": N("Enter it once more; it goes with no other place"),
    "private_key": N("Paste the whole private key; what opens it goes into the field before"),
    "endpoint": N("Write it as https://s3.example.org, or leave it empty for Amazon"),
    "region": N("Write it as eu-central-1"),
}
PLACES: Final = ("folder", "sftp", "s3")
_TYPED: Final = ("place", "address", "account", "endpoint", "region")


async def fed(here: Here, form: Form) -> Response[Any]:
    """Files are looked for so from now on, the place is tried, or nobody looks any more."""
    id_, turn = str(form.path["inlet_id"]), form.get("turn")
    inlet = await found_inlet(here, id_)
    if turn == "test":
        return await source(here, id_, reached=await _tried(here, inlet))
    try:
        outcome = await (_ended(here, inlet) if turn == "end" else _kept(here, inlet, form))
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        says = SAYS.get(field)
        wrong = {field: here.reader.say(says) if says else here.told(outcome)}
        typed = {name: form.get(name) for name in _TYPED}
        return await source(here, id_, unfed=wrong, laid=typed)
    return redirect(f"{PAGE}/{id_}")


def place_typed(form: Form) -> Wanted:
    """The place that was typed; what is of another kind of place is left over from it."""
    place = form.get("place") if form.get("place") in PLACES else "folder"
    told = {name: form.get(name).strip() for name in ("address", "account", "endpoint", "region")}
    private = form.get("private_key").replace("\r\n", "\n").strip()
    secret = form.get("secret").strip()
    if place == "folder":
        told, private, secret = {"address": told["address"]}, "", ""
    elif place == "sftp":
        told |= {"endpoint": "", "region": ""}
    else:
        private = ""
    return Wanted(place, **told, secret=secret, private_key=private)  # type: ignore[arg-type]


async def _kept(here: Here, inlet: Inlet, form: Form) -> Any:
    wanted = place_typed(form)
    async with here.transaction as tx:
        (outcome,) = await feed_from(tx, [feeds_from(here.given, inlet, wanted, here.by)])
    return outcome


async def _ended(here: Here, inlet: Inlet) -> Any:
    async with here.transaction as tx:
        (outcome,) = await end_feeds(tx, [EndFeed(inlet.inlet_id, here.by)])
    return outcome


async def _tried(here: Here, inlet: Inlet) -> FeedTried:
    async with here.transaction as tx:
        found, own = await read.one(tx, inlet.inlet_id), await read.own_folder(tx)
    if found is None:
        raise NotFound("Nobody looks for files of this source")
    return await tried(here.given, own, inlet, found)
