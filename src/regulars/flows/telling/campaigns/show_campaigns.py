"""What a campaign would say to one member, and how far it came; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.show_standing import show_lapses, show_reaches
from regulars.flows.telling.campaigns.filling import Lapsing, Next, Reader
from regulars.flows.telling.campaigns.inviting import to_come
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read


async def show_reader(tx: Tx, terms: Terms, member: MemberRef, event: str = "") -> Reader | Fault:
    """What the fields of messages are of this member at this moment, as whom they stand; of a
    message that invites to an event also what those of it are.

    Faults: `unknown_member`.
    """
    (who,) = await members.whom(tx, terms.at(tx.now).program.country, [member])
    if isinstance(who, Fault):
        return who
    found = (await readers(tx, terms, [who], nearest=[who], lapsing=[who]))[who]
    return replace(found, event=(await to_come(tx, [event])).get(event))


async def readers(
    tx: Tx,
    terms: Terms,
    ids: list[UUID],
    nearest: Sequence[UUID] = (),
    lapsing: Sequence[UUID] = (),
) -> dict[UUID, Reader]:
    """What the fields are of each of these members; of those in `nearest` also what is next, and of
    those in `lapsing` what lapses first."""
    if not ids:
        return {}
    people = await members.members(tx, ids)
    had, tiers = await read.points(tx, ids), await read.tiers(tx, ids)
    names = terms.wallet_names
    ahead = await _ahead(tx, terms, sorted(set(nearest) & people.keys()))
    ends = await _first_to_lapse(tx, terms, sorted(set(lapsing) & people.keys()))
    return {
        who: Reader(
            one, {names[code]: units for code, units in had.get(who, {}).items()},
            tiers.get(who, ""), next=ahead.get(who), lapse=ends.get(who),
        )
        for who, one in people.items()
    }  # fmt: skip


async def _first_to_lapse(tx: Tx, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, Lapsing]:
    """What of each lapses first, and the last day on which they have it, as their card has it."""
    zone = terms.at(tx.now).zone
    today = tx.now.astimezone(zone).date()
    found = {}
    for who, lapses in (await show_lapses(tx, terms, ids)).items() if ids else ():
        if lapses:
            wallet, one = min(lapses.items(), key=lambda each: each[1].at)
            last = (one.at - timedelta(microseconds=1)).astimezone(zone).date()
            found[who] = Lapsing(wallet, one.units, last, (last - today).days)
    return found


async def _ahead(tx: Tx, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, Next]:
    """The reward each is nearest to, of those for which points alone are missing; as their card has
    it, so a reward that is not for them is none."""
    if not ids:
        return {}
    found = {}
    for who, reaches in (await show_reaches(tx, terms, ids)).items():
        short = [
            (no.facts["price"] - no.facts["available"], place, no.facts["wallet"])
            for place, one in enumerate(reaches)
            if (no := one.no) is not None and no.code == "not_enough_points"
        ]
        if short:
            missing, place, wallet = min(short)
            found[who] = Next(reaches[place].reward.id, wallet, missing)
    return found
