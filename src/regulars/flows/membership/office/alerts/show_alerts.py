"""Alerts as whoever is to act sees them: whose each is, and what could be offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.types import Staff
from regulars.records.benefits.associates import read as associates
from regulars.records.program.changes.experiments.read import held_out_of_all
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.offers.types import Offer
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.read import Wanted
from regulars.records.standing.alerts.types import MemberAlert


class Seen(Struct, frozen=True):
    """An alert, who looks after its member now, the store of their last order, and open offers that
    they could be given."""

    alert: MemberAlert
    after: tuple[Staff, ...]
    store: str
    suggested: tuple[Offer, ...]


async def show_alerts(
    tx: Tx, terms: Terms, wanted: Wanted, before: UUID | None, most: int
) -> list[Seen]:
    """Alerts that are wanted, the latest first."""
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    found = await read.page(tx, today, wanted, before, most)
    return await seen(tx, terms, found)


async def seen(tx: Tx, terms: Terms, found: Sequence[MemberAlert]) -> list[Seen]:
    """The same of these. Of what is handled or over nothing is suggested, nor to whoever is held
    out of all campaigns."""
    ids = sorted({one.member_id for one in found})
    after, stores = await looked_after_by(tx, ids), await read.last_stores(tx, ids)
    waits = {one.member_id for one in found if one.state in ("open", "snoozed")}
    open_ = sorted(waits - await held_out_of_all(tx, sorted(waits)))
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    fitting = await offers.fitting(tx, open_, today)
    known = {one.offer_id: one for one in await offers.opened(tx)} if fitting else {}
    return [
        Seen(
            one,
            after.get(one.member_id, ()),
            stores.get(one.member_id, ""),
            tuple(known[id_] for id_ in fitting.get(one.member_id, ()) if id_ in known)
            if one.state in ("open", "snoozed")
            else (),
        )
        for one in found
    ]


async def looked_after_by(tx: Tx, members: Sequence[UUID]) -> Mapping[UUID, tuple[Staff, ...]]:
    """Who looks after each of these now; who has nobody is left out."""
    there = await associates.of(tx, members) if members else {}
    lasting = {
        who: dict.fromkeys(one.staff_id for one in some if one.lasts(tx.now))
        for who, some in there.items()
    }
    staff = await staff_read.some_staff(tx, {id_ for some in lasting.values() for id_ in some})
    found = {
        who: tuple(staff[id_] for id_ in some if id_ in staff) for who, some in lasting.items()
    }
    return {who: some for who, some in found.items() if some}


def mine(staff: Staff, wanted: Wanted) -> Wanted:
    """The same, of members this person looks after, or of their stores where nobody does."""
    return wanted._replace(staff_id=staff.staff_id, stores=staff.stores or ())
