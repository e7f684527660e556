"""Claims and disputes by hand: what members miss with a partner, what a partner does not owe, and
what is decided of it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Final

from tests.model import wall
from tests.model.beside.between.events import Collects
from tests.model.beside.between.partners import Line, collects
from tests.model.beside.by_hand.events import Claims, Decides, Disputes
from tests.model.events import Answer

if TYPE_CHECKING:
    from tests.model.reference import World

PARTNER: Final = "cars"
WALLET: Final = "points"
CLAIMABLE: Final = "180 days"
DECIDED_WITHIN: Final = "30 days"


@dataclass(eq=False)
class Claim:
    """What somebody misses."""

    said: Claims
    decide_by: datetime
    decision: str = ""

    def state(self, now: datetime) -> str:
        return self.decision or ("open" if now < self.decide_by else "lapsed")


@dataclass(eq=False)
class Dispute:
    """A line that is disputed."""

    line: Line
    accrual: bool
    decision: str = ""


def claims(world: World, event: Claims) -> Answer:
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    world.let_go(world.who(event.who))
    no = next(_no(world, event), "")
    if no:
        return Answer(no)
    terms = world.terms(world.now)
    claim = Claim(event, wall.later(terms.zone, world.now, DECIDED_WITHIN))
    world.hand.quarrels[event.name] = claim
    return Answer("open")


def _no(world: World, event: Claims) -> Iterator[str]:
    account, person = world.between.accounts[PARTNER], world.who(event.who)
    terms, zone = world.terms(world.now), world.terms(world.now).zone
    agreed = [since for since, one in account.agreed if one.kind == "accrual" and since <= event.at]
    if not agreed:
        yield "no_contract"
        return
    if ("accrual", event.number) in account.lines:
        yield "already_credited"
    same = [one for one in world.hand.quarrels.values()
            if isinstance(one, Claim) and one.said.number == event.number]  # fmt: skip
    for one in same:
        state = one.state(world.now)
        own = one.said.who not in world.hand.erased and world.who(one.said.who) is person
        if state in ("open", "granted") or (state == "rejected" and own):
            yield "already_claimed"
    if world.now < event.at:
        yield "too_early"
    if world.now >= wall.later(zone, event.at, CLAIMABLE):
        yield "too_late"
    look_back = max(one.look_back for _, one in account.agreed)
    if wall.later(terms.zone, event.at, f"{look_back} days") < person.joined:
        yield "before_enrolment"


def disputes(world: World, event: Disputes) -> Answer:
    line = world.between.accounts[PARTNER].lines.get((event.kind, event.of))
    if line is None:
        return Answer("not_found")
    every = world.hand.quarrels.values()
    if any(isinstance(one, Dispute) and one.line is line for one in every):
        return Answer("already_disputed")
    world.hand.quarrels[event.name] = Dispute(line, event.kind == "accrual")
    return Answer("open")


def decides(world: World, event: Decides) -> Answer:
    quarrel = world.hand.quarrels.get(event.name)
    if quarrel is None:
        return Answer("not_found")
    if isinstance(quarrel, Claim) and quarrel.said.who not in world.hand.erased:
        world.let_go(world.who(quarrel.said.who))
    if quarrel.decision:
        return Answer("already_decided")
    if isinstance(quarrel, Claim) and quarrel.state(world.now) == "lapsed":
        return Answer("claim_lapsed")
    if event.decision == "rejected":
        quarrel.decision = "rejected"
        return Answer("rejected")
    answer = _grant(world, quarrel)
    if answer.what == "booked":
        quarrel.decision = "granted"
        return answer._replace(what="granted")
    return answer


def _grant(world: World, quarrel: Claim | Dispute) -> Answer:
    if isinstance(quarrel, Claim):
        said = quarrel.said
        if said.who in world.hand.erased:
            return Answer("member_erased")
        return collects(
            world, Collects(PARTNER, "accrual", said.who, WALLET, said.units, said.number, said.at)
        )
    account, line = world.between.accounts[PARTNER], quarrel.line
    left = line.units - line.back
    if not left:
        return Answer("nothing_left")
    whole = floor(Fraction(line.cents * (line.back + left), line.units))
    cents = whole - line.back_cents
    line.back, line.back_cents = line.units, whole
    account.cents += cents if quarrel.accrual else -cents
    cents = cents if quarrel.accrual else -cents
    return Answer("booked", (("balance", account.cents), ("cents", cents), ("moved", 0)))


QUARRELS: dict[type, Callable[[Any, Any], Answer]] = {
    Claims: claims, Disputes: disputes, Decides: decides,
}  # fmt: skip
