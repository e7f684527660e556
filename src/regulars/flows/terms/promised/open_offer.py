"""An offer is opened: published with the program, and given from then on."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Forbidden, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.checking.admission import admit
from regulars.engine.terms import Terms
from regulars.flows.terms.promised.commands import OfferOutcome, OpenOffer
from regulars.flows.terms.promised.desk import ill_ruled, may, not_so, noted, nothing
from regulars.flows.terms.promised.fair import newcomers_alone
from regulars.flows.terms.publish_program import (
    Aside,
    Said,
    WarningsOpen,
    at_once,
    publish_program,
    warnings_open,
)
from regulars.records.access.staff.permissions import Permission
from regulars.records.program import read as programs
from regulars.records.program.changes.offers import read, write
from regulars.records.program.changes.offers.ruling import in_file, published
from regulars.records.program.changes.offers.types import FEWEST, PREFIX, Access, Offer
from regulars.records.program.reading import read_program

MOST_LIVE: Final = 50
"""Offers that are in the program at a time: each asks something of every purchase."""
_LOCK: Final = waiting_for(Alone.PUBLISHING)


async def open_offer(
    tx: Tx, terms: Terms, command: OpenOffer, aside: Aside = at_once
) -> OfferOutcome:
    """Publish the program with what this offer promises, from now on; opened already, nothing.

    Order: whoever publishes waits first, then whoever keeps offers. What nobody has any more is
    taken out of the file on the way. What its newest version is warned of was meant before, and is
    not asked again.
    Refuses: `offer_not_so`; `too_many_offers`; `program_planned` while another version waits.
    Faults: `not_found`, `forbidden`, `invalid` at a field, and all that forbids to publish;
    `warnings_open` also where only newcomers would have it.
    """
    await tx.fetch(_LOCK, tx.program_id)
    await write.hold(tx)
    if not await may(tx, command.by, Permission.PROGRAM_PUBLISH):
        return Forbidden("your role does not publish; ask somebody who does")
    there = await read.offer(tx, command.code)
    if there is None:
        return nothing(command.code)
    if command.version not in (None, there.version):
        return not_so(there, "it was changed since; look at it again")
    if there.state == "open":
        return there
    no = await _refused(tx, terms, there)
    return no if no is not None else await _opened(tx, terms, command, there, aside)


async def _opened(tx: Tx, terms: Terms, command: OpenOffer, there: Offer, aside: Aside) -> Offer:
    holds_out = False
    if there.segment_id is not None:
        holds_out = there.held_percent > 0 and await read.inside(tx, there.segment_id) >= FEWEST
    now = replace(
        there, state="open", opened_at=tx.now, opened_by=command.by.actor, holds_out=holds_out
    )
    source = (await programs.versions(tx))[-1].source
    made = source
    unlike = [
        one for one in await newcomers_alone(tx, terms, now) if one.code not in command.accept
    ]
    if not isinstance(now.gives, Access):
        made = published(source, now, await _gone(tx, terms, source))
    if made != source:
        said = Said(accept=(*command.accept, *_meant(source)))
        try:
            await publish_program(tx, made, by=command.by.actor, said=said, aside=aside)
        except WarningsOpen as no:  # all that is to be meant is asked at once
            raise warnings_open([*unlike, *no.problems]) from no
    if unlike:
        raise warnings_open(unlike)
    await tx.write([*write.keep(tx, now), *noted(tx, command.by, "offer.opened", now)])
    return now


async def _refused(tx: Tx, terms: Terms, there: Offer) -> Refused | Fault | None:
    if there.state == "closed":
        return not_so(there, "It is over; write another")
    version = terms.at(tx.now)
    if there.over(tx.now.astimezone(version.zone).date()):
        return Invalid("It would end before it began", field="/ends_on", mend="Say a later end")
    publishes = not isinstance(there.gives, Access)
    if publishes and (await programs.versions(tx))[-1].effective_from > tx.now:
        says = "another version of the program is planned; wait for it"
        return Refused("program_planned", says)
    if len(await read.opened(tx)) >= MOST_LIVE:
        says = f"{MOST_LIVE} offers at once are the most; close one first"
        return Refused("too_many_offers", says, {"at_most": MOST_LIVE})
    return await ill_ruled(tx, there, version)


def _meant(source: str) -> list[str]:
    """The warnings that the newest version has already: whoever published it meant them."""
    return [one.code for one in admit(source).warnings if one.code]


async def _gone(tx: Tx, terms: Terms, source: str) -> set[str]:
    """What offers put into this file and nobody has any more."""
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    last_days = await read.last_days(tx, in_file(read_program(source)))
    return {PREFIX + code for code, last in last_days.items() if last <= today}
