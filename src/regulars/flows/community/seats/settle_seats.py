"""What was reserved for seats is taken once it has begun, and given back where nobody comes."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.community.seats.pay import settle
from regulars.records.community.gatherings import read, write
from regulars.records.community.gatherings.types import KEPT_AFTER
from regulars.records.ledger.reserved import read as reserved
from regulars.records.ledger.write import hold_longer
from regulars.records.rewards import read as rewards
from regulars.records.rewards.write import keep_longer

MOST = 200


async def settle_seats(tx: Tx, terms: Terms, most: int = MOST) -> int:
    """Of what has begun, whoever has a seat has spent what it takes, and whoever still waits has it
    back; of what was called off, and of seats that went with their member, all of it is given back;
    how many were settled.

    Order: found, then locked, members before gatherings, then read anew: who moved up meanwhile
    has a seat, what was called off meanwhile is, and what was settled meanwhile stays.
    """
    found = await read.to_settle(tx, most)
    if not found:
        return 0
    await hold_members(tx, terms, {one.member_id for one in found})
    await read.hold_seats(tx, [one.gathering_id for one in found])
    there = {one.seat_id for one in found}
    still = [one for one in await read.to_settle(tx, most) if one.seat_id in there]
    what = await read.by_id(tx, sorted({one.gathering_id for one in still}))
    done = await settle(
        tx, terms,
        [(one, one.state != "held" or what[one.gathering_id].state != "open") for one in still],
    )  # fmt: skip
    await tx.write(write.settle(tx, done))
    return len(found)


async def keep_seats_longer(tx: Tx, terms: Terms, most: int = MOST) -> int:
    """What is reserved for seats at something that was moved stays reserved until long after it
    ends now; how many were.

    Order: the members are locked first, so that nobody ends it meanwhile.
    """
    found = await read.too_short(tx, most)
    if not found:
        return 0
    await hold_members(tx, terms, {who for _, who, _ in found})
    until = {id_: ends + KEPT_AFTER for id_, _, ends in await read.too_short(tx, most)}
    whose = sorted({who for id_, who, _ in found if id_ in until})
    ids = sorted(id_ for id_, _, _ in found if id_ in until)
    kept = await rewards.some(tx, whose, ids)
    held = [one for one in kept.values() if one.state == "held"]
    for one in held:
        one.lapses_at = until[one.redemption_id]
    holds = await reserved.holds(tx, whose, [one.redemption_id for one in held])
    longer = [replace(hold, lapses_at=until[id_]) for id_, some in holds.items() for hold in some]
    await tx.write([*keep_longer(tx, held), *hold_longer(tx, longer)])
    return len(found)
