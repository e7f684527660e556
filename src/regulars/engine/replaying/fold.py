"""A history decided once more, one thing after the other, by the very functions the tills use:
slow, and right for every program there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Refused
from regulars.engine.calendar import local
from regulars.engine.checking.telling import Once
from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.counters import code_names
from regulars.engine.deciding import tiering
from regulars.engine.deciding.earn import rules_given
from regulars.engine.ladder.credit import has_ladder
from regulars.engine.replaying import between, favours, given, nights, paid
from regulars.engine.replaying.games import Games, Looked
from regulars.engine.replaying.left import NOBODY_KNOWN, left, no_wallet
from regulars.engine.replaying.plans import Plans
from regulars.engine.replaying.tally import Came, Tally
from regulars.engine.restating.again import Unfinished
from regulars.engine.restating.late import comes_late, earn_in_time, give_back_in_time
from regulars.engine.restating.rates import SETTLED_AFTER, rate_again
from regulars.engine.restating.story import Story
from regulars.engine.returning.sale import Sale
from regulars.engine.state import Changes, MemberState, is_brought
from regulars.engine.terms import Terms, Version, terms_of
from regulars.records.activity.happening import Happening, LeftOut
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.ledger.types import Account
from regulars.records.trail.types import Steps

_MOMENT: Final = timedelta(microseconds=1)


def alone(compiled: Compiled, since: datetime, number: int = 1) -> Terms:
    """One version as if it had always been in force."""
    codes = {name: place for place, name in enumerate(code_names(compiled), 1)}
    return terms_of(0, compiled.program.program, [(number, since, compiled)], codes)


class Fold:
    """All members of a history while it is decided once more under these terms.

    `warns` are the wallets in which notices before expiry were really promised, so that the
    history knows which were shown; in others a promised notice counts as shown in time. `as_told`
    settles prizes only when the books did.
    """

    def __init__(
        self, terms: Terms, tally: Tally, warns: Iterable[str] = (), *, as_told: bool = False
    ) -> None:
        self.terms = terms
        self.tally = tally
        self.warns = frozenset(warns)
        names = terms.wallet_names.items()
        self._really = frozenset(code for code, name in names if name in self.warns)
        self.states: dict[UUID, MemberState] = {}
        self.left_out: list[LeftOut] = []
        self.budgets: dict[tuple[int, int], int] = defaultdict(int)
        self._sales: dict[UUID, Sale] = {}
        self._holds: given.Holds = {}
        self._paid: paid.Paid = {}
        self._stood: paid.Stands = {}
        self._told_in_order = bool(terms.ratings) or any(has_ladder(v) for v in terms.versions)
        self._rated_at = [one.since + SETTLED_AFTER for one in terms.ratings]
        self._plans = Plans.of(terms.versions)
        self._unions = between.Unions()
        self._debts: nights.Debts = {}
        self._told: dict[UUID, datetime] = {}
        self._once = Once(self._cancelled)
        self._games = Games(terms, as_told=as_told)
        self._ids = count(1)
        self._brief: dict[str, Callable[[Happening], None]] = {
            "count": self._counted_before, "join": self._join, "plan": self._plans.hear,
            "play": self._games.said, "had": self._games.said,
        }  # fmt: skip

    def run(self, rows: Iterable[Happening], until: datetime) -> Fold:
        """Decide every row in the order given, then bring everybody up to the end; whoever would
        be looked at only after it is looked at then, once."""
        for row in rows:
            self.take_in(row)
        for member_id in self.states:
            self.night(member_id, until)
            if self._games.next_look(member_id) is not None:
                self._settle(member_id, until)
        return self

    def take_in(self, one: Happening) -> None:
        """Decide one row; the night's work up to when it was told comes first.

        Order: rows told at the same instant are one batch, with no night between them.
        """
        if one.member_id == NOBODY and one.what != "count":
            self._leave_out(one, NOBODY_KNOWN)
            return
        one = self._games.as_played(one)
        if brief := self._brief.get(one.what):
            brief(one)
            return
        changes = self._changes(one.now)
        # What comes back is the sale's own member's, or theirs as whom that one stands by now.
        whose = one.member_id
        if one.what in ("return", "refund"):
            whose = paid.stands_as(whose, self._stood)
        states = [self._brought_up(whose, one)]
        if one.what == "game":
            self._settle(whose, one.now)
            return
        if one.other_id is not None:
            states.append(self._brought_up(one.other_id, one))
        try:
            self._decide(changes, states, one)
        except Fault as fault:
            self._leave_out(one, fault.says)
        except Unfinished as no:
            self._leave_out(one, no.because.says)
        self._keep(changes, *states)

    def _brought_up(self, member_id: UUID, one: Happening) -> MemberState:
        """A member as they stood when this was told."""
        state = self.states.get(member_id) or self._newcomer(member_id, one.at)
        told = self._told.get(member_id)
        if told is None or one.now > told:
            self.night(member_id, one.now)
        state.brought = one.activity is not None and is_brought(one.activity.actor)
        return state

    def _settle(self, member_id: UUID, at: datetime) -> None:
        """Give and take back prizes of challenges and streaks, as the worker does."""
        root = paid.stands_as(member_id, self._stood)
        state, changes = self.states.get(root), self._changes(at)
        if state is None or state.state == "erased":
            return
        self._games.settle(Looked(changes, state, self.states, self._sales, at), self.tally)
        self._keep(changes, state)

    def night(self, member_id: UUID, now: datetime) -> None:
        """Do what every night up to now would have done, and settle prizes that are due."""
        while (at := self._games.next_look(member_id)) is not None and at <= now:
            self._games.looked(member_id)
            self._nights(member_id, at)
            self._settle(member_id, at)
        self._nights(member_id, now)

    def _nights(self, member_id: UUID, now: datetime) -> None:
        """Do what every night up to now would have done (semantics A5).

        Order: nights before a version began were done under the version before it.
        """
        state, told = self.states[member_id], self._told.get(member_id)
        begun = [at for at in self.terms.starts if told is not None and told < at < now]
        rated = [at for at in self._rated_at if told is not None and told < at <= now]
        for at in sorted([*(start - _MOMENT for start in begun), *rated, now]):
            version = self.terms.at(at)
            self._warn(state, version)
            # Whether who was merged is active is known of whom they stand under.
            state.idle = version.idle if state.state != "merged" else {}
            last = told
            while (night := nights.next_night(state, version, self._debts)) and night < at:
                if last is not None and night <= last:
                    break
                self._fall(state, version, night)
                last = night
            self._fall(state, version, at)
            if at in rated:
                self._rate(state, at)
        self._told[member_id] = now

    def _rate(self, state: MemberState, at: datetime) -> None:
        """Rate anew what a table rates otherwise now, as the walk did it; see `rates`."""
        if state.story is None or state.united or state.state in ("erased", "merged"):
            return
        changes = self._changes(at)
        before = {id_: sale.steps for id_, sale in state.story.sales.items()}
        rate_again(changes, state, self.terms, at)
        self._decided_again(changes, state, before)
        self._keep(changes, state)

    def _fall(self, state: MemberState, version: Version, at: datetime) -> None:
        changes = self._changes(at)
        nights.fall(changes, state, version, self._debts)
        self._keep(changes, state)

    def _warn(self, state: MemberState, version: Version) -> None:
        """Which points lapse only after a notice; nobody is left to warn who was erased."""
        if version.warned and state.state != "erased":
            names = self.terms.wallet_names
            rules = version.warned.items()
            state.warned = {code: rule for code, rule in rules if names[code] in self.warns}
        elif state.warned:
            state.warned = {}

    def _join(self, one: Happening) -> None:
        known = self.states.get(one.member_id)
        if known is not None:  # a card that collected before has its person now
            known.joined_at = one.at
            return
        state = self._newcomer(one.member_id, one.at)
        changes = self._changes(one.now)
        version = self.terms.at(one.now)
        # Who was brought over enters the ladder with what is decided about them next.
        if version.program.tiers is not None and one.at == one.now:
            tiering.enter(changes, state, version, one.now)
        self._keep(changes, state)

    def _counted_before(self, one: Happening) -> None:
        """What was counted elsewhere counts here; under terms that count it no more, nothing is."""
        code = self.terms.counters.get(one.kind)
        if code is None:
            self._leave_out(one, f"nothing is counted under {one.kind}")
        elif one.member_id == NOBODY:
            self.budgets[code, one.period] += one.units
        else:
            state, key = self._brought_up(one.member_id, one), (code, one.period)
            state.counters[key] = state.counters.get(key, 0) + one.units
            if state.story is not None:
                state.story.before[key] = one.units

    def _newcomer(self, member_id: UUID, at: datetime) -> MemberState:
        state = MemberState(member_id, at, {}, balances={}, counters={}, lots={})
        state.holds, state.lapsed, state.notices, state.spared = {}, {}, {}, {}
        state.told_before = {}
        state.grants = []
        state.idle_told = favours.Shown(state, self._really)
        # Where no version has tiers nothing that comes late changes what came before it.
        state.story = Story({}, {}, []) if self._told_in_order else None
        self.states[member_id] = state
        return state

    def _changes(self, now: datetime) -> Changes:
        # Every list and dict of its own: what a batch would write is read here and let go.
        return Changes(
            self._new_id, now=now, entries=[], opened={}, changed={}, moves=[], tier_moves=[],
            events=[], balances={}, counters={}, budgets=self.budgets, spent=set(), touched={},
            courtesies=[], postponed=[], restated=[],
        )  # fmt: skip

    def _new_id(self) -> UUID:
        return UUID(int=next(self._ids))

    def _decide(self, changes: Changes, states: Sequence[MemberState], one: Happening) -> None:
        # A prize lives by the version that promised it.
        promised = one.earned_at if one.what == "adjust" else None
        state, version = states[0], self.terms.at(promised or one.at)
        if one.what == "activity":
            self._earn(changes, state, one)
        elif one.what == "return":
            self._give_back(changes, state, one)
        elif one.wallet and one.wallet not in version.program.wallets:
            self._leave_out(one, no_wallet(one.wallet))
        elif one.what == "refund":
            scene = given.Scene(changes, state, version, one)
            paid.come_back(scene, (self._paid, self._stood, self.states))
        elif one.what in _MOVING:
            self._move(given.Scene(changes, state, version, one), states[-1])
        else:
            self._fact(given.Scene(changes, state, version, one))

    def _earn(self, changes: Changes, state: MemberState, one: Happening) -> None:
        activity = one.activity
        assert activity is not None, one
        no = self._once.why_not(self.terms.at(one.at), activity)
        if no:
            self._leave_out(one, no)
            return
        self._plans.show(state, one.attributes, self._stood)
        before = self._before(state, activity, one.now)
        earned, sale = earn_in_time(changes, state, self.terms, activity)
        steps = earned.trail.steps
        self._sales[activity.activity_id] = sale
        version = self.terms.numbered(steps.version)
        self._games.did(one, version)
        came = Came(
            activity.activity_id, state.member_id, steps.day, activity.store,
            activity.amount_minor, self._named(earned.units), rules_given(version, steps.given),
            state.tier,
        )  # fmt: skip
        self.tally.decided(came)
        self._decided_again(changes, state, before)

    def _cancelled(self, member_id: UUID, activity_id: UUID) -> bool:
        sale = self._sales.get(activity_id)
        if sale is not None and sale.steps.returned:
            return True
        lots = self.states[member_id].lots.values()
        return any(lot.cause_id == activity_id and lot.state == "cancelled" for lot in lots)

    def _give_back(self, changes: Changes, state: MemberState, one: Happening) -> None:
        activity = one.activity
        assert activity is not None, one
        sale = self._sales.get(activity.sale_id) if activity.sale_id else None
        if sale is None:
            self._leave_out(one, "its sale is not in this history")
            return
        before = sale.steps.given
        version = self.terms.numbered(sale.steps.version)
        told = self._before(state, activity, one.now)
        sale.spent = paid.of_sale(sale, state, (self._paid, self._stood, self.states))
        returned = give_back_in_time(changes, state, self.terms, sale, activity, one.now)
        if isinstance(returned, Refused):
            self._leave_out(one, returned.says)
            return
        self._games.came_back(sale, state.member_id, one.now)
        lost = [now - was for now, was in zip(sale.steps.given, before, strict=True)]
        units = self._named({code: -points for code, points in returned.units.items()})
        day = local(version.zone, activity.occurred_at).day
        came = Came(
            activity.activity_id, state.member_id, day, sale.activity.store, 0, units,
            rules_given(version, lost), state.tier, returned=True,
        )  # fmt: skip
        self.tally.decided(came)
        self._decided_again(changes, state, told | {sale.activity.activity_id: sale.steps})

    def _before(self, state: MemberState, activity: Activity, now: datetime) -> dict[UUID, Steps]:
        """How all decisions of a member stood, where what is told now may change them."""
        if state.story is None or not comes_late(state, self.terms, activity.occurred_at, now):
            return {}
        return {id_: sale.steps for id_, sale in state.story.sales.items()}

    def _decided_again(
        self, changes: Changes, state: MemberState, before: Mapping[UUID, Steps]
    ) -> None:
        """Count what decisions came to that were made again because something came late."""
        for trail in changes.restated:
            assert trail.sale_id is not None, trail
            assert state.story is not None, trail
            was, deed = before[trail.sale_id], state.story.sales[trail.sale_id].activity
            version = self.terms.numbered(was.version)
            more = [now - then for now, then in zip(trail.steps.given, was.given, strict=True)]
            booked = (
                posting
                for entry in changes.entries
                if entry.kind == "restate" and entry.cause_id == trail.sale_id
                for posting in entry.postings
            )
            units = {one.wallet: -one.amount for one in booked if one.account == Account.ISSUED}
            came = Came(
                deed.activity_id, state.member_id, was.day, deed.store, 0, self._named(units),
                rules_given(version, more), state.tier, returned=True,
            )  # fmt: skip
            self.tally.decided(came)

    def _fact(self, scene: given.Scene) -> None:
        one, short = scene.fact, 0
        if one.what == "hold":
            given.hold(scene, self._holds)
        elif one.what == "release":
            paid.taken(scene, self._holds, self._paid)
            short = given.release(scene, self._holds, self._sales)
        elif one.what == "adjust":
            short = given.correct(scene)
            if one.kind:
                day = local(scene.version.zone, one.now).day
                self.tally.prize(one.kind, day, one.units, back=one.units < 0)
        elif why := given.take_in(scene, self.terms, self._debts):
            self._leave_out(one, why)
        day = local(scene.version.zone, one.at).day
        self.tally.moved(one.member_id, one.wallet, "short", short, day)

    def _move(self, scene: given.Scene, other: MemberState) -> None:
        what = scene.fact.what
        if what in ("merge", "part"):
            self._games.united(scene.fact)
        if what == "hand":
            between.handed(scene, other)
        elif what == "merge":
            between.united(scene, other, self._unions, self._debts)
            self._stood[scene.state.member_id] = (scene.fact.cause_id, other.member_id)
        elif what == "part":
            between.parted(scene, other, self._unions, self._debts, self._stood)
            self._stood.pop(scene.state.member_id, None)
        else:
            favours.do_one(scene)

    def _named(self, units: Mapping[int, int]) -> dict[str, int]:
        return {self.terms.wallet_names[code]: points for code, points in units.items()}

    def _leave_out(self, one: Happening, why: str) -> None:
        self.left_out.append(left(one, why))

    def _keep(self, changes: Changes, *states: MemberState) -> None:
        names = dict(self.terms.wallet_names)
        self._unions.hear(changes.entries)
        for entry in changes.entries:
            at = local(self.terms.at(entry.occurred_at).zone, entry.occurred_at)
            self.tally.entry(entry, names, at.day)
        assert changes.now is not None
        for state in states:
            nights.owe(self._debts, state, changes.now)
            nights.forget_spent(state)


_MOVING: Final = ("hand", "merge", "part", "extend", "reinstate", "forgive", "show", "erase")
