"""Somebody writes an offer, closes it, or forgets it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid
from regulars.base.languages import language_of, written_in
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.terms.promised.commands import (
    KeepOffer,
    MoveOffer,
    OfferCommand,
    OfferOutcome,
)
from regulars.flows.terms.promised.desk import ill_ruled, may, not_so, noted, nothing
from regulars.records.access.staff.permissions import Permission
from regulars.records.program.changes.offers import read, write
from regulars.records.program.changes.offers.types import Access, Offer
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.types import Segment

MOST: Final = 500
"""Offers of a program, those that are over counted."""
MOST_MEMBERS: Final = 100_000_000
LONGEST_CODE: Final = 30
"""So that `offer-<code>` is an attribute, and the name of a rule, like any other."""
AHEAD: Final = timedelta(days=1_100)
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FORBIDDEN: Final = "your role does not do this; ask an owner"


async def keep_offers(tx: Tx, terms: Terms, batch: Sequence[OfferCommand]) -> list[OfferOutcome]:
    """Each of these is kept, closed or dropped, one after the other; the same said again changes
    nothing.

    Refuses: `offer_not_so` for a step that is not its next, and to change what was promised.
    Faults, each for its own item: `invalid` at a field, `not_found`, `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: OfferCommand) -> OfferOutcome:
    if not await may(tx, command.by, Permission.MESSAGES_WRITE):
        return Forbidden(_FORBIDDEN)
    there = await read.offer(tx, command.code)
    if isinstance(command, KeepOffer):
        return await _keep(tx, terms, command, there)
    return nothing(command.code) if there is None else await _step(tx, command, there)


async def _keep(tx: Tx, terms: Terms, command: KeepOffer, there: Offer | None) -> OfferOutcome:
    version = terms.at(tx.now)
    wrong = _ill(command, version, tx)
    if wrong is not None:
        return wrong
    segment = await segments.segment(tx, command.segment) if command.segment else None
    if command.segment and (segment is None or segment.saved is None):
        return Invalid(f"there is no saved segment {command.segment[:40]}", field="/segment")
    return await _kept(tx, version, (command, segment), there)


async def _kept(
    tx: Tx, version: Version, what: tuple[KeepOffer, Segment | None], there: Offer | None
) -> OfferOutcome:
    command, segment = what
    if there is None and len(await read.offers(tx)) >= MOST:
        return Invalid(f"There are {MOST} offers; drop one first", field="/code")
    now = _now(tx, command, segment, there)
    if now == there:
        return now
    if there is not None and there.state != "draft":
        return not_so(there, "What was promised stays as it was; close it and write another")
    wrong = await ill_ruled(tx, now, version)
    if wrong is None:
        await tx.write([*write.keep(tx, now), *noted(tx, command.by, "offer.written", now)])
    return wrong or now


def _now(tx: Tx, command: KeepOffer, segment: Segment | None, there: Offer | None) -> Offer:
    told: dict[str, Any] = {
        "name": command.name.strip(),
        "gives": command.gives,
        "says": {language: text.strip() for language, text in command.says.items()},
        "segment_id": None if segment is None else segment.segment_id,
        "activating": command.activating,
        "days": command.days,
        "ends_on": command.ends_on,
        "budget": command.budget,
        "most": command.most,
        "held_percent": command.held_percent,
    }
    who = command.by.actor
    if there is None:
        return Offer(
            tx.new_id(), command.code, state="draft", version=1, made_at=tx.now, made_by=who,
            changed_at=tx.now, changed_by=who, **told,
        )  # fmt: skip
    if all(getattr(there, name) == value for name, value in told.items()):
        return there
    return replace(there, version=there.version + 1, changed_at=tx.now, changed_by=who, **told)


async def _step(tx: Tx, command: MoveOffer, there: Offer) -> OfferOutcome:
    if command.step == "drop":
        if there.state != "draft":
            return not_so(there, "It was opened; close it, and it stays to be read")
        await tx.write([*write.drop(tx, there), *noted(tx, command.by, "offer.dropped", there)])
        return there
    if there.state == "closed":
        return there
    if there.state != "open":
        return not_so(there, "It was never opened; drop it instead")
    now = replace(there, state="closed", closed_at=tx.now, closed_by=command.by.actor)
    await tx.write([*write.keep(tx, now), *noted(tx, command.by, "offer.closed", now)])
    return now


def _ill(command: KeepOffer, version: Version, tx: Tx) -> Fault | None:
    if len(command.code) > LONGEST_CODE or _CODE.fullmatch(command.code) is None:
        mend = f"Small letters, digits and hyphens, up to {LONGEST_CODE}: spring-bonus"
        return Invalid("This cannot be the code of an offer", field="/code", mend=mend)
    name = command.name.strip()
    if not (0 < len(name) <= 80 and name.isprintable()):
        return Invalid("Say in up to 80 letters what it is", field="/name")
    if not 0 <= command.held_percent <= 50:
        return Invalid("From 0 to 50 of a hundred can be held out", field="/held_percent")
    if not 1 <= command.most <= MOST_MEMBERS:
        return Invalid("Say how many members may have it: 1 or more", field="/most")
    return _ill_said(command, version) or _ill_ends(command, tx.now.astimezone(version.zone).date())


def _ill_said(command: KeepOffer, version: Version) -> Fault | None:
    own = language_of(version.program.locale)
    if own not in command.says:
        return Invalid(f"Say in {own} what members read", field="/says")
    for language, text in command.says.items():
        if language not in written_in(own):
            mend = f"One of {', '.join(written_in(own))}"
            return Invalid("Nobody reads this language here", field=f"/says/{language}", mend=mend)
        if not (0 < len(text.strip()) <= 200 and text.strip().isprintable()):
            says = "Say in one line of up to 200 letters what members read"
            return Invalid(says, field=f"/says/{language}")
    return None


def _ill_ends(command: KeepOffer, today: date) -> Fault | None:
    if command.days is None and command.ends_on is None:
        return Invalid("Say for how many days, or until when", field="/days")
    if command.days is not None and not 1 <= command.days <= 366:
        return Invalid("Say from 1 to 366 days", field="/days")
    if command.ends_on is not None and not today < command.ends_on <= today + AHEAD:
        return Invalid("Say a day that is still to come, within three years", field="/ends_on")
    if command.budget is not None and isinstance(command.gives, Access):
        return Invalid("A benefit has no points; say how many members", field="/budget")
    return None
