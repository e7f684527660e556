"""Offers: a list, an editor, who has one, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.promised.commands import (
    GiveOffer,
    KeepOffer,
    MoveOffer,
    OpenOffer,
    Step,
)
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.flows.terms.promised.keep_offers import keep_offers
from regulars.flows.terms.promised.open_offer import open_offer
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.insight.experiments.since_each import OF_OFFER, brought_since
from regulars.records.access.staff.permissions import Permission
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers import read
from regulars.records.program.changes.offers.types import Bonus, Offer, Price, Times
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.problems import Problem
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.promised.typed import FIELDS, as_typed, begun, typed
from regulars.surfaces.console.offers.promised.words import BECAME, KINDS, STATES
from regulars.surfaces.console.terms.campaigns.changed import Changed, changed
from regulars.surfaces.console.terms.campaigns.tongues import tongues
from regulars.surfaces.in_words.warned import warnings_in_words

PAGE: Final = "/console/offers"
_STEPS: Final[dict[str, Step]] = {"close": "close", "drop": "drop"}
_KIND: Final = {Bonus: "bonus", Times: "multiply", Price: "reward"}
Wrong = dict[str, str]
"""What is wrong, by field; "" above all."""


async def listed(here: Here, form: Form | None = None, wrong: Wrong | None = None) -> Response[str]:
    """Every offer, and a form to begin one."""
    async with here.transaction as tx:
        found = await read.offers(tx)
        names = {one.segment_id: one.name for one in await segments.segments(tx)}
    items = [
        (one, STATES[one.state], KINDS[_kind(one)], names.get(cast("UUID", one.segment_id), ""))
        for one in found
    ]
    return here.page(
        "offers/promised/list.html",
        status=422 if wrong else 200,
        items=items,
        offered=[(name, here.reader.say(says)) for name, says in KINDS.items()],
        form=form or Form({}),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """An offer is begun, with what stands to reason."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.offer(tx, code)
    if there is not None:
        no = Invalid("There is an offer of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    command = begun(here, form)
    kept = command if isinstance(command, Invalid) else await _do(here, keep_offers, command)
    if isinstance(kept, Fault | Refused):
        return await listed(here, form, _wrong(here, kept, "code"))
    return redirect(f"{PAGE}/{kept.code}")


async def offer(here: Here, code: str) -> Response[str]:
    """One offer: what it gives, to whom, who has it, and what it changed."""
    return await _page(here, await _there(here, code))


async def _there(here: Here, code: str) -> Offer:
    async with here.transaction as tx:
        found = await read.offer(tx, code)
    if found is None:
        raise NotFound("there is no such offer; look at the list again")
    return found


async def _page(
    here: Here,
    found: Offer,
    form: Form | None = None,
    wrong: Wrong | None = None,
    warned: Sequence[Problem] = (),
) -> Response[str]:
    """The offer; where the program would be warned of something new by opening it, that stands
    beside the button, to be meant by name."""

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        there = await segments.segments(tx)
        counts = await read.counts(tx, found.offer_id)
        own = next((s.code for s in there if s.segment_id == found.segment_id), "")
        return {
            "segments": [("", here.reader.say("Only who is given it")),
                         *((one.code, one.name) for one in there if one.saved is not None)],
            "counts": [(BECAME.get((one.state, one.why), one.state), one.members)
                       for one in counts],
            "changed": await _changed(here, tx, found),
            "told": as_typed(found) | {"segment": own},
        }  # fmt: skip

    seen, program = await here.read(look), here.version.program
    return here.page(
        "offers/promised/one.html",
        status=422 if wrong or warned else 200,
        one=found,
        warned=warned,
        kind=_kind(found),
        kind_words=KINDS[_kind(found)],
        state=STATES[found.state],
        wallets=[(id_, wallet.name or id_) for id_, wallet in program.wallets.items()],
        rewards=[(one.id, one.name) for one in program.rewards if one.id != found.known_as],
        benefits=[(one.id, one.name) for one in program.benefits],
        written_in=tongues(here),
        own=language_of(program.locale),
        typed=form,
        wrong=wrong or {},
        **seen,
    )


async def _changed(here: Here, tx: Tx, found: Offer) -> Changed | None:
    """What it changed, as far as somebody was held out of it to see that."""
    if not found.holds_out:
        return None
    today = tx.now.astimezone(here.zone).date()
    came = await brought_since(tx, OF_OFFER, (found.offer_id, ""), str(here.zone), today)
    return None if came is None else changed(here, came)


async def change(here: Here, form: Form) -> Response[Any]:
    """An offer is written, opened, closed, dropped, or given to a member."""
    code, does = str(form.path["offer"]), form.get("does")
    found = await _there(here, code)
    if does == "open":
        done = await _open(here, form, code)
    elif does == "give":
        member = form.get("member").strip()
        ref = MemberRef(email=member) if "@" in member else MemberRef(number=member)
        done = await _do(here, give_offers, GiveOffer(code, ref, here.by))
    elif does in _STEPS:
        done = await _do(here, keep_offers, MoveOffer(code, _STEPS[does], here.by))
    else:
        done = await _kept(here, form, found)
    if isinstance(done, WarningsOpen):
        return await _page(here, found, warned=warnings_in_words(here.reader, done.problems))
    if isinstance(done, Fault | Refused):
        kept = form if does == "" else None
        return await _page(here, found, kept, _wrong(here, done, "member" * (does == "give")))
    return redirect(PAGE if does == "drop" else f"{PAGE}/{code}")


async def _kept(here: Here, form: Form, found: Offer) -> Any:
    try:
        command: KeepOffer = typed(here, form, found)
    except Invalid as fault:
        return fault
    return await _do(here, keep_offers, command)


async def _open(here: Here, form: Form, code: str) -> Any:
    """Published with the program; whoever serves it learns of its new terms."""
    if not here.may(Permission.PROGRAM_PUBLISH):
        raise NotFound("there is nothing at this address")
    version = form.whole("version") if form.get("version") else None
    command = OpenOffer(code, here.by, version, form.all("accept"))
    terms = await here.given.programs.terms(here.terms.program_id)
    try:
        async with here.transaction as tx:
            done = await open_offer(tx, terms, command, here.given.aside)
    except Fault as fault:
        return fault
    here.given.programs.forget(here.terms.program_id)
    return done


async def _do(here: Here, flow: Any, command: Any) -> Any:
    try:
        return cast("Any", await here.do(flow, command))
    except Fault as fault:
        return fault


def _wrong(here: Here, no: Fault | Refused, default: str) -> Wrong:
    place = no.field if isinstance(no, Fault) else ""
    if place.startswith("/says"):
        field = f"{place.removeprefix('/says').strip('/') or 'says'}-says".replace("says-says", "")
    else:
        field = FIELDS.get(place, place.strip("/").replace("/", "-"))
    says = here.told(no)
    mend = no.facts.get("mend") if isinstance(no, Fault) else None
    return {field or default: f"{says} ({mend})" if mend else says}


def _kind(one: Offer) -> str:
    return _KIND.get(type(one.gives), "access")


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (PAGE + "/{offer:str}", Permission.MEMBERS_READ, lambda here, path: offer(here, path["offer"])),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{offer:str}", Permission.MESSAGES_WRITE, change),
)
