"""As many of a member's lots as a redemption can take, read in the order they are spent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.rewarding.promise import every_way
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import load_notices
from regulars.records.ledger import read as ledger
from regulars.records.ledger.types import Hold
from regulars.records.program.parts.rewards import PAYING

Demand = Mapping[tuple[UUID, int], int]
"""What is asked of each wallet of each member, in its units."""


async def load_first_lots(
    tx: Tx,
    terms: Terms,
    states: Mapping[UUID, MemberState],
    ending: Mapping[UUID, Sequence[Hold]],
    wishes: Sequence[tuple[UUID, str]],
) -> None:
    """Give these members the lots their wishes (member and reward) may take, and those that what
    is `ending` holds, by redemption; a wish names whom its member stands under.

    Keeps: everything that lapsed is read, so that what is left is right to the point; where the
    first lots are not enough, all of that member's are read.
    """
    members = sorted(states)
    version = terms.at(tx.now)
    await load_notices(tx, terms, states, members)
    demand = _demand(version, wishes)
    wanting = sorted({who for who, _ in wishes})
    orders = [
        (code, version.program.wallets[name].spends) for code, name in version.wallet_ids.items()
    ]
    reserved = [lot for holds in ending.values() for hold in holds for lot, _ in hold.lots]
    seen: Counter[tuple[UUID, int]] = Counter()
    free: Counter[tuple[UUID, int]] = Counter()
    for lot in await ledger.first_lots(tx, (members, wanting), orders, reserved):
        states[lot.member_id].lots[lot.lot_id] = lot
        if lot.expires_at > tx.now:
            seen[lot.member_id, lot.wallet] += 1
            free[lot.member_id, lot.wallet] += lot.free
    short = {
        key[0] for key, asked in demand.items() if free[key] < asked and seen[key] >= ledger.FIRST
    }
    # What pays for a basket is known only when it is decided.
    short |= {who for who, reward in wishes if reward == PAYING}
    short |= _of_other_wallets(states, ending, version)
    for lot in await ledger.open_lots(tx, sorted(short)):
        states[lot.member_id].lots[lot.lot_id] = lot


def _demand(version: Version, wishes: Sequence[tuple[UUID, str]]) -> Demand:
    asked: Counter[tuple[UUID, int]] = Counter()
    for member_id, name in wishes:
        reward = version.rewards.get(name)
        # Whichever way is taken in the end: the most that any asks of a wallet.
        most: Counter[str] = Counter()
        for way in every_way(version, reward) if reward is not None else ():
            most |= Counter(way.price)
        for wallet, price in most.items():
            code = version.wallet_codes[version.compiled.wallet_places[wallet]]
            asked[member_id, code] += price
    return asked


def _of_other_wallets(
    states: Mapping[UUID, MemberState], ending: Mapping[UUID, Sequence[Hold]], version: Version
) -> set[UUID]:
    """Whose reserved lots lie in a wallet that this version no longer has; all theirs are read."""
    return {
        hold.member_id
        for holds in ending.values()
        for hold in holds
        if hold.wallet not in version.wallet_ids or not _all_there(states[hold.member_id], hold)
    }


def _all_there(state: MemberState, hold: Hold) -> bool:
    return all(lot in state.lots for lot, _ in hold.lots)
