"""One thing told by several: a shop, a file and a till may each have a receipt for one sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, KeyReused
from regulars.base.tx import Tx
from regulars.engine.returning.payments import redemptions_of
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, reused
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.before.lives import is_life_of
from regulars.flows.recording.sales import late_key
from regulars.records.activity import read as activities
from regulars.records.activity.checks import amount_of
from regulars.records.activity.types import NOBODY, Activity, SaleRef
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import Known, natural_key

_decode = msgspec.msgpack.Decoder(Recorded).decode
_encode = msgspec.msgpack.Encoder(order="deterministic").encode
Item: TypeAlias = "Asking[RecordActivity]"  # what is compiled has no types in brackets


class Alike(Struct, frozen=True):
    """It is what another source told of the same member with the same total, about that time."""

    within: timedelta
    same_store: bool = False


class Beside(Struct, frozen=True):
    """By what an activity is known to be one that was told another way; no part of what it says."""

    receipts: tuple[SaleRef, ...] = ()
    """Under which receipts of other sources it is told, too."""
    alike: Alike | None = None
    apart: tuple[UUID, ...] = ()
    """Activities of which somebody said that it is another one."""


NOTHING_BESIDE: Final = Beside()


class ToldBeside(KeyReused):
    """It has a receipt of another one of the same batch, which was not booked itself."""


class OtherTotal(KeyReused):
    """It is in the books, and came to another amount there: what was booked stands."""

    stands_for: tuple[UUID, UUID, UUID, bytes] | None = None
    """Of what another source told first under one of its receipts, of the member it names, or of
    nobody as this is: its own receipt, and the member, activity and answer it would stand for."""
    linked: tuple[UUID, UUID] | None = None
    """The member and the activity that its own receipt stands for by now."""
    booked: tuple[UUID, UUID] | None = None
    """The member and the activity that its own source told under this receipt."""


def know_by(asked: Sequence[Item], beside: Sequence[Beside]) -> None:
    """The keys of other sources' receipts stand for each of these, too.

    Keeps: they are no part of its content, so that a source may name further ones later.
    """
    for item, more in zip(asked, beside, strict=bool(beside)):
        item.keys += [
            key
            for one in more.receipts
            if (key := natural_key(one.source, one.external_id, item.command.kind)) != item.receipt
        ]


def tell_linked(asked: Sequence[Item]) -> None:
    """What shares a receipt with something that was told before is told before, too.

    Order: in that of the batch, so that it ends as if each had come alone: the second of three may
    be what says that the first and the third are one.
    """
    told: set[UUID] = set()
    for item in asked:
        if item.open and not told.isdisjoint(item.keys):
            item.outcome = reused()
        if not item.open and (item.stands is not None or isinstance(item.outcome, KeyReused)):
            told.update(item.keys)


def met_by_receipt(asked: Sequence[Item], known: Mapping[UUID, Known]) -> set[tuple[str, UUID]]:
    """Which activities that were told before are met by a receipt here, and by which source."""
    stand = {key: one.subject_id for key, one in known.items()}
    met: set[tuple[str, UUID]] = set()
    for item in asked:
        first = None if item.open else next((stand[key] for key in item.keys if key in stand), None)
        if first is not None:
            met.add((item.command.source, first))
            stand |= dict.fromkeys(item.keys, first)
    return met


async def told_elsewhere(tx: Tx, terms: Terms, asked: Sequence[Item]) -> None:
    """What another source told before gets the first answer, and who told it first.

    Keeps: all its receipts stand for the first one from now on, so a return finds it by any. What
    comes to another amount, or is another member's, stays a fault that says so.
    Order: after all is decided and written; reads only where a receipt was used before.
    """
    met = [one for one in asked if isinstance(one.outcome, KeyReused) and one.receipt is not None]
    if met:
        await _meet(tx, terms, met, alone=len(asked) == 1)


async def _meet(tx: Tx, terms: Terms, met: Sequence[Item], *, alone: bool) -> None:
    found = await known(tx, list({key for one in met for key in one.keys}))
    rows = await activities.some(
        tx, [one.member_id for one in found.values()], [one.subject_id for one in found.values()]
    )
    owners = await _owners(tx, terms, met, rows)
    for item in met:
        own, *receipts = [None, *item.keys] if not item.command.asked.key else item.keys
        if own in found:  # its sender used one key for two things
            continue
        before = next((found[key] for key in receipts if key in found), None)
        activity = None if before is None else rows.get(before.subject_id)
        if before is None and not alone:
            item.outcome = ToldBeside(item.outcome.says)
        if before is None or activity is None or _is_own(item.command, activity):
            continue
        item.fresh_keys = [key for key in item.keys if key not in found]
        item.outcome = _as_first(item, before, activity, owners)
        found |= dict.fromkeys(item.fresh_keys, before)


def _is_own(command: RecordActivity, activity: Activity) -> bool:
    """Whether it is its own receipt that was used, with other words."""
    same = (command.source, command.kind) == (activity.source, activity.kind)
    return same and is_life_of(activity.external_id, command.external_id)


def _as_first(
    item: Item, before: Known, activity: Activity, owners: Mapping[MemberRef | UUID, UUID]
) -> Recorded | KeyReused:
    """The first answer, or why it cannot be the same; then its other receipts stand for nothing."""
    first = SaleRef(source=activity.source, external_id=activity.external_id)
    where = f"{first.source or 'another source'} told this first, as {first.external_id or 'one'}"
    command, owner = item.command, owners[activity.activity_id]
    amount, booked = _amount(command), booked_in(activity, command.currency)
    no, other, field = "", "", "/external_id"
    if amount is not None and booked is not None and amount != booked:
        money = f" {command.currency}" if command.currency else ""
        other = f"{where}, with {booked}{money} minor units, and it is told with {amount} now"
    if command.member is not None and owners.get(command.member, owner) != owner:
        whose = "to nobody" if owner == NOBODY else "for another member"
        no, mend = f"{where}; it is booked {whose}", "Credit it to them, if it is theirs"
    elif not set(redemptions_of(command.body)).issubset(redemptions_of(activity.body)):
        no = f"{where}, and not as paid with these points"
        mend = "Hand over by itself what was reserved for it, or give it back"
        field = "/payments"
    answer = replace(_decode(before.answer), first=first)
    if other:
        item.fresh_keys = []
        # A receipt alone is too little: a till and a shop may count with the same numbers.
        is_theirs = owner == (owners.get(command.member) if command.member else NOBODY)
        own = (before.member_id, before.subject_id, _encode(answer))
        stands = own if is_theirs and not no else None
        return _other_total(other, item, stands)
    if no:
        item.fresh_keys = []
        return KeyReused(f"{no}; what was booked stands", field=field, mend=mend)
    item.stands = (before.member_id, before.subject_id, _encode(answer))
    return replace(answer, replayed=True)


def _other_total(
    says: str, item: Item, stands: tuple[UUID, UUID, bytes] | None
) -> OtherTotal | KeyReused:
    """That it came to another amount; with what its receipt would stand for, if it is the same."""
    mend = "Correct the points by hand if what was booked is wrong; else leave it"
    told = (f"{says}; what was booked stands",)
    if stands is None or item.receipt is None:
        return KeyReused(*told, field="/external_id", mend=mend)
    found = OtherTotal(*told, field="/external_id", mend=mend)
    found.stands_for = (item.receipt, *stands)
    return found


def _amount(command: RecordActivity) -> int | None:
    """What a purchase comes to, in the currency it is told in."""
    if command.kind != "purchase":
        return None
    found = amount_of(command.kind, command.amount_minor, command.body)
    return None if isinstance(found, Fault) else found


def booked_in(activity: Activity, currency: str) -> int | None:
    """What it came to in this currency, the program's own where none is said; nothing where it was
    told in another one, as what it counts depends on a rate."""
    told = activity.body.paid_in
    if told is None:
        return None if currency else activity.amount_minor
    return told.amount_minor if told.currency == currency else None


async def _owners(
    tx: Tx, terms: Terms, met: Sequence[Item], rows: Mapping[UUID, Activity]
) -> dict[MemberRef | UUID, UUID]:
    """Whose these activities are by now, and who is meant by each name that is known."""
    nobodys = [id_ for id_, one in rows.items() if one.member_id == NOBODY]
    late = await known(tx, [late_key(id_) for id_ in nobodys])
    whose = {id_: one.member_id for id_, one in rows.items()}
    whose |= {id_: late[late_key(id_)].member_id for id_ in nobodys if late_key(id_) in late}
    named = {one.command.member for one in met if one.command.member is not None}
    kept = {id_: MemberRef(id=one) for id_, one in whose.items() if one != NOBODY}
    refs = sorted(named | set(kept.values()), key=repr)
    country = terms.versions[-1].program.country
    found = dict(zip(refs, await members.whom(tx, country, refs), strict=True))
    meant: dict[MemberRef | UUID, UUID] = {
        ref: one for ref, one in found.items() if not isinstance(one, Fault)
    }
    return meant | {id_: meant.get(kept[id_], who) if id_ in kept else who
                    for id_, who in whose.items()}  # fmt: skip
