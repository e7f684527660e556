"""Somebody says of two booked sales that they are one: the later one is given back, and linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.returning.sale import TooMuchReturned
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.before.lives import base
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity, SaleRef
from regulars.records.inlets import read, write
from regulars.records.inlets.types import SAME, Arrival, Ended, Gave, Inlet
from regulars.records.members import read as members
from regulars.records.members.types import Asked, MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import digest, natural_key
from regulars.records.once.write import Kept, free, keep
from regulars.records.standing import read as standing

SAYS: Final = "somebody said that it is the same sale as another one"
_BY_HAND: Final = "Correct the points by hand if what was booked is wrong; else leave it"
_decode: Final = msgspec.msgpack.Decoder(Recorded).decode
_encode: Final = msgspec.msgpack.Encoder(order="deterministic").encode


class SaySame(Struct, frozen=True):
    """The sale that this event was booked as is this other one, which is booked as well."""

    inlet_id: UUID
    arrival_id: UUID
    activity_id: UUID
    by: By
    asked: Asked = Asked()


class SaidSame(Struct, frozen=True):
    """The event's sale is given back, and its receipt stands for the other one from now on."""

    arrival_id: UUID
    activity_id: UUID
    returned: UUID | None = None
    """The return; nothing where all of it was back before."""
    replayed: bool = False


SameOutcome = SaidSame | Fault | Refused


async def say_same(tx: Tx, terms: Terms, batch: Sequence[SaySame]) -> list[SameOutcome]:
    """Each of these events told a sale that is booked by another name: what it was booked as is
    given back whole, and whatever its source tells of it later is of the other one.

    It stays linked with both and with the return; *This was another sale* takes it back.
    Order: the event is held, then its member, so that of two who say it at once, of one event or
    of each sale that it is the other, the second finds it said.
    Faults, each for its own item: `not_found`; `invalid` for an event that was booked as no sale of
    its own, for a sale of another member or with another total, where it was said otherwise, and
    where something of either came back: of which of both it was, nobody knows.
    """
    return [await _said(tx, terms, one) for one in batch]


async def _said(tx: Tx, terms: Terms, one: SaySame) -> SameOutcome:
    inlet = await read.inlet(tx, one.inlet_id)
    found = (await read.some(tx, [one.arrival_id], held=True)).get(one.arrival_id)
    if inlet is None or found is None or found.inlet_id != one.inlet_id:
        return NotFound("There is no such event", field="/arrival_id")
    gave = await read.gave(tx, [one.arrival_id])
    if found.code == SAME and one.activity_id in {each.activity_id for each in gave}:
        return SaidSame(one.arrival_id, one.activity_id, replayed=True)
    sale = await _sale_of(tx, inlet, found, gave)
    if not isinstance(sale, Activity):
        return sale
    other = await _other(tx, terms, sale, one)
    if not isinstance(other, Activity):
        return other
    back = await _given_back(tx, terms, sale, one)
    if isinstance(back, Fault | Refused):
        return back
    await _stands_for(tx, sale, other)
    named = [Gave(one.arrival_id, other.activity_id, other.member_id, first=False)]
    if back is not None:
        named.append(Gave(one.arrival_id, back, sale.member_id, first=True))
    about = {"arrival": one.arrival_id.hex}
    told = Done(one.by, "inlet.said_same", "inlet", inlet.inlet_id.hex, {}, about)
    ended = Ended(one.arrival_id, "booked", SAME, "", SAYS)
    await tx.write([*write.end(tx, [ended]), *write.gave(tx, named), *acted(tx, [told])])
    return SaidSame(one.arrival_id, one.activity_id, back)


async def _sale_of(tx: Tx, inlet: Inlet, found: Arrival, gave: Sequence[Gave]) -> Activity | Fault:
    """The sale that an event was booked as, under a receipt of its own source."""
    mine = {
        each.activity_id: each.member_id for each in gave if each.activity_id not in found.apart
    }
    rows = await activities.some(tx, list(mine.values()), list(mine))
    sales = [row for row in rows.values() if row.kind == "purchase" and row.source == inlet.source]
    if found.state != "booked" or found.code not in ("", SAME) or len(sales) != 1:
        mend = "Say it of an event that was booked as one sale"
        return Invalid(
            "This event was booked as no sale of its own", field="/arrival_id", mend=mend
        )
    if found.code == SAME:
        mend = "Say first that it is another sale"
        return Invalid("It is the same as another one, as was said", field="/activity", mend=mend)
    if sales[0].member_id == NOBODY:
        mend = "Credit it to its member first"
        return Invalid("It is booked to nobody", field="/arrival_id", mend=mend)
    return sales[0]


async def _other(tx: Tx, terms: Terms, sale: Activity, one: SaySame) -> Activity | Fault:
    owner = await activities.whose(tx, [one.activity_id])
    rows = await activities.some(tx, list(owner.values()), list(owner))
    other = rows.get(one.activity_id)
    if other is None or other.kind != "purchase" or other.activity_id == sale.activity_id:
        return NotFound("There is no such other sale", field="/activity")
    refs = [MemberRef(id=each.member_id) for each in (sale, other)]
    country = terms.versions[-1].program.country
    whose = await members.whom(tx, country, refs)
    if isinstance(whose[0], Fault) or whose[0] != whose[1]:
        mend = "Where both are one person, merge them first"
        return Invalid("It is a sale of another member", field="/activity", mend=mend)
    if (sale.amount_minor, sale.body.paid_in) != (other.amount_minor, other.body.paid_in):
        return Invalid("It came to another total", field="/activity", mend=_BY_HAND)
    await standing.lock(tx, [sale.member_id])
    back = await activities.came_back(tx, [sale.activity_id, other.activity_id])
    if back:
        which = "/activity" if other.activity_id in back else "/arrival_id"
        return Invalid("Something of it came back already", field=which, mend=_BY_HAND)
    return other


async def _given_back(
    tx: Tx, terms: Terms, sale: Activity, one: SaySame
) -> UUID | Fault | Refused | None:
    """The return of all that is left of a sale; nothing where nothing is."""
    asked = Asked(one.asked.principal, f"same {one.arrival_id.hex} {sale.activity_id.hex}")
    wish = RecordActivity(kind="return", sale=SaleRef(id=sale.activity_id), asked=asked)
    (outcome,) = await record_activities(tx, terms, [wish])
    if isinstance(outcome, TooMuchReturned) and outcome.facts.get("left") == 0:
        return None
    return outcome.activity_id if isinstance(outcome, Recorded) else outcome


async def _stands_for(tx: Tx, sale: Activity, other: Activity) -> None:
    """A sale's receipts stand for the other one: what comes back by them is taken from that.

    Example: of an order that was closed and is paid again, `4711~2` and 4711 itself.
    Keeps: the sale is known by a key of its own, so that nothing is without one.
    """
    own, plain, theirs = (
        natural_key(one.source, external_id, one.kind)
        for one, external_id in (
            (sale, sale.external_id), (sale, base(sale.external_id)), (other, other.external_id),
        )
    )  # fmt: skip
    found = await known(tx, [own, plain, theirs])
    mine = {key: found[key] for key in (own, plain) if key in found}
    mine = {key: one for key, one in mine.items() if one.subject_id == sale.activity_id}
    if not mine:
        return
    first = SaleRef(source=other.source, external_id=other.external_id)
    stays = next(iter(mine.values()))
    before = _decode(found.get(theirs, stays).answer)
    answer = replace(before, activity_id=other.activity_id, member_id=other.member_id, first=first)
    whose = (other.member_id, other.activity_id)
    kept = [Kept(key, one.content, *whose, _encode(answer)) for key, one in mine.items()]
    kept.append(Kept(digest("same sale", sale.activity_id.hex), stays.content, sale.member_id,
                     sale.activity_id, stays.answer))  # fmt: skip
    await tx.write(free(tx, list(mine)))
    await tx.write(keep(tx, kept))
