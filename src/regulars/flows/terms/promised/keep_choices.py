"""Somebody says among which offers is chosen, opens that, closes it, or forgets it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.promised.desk import may
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.program.changes.choices import read, write
from regulars.records.program.changes.choices.types import Choice
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.offers.types import Offer
from regulars.records.program.changes.segments import read as segments

MOST: Final = 100
"""Choices of a program, those that are over counted."""
MOST_OFFERS: Final = 5
LONGEST_CODE: Final = 30
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class KeepChoice(Struct, frozen=True):
    """Among these offers one is to be chosen for each member of a segment; it is a draft.

    Shape: `offers` by their codes; with `nothing` nothing is one of them. Units: `explore_percent`
    of a hundred is chosen by chance alone; what is spent in `days` is what a choice brought.
    """

    code: str
    name: str
    segment: str
    offers: tuple[str, ...]
    by: By
    nothing: bool = True
    explore_percent: int = 20
    days: int = 28


Step = Literal["open", "close", "drop"]
"""Members are chosen for; nobody new is; forget what was never opened."""


class MoveChoice(Struct, frozen=True):
    """A choice takes a step; `version` is the one its reader saw."""

    code: str
    step: Step
    by: By
    version: int | None = None


ChoiceOutcome = Choice | Refused | Fault


async def keep_choices(
    tx: Tx, terms: Terms, batch: Sequence[KeepChoice | MoveChoice]
) -> list[ChoiceOutcome]:
    """Each of these is kept, opened, closed or dropped; the same said again changes nothing.

    Refuses: `offer_not_so` for a step that is not its next, for an offer that is not open when the
    choice is opened, or that is given to a segment by itself, and to change what was opened.
    Faults, each for its own item: `invalid` at a field, `not_found`, `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: KeepChoice | MoveChoice) -> ChoiceOutcome:
    if not await may(tx, command.by, Permission.MESSAGES_WRITE):
        return Forbidden("your role does not do this; ask an owner")
    there = await read.choice(tx, command.code)
    if isinstance(command, KeepChoice):
        return await _keep(tx, command, there)
    return no_choice(command.code) if there is None else await _step(tx, terms, command, there)


async def _keep(tx: Tx, command: KeepChoice, there: Choice | None) -> ChoiceOutcome:
    wrong = _ill(command)
    found = await _named(tx, command) if wrong is None else wrong
    if isinstance(found, Fault):
        return found
    if there is None and len(await read.choices(tx)) >= MOST:
        return Invalid(f"There are {MOST} choices; drop one first", field="/code")
    now = _now(tx, command, found, there)
    if now == there:
        return now
    if there is not None and there.state != "draft":
        return _not_so(there, "What was opened stays as it was; close it and begin another")
    await tx.write([*write.keep(tx, now), *_noted(tx, command.by, "choice.written", now)])
    return now


async def _named(tx: Tx, command: KeepChoice) -> tuple[UUID, Sequence[Offer]] | Fault:
    """The segment and the offers it names, where they are there."""
    segment = await segments.segment(tx, command.segment)
    if segment is None or segment.saved is None:
        return Invalid(f"there is no saved segment {command.segment[:40]}", field="/segment")
    some = []
    for place, code in enumerate(command.offers):
        one = await offers.offer(tx, code)
        if one is None:
            return Invalid(f"there is no offer {code[:40]}", field=f"/offers/{place}")
        some.append(one)
    return segment.segment_id, some


def _now(
    tx: Tx, command: KeepChoice, what: tuple[UUID, Sequence[Offer]], there: Choice | None
) -> Choice:
    segment_id, some = what
    told: dict[str, Any] = {
        "name": command.name.strip(),
        "segment_id": segment_id,
        "offers": tuple(one.offer_id for one in some),
        "nothing": command.nothing,
        "explore_percent": command.explore_percent,
        "days": command.days,
    }
    if there is None:
        return Choice(
            tx.new_id(), command.code, state="draft", version=1, made_at=tx.now,
            made_by=command.by.actor, **told,
        )  # fmt: skip
    if all(getattr(there, name) == value for name, value in told.items()):
        return there
    return replace(there, version=there.version + 1, **told)


async def _step(tx: Tx, terms: Terms, command: MoveChoice, there: Choice) -> ChoiceOutcome:
    if command.version not in (None, there.version):
        return _not_so(there, "it was changed since; look at it again")
    if command.step == "drop":
        if there.state != "draft":
            return _not_so(there, "It was opened; close it, and it stays to be read")
        await tx.write([*write.drop(tx, there), *_noted(tx, command.by, "choice.dropped", there)])
        return there
    if command.step == "open":
        return await _open(tx, terms, command.by, there)
    return await _close(tx, command, there)


async def _close(tx: Tx, command: MoveChoice, there: Choice) -> ChoiceOutcome:
    if there.state == "closed":
        return there
    if there.state != "open":
        return _not_so(there, "It was never opened; drop it instead")
    now = replace(there, state="closed", closed_at=tx.now, closed_by=command.by.actor)
    await tx.write([*write.keep(tx, now), *_noted(tx, command.by, "choice.closed", now)])
    return now


async def _open(tx: Tx, terms: Terms, by: By, there: Choice) -> ChoiceOutcome:
    if there.state == "open":
        return there
    if there.state == "closed":
        return _not_so(there, "It is over; begin another")
    no = await _closed_to(tx, terms, there)
    if no is not None:
        return no
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    line = await read.line(tx, there.segment_id, today)
    now = replace(there, state="open", opened_at=tx.now, opened_by=by.actor, line_minor=line)
    await tx.write([*write.keep(tx, now), *_noted(tx, by, "choice.opened", now)])
    return now


async def _closed_to(tx: Tx, terms: Terms, there: Choice) -> Refused | Fault | None:
    """Which of its offers nobody can be given by it, and why."""
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    some = await offers.some(tx, there.offers)
    for place, id_ in enumerate(there.offers):
        one = some.get(id_)
        if one is None:
            return Invalid("this offer was dropped", field=f"/offers/{place}")
        if one.state != "open" or one.over(today):
            return _not_so(there, f"open the offer {one.code} first")
        if one.segment_id is not None:
            return _not_so(there, f"{one.code} is given to a whole segment, so nobody can choose")
    return None


def _ill(command: KeepChoice) -> Fault | None:
    if len(command.code) > LONGEST_CODE or _CODE.fullmatch(command.code) is None:
        mend = f"Small letters, digits and hyphens, up to {LONGEST_CODE}: come-back"
        return Invalid("This cannot be the code of a choice", field="/code", mend=mend)
    name = command.name.strip()
    if not (0 < len(name) <= 80 and name.isprintable()):
        return Invalid("Say in up to 80 letters what it is", field="/name")
    return _ill_offers(command) or _ill_numbers(command)


def _ill_offers(command: KeepChoice) -> Fault | None:
    if len(set(command.offers)) != len(command.offers):
        return Invalid("An offer is named twice", field="/offers")
    if not 1 <= len(command.offers) <= MOST_OFFERS:
        return Invalid(f"Name from 1 to {MOST_OFFERS} offers", field="/offers")
    if len(command.offers) + command.nothing < 2:
        mend = "Name another offer, or let nothing be one of them"
        return Invalid("There is nothing to choose among", field="/offers", mend=mend)
    return None


def _ill_numbers(command: KeepChoice) -> Fault | None:
    if not 10 <= command.explore_percent <= 100:
        return Invalid("From 10 to 100 of a hundred are chosen by chance", field="/explore_percent")
    if not 7 <= command.days <= 90:
        return Invalid("Say from 7 to 90 days", field="/days")
    return None


def no_choice(code: str) -> Fault:
    """There is no such choice."""
    return NotFound(f"there is no choice {code[:40]}", field="/code")


def _not_so(there: Choice, says: str) -> Refused:
    return Refused("offer_not_so", says, {"state": there.state, "version": there.version})


def _noted(tx: Tx, by: By, did: str, now: Choice) -> Sequence[Any]:
    after: dict[str, Any] = {"name": now.name, "version": str(now.version)}
    return acted(tx, [Done(by, did, "choice", now.code, before={}, after=after)])
