"""Claims of members and disputes of partners are granted or rejected."""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.flows.points.partners.claim_activities import decide_claims
from regulars.flows.points.partners.commands import Decide
from regulars.records.rewards.partners import read
from regulars.records.rewards.partners.settling import read as settling
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.partners.partners import PAGE, partner
from regulars.surfaces.console.offers.partners.settled import settlement
from regulars.surfaces.console.words import N

LONGEST: Final = 200
NO_REASON: Final = N("Say why, in a few words: whoever is concerned may ask")


async def claim(here: Here, form: Form) -> Response[Any]:
    """A claim is granted or rejected."""
    id_ = addressed("clm", str(form.path["claim_id"]))
    async with here.transaction as tx:
        one = next(iter(await read.claims(tx, [id_])), None)
        if one is None:
            raise NotFound("there is no such claim; look at the list again")
        slug = await _slug(tx, one.partner_id)
    wrong = await _decided(here, form, "claim", id_)
    if wrong:
        return await partner(here, slug, wrong, shown("clm", id_))
    return redirect(f"{PAGE}/{slug}#claims")


async def dispute(here: Here, form: Form) -> Response[Any]:
    """A dispute is granted or rejected; its line is in the settlement that page is about."""
    id_ = addressed("dis", str(form.path["dispute_id"]))
    async with here.transaction as tx:
        one = next(iter(await read.disputes(tx, [id_])), None)
        if one is None:
            raise NotFound("there is no such dispute; look at the settlement again")
        slug = await _slug(tx, one.partner_id)
        step = (await read.entries(tx, [one.entry_id]))[one.entry_id].step
        found = await settling.page(tx, one.partner_id, None, 1_000)
    number = next((each.number for each in found if each.after_step < step <= each.to_step), None)
    wrong = await _decided(here, form, "dispute", id_)
    if number is None:  # disputed before it was settled: nothing but its page is about it
        return await partner(here, slug, wrong) if wrong else redirect(f"{PAGE}/{slug}")
    if wrong:
        return await settlement(here, slug, str(number), wrong, shown("dis", id_))
    return redirect(f"{PAGE}/{slug}/settlements/{number}#lines")


async def _decided(
    here: Here, form: Form, about: Literal["claim", "dispute"], id_: UUID
) -> dict[str, str]:
    """What is wrong, by its field; nothing once it is decided."""
    reason = form.get("reason").strip()
    if not reason or len(reason) > LONGEST:
        return {"reason": here.reader.say(NO_REASON)}
    if form.get("does") not in ("grant", "reject"):
        return {"": here.told(Invalid("say whether it is granted or rejected", field="/does"))}
    decision: Any = "granted" if form.get("does") == "grant" else "rejected"
    asked = here.asked(form.get("key"))
    wish = Decide(about, id_, decision, here.staff.principal, reason, asked)
    try:
        done = await here.do(decide_claims, wish)
    except Fault as fault:
        done = fault
    return {"": here.told(done)} if isinstance(done, Refused | Fault) else {}


async def _slug(tx: Tx, partner_id: UUID) -> str:
    known = await read.partners(tx)
    return next(one.slug for one in known.values() if one.partner_id == partner_id)
