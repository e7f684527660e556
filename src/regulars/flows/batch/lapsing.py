"""Points that lapse for no other reason than the clock, of many members at once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.ladder.credit import comes_later
from regulars.engine.terms import Terms
from regulars.records.ledger.ends import read as ends
from regulars.records.ledger.ends.write import lapse
from regulars.records.outbox.write import Lapsed, tell_lapsed
from regulars.records.program import read as program
from regulars.records.standing import read as standing
from regulars.records.standing.write import rise


async def lapse_by_clock(tx: Tx, terms: Terms, members: Collection[UUID]) -> set[UUID]:
    """Let lapse what nothing but the clock decides; of which of these members.

    Order: all of them are locked first, then read. Where a program promises notices, asks for
    activity or looks at tiers later, and for who has pending points or was ever merged, nothing is
    done here: `expire` of the engine decides (ADR 0210). What is booked is what it would book.
    Faults: StaleTerms when another process published a version these terms do not know.
    """
    version = terms.at(tx.now)
    if version.warned or version.idle or comes_later(version):
        return set()
    versions = await standing.lock_at(tx, sorted(members))
    if await program.latest(tx) != terms.latest:
        raise StaleTerms
    found = await ends.plain(tx, sorted(members))
    if not found:
        return set()
    entries = [tx.new_id() for _ in found]
    done = {one.member_id: versions[one.member_id] for one in found}
    told = [_told(terms, one, versions[one.member_id] + 1) for one in found]
    await lapse(tx, found, entries)
    await tx.write([*rise(tx, done), *tell_lapsed(tx, told)])
    return set(done)


def _told(terms: Terms, one: ends.Lapsing, sequence: int) -> Lapsed:
    return Lapsed(one.member_id, sequence, terms.wallet_names[one.wallet], one.points, one.lot_id)
