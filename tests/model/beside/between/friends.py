"""Members bring friends, by hand: who counts as one, when that is certain, and what both get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside.between.events import LooksAtFriends, Names
from tests.model.beside.between.given import Gift, began, give, take_back
from tests.model.deeds import spent
from tests.model.events import Answer, parts
from tests.model.kept import Deed, Person, Terms

from regulars.base.decimals import units
from regulars.base.money import decimals

if TYPE_CHECKING:
    from tests.model.reference import World


@dataclass(eq=False)
class Referral:
    """Somebody said by whom they were brought."""

    newcomer: str
    referrer: str
    terms: Terms
    named: datetime
    since: datetime
    until: datetime
    mark: str
    looked: datetime
    state: str = "named"
    sale: Deed | None = None
    due: datetime | None = None
    settled: datetime | None = None
    gave: list[Gift | None] = field(default_factory=lambda: [None, None])
    """What the referrer and the newcomer got."""

    @property
    def promise(self) -> Any:
        return self.terms.program.referral

    def units(self, side: int) -> int:
        gift = self.gave[side]
        return gift.units if gift is not None else 0


@dataclass(eq=False)
class Many:
    """What somebody got for so many friends."""

    friends: int
    at: datetime
    gift: Gift


def names(world: World, event: Names) -> Answer:
    terms, newcomer, referrer = world.terms(world.now), world.who(event.who), world.who(event.by)
    promise = terms.program.referral
    if promise is None:
        return Answer("no_referrals")
    no = next(_objections(world, terms, (newcomer, referrer), event.mark), "")
    until = wall.later(terms.zone, world.now, promise.buys_within)
    one = Referral(
        newcomer.name, referrer.name, terms, world.now, newcomer.joined, until, event.mark,
        world.now,
    )  # fmt: skip
    if no:
        one.state = "rejected"
        world.between.rejected.append(one)
        return Answer(f"rejected: {no}")
    world.between.referrals.append(one)
    return Answer("named")


def _objections(
    world: World, terms: Terms, pair: tuple[Person, Person], mark: str
) -> Iterator[str]:
    newcomer, referrer = pair
    yield from _still(world, pair)
    if _of(world, newcomer):
        yield "brought_already"
    late = wall.later(terms.zone, newcomer.joined, terms.program.referral.within) <= world.now
    a_day_before = newcomer.joined - timedelta(days=1)
    if late or any(deed.at < a_day_before for deed in _bought(newcomer)):
        yield "not_new"
    if newcomer in _above(world, referrer):
        yield "ring"
    others = [one for one in world.between.referrals if mark and one.mark == mark]
    if mark.startswith("address"):  # many live in one house: only who was brought by the same
        others = [
            one for one in others if referrer in (world.who(one.referrer), world.who(one.newcomer))
        ]
    if others:
        yield "same_mark"


def _still(world: World, pair: tuple[Person, Person]) -> Iterator[str]:
    if "blocked" in {one.state for one in pair}:
        yield "member_blocked"
    if pair[0] is pair[1]:
        yield "oneself"
    if {one.name for one in pair} <= set(world.homes):
        yield "same_household"


def _of(world: World, newcomer: Person) -> list[Referral]:
    """All by which somebody was brought, the oldest first; rejected ones are not kept here."""
    return [one for one in world.between.referrals if world.who(one.newcomer) is newcomer]


def _above(world: World, person: Person) -> list[Person]:
    """This one, whoever brought them, whoever brought those, and so on."""
    found = [person]
    for one in found:
        for brought in _of(world, one):
            parent = world.who(brought.referrer)
            if parent not in found:
                found.append(parent)
    return found


def _bought(person: Person) -> list[Deed]:
    deeds = [deed for deed in person.deeds if deed.event.kind == "purchase"]
    return sorted(deeds, key=lambda deed: (deed.at, deed.number))


# --- what becomes of it ---------------------------------------------------------------------


def looks_at_friends(world: World, _: LooksAtFriends) -> Answer:
    """One after the other, the first ones first, until nothing is left to be seen."""
    while True:
        found = [one for one in world.between.referrals if _is_due(world, one)]
        if not found:
            every = [*world.between.referrals, *world.between.rejected]
            return Answer("looked", parts(Counter(one.state for one in every)))
        _look(world, found[0])


def _is_due(world: World, one: Referral) -> bool:
    terms, now = world.terms(world.now), world.now
    today = wall.begins(terms.zone, terms.day(now))
    if one.state == "qualified":
        return one.due is not None and one.due <= now
    if one.state == "named":
        mine = {one.newcomer, world.who(one.newcomer).name}
        everything = [deed for person in world.people.values() for deed in _bought(person)]
        bought = any(deed.who in mine and deed.at >= one.since for deed in everything)
        return one.until <= now or (one.looked < today and bought)
    if one.state != "rewarded" or one.looked >= today:
        return False
    assert one.sale is not None, one
    back = any(at >= one.looked - timedelta(days=1) for at in one.sale.back_at)
    return back or bool(_no_longer(world, one))


def _pair(world: World, one: Referral) -> tuple[Person, Person]:
    return world.who(one.newcomer), world.who(one.referrer)


def _no_longer(world: World, one: Referral) -> str:
    """Why what was given goes back whatever was bought: two turned out to be one."""
    newcomer, referrer = _pair(world, one)
    if newcomer is referrer:
        return "oneself"
    before = _of(world, newcomer)
    before = before[: before.index(one)]
    return "brought_already" if any(each.state == "rewarded" for each in before) else ""


def _look(world: World, one: Referral) -> None:
    one.looked = world.now
    if one.state == "named":
        enough = [deed for deed in _in_time(world, one) if _suffices(one, deed)]
        if enough:
            one.state, one.sale = "qualified", enough[0]
            one.due = wall.later(one.terms.zone, one.sale.at, one.promise.after)
        elif one.until <= world.now:
            _reject(world, one)
        return
    assert one.sale is not None, one
    holds = _suffices(one, one.sale)
    if one.state == "rewarded":
        if _no_longer(world, one) or not holds:
            _retract(world, one)
    elif next(_at_the_end(world, one), ""):
        _reject(world, one)
    elif holds:
        _reward(world, one)
    else:
        one.state, one.sale, one.due = "named", None, None


def _in_time(world: World, one: Referral) -> list[Deed]:
    newcomer = world.who(one.newcomer)
    return [deed for deed in _bought(newcomer) if one.since <= deed.at < one.until]


def _suffices(one: Referral, deed: Deed) -> bool:
    """Whether so much of it counts still; of nothing never."""
    wanted = units(one.promise.amount, decimals(one.terms.program.currency))
    return spent(deed, one.promise.qualifying) >= max(wanted, 1)


def _at_the_end(world: World, one: Referral) -> Iterator[str]:
    newcomer, referrer = pair = _pair(world, one)
    yield from _still(world, pair)
    if _of(world, newcomer)[0] is not one:
        yield "brought_already"
    joined = min([newcomer.joined, *(each.joined for each in _under(world, newcomer))])
    if wall.later(one.terms.zone, joined, one.promise.within) <= one.named:
        yield "not_new"
    if newcomer in _above(world, referrer):
        yield "ring"


def _under(world: World, person: Person) -> list[Person]:
    """Everybody who stands as somebody now."""
    return [one for name, one in world.people.items() if world.who(name) is person]


def _reject(world: World, one: Referral) -> None:
    one.state = "rejected"
    world.between.referrals.remove(one)
    world.between.rejected.append(one)


def _friends(world: World, person: Person) -> list[Referral]:
    """The friends of somebody who stayed."""
    every = [one for one in world.between.referrals if one.state == "rewarded"]
    return [one for one in every if world.who(one.referrer) is person]


def _left(world: World, one: Referral, side: int, wanted: int) -> int:
    """So much of it as the budget of a side has left."""
    said = (one.promise.referrer, one.promise.newcomer)[side].budget
    if said is None:
        return wanted
    since = began(one.terms, said.per, world.now)
    rewarded = [each for each in world.between.referrals if each.state == "rewarded"]
    gone = sum(each.units(side) for each in rewarded if each.settled >= since)
    if side == 0:
        many = [each for mine in world.between.many.values() for each in mine]
        gone += sum(each.gift.units for each in many if each.at >= since)
    return max(min(wanted, one.terms.units(one.promise.wallet, said.points) - gone), 0)


def _reward(world: World, one: Referral) -> None:
    promise, person = one.promise, world.who(one.referrer)
    per = promise.most.per if promise.most else "ever"
    since = began(one.terms, per, world.now)
    lately = [each for each in _friends(world, person) if each.units(0) and each.settled >= since]
    wanted = [one.terms.units(promise.wallet, side.points)
              for side in (promise.referrer, promise.newcomer)]  # fmt: skip
    if promise.most is not None and len(lately) >= promise.most.times:
        wanted[0] = 0
    units_ = [_left(world, one, side, n) for side, n in enumerate(wanted)]
    for side, (owner, n) in enumerate(zip((one.referrer, one.newcomer), units_, strict=True)):
        one.gave[side] = give(world, owner, one.terms, (promise.wallet, n))
    one.state, one.settled = "rewarded", world.now
    _for_many(world, one, person)


def _for_many(world: World, one: Referral, person: Person) -> None:
    for many in one.promise.milestones:
        had = [each.friends for each in _many(world, person)]
        if len(_friends(world, person)) < many.friends or many.friends in had:
            continue
        n = _left(world, one, 0, one.terms.units(one.promise.wallet, many.points))
        gift = give(world, person.name, one.terms, (one.promise.wallet, n))
        if gift is not None:
            mine = world.between.many.setdefault(person.name, [])
            mine.append(Many(many.friends, world.now, gift))


def _many(world: World, person: Person) -> list[Many]:
    every = world.between.many.items()
    return [each for name, mine in every if world.who(name) is person for each in mine]


def _retract(world: World, one: Referral) -> None:
    one.state = "retracted"
    person = world.who(one.referrer)
    for gift in one.gave:
        take_back(world, gift)
    stayed = len(_friends(world, person))
    for each in _many(world, person):
        if each.friends > stayed:
            take_back(world, each.gift)
            for mine in world.between.many.values():
                mine[:] = [other for other in mine if other is not each]


FRIENDS: dict[type, Callable[[Any, Any], Answer]] = {
    Names: names, LooksAtFriends: looks_at_friends,
}  # fmt: skip
