"""What time alone brings about: pending points turn, holds and points lapse, debts are forgiven.

Each step is one batch of members per transaction and is repeated until nothing is left. It finds
its work by what is due, so a run that was killed goes on where it stopped, a run twice does
nothing twice, and two runs at once wait for each other member by member. Tills are never locked
out: what a till decides at the same time looks at the clock itself (semantics A4). A member with
whom a step cannot end is named by `Stuck`; who runs the steps parks them and goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.notice import horizon, notices
from regulars.engine.deciding.pending import turn
from regulars.engine.deciding.tiering import review
from regulars.engine.state import Changes
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.points.write_off_debts import write_off_old_debts
from regulars.flows.redeem_rewards import end, load_redemptions, write_ended
from regulars.records.ledger.ends import read as ends
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.outbox import read as inbox
from regulars.records.outbox.write import post
from regulars.records.standing import read as standing

Step = Callable[[Tx, Terms, int], Awaitable[int]]


class Stuck(Exception):
    """A step could not end with one of these members; the cause tells why."""

    def __init__(self, step: str, members: frozenset[UUID]) -> None:
        super().__init__(step)
        self.step = step
        self.members = members


@contextmanager
def _with(step: str, members: Iterable[UUID]) -> Iterator[None]:
    """Name the members of this batch in whatever goes wrong with them."""
    try:
        yield
    except StaleTerms:
        raise  # true of the whole program, not of anybody in it
    except Exception as trouble:
        raise Stuck(step, frozenset(members)) from trouble


async def activate_pending(tx: Tx, terms: Terms, most: int) -> int:
    """Let pending points be spent whose wait is over, and cancel what nobody confirmed in time;
    of how many members."""
    step = "activate_pending"
    members = await ends.members_with_turning_lots(tx, most, await night.parked(tx, step))
    with _with(step, members):
        states = await hold_members(tx, terms, members, with_lots=members)
        changes = Changes(tx.new_id)
        done = sum(turn(changes, state, tx.now) > 0 for state in states.values())
        await tx.write(writes_of(tx, terms, changes) + settle(tx, step, members))
    return _done(done, len(members), most)


async def lapse_holds(tx: Tx, terms: Terms, most: int) -> int:
    """Give back what was reserved and not captured in time; how many redemptions lapsed."""
    step = "lapse_holds"
    owners = await ends.lapsing(tx, most, await night.parked(tx, step))
    if not owners:
        return 0
    members, lapsed = set(owners.values()), 0
    with _with(step, members):
        batch, redemptions = await load_redemptions(tx, terms, owners)
        for redemption in redemptions.values():
            # Captured or voided while we waited for the member: then there is nothing to do.
            if redemption.state == "held" and redemption.lapses_at <= tx.now:
                end(batch, redemption, Ending("lapsed", tx.now))
                lapsed += 1
        await write_ended(batch)
        await tx.write(settle(tx, step, members))
    return _done(lapsed, len(owners), most)


async def review_tiers(tx: Tx, terms: Terms, most: int) -> int:
    """Confirm or lower tiers whose time is over; of how many members.

    Who was here before a ladder with a step at 0 is put on it.
    """
    step, version = "review_tiers", terms.at(tx.now)
    parked = await night.parked(tx, step)
    members = await standing.due_for_review(tx, most, parked)
    if version.compiled.tier_of(0) and len(members) < most:
        members |= await standing.without_tier(tx, most - len(members), parked)
    with _with(step, members):
        states = await hold_members(tx, terms, members)
        changes = Changes(tx.new_id)
        done = sum(review(changes, state, version, tx.now) for state in states.values())
        await tx.write(writes_of(tx, terms, changes) + settle(tx, step, members))
    return _done(done, len(members), most)


async def post_notices(tx: Tx, terms: Terms, most: int) -> int:
    """Lay into inboxes that points will lapse, where they do not without; of how many members."""
    step, warned = "post_notices", terms.at(tx.now).warned
    if not warned:
        return 0
    horizons = [(wallet, horizon(rule, tx.now)) for wallet, rule in warned.items()]
    members = await inbox.untold(tx, horizons, most, await night.parked(tx, step))
    with _with(step, members):
        states = await hold_members(tx, terms, members, with_lots=members)
        changes = Changes(tx.new_id)
        found = [one for state in states.values() for one in notices(changes, state, tx.now)]
        await tx.write(post(tx, found) + writes_of(tx, terms, changes) + settle(tx, step, members))
    return _done(len({one.member_id for one in found}), len(members), most)


async def expire_lots(tx: Tx, terms: Terms, most: int) -> int:
    """Let points lapse whose end has come; how many members lost some."""
    step = "expire_lots"
    members = await ends.members_with_due_lots(tx, most, await night.parked(tx, step))
    with _with(step, members):
        states = await hold_members(tx, terms, members, with_lots=members)
        changes = Changes(tx.new_id)
        done = sum(expire(changes, state, tx.now) > 0 for state in states.values())
        await tx.write(writes_of(tx, terms, changes) + settle(tx, step, members))
    return _done(done, len(members), most)


def _done(done: int, found: int, most: int) -> int:
    """What a step says it did. Of a full batch that others did while we waited for the locks it
    says so much as if it had done it itself, so that somebody looks for more."""
    return done if done or found < most else found


STEPS: Final[dict[str, Step]] = {
    "activate_pending": activate_pending,
    "lapse_holds": lapse_holds,
    "review_tiers": review_tiers,
    "post_notices": post_notices,
    "expire_lots": expire_lots,
    "write_off_debts": write_off_old_debts,
}
"""In the order in which they are done each night (semantics A5)."""
