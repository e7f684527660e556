"""Words about memberships while they are decided: where each stands, and stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.tx import Tx, Write
from regulars.engine.rewarding.plans import life
from regulars.engine.rewarding.plans.fees import units_back
from regulars.engine.rewarding.plans.points import keep as kept_turn
from regulars.engine.rewarding.plans.restoring import Undone
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.records.benefits.plans import write
from regulars.records.benefits.plans.types import BY_CLOCK, Membership, Turn
from regulars.records.ledger.types import Account
from regulars.records.once.write import Kept, keep


class Paid(NamedTuple):
    """A payment that a refund names."""

    last: bool
    """Whether no other was made since: what is given back is given back of the term that runs."""
    term: Membership
    """How its term ended, with what is left of its money and points now."""


class Batch(Struct):
    """A batch of words about memberships while it is decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    changes: Changes
    stands: dict[UUID, Membership] = {}
    trials: dict[UUID, set[UUID]] = {}
    """Digests of what each member is found by, where somebody asks for a trial."""
    taken: set[UUID] = set()
    turns: list[Turn] = []
    taking: list[tuple[UUID, UUID]] = []
    answered: list[Kept] = []
    lapsed: list[Write] = []
    before: dict[UUID, Membership] = {}
    """Where each stood before its last term was paid."""
    words: dict[UUID, tuple[Membership, datetime]] = {}
    """Where each stood since the last thing that was not brought about by the clock, and when."""
    told: dict[UUID, list[Turn]] = {}
    """All that happened to memberships of which a payment is named, before this batch."""
    gone: Mapping[UUID, Mapping[int, int]] = {}
    """Points that lapsed, by the entry they came with and the wallet."""
    took: Mapping[UUID, Mapping[int, int]] = {}
    """Points that refunds took before this batch, by their entry and the wallet."""

    @property
    def version(self) -> Version:
        return self.terms.at(self.tx.now)

    def lapsed_of(self, one: Membership) -> int:
        """How many points of the term lapsed before this batch."""
        found = {} if one.gave_entry is None else self.gone.get(one.gave_entry, {})
        return sum(found.values())

    def payment(self, membership_id: UUID, source: str, number: str) -> Paid | None:
        """The payment of this number, as it stands after what was decided before."""
        fresh = [one for one in self.turns if one.after.membership_id == membership_id]
        return payment_among([*self.told[membership_id], *fresh], source, number)

    def refund(self, membership_id: UUID, source: str, number: str) -> Undone | None:
        """The refund of this number, as it stands after what was decided before; nothing where
        there is none, or it was undone before."""
        fresh = [one for one in self.turns if one.after.membership_id == membership_id]
        return refund_among([*self.told[membership_id], *fresh], source, number)

    def taken_by(self, refund: Turn) -> Mapping[int, int]:
        """Points that a refund took, per wallet, in this batch too."""
        if refund.entry_id is None:
            return {}
        fresh: Counter[int] = Counter()
        for entry in self.changes.entries:
            if entry.entry_id == refund.entry_id:
                ours = (one for one in entry.postings if one.account == Account.ADJUSTED)
                fresh.update({one.wallet: one.amount for one in ours})
        return fresh or self.took.get(refund.entry_id, {})

    def alone(self, one: Membership) -> bool:
        """Whether its member has no other membership that runs."""
        mine, others = one.membership_id, self.states[one.member_id].plans
        return all(each.state == "ended" for each in others if each.membership_id != mine)

    def note(self, state: MemberState, turn: Turn) -> None:
        """It stands so from here on, for those that are decided after it too."""
        self.turns.append(turn)
        if turn.what not in BY_CLOCK:
            self.words[turn.after.membership_id] = turn.after, turn.at
        self.stands[turn.after.membership_id] = turn.after
        others = [one for one in state.plans if one.membership_id != turn.after.membership_id]
        state.plans = [*others, turn.after]

    def as_of(
        self, state: MemberState, one: Membership, at: datetime
    ) -> tuple[Membership, datetime]:
        """How it stood when something happened that is told only now, and since when at most.

        Keeps: what the clock brought about meanwhile does not count, what somebody told does;
        who began another membership since the end of this one has no second one by it.
        """
        stood, since = self.words.get(one.membership_id, (one, at))
        at = max(at, since)
        for step in life.passed(self.version, stood, at):
            stood = step.after
        others = (each for each in state.plans if each.membership_id != one.membership_id)
        if one.state == "ended" and any(each.state != "ended" for each in others):
            return one, at
        return replace(stood, step=one.step), at

    def catch_up(self, state: MemberState, until: datetime | None = None) -> int:
        """What the clock brought about for a member's memberships until now."""
        done = 0
        for one in list(state.plans):
            for step in life.passed(self.version, one, until or self.tx.now):
                self.note(state, kept_turn(self.changes, state, self.version, step))
                done += 1
        return done

    def writes(self) -> list[Write]:
        return [
            *keep(self.tx, self.answered),
            *write.turn(self.tx, self.turns),
            *write.take_trials(self.tx, self.taking),
            *self.lapsed,
            *writes_of(self.tx, self.terms, self.changes),
        ]


def payment_among(turns: Sequence[Turn], source: str, number: str) -> Paid | None:
    """The payment of this number among all that happened to a membership, oldest first.

    Keeps: what was given back during its term is taken off there; what was given back later and
    named it, here.
    """
    paying = [place for place, one in enumerate(turns) if one.what in ("started", "paid")]
    for here, place in enumerate(paying):
        one = turns[place]
        if (one.source, one.external_id) != (source, number) or not one.amount_minor:
            continue
        if place == paying[-1]:
            return Paid(True, one.after)
        ends = paying[here + 1]
        term = turns[ends - 1].after
        for later in turns[ends:]:
            if later.what == "restored":
                if _paid_by(turns, later.source, later.payment) == place:
                    term = _given_again(term, later.amount_minor)
            elif (later.source, later.payment) == (source, number):
                term = _given_back(term, -later.amount_minor)
        return Paid(False, term)
    return None


def refund_among(turns: Sequence[Turn], source: str, number: str) -> Undone | None:
    """The refund of this number among all that happened to a membership, oldest first."""
    at = _refund_at(turns, source, number)
    undone = [one for one in turns if one.what == "restored" and one.source == source]
    if at is None or any(one.payment == number for one in undone):
        return None
    paying = [place for place, one in enumerate(turns) if one.what in ("started", "paid")]
    told = [one for one in turns[at + 1 :] if one.what not in BY_CLOCK]
    return Undone(
        refund=turns[at],
        before=turns[at - 1].after,
        of_last=_paid_by(turns, source, number) == paying[-1],
        nothing_since=not told,
        ended=_before_its_end(turns),
    )


def _refund_at(turns: Sequence[Turn], source: str, number: str) -> int | None:
    named = ((at, one) for at, one in enumerate(turns) if one.what == "refunded")
    found = (at for at, one in named if (one.source, one.external_id) == (source, number))
    return next(found, None)


def _paid_by(turns: Sequence[Turn], source: str, number: str) -> int | None:
    """Where the payment stands that a refund is of: the one it names, or the last before it."""
    at = _refund_at(turns, source, number)
    if at is None:
        return None
    before = [place for place in range(at) if turns[place].what in ("started", "paid")]
    named = turns[at].payment
    mine = [place for place in before if named in ("", turns[place].external_id)]
    return mine[-1] if mine else None


def _before_its_end(turns: Sequence[Turn]) -> Membership | None:
    """Where a membership stood that a refund ended; nothing where it ended otherwise, or runs."""
    for at in range(len(turns) - 1, 0, -1):
        if turns[at].after.state != "ended":
            return None
        if turns[at - 1].after.state != "ended":
            return turns[at - 1].after if turns[at].what == "refunded" else None
    return None


def _given_again(term: Membership, amount_minor: int) -> Membership:
    """A term of whose money a refund did not arrive, when it was over."""
    left = term.paid_minor + amount_minor
    gone = min(term.units_back, units_back(replace(term, units_back=0), left))
    returned = max(term.returned_minor - amount_minor, 0)
    return replace(term, paid_minor=left, units_back=gone, returned_minor=returned)


def _given_back(term: Membership, amount_minor: int) -> Membership:
    """A term of whose money so much was given back when it was over."""
    left = term.paid_minor - amount_minor
    gone = term.units_back + units_back(term, left)
    returned = term.returned_minor + amount_minor
    return replace(term, paid_minor=left, units_back=gone, returned_minor=returned)
