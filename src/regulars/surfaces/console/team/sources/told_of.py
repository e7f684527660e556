"""A system behind a source is told of members: from now on, tried out, once more, or no more."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.inlets.outlets.keep_outlets import (
    EndTelling,
    TellAgain,
    end_telling,
    tell_again,
    tell_systems,
)
from regulars.records.inlets.catching import read as catching
from regulars.records.inlets.types import Inlet
from regulars.records.outbox.hooks.outlets import read
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.outlets.outlets import Telling, Where, tells, tried
from regulars.surfaces.connect.vendors import SALESFORCE
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.asked import (
    OF_APPS,
    OF_TOKENS,
    Answers,
    since_of,
)
from regulars.surfaces.console.team.sources.sources import PAGE, found_inlet, source
from regulars.surfaces.console.words import N

ENTERED: Final = ("address", "key", "secret", "client", "token_address", "refresh_token")
"""What may be entered of a system, by the names of the fields."""
SAYS: Final = {
    "address": N("Say where it is, as https://crm.example.org"),
    "key": N("Copy the key from there once more; it goes with no other address"),
    "since": N("Say a day that is over"),
    "mapping": N("Say under `members:` in the mapping which of its fields show what"),
}


async def turned(here: Here, form: Form) -> Response[Any]:
    """It is told so from now on, tried out, told once more, or told no more."""
    id_, turn = str(form.path["inlet_id"]), form.get("turn")
    inlet = await found_inlet(here, id_)
    if turn == "test":
        return await source(here, id_, heard=await _tried(here, inlet))
    try:
        outcome = await _done(here, inlet, turn, form)
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        of_kind = OF_APPS if inlet.kind == SALESFORCE else OF_TOKENS
        says = of_kind.get(field, SAYS.get(field))
        at = field if field == "mapping" else f"to_{field}"
        wrong = {at: here.reader.say(says) if says else here.told(outcome)}
        typed = {name: form.get(name) for name in ("to_address", "to_token_address", "to_since")}
        return await source(here, id_, untold=wrong, entered=typed)
    return redirect(f"{PAGE}/{id_}#members")


async def _done(here: Here, inlet: Inlet, turn: str, form: Form) -> Any:
    do: Any
    wish: Any
    if turn == "end":
        do, wish = end_telling, EndTelling(inlet.inlet_id, here.by)
    elif turn in ("again", "everybody"):
        do, wish = tell_again, TellAgain(inlet.inlet_id, here.by, turn == "everybody")
    else:
        address, key, secret, client, token_address, refresh = (
            form.get(f"to_{name}").strip() for name in ENTERED
        )
        since = since_of(here, form.get("to_since").strip())
        told = Telling(address, key, secret, since, client, token_address, refresh)
        wish = tells(here.given, inlet, told, here.by)
        do = tell_systems
    async with here.transaction as tx:
        (outcome,) = await do(tx, [wish])
    return outcome


async def _tried(here: Here, inlet: Inlet) -> Answers:
    async with here.transaction as tx:
        found, asked = await read.one(tx, inlet.inlet_id), await catching.one(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("The system of this source is not told of members")
    try:
        await tried(here.given, Where(inlet, found, asked))
    except NotTold as why:
        return Answers(why.why)
    return Answers("")
