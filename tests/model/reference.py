"""The books worked out from what happened, thing by thing: the judge of engine and flows.

It keeps a list of what happened and nothing else. Whatever can be asked (room under a limit, tier
credit, kept remainders, stock) is added up anew from all that happened, with exact fractions and
the calendar of `wall`. Of the shipped code it uses the plain types of a program and the slow
reference interpreter of rules, nothing else.
"""

from __future__ import annotations  # noqa: I001  (two imports are kept short)

from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.model import ladder, late, waits, wall
from tests.model.beside import clubs, stones
from tests.model.beside.automatic import AUTOMATIC
from tests.model.beside.between.all import BETWEEN, State, looks_at_friends
from tests.model.beside.by_hand import codes
from tests.model.beside.by_hand.all import HANDED, Hand
from tests.model.beside.choosing.choices import CHOOSING, Said
from tests.model.beside.games import boards
from tests.model.beside.games.prizes import GAMES, Prize, noticed, settles
from tests.model.deeds import credit as credit_of
from tests.model.deeds import exactly, own_rules, return_credit, settle
from tests.model.left_alone.meanwhile.drawn import allowed
from tests.model.events import (
    Answer, Ends, Event, Happens, Joins, Night, Publishes, Reserves, Returns, Settles, parts,
)  # fmt: skip
from tests.model.favours import FAVOURS, forgive_old
from tests.model.kept import (
    Credit, Deed, Lot, Person, Taken, Terms, owe,
)  # fmt: skip
from tests.model.left_alone import quiet
from tests.model.left_alone.unsaid.versions import Versions
from tests.model.money import fees
from tests.model.money.afterwards import credited, freeing, rating
from tests.model.money.paying import MONEY, Bank
from tests.model.money.plans import PLANS, Membership, Points, pass_all, run_at
from tests.model.money.promised.arms import PROMISED
from tests.model.money.promised.worth import at_home, had_in
from tests.model.money.trusted import telling
from tests.model.moves import MOVES, Merged
from tests.model.once import KEPT, keys_of
from tests.model.points import (
    claw_back,
    comes_free,
    gone_or_reserved,
    lapse,
    lapsed_of,
    pays_up,
    pin,
)
from tests.model.refunds import again, coming, may_pay, put_back, uncaptured
from tests.model.sharing import SHARING
from tests.model.shelf import asked, chosen, counted, no_end, there_are

from regulars.engine.reference.interpreter import rounded

NEVER = datetime(9999, 12, 31, tzinfo=wall.UTC)
BY_HAND = MOVES | AUTOMATIC | BETWEEN | CHOOSING | FAVOURS | GAMES | HANDED
BY_HAND |= MONEY | PLANS | PROMISED | SHARING | quiet.QUIET | credited.CREDITED


class World(Versions):
    """Everything that follows from what happened."""

    def __init__(
        self,
        first: tuple[str, datetime],
        log: Sequence[tuple[datetime, Event]],
        unsaid: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(unsaid)
        self.people: dict[str, Person] = {}
        self.sales: dict[str, Deed] = {}
        self.waiting: list[Returns] = []
        self.homes: list[str] = []
        self.merged: dict[str, Merged] = {}
        self.taken: dict[str, Taken] = {}
        self.reached: dict[tuple[str, stones.Name, str], stones.Reached] = {}
        self.said: list[Said] = []
        self.by_itself: list[Taken] = []
        """What was taken by itself and not given back."""
        self.banks: dict[str, Bank] = {}
        self.bounced: set[str] = set()
        self.plans: dict[str, Membership] = {}
        self.trials: list[tuple[str, set[str]]] = []
        """Who had a trial, and which cards were theirs then."""
        self.term_points: list[Points] = []
        self.prizes: list[Prize] = []
        self.between = State()
        self.hand = Hand()
        self.arms: dict[str, dict[str, str]] = {}
        """Of each experiment who is in which arm."""
        self.concluded: set[str] = set()
        self.unsettled: dict[str, datetime] = {}
        """Who is to be looked at for prizes, and from when on."""
        self.made = 0
        self.credited: dict[str, tuple[str, Answer]] = {}
        """Sales that named nobody and are somebody's since: whose, and what that was answered."""
        self.rated: set[int] = set()
        """The versions whose tables went through what happened before them."""
        self.once: dict[tuple[str, ...], tuple[Event, Answer]] = {}
        self.born = 0
        self.numbers = 0
        self.judged_again = 0
        self.told_as: dict[Returns, int] = {}
        """The number of each return that waits for its sale."""
        self.now = first[1]
        self.publish(Publishes(*first))
        self.answers = [self._at(now, event) for now, event in log]

    def goes_on(self, now: datetime, events: Sequence[Event]) -> list[Answer]:
        """What comes after all that; its answers, as if all were worked out from nothing."""
        answers = [self._at(now, event) for event in events]
        self.answers += answers
        return answers

    def _at(self, now: datetime, event: Event) -> Answer:
        self.now = now
        keys, content = keys_of(event)
        for key in keys:
            if key in self.once:
                before, answer = self.once[key]
                if before != content:
                    return Answer("key_reused")
                self.once = dict.fromkeys(keys, self.once[key]) | self.once
                return answer
        had = {*self.taken}
        answer = self._one(event)
        if self.taken.keys() - had:
            self.decides(now)
        if answer.what in KEPT:
            self.once |= dict.fromkeys(keys, (content, answer))
        return answer

    def _one(self, event: Event) -> Answer:
        done: dict[type, Callable[[Any], Answer]] = {
            Joins: self._join, Happens: self.happens, Returns: self._returns,
            Reserves: self._reserve, Ends: self._end, Publishes: self.publish,
            Night: self._night,
        }  # fmt: skip
        for person in self.people.values():
            person.now = self.now
        if type(event) in BY_HAND:
            return BY_HAND[type(event)](self, event)
        return done[type(event)](event)

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def who(self, name: str) -> Person:
        """The person behind a name, also after a merge."""
        while name in self.merged:
            name = self.merged[name].into
        return self.people[name]

    def above(self, name: str) -> list[str]:
        """This name, and one after the other those it was merged into."""
        names = [name]
        while names[-1] in self.merged:
            names.append(self.merged[names[-1]].into)
        return names

    def _join(self, event: Joins) -> Answer:
        person = Person(
            event.who, self.now, dict(event.attributes), self.versions, past=late.Past()
        )
        self.people[event.who] = person
        ladder.enter(person, self.terms(self.now), self.now)
        return Answer("joined")

    # --- activities -----------------------------------------------------------------------

    def happens(self, event: Happens) -> Answer:
        at = event.at or self.now
        terms = self.terms(at)
        bought = [line.quantity for line in event.basket.lines]
        if event.kind == "purchase" and not bought:
            bought = [max(event.amount or 0, 1)]
        bought = bought or [1]
        taken = self.taken.get(event.basket.paid)
        if event.basket.paid and not may_pay(self, taken, event):
            return Answer("invalid")
        freed = freeing.named(event)
        if not all(freeing.may_free(self, name, event) for name in freed):
            return Answer("invalid")
        told = event.basket.lines
        if event.currency:  # what comes back of it is told in its currency, too
            event = at_home(terms, event)
        deed = Deed(terms, event, event.who, at, terms.day(at), bought, [0] * len(bought), told)
        if event.who.startswith("card") and event.who not in self.people:
            card = Person(
                event.who, self.now, {}, self.versions, state="unregistered", past=late.Past()
            )
            self.people[event.who] = card
        if event.who:
            person = self.who(event.who)
            deed.who = person.name
            if person.state == "blocked" and not terms.program.blocked.may_earn:
                return Answer("member_blocked")
            if no := telling.not_so(self, event, terms) or uncaptured(self, event, freed):
                return Answer(no)
            self.hand.trust.told.append(deed)
        self.decides(at)
        if taken is not None:
            deed.paid, taken.paid = taken, True
        deed.freed = [self.taken[name] for name in freed]
        for one in deed.freed:
            one.paid = True
        deed.rated = rating.rates_now(self, deed)
        answer = self._earn(deed) if event.who else Answer("recorded")
        if event.receipt:
            self.sales[event.receipt] = deed
            answer = self._catch_up(event.receipt, answer)
        return answer

    def _catch_up(self, receipt: str, answer: Answer) -> Answer:
        for early in [each for each in self.waiting if each.sale == receipt]:
            then = self.take_back(early)
            if then.what == "recorded":
                self.waiting.remove(early)
                if self.sales[receipt].who:
                    answer = answer._replace(balances=then.balances, tier=then.tier)
        return answer

    def _earn(self, deed: Deed) -> Answer:
        person, terms, before = self.people[deed.who], deed.terms, self.people[deed.who].tier
        quiet.leave(person, min(deed.at, self.now))
        credit, number = credit_of(deed), self._number()
        deed.number = number
        noticed(self, person.name)
        belated = late.is_late(self, person, deed.at)
        if belated:
            seen = late.steps_then(self, person, deed, number, credit)
            deed.tier, deed.further = seen
        else:
            ladder.review(person, terms, min(deed.at, self.now))
            deed.tier = late.step_seen(person, terms, deed.day, credit)
            deed.further = clubs.seen(person, deed, min(deed.at, self.now))
        running = run_at(self, person, deed.at)
        deed.attributes = person.attributes | {f"plan:{plan}": "yes" for plan in running}
        clubs.count(person, deed)
        everyone = list(self.people.values())
        deed.room = tuple(person.room(terms, deed, everyone))
        settle(person, deed, everyone)
        for wallet, points in deed.units.items():
            self.credit_points(person, terms, (wallet, points), deed.at, deed)
            person.earned[wallet] = person.earned.get(wallet, 0) + points
        what = {deed.event.kind, "activity", "earning"}
        quiet.acts(person, terms, what, {w for w, n in deed.units.items() if n}, deed.at)
        status = terms.tiers is not None and terms.tiers.measure == "status"
        wallet = str(terms.tiers.wallet) if terms.tiers is not None else ""
        deed.credit = Credit(deed.units.get(wallet, 0), credit.second) if status else credit
        person.deeds.append(deed)
        stones.reach(self, person, deed)
        told = person.past.add(
            late.Told(deed.at, False, number, deed, deed.credit, {**deed.clubs}), deed.at
        )
        if belated:
            late.restate(self, person, told)
        elif deed.credit:
            ladder.climb(person, deed)
        given = dict(zip([rule.id for rule in terms.program.rules], deed.given, strict=True))
        return Answer(
            "recorded", parts(deed.units), parts(given), person.balances(), person.tier, before
        )

    def credit_points(
        self,
        person: Person,
        terms: Terms,
        what: tuple[str, int],
        at: datetime,
        sale: object = None,
    ) -> None:
        """New points wait where the wallet says so; else they pay what is owed first, and the rest
        can be spent until it ends."""
        wallet, points = what
        usable = cancels = None
        if isinstance(sale, Deed):
            usable, cancels = waits.until(terms, wallet, sale, self.now)
        ends = waits.NEVER if cancels else waits.gone(terms, wallet, usable or at)
        if cancels or (usable and usable > self.now):
            self.born += 1
            lot = Lot(wallet, points, points, at, ends, self.born, sale)
            lot.waits, lot.usable, lot.cancels = True, usable, cancels
            person.lots.append(lot)
            return
        paid = min(person.debt.get(wallet, 0), points)
        owe(person, wallet, -paid)
        if points > paid:
            self.born += 1
            left = points - paid
            person.lots.append(Lot(wallet, left, left, at, ends, self.born, sale, usable=usable))

    def conclude(self, taken: Taken, outcome: str = "captured") -> None:
        """Hand over all of it, or give all of it back."""
        self._conclude(taken, outcome, None)

    def _returns(self, event: Returns) -> Answer:
        if event.sale in self.sales:
            return self.take_back(event)
        self.waiting.append(event._replace(at=event.at or self.now))
        self.told_as[self.waiting[-1]] = self._number()
        return Answer("waiting")

    def take_back(self, event: Returns) -> Answer:
        deed = self.sales[event.sale]
        if deed.who and self.who(deed.who).name in self.hand.erased:
            return Answer("member_erased")
        if deed.who:
            self.let_go(self.who(deed.who))
        pieces = event.pieces or [
            (place, bought - back)
            for place, (bought, back) in enumerate(zip(deed.bought, deed.back, strict=True))
        ]
        back = list(deed.back)
        for place, quantity in pieces:
            if place >= len(back) or back[place] + quantity > deed.bought[place]:
                return Answer("too_much_returned")
            back[place] += quantity
        if back == deed.back:
            return Answer("too_much_returned")
        if not deed.who:
            deed.back = back
            return Answer("recorded")
        number = self.told_as.get(event) or self._number()
        answer = self._undo(deed, back, event.at or self.now, number)
        deed.back_at += [self.now] if answer.what == "recorded" else []
        return answer

    def _undo(self, deed: Deed, back: list[int], at: datetime, number: int) -> Answer:
        """Run the frozen rules on what is left and take back what the sale no longer gives."""
        person, terms = self.who(deed.who), deed.terms
        tier_before = person.tier
        late.looked_at(self, person, at)
        before, deed.back = deed.back, back
        exact, less, new = exactly(deed), {}, {}
        given = list(deed.given)
        for wallet in terms.program.wallets:
            own = own_rules(terms, wallet)
            total = sum((exact[place] for place in own), Fraction(0))
            gave, stands = deed.units.get(wallet, 0), deed.exact.get(wallet, Fraction(0))
            settled = terms.judge.settle(wallet, exact)
            gives = allowed(settled.units, deed.free.get(wallet, []))
            if terms.keeps(wallet) != "no":
                if total >= stands:
                    continue
                rest = person.remainder(terms, wallet, deed.day) - (stands - total)
                rounding = terms.program.wallets[wallet].rounding
                gives = gave + rounded(rest, rounding)
            elif gives >= gave:
                continue
            new[wallet] = (total, gives)
            for place in own:
                given[place] = min(settled.per_rule[place], deed.given[place])
            if gives < gave:
                less[wallet] = gave - gives
        shares = coming(self, deed)
        for wallet, points in less.items():
            if terms.program.wallets[wallet].negative == "refuse":
                short = points - min(lapsed_of(person, deed, wallet), points)
                short -= sum(lot.left for lot in waits.of_deed(person, deed, wallet))
                short -= again(self, person, shares, wallet) + person.available(wallet)
                if short > 0:
                    deed.back = before
                    return Answer(gone_or_reserved(person, wallet, short))
        put_back(self, person, shares)
        person.takes += 1
        for wallet, points in less.items():
            claw_back(person, deed, wallet, points)
        lost = {
            rule.id: now - was
            for rule, now, was in zip(terms.program.rules, given, deed.given, strict=True)
        }
        deed.given = given
        for wallet, (total, gives) in new.items():
            deed.exact[wallet], deed.units[wallet] = total, gives
        return_credit(deed, less)
        clubs.came_back(deed, terms.day(max(at, deed.at)))
        noticed(self, person.name)
        stones.fall(self, person, deed)
        late.came_back(self, deed, at, number)
        return Answer(
            "recorded",
            parts({wallet: -points for wallet, points in less.items()}),
            parts(lost),
            person.balances(),
            person.tier,
            tier_before,
        )

    # --- rewards --------------------------------------------------------------------------

    def comes(self, name: str) -> tuple[Person, Terms]:
        """Somebody who wants something, with what is over by now gone."""
        person, terms = self.who(name), self.terms(self.now)
        self.let_go(person)
        ladder.review(person, terms, self.now)
        lapse(person, self.now)
        ladder.review(person, terms, self.now)
        return person, terms

    def _reserve(self, event: Reserves) -> Answer:
        if event.currency and not had_in(self.terms(self.now), event):
            self.let_go(self.who(event.who))
            return Answer("invalid")
        person, terms = self.comes(event.who)
        if person.state == "blocked" and not terms.program.blocked.may_redeem:
            return Answer("member_blocked")
        reward = terms.rewards.get(event.reward)
        if reward is None:
            return Answer("unknown_reward")
        undo = pays_up(person)
        no, price = chosen(self, person, reward, event.store)
        said, frees = freeing.frees(terms, reward, event)
        no = no or said or telling.unproven(self, person, reward)
        undo()
        if no:
            return Answer(no)
        pays_up(person, price)
        taken = Taken(
            who=person.name,
            reward=reward.id,
            price=price,
            pins=[
                each for name, units in price.items() for each in pin(person, terms, (name, units))
            ],
            lapses=wall.later(terms.zone, self.now, reward.hold_for),
            stocked=there_are(reward) is not None,
            opened=self.now,
            counted=counted(terms, reward, self.now),
            currency=event.currency,
            frees=frees,
        )
        self.taken[event.name] = taken
        spent = {name for name, units in price.items() if units}
        quiet.acts(person, terms, {"redeeming"}, spent, self.now)
        person.takes += 1
        if event.capture:
            self._conclude(taken, "captured", None)
        return Answer(taken.state, balances=person.balances())

    def _end(self, event: Ends) -> Answer:
        taken = self.taken[event.name]
        part = dict(event.part) if event.part and event.outcome == "captured" else None
        no = no_end(taken, event, part, self.now)
        if no:
            return Answer(no)
        if taken.state == "held":
            self._conclude(taken, event.outcome, part)
        return Answer(taken.state, balances=self.who(taken.who).balances())

    def _conclude(self, taken: Taken, outcome: str, part: dict[str, int] | None) -> None:
        """Take what was captured from the soonest of the reserved points; free the rest."""
        left = dict(taken.price if part is None else part) if outcome == "captured" else {}
        taken.captured = asked(taken, part) if outcome == "captured" else {}
        for lot, units in sorted(taken.pins, key=lambda pin: pin[0].order):
            lot.pinned -= units
            taking = min(units, left.get(lot.wallet, 0))
            lot.left -= taking
            if taking:
                taken.took[lot] = taken.took.get(lot, 0) + taking
            self.who(taken.who).takes += taking > 0
            left[lot.wallet] = left.get(lot.wallet, 0) - taking
        comes_free(self.who(taken.who), taken.pins, taken.captured)
        taken.state = outcome
        codes.handed_over(self, taken)
        lapse(self.who(taken.who), self.now)

    def let_go(self, person: Person) -> None:
        """Points this person reserved and did not take in time are free; prizes wait till night."""
        for taken in self.taken.values():
            late = taken.state == "held" and taken.lapses <= self.now
            if taken.who == person.name and late and taken.pins:
                self._conclude(taken, "lapsed", None)

    # --- the night ------------------------------------------------------------------------

    def _night(self, _: Night) -> Answer:
        for taken in self.taken.values():
            if taken.state == "held" and taken.lapses <= self.now:
                self._conclude(taken, "lapsed", None)
        rating.rates_again(self)
        for person in [one for one in self.people.values() if one.state != "merged"]:
            ladder.review(person, self.terms(self.now), self.now)
            lapse(person, self.now)
            quiet.tell(person, self.now)
        pass_all(self)
        fees.tells(self)
        looks_at_friends(self)
        boards.closes(self)
        settles(self, Settles())
        for person in [one for one in self.people.values() if one.state != "merged"]:
            forgive_old(self, person)
        return Answer("night")
