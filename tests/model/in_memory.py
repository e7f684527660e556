"""The engine's folds driven directly: members' states live on between commands in memory.

It does what the flows do around the engine (find members, sales and redemptions) in the plainest
way, and checks the books after every decision. What must happen once is left to PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.model.beside.by_hand.events import TakesBack
from tests.model.beside.by_hand.in_memory import HANDED, Handed, hand_over
from tests.model.beside.games.in_memory import settles
from tests.model.commands import body
from tests.model.events import (
    Adjusts,
    Answer,
    Confirms,
    Ends,
    Event,
    Happens,
    Joins,
    Parts,
    Pays,
    Picture,
    Publishes,
    Reserves,
    Returns,
    Settles,
    parts,
)  # fmt: skip
from tests.model.in_memory_moves import (
    MOVES,
    Unions,
    forgive_old,
    know_above,
    lapsed_elsewhere,
    recall_chosen,
    recall_taken,
)
from tests.model.in_memory_spent import know_returned, notice_spent, spent_on, whose_now
from tests.model.left_alone.unsaid.in_memory import Said, takes_back
from tests.model.money.in_memory import MONEY
from tests.model.money.plans_in_memory import PLANS
from tests.model.pictures import counters, in_order
from tests.model.programs import compiled

from regulars.base.faults import Fault, Refused
from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.counters import code_names
from regulars.engine.deciding import idle
from regulars.engine.deciding.adjust import Correction, adjust
from regulars.engine.deciding.booking import Cause
from regulars.engine.deciding.conclude import Ending, conclude
from regulars.engine.deciding.earn import rules_given
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.pending import Word, decide
from regulars.engine.deciding.redeem import hold
from regulars.engine.deciding.tiering import enter, review
from regulars.engine.restating.late import earn_in_time, give_back_in_time
from regulars.engine.restating.story import Story
from regulars.engine.returning.payments import Spent, check_captured, check_payments
from regulars.engine.returning.sale import Sale, pieces_back
from regulars.engine.rewarding.having import Wish
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import terms_of
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.ledger.types import Account, Hold, Lot
from regulars.records.program.parts.rewards import shelf_of, shelved
from regulars.records.rewards.types import Redemption
from regulars.records.trail.types import Steps

SIDES = {
    Account.AVAILABLE: "available",
    Account.PENDING: "pending",
    Account.HELD: "held",
    Account.DEBT: "debt",
}


class InMemory:
    """One shop in memory; see the module's first lines."""

    once = False

    def __init__(self, source: str, now: datetime) -> None:
        self.now = now
        self.ids = 0
        self.published: list[Any] = []
        self.codes: dict[tuple[str, str], int] = {}
        self.states: dict[str, MemberState] = {}
        self.sales: dict[str, Sale] = {}
        self.waiting: list[Returns] = []
        self.told_as: dict[str, UUID] = {}
        self.redemptions: dict[str, tuple[Redemption, list[Hold]]] = {}
        self.spent: dict[UUID, Spent] = {}
        self.lots: dict[UUID, Lot] = {}
        self.shelf: dict[str, int] = {}
        self.budgets: dict[tuple[int, int], int] = defaultdict(int)
        self.sums: dict[tuple[UUID, int, int], int] = defaultdict(int)
        self.moved: dict[UUID, int] = defaultdict(int)
        self.unions = Unions()
        self.handed = Handed()
        self.unconfirmed: dict[UUID, list[Lot]] = defaultdict(list)
        self.said = Said()
        self._publish(Publishes(source))

    def close(self) -> None:
        """Nothing is left open."""

    def do(self, now: datetime, event: Event) -> Answer:
        """Bring an event about; what it answers."""
        self.now = now
        if isinstance(event, Publishes):
            return self._publish(event)
        self.changes = Changes(self.new_id, self.shelf, now=now, budgets=self.budgets)
        for state in self.states.values():
            state.idle = self.terms.at(now).idle
        try:
            more: Any = {Settles: settles, TakesBack: takes_back}
            moves = (HANDED | MOVES | MONEY | PLANS | more).get(type(event))
            answer = moves(self, event) if moves else self._decide(event)
        except Fault as fault:
            answer = Answer(fault.code)
        self._book()
        return answer

    def new_id(self) -> UUID:
        self.ids += 1
        return UUID(int=self.ids)

    def _decide(self, event: Event) -> Answer:
        if isinstance(event, Joins):
            state = self._member(event.who, dict(event.attributes))
            enter(self.changes, state, self.terms.at(self.now), self.now)
            return Answer("joined")
        if isinstance(event, Happens):
            return self._happens(event)
        if isinstance(event, Returns):
            return self._returns(event)
        if isinstance(event, Reserves):
            return self._reserve(event)
        return self._later(event)

    def _later(self, event: Event) -> Answer:
        if isinstance(event, Ends):
            part = None if event.part is None else dict(event.part)
            ending = Ending(event.outcome, self.now, "till", part)  # type: ignore[arg-type]
            return self.end(event.name, ending)
        if isinstance(event, Confirms):
            return self._confirm(event)
        return self._adjust(event) if isinstance(event, Adjusts) else self._night()

    def _publish(self, event: Publishes) -> Answer:
        along = self.said.along(event.at or self.now, self.now)
        version = self.put_up(event)
        for one in along:
            self.put_up(event._replace(at=one.effective_from), one.version)
        for reward in version.program.rewards:
            pieces = shelved(reward)
            if pieces is not None:
                self.shelf.setdefault(shelf_of(reward), pieces)
        return Answer("published")

    def put_up(self, event: Publishes, instead: int = 0) -> Compiled:
        """A further version that may rule."""
        version = compiled(event.source)
        for kind, name in code_names(version):
            self.codes.setdefault((kind, name), len(self.codes) + 1)
        number = self.said.add(event, self.now, instead)
        self.published.append((number, event.at or self.now, version))
        said, name = self.said, version.program.program
        told = (said.known, said.again)
        self.terms = terms_of(1, name, self.published, self.codes, *told)
        return version

    def _member(self, who: str, attributes: dict[str, Any]) -> MemberState:
        if who not in self.states:
            self.states[who] = MemberState(self.new_id(), self.now, attributes, story=Story())
            if who.startswith("card"):
                self.states[who].state = "unregistered"
        return self.state(who)

    def stands_as(self, who: str) -> str:
        """Under which name somebody is found now."""
        while who in self.unions.merges:
            who = self.unions.merges[who][0]
        return who

    def state(self, who: str) -> MemberState:
        return self.states[self.stands_as(who)]

    def owner(self, member_id: UUID) -> MemberState:
        """As whom a member stands now."""
        return self.state(next(n for n, s in self.states.items() if s.member_id == member_id))

    def _activity(self, event: Happens | Returns, member_id: UUID) -> Activity:
        known = isinstance(event, Happens)
        amount = sum(line.amount - line.discount for line in event.basket.lines) if known else 0
        return Activity(
            activity_id=self.told_as.get(event.receipt) or self.new_id(),
            member_id=member_id,
            kind=event.kind if known else "return",
            source="till",
            external_id=event.receipt,
            sale_id=None,
            occurred_at=event.at or self.now,
            store=event.store if known else "",
            channel=event.channel if known else "",
            amount_minor=(event.amount or amount) if known else 0,
            body=body(event, {name: r.redemption_id for name, (r, _) in self.redemptions.items()}),
            actor="till",
        )

    def _happens(self, event: Happens) -> Answer:
        state = self._member(event.who, {}) if event.who else None
        activity = self._activity(event, state.member_id if state else NOBODY)
        check_payments(whose_now(self), activity)
        if state is None:
            check_captured(whose_now(self), activity.body)
            version = self.terms.at(activity.occurred_at).number
            answer, steps = Answer("recorded"), Steps(version, 0, 0, 0, 0, ())
        else:
            blocked = self.terms.at(activity.occurred_at).program.blocked
            if state.state == "blocked" and not blocked.may_earn:
                return Answer("member_blocked")
            check_captured(whose_now(self), activity.body)
            before = state.tier
            state.turns = self.unions.paying.turns_of(self, state)
            earned, sale = earn_in_time(self.changes, state, self.terms, activity)
            steps = earned.trail.steps
            self.unions.played.did(self, activity, sale)
            self.unions.act(self, state, (event.kind, set(earned.units)), activity.occurred_at)
            for one in spent_on(self, activity, state):
                one.redemption.paid_for = activity.activity_id
            given = rules_given(self.terms.numbered(steps.version), steps.given)
            answer = Answer(
                "recorded", self._named(earned.units), parts(given), self.balances(state),
                state.tier, before,
            )  # fmt: skip
        self.said.decided.add(steps.version)
        if event.receipt:
            self.sales[event.receipt] = Sale(activity, steps) if state is None else sale
            answer = self._catch_up(event.receipt, answer, state)
        return answer

    def _catch_up(self, receipt: str, answer: Answer, state: MemberState | None) -> Answer:
        for early in [each for each in self.waiting if each.sale == receipt]:
            try:
                then = self._take_back(early)
            except Fault:
                continue
            if then.what == "recorded":
                self.waiting.remove(early)
                if state is not None:
                    answer = answer._replace(balances=then.balances, tier=then.tier)
        return answer

    def _returns(self, event: Returns) -> Answer:
        if event.sale in self.sales:
            return self._take_back(event)
        self.waiting.append(event._replace(at=event.at or self.now))
        self.told_as[event.receipt] = self.new_id()
        return Answer("waiting")

    def _take_back(self, event: Returns) -> Answer:
        sale = self.sales[event.sale]
        activity = self._activity(event, sale.activity.member_id)
        if sale.activity.member_id == NOBODY:
            steps = sale.steps
            sale.steps = Steps(steps.version, 0, 0, 0, 0, (), returned=pieces_back(sale, activity))
            return Answer("recorded")
        state = self.owner(sale.activity.member_id)
        self.let_go(state)
        before, given = state.tier, sale.steps.given
        sale.spent = spent_on(self, sale.activity, state)
        sale.lapsed = lapsed_elsewhere(self, sale, state)
        know_above(self, sale, state)
        returned = give_back_in_time(self.changes, state, self.terms, sale, activity, self.now)
        if isinstance(returned, Refused):
            return Answer(returned.code)
        self.unions.returns.append(sale.activity.member_id)
        self.unions.played.look_at(self, state.member_id)
        lost = [now - then for now, then in zip(sale.steps.given, given, strict=True)]
        rules = rules_given(self.terms.numbered(sale.steps.version), lost)
        less = {code: -points for code, points in returned.units.items()}
        return Answer(
            "recorded", self._named(less), parts(rules), self.balances(state), state.tier, before
        )

    def _reserve(self, event: Reserves) -> Answer:
        state, version = self.state(event.who), self.terms.at(self.now)
        self.let_go(state)
        recall_taken(self, state)
        recall_chosen(self, state)
        wish = Wish(event.reward, self.new_id(), self.now, event.store, "", "till")
        return self.taken(event, state, hold(self.changes, state, version, wish))

    def taken(
        self, event: Reserves | Pays, state: MemberState, redemption: Redemption | Refused
    ) -> Answer:
        """Know what was reserved, and hand it over where that is meant."""
        if isinstance(redemption, Refused):
            return Answer(redemption.code)
        self.keep_redemption(event.name, redemption)
        self.unions.take(self, state, redemption)
        if event.capture:
            return self.end(event.name, Ending("captured", self.now, "till"))
        return Answer("held", balances=self.balances(state))

    def keep_redemption(self, name: str, redemption: Redemption) -> None:
        """Know a redemption by the machine's name for it."""
        holds = [
            each
            for each in self.changes.holds_opened.values()
            if each.redemption_id == redemption.redemption_id
        ]
        self.redemptions[name] = (redemption, holds)
        self.said.decided.add(redemption.version)

    def end(self, name: str, ending: Ending) -> Answer:
        redemption, holds = self.redemptions[name]
        state = self.owner(redemption.member_id)
        version = self.terms.numbered(redemption.version)
        know_returned(self, state, holds)
        no = conclude(self.changes, state, version, redemption, holds, ending)
        if no is not None:
            return Answer(no.code)
        notice_spent(self, redemption)
        hand_over(self, name, redemption)
        return Answer(redemption.state, balances=self.balances(state))

    def _confirm(self, event: Confirms) -> Answer:
        sold = self.sales[event.sale].activity
        if sold.member_id == NOBODY:
            return Answer("nothing_pending")
        state = self.owner(sold.member_id)
        expire(self.changes, state, self.now)
        word = Word(event.outcome, self.now, "till")  # type: ignore[arg-type]
        lots = self.unconfirmed[sold.activity_id]
        turned = decide(self.changes, state, self.terms, lots, word)
        if isinstance(turned, Refused):
            return Answer(turned.code)
        return Answer(event.outcome, self._named(turned), balances=self.balances(state))

    def _adjust(self, event: Adjusts) -> Answer:
        state, entry = self.state(event.who), self.new_id()
        self.let_go(state)
        cause = Cause("adjust", entry, entry, self.now, "Olga", "it was wrong")
        correction = Correction(event.wallet, event.units, cause)
        no = adjust(self.changes, state, self.terms.at(self.now), correction)
        return Answer(no.code) if no else Answer("adjusted", balances=self.balances(state))

    def let_go(self, state: MemberState) -> None:
        for name, (redemption, _) in self.redemptions.items():
            late = redemption.state == "held" and redemption.lapses_at <= self.now
            if late and redemption.member_id == state.member_id:
                self.end(name, Ending("lapsed", self.now))

    def _night(self) -> Answer:
        for name, (redemption, _) in self.redemptions.items():
            if redemption.state == "held" and redemption.lapses_at <= self.now:
                self.end(name, Ending("lapsed", self.now))
        for state in [one for one in self.states.values() if one.state != "merged"]:
            review(self.changes, state, self.terms.at(self.now), self.now)
            expire(self.changes, state, self.now)
            idle.notices(self.changes, state, self.now)
        self.unions.paying.pass_by(self)
        self.unions.paying.tells(self)
        settles(self)
        for state in [one for one in self.states.values() if one.state != "merged"]:
            forgive_old(self, state)
        return Answer("night")

    # --- what can be seen -----------------------------------------------------------------

    def pictures(self) -> dict[str, Picture]:
        return {name: self._picture(self.state(name)) for name in self.states}

    def stock(self) -> dict[str, int]:
        return dict(self.shelf)

    def _picture(self, state: MemberState) -> Picture:
        names = self.terms.wallet_names
        balances = sorted(
            (names[code], b.available, b.pending, b.held, b.debt, b.earned)
            for code, b in state.balances.items()
        )
        lots = sorted(
            [
                (
                    names[lot.wallet], lot.amount, lot.remaining, lot.pinned, lot.expires_at,
                    lot.state == "pending", lot.activates_at, lot.cancels_at,
                )
                for lot in state.lots.values()
            ],
            key=str,
        )  # fmt: skip
        counter_names = {
            code: name for (kind, name), code in self.codes.items() if kind == "counter"
        }
        kept = [(counter_names[code], at, n) for (code, at), n in state.counters.items()]
        return Picture(
            tuple(each for each in balances if any(each[1:])),
            tuple(lots),
            state.tier,
            state.tier_until,
            in_order(counters(kept)),
        )

    def _named(self, units: Any) -> Parts:
        return parts({self.terms.wallet_names[code]: n for code, n in units.items()})

    def balances(self, state: MemberState) -> Parts:
        return self._named({code: b.available for code, b in state.balances.items()})

    # --- the books ------------------------------------------------------------------------

    def _book(self) -> None:
        """Add up what was decided, and see that the books are right (I1, I5, I7, I10, I11, I16)."""
        for entry in self.changes.entries:
            assert len(entry.postings) >= 2, entry
            sums: dict[int, int] = defaultdict(int)
            for wallet, account, amount in entry.postings:
                assert amount != 0, entry
                sums[wallet] += amount
                self.sums[entry.member_id, wallet, account] += amount
            assert not any(sums.values()), entry
        self.lots |= self.changes.opened
        for lot in self.changes.opened.values():
            if lot.cancels_at is not None:
                self.unconfirmed[lot.cause_id].append(lot)
        for move in self.changes.moves:
            self.moved[move.lot_id] += move.delta
        self.unions.notice(self)
        for state in self.states.values():
            self._check(state)
            state.lots = {id_: lot for id_, lot in state.lots.items() if lot.remaining}

    def _check(self, state: MemberState) -> None:
        for lot in state.lots.values():
            assert 0 <= lot.pinned <= lot.remaining <= lot.amount, lot
            assert lot.remaining - lot.amount == self.moved[lot.lot_id], lot
        for wallet, balance in state.balances.items():
            mine = [lot for lot in state.lots.values() if lot.wallet == wallet]
            assert balance.available == sum(lot.free for lot in mine) >= 0, (wallet, balance)
            assert balance.held == sum(lot.pinned for lot in mine), (wallet, balance)
            waits = sum(lot.remaining for lot in mine if lot.state == "pending")
            assert balance.pending == waits, (wallet, balance)
            held = [h for h in state.holds.values() if h.wallet == wallet and h.state == "open"]
            assert balance.held == sum(hold.amount for hold in held), (wallet, balance)
            for account, name in SIDES.items():
                sign = -1 if name == "debt" else 1
                booked = sign * self.sums[state.member_id, wallet, account]
                assert getattr(balance, name) == booked, (wallet, name, balance, booked)
        for event in self.changes.events:
            assert event.member_id != state.member_id or event.sequence <= state.version, event
