"""What came in is booked: all that an event tells, or nothing of it and the reason.
An event may also tell that a letter failed: nothing is booked for it, and its address is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Refused, UnknownMember
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.returning.sale import TooMuchReturned
from regulars.engine.returning.told_otherwise import Unmatched
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.inlets.about_people import About, about_people, name_of
from regulars.flows.inlets.again.never_paid import Paid, never_paid
from regulars.flows.inlets.again.reserved import tried_again
from regulars.flows.inlets.again.telling import Stands, Telling
from regulars.flows.inlets.again.told_before import record_told
from regulars.flows.inlets.carts.claims import OrderedCart, carts_ordered
from regulars.flows.inlets.carts.holding import hold_for_orders
from regulars.flows.inlets.carts.offers import OVER, carts_paid
from regulars.flows.inlets.carts.promises import PaidCart
from regulars.flows.inlets.codes_used import codes_used
from regulars.flows.membership.plans.follow_subscriptions import Followed, follow_subscriptions
from regulars.flows.membership.plans.subscriptions import Subscription
from regulars.flows.points.partners.told_in_events import PartnerTold, book_told
from regulars.flows.recording.before.told_elsewhere import (
    NOTHING_BESIDE,
    Beside,
    OtherTotal,
    ToldBeside,
)
from regulars.flows.telling.said.marking import mark_addresses
from regulars.records.inlets import write
from regulars.records.inlets.types import AS_TOLD, DUPLICATE, Arrival, Ended, Gave
from regulars.records.inlets.write import Came
from regulars.records.members import read as members
from regulars.records.members.erasure import read as erasures
from regulars.records.members.types import MemberErased, MemberRef
from regulars.records.outbox.bounces.types import Bounce, BounceKind
from regulars.records.outbox.campaigns.returned import write as returned
from regulars.records.outbox.delivery.reasons import kept_reason
from regulars.records.outbox.delivery.types import Mailed, address_digest

Unknown = Literal["card", "nobody", "refuse"]
"""Whoever is not known: a new card collects, it is a sale to nobody, or it is refused."""


class Told(Struct, frozen=True):
    """One activity that an event tells, and by what its member may be found."""

    command: RecordActivity
    refs: tuple[MemberRef, ...] = ()
    """In the order in which they are tried; the first that somebody is known by counts."""
    unknown: Unknown = "refuse"
    places: Mapping[str, str] = {}
    """By field of the activity, where it stands in the payload."""
    beside: Beside = NOTHING_BESIDE
    """By what else it is known to be one that was told another way."""


class FailedLetter(Struct, frozen=True):
    """A letter, or a text message, failed, and what whoever carried it says of that."""

    email: str
    """The address; nothing of a text message."""
    kind: BounceKind
    reason: str
    failed_at: datetime
    phone: str = ""

    @property
    def to(self) -> MemberRef:
        """Whom it was for."""
        return MemberRef(phone=self.phone) if self.phone else MemberRef(email=self.email)

    @property
    def channel(self) -> Mailed:
        """By which way it went."""
        return "sms" if self.phone else "email"


class BookArrival(Struct, frozen=True):
    """An event, held, with all that it tells; or why nothing can be booked for it."""

    arrival: Arrival
    tells: tuple[Told, ...] = ()
    ended: Ended | None = None
    letter: FailedLetter | None = None
    """Of an event that tells no activity: the letter that failed."""
    about: About | None = None
    """Of an event that tells no activity: what it says of a person."""
    codes: tuple[str, ...] = ()
    """Of an order: the codes it was made cheaper by."""
    cart: PaidCart | None = None
    """Of a paid order: the cart it was."""
    ordered: OrderedCart | None = None
    """Of an order, paid or not: the cart it was."""
    subscription: Subscription | None = None
    """Of an event that tells no activity: a subscription with all that was paid for it."""
    partner: PartnerTold | None = None
    """Of an event that tells no activity: what a partner tells, or answers to a settlement."""
    snapshot: bool = False
    """It tells how something is by now, and tells once more what was told before."""
    stands: Stands = ""
    """How an order stands that may be closed and paid again."""


class HalfBooked(Exception):
    """Of some events only a part could be booked; nothing of this transaction may stay."""

    def __init__(self, ended: Sequence[Ended]) -> None:
        super().__init__(f"{len(ended)} events would be booked by half")
        self.ended = tuple(ended)


async def book_arrivals(
    tx: Tx,
    terms: Terms,
    keyed: Keyed,
    batch: Sequence[BookArrival],
    fresh: Mapping[UUID, Came] | None = None,
) -> list[Ended]:
    """Each of these events is booked whole, or refused with its reason, and says so.

    `fresh`: nobody kept them yet, and what is to be kept of them; of such ones no request about a
    person is taken, which may be about another one of them.

    Order: activities in the order their events came. A return that comes before its sale waits for
    it, as from everywhere else.
    Raises: HalfBooked where one activity of an event is booked and another is not; whoever asked
    rolls back and says that those events are refused, or wait for the next round.
    """
    letters = await _letters(tx, terms, keyed, batch)
    said = [(one.arrival, one.about) for one in batch if one.about and not one.ended]
    others = await about_people(tx, terms, said) | await _followed(tx, terms, batch)
    others |= letters | await _by_partners(tx, terms, batch)
    tells = [(one, tell) for one in batch if one.ended is None for tell in one.tells]
    others |= await never_paid(
        tx, [Paid(a.arrival.arrival_id, a.stands, tell.command, tell.beside) for a, tell in tells]
    )
    told = [(one, tell) for one, tell in tells if one.arrival.arrival_id not in others]
    commands = await _with_members(tx, terms, [tell for _, tell in told])
    beside = [_beside(one.arrival, tell) for one, tell in told]
    beside = beside if any(one != NOTHING_BESIDE for one in beside) else []
    by_event = [
        Telling(one.arrival.arrival_id, one.snapshot, one.stands, one.arrival.told_at)
        for one, _ in told
    ]
    outcomes = await record_told(tx, terms, commands, beside, by_event)
    by_arrival: dict[Any, list[tuple[Told, Any]]] = {}
    for (one, tell), outcome in zip(told, outcomes, strict=True):
        by_arrival.setdefault(one.arrival.arrival_id, []).append((tell, outcome))
    ended, gave, half = [], [], []
    stand = set[UUID]()
    for one in batch:
        came = by_arrival.get(one.arrival.arrival_id, [])
        end = one.ended or others.get(one.arrival.arrival_id) or _ended(one, came, tx.now)
        is_half = end.state in ("refused", "waiting")
        if is_half and _only_said(one, came):
            stand.add(end.arrival_id)
        elif is_half and any(isinstance(out, Recorded) for _, out in came):
            half.append(end)
        ended.append(end)
        gave += _gave(one, came)
    if half:
        raise HalfBooked(half)
    sales = {end.arrival_id for end in ended if _is_sale(end)} | stand
    await codes_used(tx, terms, _used(batch, sales))
    ended = await _of_carts(tx, terms, batch, ended, sales)
    rows = write.end(tx, ended) if fresh is None else write.keep_ended(tx, fresh, ended)
    await tx.write([*rows, *write.gave(tx, _once(gave))])
    return ended


def _used(batch: Sequence[BookArrival], sales: Set[UUID]) -> dict[UUID, list[str]]:
    """By source, the codes its sales were made cheaper by."""
    used: dict[UUID, list[str]] = {}
    for one in batch:
        if one.codes and one.arrival.arrival_id in sales:
            used.setdefault(one.arrival.inlet_id, []).extend(one.codes)
    return used


def _is_sale(end: Ended) -> bool:
    return end.state == "booked" or end.code == DUPLICATE


async def _of_carts(
    tx: Tx,
    terms: Terms,
    batch: Sequence[BookArrival],
    ended: Sequence[Ended],
    sales: Set[UUID],
) -> list[Ended]:
    """What is off carts that became orders is handed over or stays theirs. What became of the
    events; of an order that has something off which was over here, that is said."""
    paid: dict[UUID, list[PaidCart]] = {}
    for one in batch:
        if one.cart is not None and one.arrival.arrival_id in sales:
            paid.setdefault(one.arrival.inlet_id, []).append(one.cart)
    over = await carts_paid(tx, terms, paid)
    await hold_for_orders(tx, terms, await carts_ordered(tx, _ordered(batch)))
    return [
        replace(end, reason=OVER, mend=_CHARGE)
        if one.cart is not None and _is_sale(end) and (one.arrival.inlet_id, one.cart.cart) in over
        else end
        for one, end in zip(batch, ended, strict=True)
    ]


def _beside(arrival: Arrival, tell: Told) -> Beside:
    return replace(tell.beside, apart=arrival.apart) if arrival.apart else tell.beside


def _ordered(batch: Sequence[BookArrival]) -> dict[UUID, list[OrderedCart]]:
    found: dict[UUID, list[OrderedCart]] = {}
    for one in batch:
        if one.ordered is not None:
            found.setdefault(one.arrival.inlet_id, []).append(one.ordered)
    return found


async def _letters(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[BookArrival]
) -> dict[UUID, Ended]:
    """Mark the addresses of letters that failed; by event, what became of it.

    Order: what came back of a campaign is counted before members are held, as where it is settled.
    Keeps: nothing of an address that no member has. The events are *passed*, so that an erasure
    reads what is kept of them.
    """
    told = [(one.arrival.arrival_id, one.letter) for one in batch if one.letter and not one.ended]
    if not told:
        return {}
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.to for _, one in told])
    ended: dict[UUID, Ended] = {}
    bounces: dict[Mailed, list[Bounce]] = {}
    for (arrival_id, letter), who in zip(told, whom, strict=True):
        name = name_of(letter.to, country)
        if isinstance(who, Fault) or name is None:
            ended[arrival_id] = Ended(arrival_id, "passed", _NOBODYS[0], "", _NOBODYS[1])
            continue
        address = address_digest(keyed, letter.channel, name.value)
        reason = kept_reason(letter.reason, letter.phone or letter.email)
        failed = Bounce(address, who, reason, min(letter.failed_at, tx.now), letter.kind)
        bounces.setdefault(letter.channel, []).append(failed)
        became = _COUNTED if letter.kind == "soft" else _MARKED
        ended[arrival_id] = Ended(arrival_id, "passed", became[0], "", became[1])
    for channel, some in bounces.items():
        await tx.write(returned.back_by_address(tx, some, channel))
        await mark_addresses(tx, some, channel)
    return ended


async def _followed(tx: Tx, terms: Terms, batch: Sequence[BookArrival]) -> dict[UUID, Ended]:
    """Memberships follow what is told of subscriptions; by event, what became of it."""
    told = [(one.arrival.arrival_id, one.subscription) for one in batch if not one.ended]
    some = {id_: one for id_, one in told if one is not None}
    if not some:
        return {}
    found = await follow_subscriptions(tx, terms, list(some.values()))
    return {id_: _became(id_, one) for id_, one in zip(some, found, strict=True)}


async def _by_partners(tx: Tx, terms: Terms, batch: Sequence[BookArrival]) -> dict[UUID, Ended]:
    """What partners told is booked in their accounts; by event, what became of it."""
    told = [(one.arrival, one.partner) for one in batch if one.partner and not one.ended]
    return await book_told(tx, terms, told) if told else {}


def _became(arrival_id: UUID, one: Followed) -> Ended:
    """What became of a subscription; the first word that was refused says why.

    Keeps: what was told beside it stays told, as every payment counts for itself.
    """
    for no in one.refused:
        if isinstance(no, Refused):
            return Ended(arrival_id, "refused", no.code, "", no.says)
        mend, erased = str(no.facts.get("mend", "")), isinstance(no, MemberErased)
        return Ended(arrival_id, "refused", no.code, "", no.says, mend, forget=erased)
    if one.membership_id is None:
        return Ended(arrival_id, "passed", "unpaid", "", "nothing is paid yet")
    return Ended(arrival_id, "booked", FOLLOWED)


_CHARGE: Final = "Correct the points by hand if what was booked is wrong; else leave it"
FOLLOWED: Final = "membership"
"""Of an event that is booked as words about a membership, and as no activity."""
_MARKED: Final = ("marked", "its address is marked")
_COUNTED: Final = ("counted", "it failed for now, and is counted")
_NOBODYS: Final = ("nobody", "nobody here has this address")
"""What becomes of a letter that failed: code and words."""


def _only_said(one: BookArrival, came: Sequence[tuple[Told, Any]]) -> bool:
    """Whether all that is wrong is said beside what is booked: what an order comes to by now, that
    nobody knows which of its lines came back, or of such an order more came back than it tells.
    What was booked stands, the rest of what tells how it is by now is booked; somebody looks at
    the event."""
    no = [out for _, out in came if isinstance(out, (Fault, Refused))]
    return one.snapshot and bool(no) and all(isinstance(out, _findings(no)) for out in no)


def _findings(no: Sequence[Any]) -> tuple[type[Fault], ...]:
    is_other = any(isinstance(out, OtherTotal) for out in no)
    return (*_SAID, TooMuchReturned) if is_other else _SAID


_SAID: Final = (OtherTotal, Unmatched)


def _ended(one: BookArrival, came: Sequence[tuple[Told, Any]], now: datetime) -> Ended:
    arrival_id = one.arrival.arrival_id
    booked = [out for _, out in came if isinstance(out, Recorded)]
    no = [(tell, out) for tell, out in came if isinstance(out, (Fault, Refused))]
    findings = _findings([out for _, out in no])
    no.sort(key=lambda each: isinstance(each[1], findings))
    no.sort(key=lambda each: isinstance(each[1], ToldBeside))  # what is wrong with it goes first
    if no and isinstance(no[0][1], ToldBeside) and len(no) + len(booked) == len(came):
        # Of what it was told beside nothing was booked: alone, it may be the one that is.
        code = one.arrival.code if one.arrival.code == AS_TOLD else ""
        return Ended(arrival_id, "waiting", code, try_at=one.arrival.received_at)
    for tell, outcome in no:
        if isinstance(outcome, Refused):
            later = tried_again(one.arrival, outcome, now)
            return later or Ended(arrival_id, "refused", outcome.code, "", outcome.says)
        if isinstance(outcome, Fault):
            steps = outcome.field.strip("/").split("/")
            name = "currency" if steps[-1] == "currency" else steps[0]
            name = "sale_kind" if steps == ["sale", "kind"] else name
            field = tell.places.get(name, outcome.field)
            mend = str(outcome.facts.get("mend", ""))
            told = (outcome.code, field, outcome.says, mend)
            return Ended(arrival_id, "refused", *told, forget=isinstance(outcome, MemberErased))
    again = [out.first for out in booked if out.first is not None]
    if again and len(again) == len(booked):
        first, more = again[0], f" and {len(again) - 1} more" if len(again) > 1 else ""
        says = f"{first.source or 'another source'} told it first, as {first.external_id}{more}"
        return Ended(arrival_id, "passed", DUPLICATE, "", says)
    return Ended(arrival_id, "booked" if booked else "passed")


def _gave(one: BookArrival, came: Sequence[tuple[Told, Any]]) -> list[Gave]:
    """What it was booked as, or stands for."""
    id_ = one.arrival.arrival_id
    gave = [
        Gave(id_, out.activity_id, out.member_id, not out.replayed and out.first is None)
        for _, out in came
        if isinstance(out, Recorded)
    ]
    linked = [out.linked for _, out in came if isinstance(out, OtherTotal)]
    return gave + [Gave(id_, each[1], each[0], first=False) for each in linked if each is not None]


def _once(gave: Sequence[Gave]) -> list[Gave]:
    """Of an event that tells one receipt twice, the first."""
    found: dict[Any, Gave] = {}
    for one in gave:
        found.setdefault((one.arrival_id, one.activity_id), one)
    return list(found.values())


async def _with_members(tx: Tx, terms: Terms, told: Sequence[Told]) -> list[RecordActivity]:
    """The commands, each with the member that is meant by it."""
    country = terms.versions[-1].program.country
    refs = list(dict.fromkeys(ref for tell in told for ref in tell.refs))
    whom = dict(zip(refs, await members.whom(tx, country, refs), strict=True)) if refs else {}
    unknown = [ref for ref, found in whom.items() if isinstance(found, UnknownMember)]
    names = {ref: said for ref in unknown if (said := name_of(ref, country)) is not None}
    pairs = sorted({(name.kind, name.value) for name in names.values()})
    erased = await erasures.listed(tx, pairs)
    gone = {ref for ref, name in names.items() if (name.kind, name.value) in erased}
    return [replace(tell.command, member=_meant(tell, whom, gone)) for tell in told]


def _meant(tell: Told, whom: Mapping[MemberRef, Any], gone: set[MemberRef]) -> MemberRef | None:
    """By what the member is named: the first that is known; of somebody erased, that.

    A name on the erasure list goes before a card, which would make somebody new of them.
    """
    for ref in tell.refs:
        if not isinstance(whom[ref], Fault) or ref in gone:
            return ref
    if tell.unknown == "card":
        for ref in tell.refs:
            if ref.card is not None and isinstance(whom[ref], UnknownMember):
                return ref
    if tell.unknown == "nobody":
        return None
    return tell.refs[0] if tell.refs else None
