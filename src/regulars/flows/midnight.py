"""What time alone brings about: pending points turn, holds and points lapse, debts are forgiven.

Each step is one batch of members per transaction and is repeated until nothing is left. It finds
its work by what is due, so a run that was killed goes on where it stopped, a run twice does
nothing twice, and two runs at once wait for each other member by member. Tills are never locked
out: what a till decides at the same time looks at the clock itself (semantics A4). A member with
whom a step cannot end is named by `Stuck`; who runs the steps parks them and goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.deciding import idle
from regulars.engine.deciding.conclude import Ending
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.idle import look_at
from regulars.engine.deciding.notice import horizon, notices
from regulars.engine.deciding.pending import turn
from regulars.engine.deciding.tiering import review
from regulars.engine.ladder.credit import next_moment
from regulars.engine.ladder.notices import horizon as horizon_of_tiers
from regulars.engine.ladder.notices import tier_notice
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.lapsing import lapse_by_clock
from regulars.flows.batch.load import hold_members, load_lots
from regulars.flows.batch.stuck import about
from regulars.flows.membership.benefits.follow_associates import follow_associates
from regulars.flows.membership.plans.keep_memberships import renew_plans
from regulars.flows.membership.tiers.foretell_ladders import foretell_ladders
from regulars.flows.points.choosing.take_automatic import take_automatic
from regulars.flows.points.gaming.close_boards import close_boards
from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.points.referring.settle_referrals import settle_referrals
from regulars.flows.points.write_off_debts import write_off_old_debts
from regulars.flows.redeem_rewards import end, load_redemptions, write_ended
from regulars.flows.terms.move_over import move_over
from regulars.flows.terms.rates.rate_again import rate_again
from regulars.records.ledger.ends import read as ends
from regulars.records.ledger.types import Balance
from regulars.records.night import read as night
from regulars.records.night import write
from regulars.records.night.ahead import Ahead
from regulars.records.night.types import Walk
from regulars.records.night.write import settle
from regulars.records.outbox import read as inbox
from regulars.records.outbox.write import post
from regulars.records.rewards import read as rewards
from regulars.records.standing import read as standing
from regulars.records.standing import write as standing_write

WALKS: Final = 25
"""So many batches of members are listed at once: nobody is locked for it."""
SETTLED_AFTER: Final = timedelta(hours=1)
"""So long after a version began nobody is served by the one before any more."""
Step = Callable[[Tx, Terms, int], Awaitable[int]]


async def activate_pending(tx: Tx, terms: Terms, most: int) -> int:
    """Let pending points be spent whose wait is over, and cancel what nobody confirmed in time;
    of how many members."""
    step = "activate_pending"
    members = await ends.members_with_turning_lots(tx, most, await night.parked(tx, step))
    with about(step, members):
        states = await hold_members(tx, terms, members, with_lots=members)
        changes = Changes(tx.new_id)
        done = sum(turn(changes, state, tx.now) > 0 for state in states.values())
        await tx.write(writes_of(tx, terms, changes) + settle(tx, step, members))
    return _done(done, len(members), most)


async def lapse_holds(tx: Tx, terms: Terms, most: int) -> int:
    """Give back what was reserved and not captured in time; how many redemptions lapsed."""
    step = "lapse_holds"
    owners = await rewards.lapsing(tx, most, await night.parked(tx, step))
    if not owners:
        return 0
    members, lapsed = set(owners.values()), 0
    with about(step, members):
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
    clocked = await standing.due_by_clock(tx, most, parked)
    members = clocked | await standing.due_for_review(tx, most, parked)
    if version.compiled.tier_of(0) and len(members) < most:
        members |= await standing.without_tier(tx, most - len(members), parked)
    with about(step, members):
        states = await hold_members(tx, terms, members)
        changes = Changes(tx.new_id)
        done = sum(review(changes, state, version, tx.now) for state in states.values())
        await tx.write(standing_write.looked(tx, sorted(clocked)))
        await tx.write(writes_of(tx, terms, changes) + settle(tx, step, members))
        # Who was looked at and did not move has a next time all the same.
        await tx.write(standing_write.watch(tx, _next_moments(version, states, clocked, tx.now)))
    return max(_done(done, len(members), most), len(clocked))


def _next_moments(
    version: Version, states: Mapping[UUID, MemberState], clocked: Collection[UUID], now: datetime
) -> list[tuple[UUID, datetime]]:
    looked = {states[id_].member_id: states[id_] for id_ in clocked if id_ in states}
    found = ((id_, next_moment(version, state, now)) for id_, state in sorted(looked.items()))
    return [(id_, at) for id_, at in found if at is not None]


async def foretell_tiers(tx: Tx, terms: Terms, most: int, ahead: Ahead | None = None) -> int:
    """Tell members whose tier will be lost what is missing to keep it; how many were looked at.

    Order: each end of a tier is looked at once, so many days before; what comes back later is not.
    """
    step, version = "foretell_tiers", terms.at(tx.now)
    until = horizon_of_tiers(version, tx.now)
    if until is None:
        return 0
    parked = await night.parked(tx, step)
    if ahead is None:
        members = await standing.unlooked(tx, until, most, parked)
        seen = len(members)
    else:
        some = await night.some_ahead(ahead, 0, partial(standing.unlooked_behind, tx, until), most)
        members, seen = await standing.still_unlooked(tx, until, some, parked), len(some)
    with about(step, members):
        states = await hold_members(tx, terms, members)
        changes = Changes(tx.new_id, now=tx.now)
        found, looked = [], []
        for state in states.values():
            if state.tier_until is None or not tx.now < state.tier_until <= until:
                continue  # somebody moved it while we waited
            one = tier_notice(changes, state, version, tx.now)
            looked.append((state.member_id, state.tier_until, one.message_id if one else None))
            found += [one] if one else []
        await tx.write(standing_write.foretold(tx, looked))
        await tx.write(post(tx, found) + writes_of(tx, terms, changes) + settle(tx, step, members))
    return seen


async def post_notices(tx: Tx, terms: Terms, most: int, ahead: Ahead | None = None) -> int:
    """Lay into inboxes that points will lapse, where they do not without; of how many members.

    With some `ahead` it goes on behind those who had their turn; how many were looked at.
    """
    step, warned = "post_notices", terms.at(tx.now).warned
    if not warned:
        return 0
    horizons = [(wallet, horizon(rule, tx.now)) for wallet, rule in warned.items()]
    parked, some = await night.parked(tx, step), None
    if ahead is None:
        members = await inbox.untold(tx, horizons, most, parked)
    else:
        some = await night.some_ahead(ahead, 0, partial(inbox.untold_behind, tx, horizons), most)
        members = await inbox.still_untold(tx, horizons, some, parked)
    with about(step, members):
        states = await hold_members(tx, terms, members, with_lots=members)
        changes = Changes(tx.new_id)
        found = [one for state in states.values() for one in notices(changes, state, tx.now)]
        await tx.write(post(tx, found) + writes_of(tx, terms, changes) + settle(tx, step, members))
    if some is not None:
        return len(some)
    return _done(len({one.member_id for one in found}), len(members), most)


async def expire_lots(tx: Tx, terms: Terms, most: int, part: ends.Part = ends.WHOLE) -> int:
    """Let points lapse whose end has come, of all members or a part; how many lost some, or where
    nobody did, of how many their end was moved.

    Order: only so many lots are looked through at once, and somebody may have many; so nothing of
    a small batch says that nobody is left. Where others did all of it while we waited for them, it
    says so many as there were, so that somebody looks for more: in a transaction of its own, as
    whoever holds one batch must wait for no other one.
    """
    step, changes = "expire_lots", Changes(tx.new_id)
    members = await ends.members_with_due_lots(tx, most, await night.parked(tx, step), part)
    with about(step, members):
        lapsed = await lapse_by_clock(tx, terms, members)
        done = len(lapsed)
        if asking := members - lapsed:
            states = await hold_members(tx, terms, asking, with_lots=asking)
            done += sum(expire(changes, state, tx.now) > 0 for state in states.values())
        await tx.write(writes_of(tx, terms, changes) + settle(tx, step, members))
    return done or len({one.member_id for one in changes.postponed}) or len(members)


async def list_idle(tx: Tx, terms: Terms, most: int) -> int:
    """Have everybody looked at who had points before a wallet asked for activity; of how many
    batches of members.

    Order: a while after the promise began, when whoever was still served by the terms before is
    done. Who got points since is listed by what gave them.
    """
    walks = await night.walks(tx)
    for wallet, rule in terms.at(tx.now).idle.items():
        walk = walks.get(wallet, Walk(rule.since, rule.days))
        if (walk.since, walk.days) != (rule.since, rule.days):
            walk = Walk(rule.since, rule.days)
        if walk.done_at is not None or rule.since > tx.now - SETTLED_AFTER:
            continue
        place = (walk.last_id, most * WALKS)
        last = await write.walk_on(tx, wallet, look_at(rule, Balance()), place)
        there = walk._replace(last_id=last) if last else walk._replace(done_at=tx.now)
        await tx.write(write.walked(tx, wallet, there))
        return 1
    return 0


async def look_at_idle(tx: Tx, terms: Terms, most: int) -> int:
    """Tell members that points lapse if they do nothing, let lapse what was told and left alone,
    and say when to look at them again; at how many wallets.

    Order: members are held before it is decided; who was active meanwhile is only listed for later.
    """
    step, rules = "look_at_idle", terms.at(tx.now).idle
    due = await night.looks(tx, most, await night.parked(tx, step))
    members = {member_id for member_id, _ in due}
    with about(step, members):
        states = await hold_members(tx, terms, members)
        close = {s.member_id for s in states.values() if _to_look_at(s, tx.now)}
        await load_lots(tx, terms, {s.member_id: s for s in states.values()}, sorted(close))
        changes = Changes(tx.new_id)
        found = []
        for member_id in sorted(close):
            expire(changes, states[member_id], tx.now)
            found += idle.notices(changes, states[member_id], tx.now)
        await tx.write(post(tx, found) + writes_of(tx, terms, changes) + settle(tx, step, members))
        clocks, over = [], []
        for member_id, wallet in due:
            state = states.get(member_id)
            at = None
            # Who was merged is looked at as whom they stand under now.
            if state is not None and state.member_id == member_id and wallet in rules:
                at = _next_look(state, wallet, close, tx.now)
            if at is None:
                over.append((member_id, wallet))
            else:
                clocks.append((member_id, wallet, at))
        await tx.write(write.move(tx, clocks, over))
    return len(due)


def _to_look_at(state: MemberState, now: datetime) -> bool:
    """Whether anything can be due for a member by when they were last active."""
    return any(
        look_at(rule, state.balance(wallet)) <= now and _holds(state.balance(wallet))
        for wallet, rule in state.idle.items()
    )


def _holds(balance: Balance) -> bool:
    return balance.available + balance.pending + balance.held > 0


def _next_look(
    state: MemberState, wallet: int, close: Collection[UUID], now: datetime
) -> datetime | None:
    if state.member_id in close:
        return idle.next_look(state, wallet, now)
    balance = state.balance(wallet)
    return look_at(state.idle[wallet], balance) if _holds(balance) else None


def _done(done: int, found: int, most: int) -> int:
    """What a step says it did. Of a full batch that others did while we waited for the locks it
    says so much as if it had done it itself, so that somebody looks for more."""
    return done if done or found < most else found


STEPS: Final[dict[str, Step]] = {
    "activate_pending": activate_pending,
    "take_automatic": take_automatic,
    "lapse_holds": lapse_holds,
    "move_over": move_over,
    "rate_again": rate_again,
    "review_tiers": review_tiers,
    "foretell_tiers": foretell_tiers,
    "foretell_ladders": foretell_ladders,
    "renew_plans": renew_plans,
    "post_notices": post_notices,
    "expire_lots": expire_lots,
    "list_idle": list_idle,
    "look_at_idle": look_at_idle,
    "settle_referrals": settle_referrals,
    "close_boards": close_boards,
    "settle_prizes": settle_prizes,
    "follow_associates": follow_associates,
    "write_off_debts": write_off_old_debts,
}
"""In the order in which they are done each night (semantics A5)."""
WALKING: Final[tuple[Callable[..., Awaitable[int]], ...]] = (
    foretell_tiers,
    post_notices,
    write_off_old_debts,
)
"""Steps that find everybody at once and go on behind whoever had their turn (`ahead`)."""
