"""What becomes of referrals: the friend bought, kept it, both get points; or it came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.tx import Tx, Write
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding import referring
from regulars.engine.rewarding.correcting import Amount, give, take_back
from regulars.engine.rewarding.referring import Pair, for_friends
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.stuck import about
from regulars.flows.points.referring.count_friends import count_friends
from regulars.flows.recording.sales import Sales
from regulars.records.activity import read as activities
from regulars.records.ledger import read as ledger
from regulars.records.members.referrals import read, write
from regulars.records.members.referrals.types import Known, Milestone, Referral
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.program.parts.referring import Referral as Promise
from regulars.records.program.parts.referring import Side

STEP: Final = "settle_referrals"
MOST_SALES: Final = 200
"""Of so many large enough purchases of a newcomer, the oldest, one suffices or none does."""

_SAYS: Final = {
    "came_back": "what the friend bought came back",
    "oneself": "the friend turned out to be the same person",
    "brought_already": "the friend turned out to have been brought before",
}
"""Why both sides give back what they got, as the books say it."""
_FEWER: Final = "fewer friends stayed"


class Settling(Struct):
    """Referrals while it is decided what became of them."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    changes: Changes
    known: Known
    sales: Mapping[UUID, Sale]
    bought: Mapping[UUID, Sequence[UUID]]
    """The purchases that may count, per referral."""
    lapsed: Mapping[UUID, Mapping[int, int]]
    milestones: dict[UUID, list[Milestone]]
    friends: dict[tuple[UUID, datetime], tuple[int, int]] = {}
    """Per referrer and beginning of a period: friends who stayed, and who brought points since."""
    spent: dict[datetime, tuple[int, int]] = {}
    """Per beginning of a period: what referrers and newcomers got since."""
    settled: list[Referral] = []
    reached: list[Milestone] = []
    undone: list[tuple[Milestone, UUID | None]] = []

    def writes(self) -> list[Write]:
        """Everything that was decided."""
        return [
            *write.settle(self.tx, self.settled),
            *write.give_milestones(self.tx, self.reached),
            *write.undo_milestones(self.tx, self.undone),
            *writes_of(self.tx, self.terms, self.changes),
        ]

    def promise(self, one: Referral) -> tuple[Version, Promise]:
        """The version whose promise a referral is, and that promise."""
        version = self.terms.numbered(one.version)
        promise = referring.promise_of(version)
        assert promise is not None, one
        return version, promise

    def count(self, referrer: UUID, friends: int, lately: int, settled_at: datetime) -> None:
        """One friend more, or fewer, in the periods their referral was settled in."""
        for (who, since), (all_, new) in self.friends.items():
            if who == referrer:
                there = lately if settled_at >= since else 0
                self.friends[who, since] = (all_ + friends, new + there)

    def spend(self, referrers: int, newcomers: int, given_at: datetime) -> None:
        """So much was given to both sides, or came back of what was given at that time.

        What was given before a period began leaves no room in it when it comes back.
        """
        for since, (one, other) in self.spent.items():
            if given_at >= since:
                self.spent[since] = (one + referrers, other + newcomers)


async def settle_referrals(tx: Tx, terms: Terms, most: int) -> int:
    """See what became of referrals: bought, kept over the time for returns, come back; of how many.

    Order: both members are held, then all referrals of the program, then it is read anew. Of what
    stays as it is each is looked at once a day.
    """
    if all(referring.promise_of(version) is None for version in terms.versions):
        return 0
    zone = terms.at(tx.now).zone
    today = day_starts_at(zone, local(zone, tx.now).day)
    found = await read.due(tx, today, most, await night.parked(tx, STEP))
    members = {one.member_id for one in found} | {one.referrer_id for one in found}
    newcomers = {one.member_id for one in found}
    # Of one referral the newcomer is named, not both: so somebody can be parked, and whoever
    # brought them is paid for others all the same.
    with about(STEP, newcomers):
        states = await hold_members(tx, terms, members, with_lots=members)
        await read.lock(tx)
        there = await read.some(tx, [one.referral_id for one in found])
        decided = await _begin(tx, terms, states, list(there.values()))
        for one in sorted(there.values(), key=lambda each: each.referral_id):
            _settle_one(decided, one)
        await tx.write(decided.writes() + settle(tx, STEP, newcomers))
        await count_friends(tx, terms, decided.settled)
    return len(found)


async def _begin(
    tx: Tx, terms: Terms, states: dict[UUID, MemberState], there: Sequence[Referral]
) -> Settling:
    who = sorted({one.member_id for one in states.values()})
    waiting = [one for one in there if one.state == "named"]
    bought = await read.sales(
        tx,
        [
            (
                states[r.member_id].member_id,
                r.counts_from,
                r.buys_until,
                referring.least(terms.numbered(r.version)),
            )
            for r in waiting
        ],
        MOST_SALES,
    )
    named = [one.sale_id for one in there if one.sale_id is not None]
    sales = Sales(owners=await activities.whose(tx, named))
    for each in bought:
        sales.owners |= each
    await sales.load(tx)
    milestones = await read.milestones(tx, who)
    gave = {one.entry_id: one.member_id for mine in milestones.values() for one in mine}
    for one in there:
        sides = (one.referrer_entry, one.referrer_id), (one.newcomer_entry, one.member_id)
        gave |= {entry_id: side for entry_id, side in sides if entry_id is not None}
    decided = Settling(
        tx=tx,
        terms=terms,
        states=states,
        changes=Changes(tx.new_id),
        known=await read.as_they_stand(tx, who),
        sales=sales.sales,
        bought={r.referral_id: list(b) for r, b in zip(waiting, bought, strict=True)},
        lapsed=await ledger.lapsed(tx, gave),
        milestones=milestones,
    )
    await _count(decided, there, who)
    return decided


async def _count(decided: Settling, there: Sequence[Referral], who: Sequence[UUID]) -> None:
    """What was given in the periods that limits and budgets of these referrals count in."""
    tx, lately, spent = decided.tx, set[datetime](), set[datetime | None]()
    for one in there:
        version, promise = decided.promise(one)
        lately.add(_limited_since(version, promise, tx.now))
        for side in (promise.referrer, promise.newcomer):
            spent.add(_bounded_since(version, side, tx.now))
    for since in sorted(lately):
        counted = await read.friends(tx, who, since)
        decided.friends |= {(id_, since): counted.get(id_, (0, 0)) for id_ in who}
    for since in sorted(one for one in spent if one is not None):
        decided.spent[since] = await read.given(tx, since, since)


def _settle_one(decided: Settling, one: Referral) -> None:
    version, _ = decided.promise(one)
    newcomer, referrer = decided.states[one.member_id], decided.states[one.referrer_id]
    pair, now = Pair(newcomer, referrer), decided.tx.now
    sale = decided.sales.get(one.sale_id) if one.sale_id else None
    holds = sale is not None and referring.suffices(decided.terms, version, sale)
    if one.state == "rewarded":
        came_back = "" if holds or sale is None else "came_back"
        why = referring.no_longer(one, pair, decided.known) or came_back
        decided.settled.append(_retract(decided, one, pair, why) if why else one)
    elif one.state == "qualified" and one.due_at is not None and one.due_at <= now:
        no = referring.at_the_end(version, one, pair, decided.known)
        if no:
            decided.settled.append(_reject(decided, one, pair, no))
        elif holds:
            decided.settled.append(_reward(decided, one, pair))
        else:  # another purchase may still suffice
            decided.settled.append(replace(one, state="named", sale_id=None, due_at=None))
    elif one.state == "named":
        decided.settled.append(_look(decided, one, pair))


def _look(decided: Settling, one: Referral, pair: Pair) -> Referral:
    """Whether the newcomer bought something by now that suffices."""
    version, _ = decided.promise(one)
    ids = decided.bought.get(one.referral_id, ())
    candidates = (decided.sales[id_] for id_ in ids if id_ in decided.sales)
    sale = referring.first_that_suffices(decided.terms, version, candidates)
    if sale is not None:
        due_at = referring.due_at(version, sale)
        told = _told(one) | {"due_at": due_at}
        referring.tell(decided.changes, pair.referrer, "referral.qualified", told)
        return replace(one, state="qualified", sale_id=sale.activity.activity_id, due_at=due_at)
    if one.buys_until <= decided.tx.now:
        return _reject(decided, one, pair, "not_bought")
    return one


def _reject(decided: Settling, one: Referral, pair: Pair, why: str) -> Referral:
    referring.forget(one, pair, decided.known)
    told = _told(one) | {"reason": why}
    referring.tell(decided.changes, pair.referrer, "referral.rejected", told)
    return replace(one, state="rejected", reason=why, settled_at=decided.tx.now)


def _reward(decided: Settling, one: Referral, pair: Pair) -> Referral:
    """Both sides get what they were promised, as far as limits and budgets have room."""
    version, promise = decided.promise(one)
    now, changes, who = decided.tx.now, decided.changes, pair.referrer.member_id
    _, lately = _friends(decided, one, who)
    room = promise.most is None or lately < promise.most.times
    spent, _ = _spent(decided, version, promise.referrer)
    mine = referring.worth(version, promise.referrer, spent) if room else 0
    _, spent = _spent(decided, version, promise.newcomer)
    theirs = referring.worth(version, promise.newcomer, spent)
    done = replace(
        one,
        state="rewarded",
        settled_at=now,
        referrer_units=mine,
        newcomer_units=theirs,
        referrer_entry=give(
            changes,
            pair.referrer,
            Amount(version, one.wallet, mine),
            for_friends(now, "brought a friend"),
        ),
        newcomer_entry=give(
            changes,
            pair.newcomer,
            Amount(version, one.wallet, theirs),
            for_friends(now, "was brought"),
        ),
    )
    decided.count(who, 1, int(mine > 0), now)
    decided.spend(mine, theirs, now)
    referring.tell(
        changes,
        pair.referrer,
        "referral.rewarded",
        _told(one) | {"points": mine, "newcomer_points": theirs},
    )
    _reach(decided, one, pair.referrer)
    return done


def _friends(decided: Settling, one: Referral, who: UUID) -> tuple[int, int]:
    """Friends of a referrer who stayed, and of them who brought points in the present period."""
    return decided.friends[who, _limited_since(*decided.promise(one), decided.tx.now)]


def _spent(decided: Settling, version: Version, side: Side) -> tuple[int, int]:
    """What referrers and newcomers got in the period of a side's budget; without one it is not
    counted."""
    since = _bounded_since(version, side, decided.tx.now)
    return (0, 0) if since is None else decided.spent[since]


def _limited_since(version: Version, promise: Promise, now: datetime) -> datetime:
    return referring.began(version, promise.most.per if promise.most else "ever", now)


def _bounded_since(version: Version, side: Side, now: datetime) -> datetime | None:
    return referring.began(version, side.budget.per, now) if side.budget else None


def _reach(decided: Settling, one: Referral, referrer: MemberState) -> None:
    """Give what there is for so many friends, once each."""
    version, promise = decided.promise(one)
    who = referrer.member_id
    mine = decided.milestones.setdefault(who, [])
    has = {each.friends for each in mine}
    for milestone in promise.milestones:
        friends, _ = _friends(decided, one, who)
        spent, _ = _spent(decided, version, promise.referrer)
        if milestone.friends > friends or milestone.friends in has:
            continue
        wanted = referring.milestone_units(version, milestone.points)
        units = referring.bounded(version, promise.referrer, wanted, spent)
        reason = f"{milestone.friends} friends"
        amount = Amount(version, one.wallet, units)
        entry_id = give(decided.changes, referrer, amount, for_friends(decided.tx.now, reason))
        if entry_id is not None:
            reached = Milestone(who, entry_id, milestone.friends, one.wallet, units, decided.tx.now)
            decided.reached.append(reached)
            mine.append(reached)
            decided.spend(units, 0, decided.tx.now)


def _retract(decided: Settling, one: Referral, pair: Pair, why: str) -> Referral:
    """Take back what both sides got, and milestones that are not reached any more."""
    assert one.settled_at is not None, one
    decided.known.paid.get(pair.newcomer.member_id, set()).discard(one.referral_id)
    lately = -int(one.referrer_units > 0)
    decided.count(pair.referrer.member_id, -1, lately, one.settled_at)
    decided.spend(-one.referrer_units, -one.newcomer_units, one.settled_at)
    back = replace(
        one,
        state="retracted",
        reason=why,
        retracted_at=decided.tx.now,
        referrer_back=_back(
            decided, pair.referrer, one, (one.referrer_entry, one.referrer_units, _SAYS[why])
        ),
        newcomer_back=_back(
            decided, pair.newcomer, one, (one.newcomer_entry, one.newcomer_units, _SAYS[why])
        ),
    )
    told = _told(one) | {"reason": why}
    referring.tell(decided.changes, pair.referrer, "referral.retracted", told)
    _unreach(decided, one, pair.referrer)
    return back


def _back(
    decided: Settling, state: MemberState, one: Referral, gave: tuple[UUID | None, int, str]
) -> UUID | None:
    """Take back what an entry gave, saying why; the entry that does so."""
    entry_id, units, says = gave
    if entry_id is None:
        return None
    amount = Amount(decided.promise(one)[0], one.wallet, units)
    lapsed = decided.lapsed.get(entry_id, {}).get(one.wallet, 0)
    why = for_friends(decided.tx.now, says)
    return take_back(decided.changes, state, amount, (entry_id, lapsed), why)


def _unreach(decided: Settling, one: Referral, referrer: MemberState) -> None:
    """Take back what there was for more friends than stayed."""
    who = referrer.member_id
    friends, _ = _friends(decided, one, who)
    mine = decided.milestones.get(who, [])
    for reached in [each for each in mine if each.friends > friends]:
        mine.remove(reached)
        entry_id = _back(decided, referrer, one, (reached.entry_id, reached.units, _FEWER))
        if reached in decided.reached:  # given in this very batch: both stand in the books
            place = decided.reached.index(reached)
            decided.reached[place] = replace(reached, undone_at=decided.tx.now, undone_by=entry_id)
        else:
            decided.undone.append((reached, entry_id))
        decided.spend(-reached.units, 0, reached.given_at)


def _told(one: Referral) -> dict[str, object]:
    return {"referral_id": one.referral_id, "newcomer_id": one.member_id}
