"""The shop behind a source: asked for what its webhooks did not tell, tried out, or left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.flows.inlets.keep_catch_ups import EndAsking, ask_shops, end_asking
from regulars.records.inlets.catching import read
from regulars.records.inlets.types import Inlet
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.catching.shops import (
    SAID,
    Wanted,
    asks_for,
    hooked,
    sealing,
    tried,
)
from regulars.surfaces.connect.vendors import CRM, MAGENTO, SALESFORCE
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.sources.sources import PAGE, found_inlet, source
from regulars.surfaces.console.words import N

SAYS: Final = {
    "address": N("Say where the shop is, as https://shop.example.org"),
    "key": N("Copy key and secret from the shop once more; they go with no other address"),
    "secret": N("A key goes with its secret: enter both"),
    "since": N("Say a day that is over"),
}

_ALL_FOUR: Final = N(
    "Enter the access token, and where requests are signed all four keys of the integration"
)
OF_MAGENTO: Final = {
    "key": _ALL_FOUR,
    "consumer": _ALL_FOUR,
    "consumer_secret": _ALL_FOUR,
    "token_secret": _ALL_FOUR,
    "secret": N("Copy the whole public key, from BEGIN to END"),
    "client": N("Enter it together with the access token"),
}
OF_TOKENS: Final = {
    "secret": N("It signs in by all of these: enter them together"),
    "token_address": N("Say where tokens are fetched, as https://login.example.org/oauth2/token"),
    "refresh_token": N("It signs in by all of these: enter them together"),
}
OF_CRM: Final = {
    **OF_TOKENS,
    "address": N("Say where it is, as https://crm.example.org"),
    "key": N("Copy the key from there once more; it goes with no other address"),
    "mapping": N("Say under `cases:` in the mapping where its list of cases is"),
}
OF_APPS: Final = {
    "secret": N("Copy the whole private key, without a password and of 2048 bits or more"),
    "client": N("A user name goes with a private key: enter both, or neither"),
}
OF_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    MAGENTO: OF_MAGENTO, CRM: OF_CRM, SALESFORCE: OF_APPS,
}  # fmt: skip


class Answers(Struct, frozen=True):
    """What came of trying: why not, or how many there are to read, where the shop says it."""

    problem: str
    ahead: int | None = None
    made: int | None = None
    """Of webhooks that were to be made in the shop: how many were not there."""


async def asked(here: Here, form: Form) -> Response[Any]:
    """A shop is asked so from now on, is tried out, or is not asked any more."""
    id_, turn = str(form.path["inlet_id"]), form.get("turn")
    inlet = await found_inlet(here, id_)
    if turn in ("test", "hooks"):
        return await source(here, id_, answers=await _tried(here, inlet, hooks=turn == "hooks"))
    try:
        outcome = await (_ended(here, inlet) if turn == "end" else _kept(here, inlet, form))
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        says = OF_KINDS.get(inlet.kind, {}).get(field, SAYS.get(field))
        wrong = {field: here.reader.say(says) if says else here.told(outcome)}
        typed = {name: form.get(name) for name in ("address", "token_address", "since")}
        return await source(here, id_, unasked=wrong, typed=typed)
    return redirect(f"{PAGE}/{id_}")


async def _kept(here: Here, inlet: Inlet, form: Form) -> Any:
    said = {name: form.get(name).strip() for name in SAID}
    wanted = Wanted(since=since_of(here, form.get("since").strip()), **said)
    async with here.transaction as tx:
        before = await read.one(tx, inlet.inlet_id)
    async with here.transaction as tx:
        (outcome,) = await ask_shops(tx, [asks_for(here.given, inlet, wanted, here.by, before)])
    return outcome


async def _ended(here: Here, inlet: Inlet) -> Any:
    async with here.transaction as tx:
        (outcome,) = await end_asking(tx, [EndAsking(inlet.inlet_id, here.by)])
    return outcome


async def _tried(here: Here, inlet: Inlet, *, hooks: bool) -> Answers:
    async with here.transaction as tx:
        found = await read.one(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("The shop of this source is not asked")
    try:
        if hooks:
            place = f"{here.origin}/v1/in/{shown('inl', inlet.inlet_id)}"
            made = await hooked(here.given, inlet, found, place)
            if made.secret:
                await _sealed(here, inlet, made.secret)
            return Answers("", made=made.many)
        page = await tried(here.given, inlet, found)
    except NotTold as why:
        return Answers(in_words(here.reader, why.why))
    ahead = page.answered.ahead
    return Answers("", None if ahead is None else ahead + page.answered.count)


async def _sealed(here: Here, inlet: Inlet, secret: str) -> None:
    """Keep what a shop signs by from now on, beside the keys as they are by then."""
    async with here.transaction as tx:
        kept = await read.one(tx, inlet.inlet_id, held=True)
        if kept is not None:
            await ask_shops(tx, [sealing(here.given, inlet, kept, secret, here.by)])


def since_of(here: Here, typed: str) -> datetime | None:
    """The first moment of a day of the program. Faults: Invalid."""
    if not typed:
        return None
    try:
        day = datetime.fromisoformat(typed[:10])
    except ValueError:
        raise Invalid("this is no day", field="/since") from None
    return day.replace(tzinfo=ZoneInfo(here.version.program.zone))
