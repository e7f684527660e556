"""What a payment provider tells of a whole subscription, word by word, and what of it is new."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.flows.membership.plans.commands import (
    MembershipOutcome,
    MembershipStands,
    StartMembership,
    TurnMembership,
)
from regulars.records.benefits.plans.types import Membership
from regulars.records.members.types import MemberRef

FactKind = Literal["paid", "failed", "refunded", "restored", "changed"]
Standing = Literal["", "runs", "ends", "over"]
"""Nothing is said; it renews itself; it ends with the term; it is over."""
ENDS_BY_ITSELF: Final = timedelta(days=1)
"""So much later than ours the provider's term may end: zones and lengths of months differ."""
RUNNING: Final = ("active", "trial")
Word = StartMembership | TurnMembership


class Fact(Struct, frozen=True):
    """Something that happened to a subscription and stays so: a payment, money given back."""

    what: FactKind
    id: str
    """Its number there."""
    at: datetime
    """By which moment it is judged: of a payment in time a little before its term begins."""
    begins: datetime | None = None
    """Of a payment: when its term begins there."""
    amount_minor: int | None = None
    plan: str = ""
    """Of a payment: what was paid for, where that is known."""
    payment: str = ""
    """Of money given back: of which payment."""


class Subscription(Struct, frozen=True):
    """A subscription with all that was ever paid for it, as it stood when it was asked for."""

    source: str
    id: str
    refs: tuple[MemberRef, ...]
    """By what the member may be found; the first that somebody is known by counts."""
    plan: str
    currency: str
    began_at: datetime
    asked_at: datetime
    in_trial: bool = False
    """Whether it began with a trial."""
    facts: tuple[Fact, ...] = ()
    """Oldest first."""
    stands: Standing = ""
    since: datetime | None = None
    """Of one that ends or is over: when that was said, or happened."""
    card: str = ""
    """What a payment card is known by there: nobody has two trials with one."""
    actor: str = ""


class Life(Struct):
    """How far a subscription is told: its membership, what of it is known, what was refused."""

    one: Subscription
    member: MemberRef
    told: set[tuple[str, str]]
    """Number and word of what was told before."""
    membership_id: UUID | None = None
    plan: str = ""
    next_plan: str = ""
    state: str = ""
    until_at: datetime | None = None
    named: dict[str, str] = {}
    """By which number a payment is known where it is not by its own: the first began it all."""
    refunds: dict[str, UUID] = {}
    """Of refunds that did not arrive: of which membership each was told."""
    words: int = 0
    refused: list[Fault | Refused] = []

    def more_follows(self, at: datetime) -> bool:
        """Whether a later payment is still to be told: what was over in between was not over."""
        return any(
            fact.what == "paid" and fact.at > at and (fact.id, "paid") not in self.told
            for fact in self.one.facts
        )

    def stands(self, found: Membership | MembershipStands) -> None:
        """Where its membership stands now."""
        self.membership_id, self.plan = found.membership_id, found.plan
        self.next_plan, self.state, self.until_at = found.next_plan, found.state, found.until_at

    def heard(self, outcome: MembershipOutcome) -> bool:
        """Note what came of a word; whether it counts."""
        if isinstance(outcome, MembershipStands):
            self.stands(outcome)
            self.words += 1
            return True
        self.refused.append(outcome)
        return False


Telling = Generator[Word, MembershipOutcome, None]


def telling(life: Life) -> Telling:
    """Each word that is new, in the order of time; sent back is what came of it.

    Keeps: told again nothing is new. A word that is refused does not keep the others out, so that
    one refund nobody can book does not hold up all that is paid after it.
    """
    yield from _begin(life)
    if life.membership_id is None:
        return
    for fact in life.one.facts:
        if (fact.id, fact.what) not in life.told and fact.id not in life.named:
            yield from _FACTS[fact.what](life, fact)
    yield from _stand(life)


def numbers(one: Subscription) -> Iterator[tuple[str, str]]:
    """Number and word of everything that may have been told of it before."""
    yield one.id, "started"
    for fact in one.facts:
        yield fact.id, fact.what
        if fact.what == "paid":
            yield fact.id, "started"
        if fact.what == "restored":
            yield fact.id, "refunded"
    yield from (_over(one), _ends(one), _runs(one), _other(one))


def _begin(life: Life) -> Telling:
    one = life.one
    first = next((fact for fact in one.facts if fact.what == "paid"), None)
    if life.membership_id is not None:
        _name_first(life, first)
        return
    if one.in_trial:
        life.heard((yield _start(life, one.id, one.began_at, trial=True)))
        if life.membership_id is not None or first is None:
            return
        life.refused.clear()  # no trial, and paid all the same
    if first is None:
        return
    number = first.id if one.in_trial else one.id
    if life.heard((yield _start(life, number, _begins(first), paid=first))):
        life.named[first.id] = number


def _name_first(life: Life, first: Fact | None) -> None:
    """Of one that began with a payment, by which number that payment is known."""
    if first is None:
        return
    if (first.id, "started") in life.told:
        life.named[first.id] = first.id
    elif not life.one.in_trial and (life.one.id, "started") in life.told:
        life.named[first.id] = life.one.id


def _paid(life: Life, fact: Fact) -> Telling:
    if (fact.id, "started") in life.told:
        return
    if fact.plan and fact.plan != (life.next_plan or life.plan) and life.state in RUNNING:
        other = _turn(life, "changed", fact.id, fact.at, at="period_end", plan=fact.plan)
        life.heard((yield other))
    outcome = yield _turn(life, "paid", fact.id, fact.at, **_money(life, fact))
    if isinstance(outcome, Refused) and outcome.code == "membership_over":
        outcome = yield _start(life, fact.id, _begins(fact), paid=fact)
    life.heard(outcome)


def _begins(paid: Fact) -> datetime:
    """When a membership begins with this payment: with its term, or when it was paid after that."""
    return paid.at if paid.begins is None else max(paid.at, paid.begins)


def _failed(life: Life, fact: Fact) -> Telling:
    if life.state != "ended":
        life.heard((yield _turn(life, "failed", fact.id, fact.at)))


def _refunded(life: Life, fact: Fact) -> Telling:
    payment = life.named.get(fact.payment, fact.payment)
    told = _turn(life, "refunded", fact.id, fact.at, payment=payment, **_money(life, fact))
    life.heard((yield told))


def _restored(life: Life, fact: Fact) -> Telling:
    """A refund did not arrive; where it was never told, nothing was taken."""
    mine = life.refunds.get(fact.id)
    if mine is None:
        return
    told = _turn(life, "restored", fact.id, fact.at, payment=fact.id, **_money(life, fact))
    outcome = yield replace(told, membership_id=mine)
    if mine == life.membership_id or not isinstance(outcome, MembershipStands):
        life.heard(outcome)
    else:
        life.words += 1


def _changed(life: Life, fact: Fact) -> Telling:
    if fact.plan and fact.plan != life.plan:
        life.heard((yield _turn(life, "changed", fact.id, fact.at, at="now", plan=fact.plan)))


_FACTS: Final[dict[FactKind, Any]] = {
    "paid": _paid,
    "failed": _failed,
    "refunded": _refunded,
    "restored": _restored,
    "changed": _changed,
}


def _stand(life: Life) -> Telling:
    """What follows from how it stands now, where ours stands otherwise."""
    one = life.one
    if one.stands == "over" and not _ends_by_itself(life):
        yield from _say(life, _over(one), at="now", when=one.since)
    if one.stands not in ("runs", "ends"):
        return
    if one.plan not in (life.plan, life.next_plan) and life.state in RUNNING:
        yield from _say(life, _other(one), at="now", plan=one.plan)
    if one.stands == "ends" and life.state in (*RUNNING, "past_due"):
        yield from _say(life, _ends(one), at="period_end")
    if one.stands == "runs" and life.state == "cancelled":
        yield from _say(life, _runs(one))


def _ends_by_itself(life: Life) -> bool:
    if life.state == "ended" or life.until_at is None or life.one.since is None:
        return True
    return life.state == "cancelled" and life.until_at <= life.one.since + ENDS_BY_ITSELF


def _over(one: Subscription) -> tuple[str, str]:
    return f"{one.id}:over", "cancelled"


def _ends(one: Subscription) -> tuple[str, str]:
    return f"{one.id}:ends:{int((one.since or one.asked_at).timestamp())}", "cancelled"


def _runs(one: Subscription) -> tuple[str, str]:
    return f"{one.id}:runs:{int(one.asked_at.timestamp())}", "resumed"


def _other(one: Subscription) -> tuple[str, str]:
    return f"{one.id}:{one.plan}:{int(one.asked_at.timestamp())}", "changed"


def _say(life: Life, number: tuple[str, str], when: datetime | None = None, **more: Any) -> Telling:
    if number not in life.told:
        life.heard((yield _turn(life, number[1], number[0], when, **more)))


def _money(life: Life, fact: Fact) -> dict[str, Any]:
    """Amounts are as they were taken there: a coupon, a tax, a credit makes another sum."""
    return {"amount_minor": fact.amount_minor, "currency": life.one.currency}


def _start(
    life: Life, number: str, at: datetime, paid: Fact | None = None, trial: bool = False
) -> StartMembership:
    one = life.one
    return StartMembership(
        member=life.member,
        plan=(paid.plan if paid else "") or one.plan,
        trial=trial,
        card=one.card,
        source=one.source,
        external_id=number,
        actor=one.actor,
        reason=f"{one.source} {paid.id if paid else one.id}",
        occurred_at=at,
        more_follows=life.more_follows(at),
        **({} if paid is None else _money(life, paid)),
    )


def _turn(life: Life, what: str, number: str, at_: datetime | None, **more: Any) -> TurnMembership:
    one = life.one
    assert life.membership_id is not None, one.id
    told: dict[str, Any] = {"what": what, "external_id": number, "occurred_at": at_, **more}
    told["more_follows"] = at_ is not None and life.more_follows(at_)
    return TurnMembership(
        membership_id=life.membership_id,
        source=one.source,
        actor=one.actor,
        reason=f"{one.source} {number.partition(':')[0]}",
        **told,
    )
