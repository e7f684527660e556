"""Codes by hand: who has which, whether it can be used, and what is left in a pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside.by_hand.events import Fills, Issues, ShowsCode, Tops, Withdraws
from tests.model.beside.by_hand.state import Code
from tests.model.events import Answer
from tests.model.kept import Taken, Terms, owe
from tests.model.points import lapse

from regulars.base.decimals import units
from regulars.records.program.parts.rewards import Code as GivesCode
from regulars.records.program.types import Reward

if TYPE_CHECKING:
    from tests.model.reference import World


def gives_code(reward: Reward, where: str) -> bool:
    """Whether a reward gives a code that comes from there."""
    return isinstance(reward.gives, GivesCode) and reward.gives.from_ == where


def fills(world: World, event: Fills) -> Answer:
    terms = world.terms(world.now)
    reward = terms.rewards.get(event.reward)
    if reward is None:
        return Answer("unknown_reward")
    if not gives_code(reward, "pool"):
        return Answer("invalid")
    world.hand.filled[reward.id] = world.hand.filled.get(reward.id, 0) + event.times
    world.hand.runs.append(terms)
    return Answer("filled", (("codes", event.times), ("left", pool(world, reward.id))))


def pool(world: World, reward: str) -> int:
    """What is left in a pool: all that ever came, less what is handed over or reserved."""
    gone = [one for one in world.taken.values() if one.reward == reward]
    went = sum(one.state in ("held", "captured") for one in gone)
    return world.hand.filled.get(reward, 0) - went


def issues(world: World, event: Issues) -> Answer:
    terms = world.terms(world.now)
    reward = terms.rewards.get(event.reward)
    if reward is None:
        return Answer("unknown_reward")
    wrong = not gives_code(reward, "generated") or bool(event.times) == bool(event.whom)
    if wrong or (event.ends is not None and event.ends <= world.now):
        return Answer("invalid")
    if any(who in world.hand.erased for who in event.whom):
        return Answer("unknown_member")
    whom = list(dict.fromkeys(world.who(who).name for who in event.whom))
    ends = event.ends or _ends(world, terms, reward)
    for place, owner in enumerate(whom or [""] * event.times):
        name = f"{event.name}.{place}"
        world.hand.codes[name] = Code(owner, _worth(terms, reward), ends)
    world.hand.runs.append(terms)
    return Answer("issued", (("codes", len(whom) or event.times),))


def _ends(world: World, terms: Terms, reward: Reward) -> Any:
    assert isinstance(reward.gives, GivesCode)
    length = reward.gives.valid_for
    return wall.later(terms.zone, world.now, length) if length else None


def _worth(terms: Terms, reward: Reward) -> int:
    return units(reward.worth, 2)


def handed_over(world: World, taken: Taken) -> None:
    """A reward was captured that gives a code."""
    terms = world.terms(taken.opened)
    reward = terms.rewards.get(taken.reward)
    if reward is None or not isinstance(reward.gives, GivesCode) or taken.state != "captured":
        return
    name = next(name for name, one in world.taken.items() if one is taken)
    ends = _ends(world, terms, reward)
    world.hand.codes[name] = Code(taken.who, _worth(terms, reward), ends)


def shows(world: World, event: ShowsCode) -> Answer:
    code = world.hand.codes.get(event.code)
    no = next(_no(world, code), "")
    if no or code is None:
        return Answer(no)
    code.state = "used"
    return Answer("used", (("worth", code.worth),))


def _no(world: World, code: Code | None) -> Iterator[str]:
    if code is None:
        yield "unknown_code"
        return
    if code.state != "issued":
        yield f"code_{code.state}"
    if code.ends is not None and world.now >= code.ends:
        yield "code_expired"
    if code.owner and code.owner not in world.hand.erased:
        blocked = world.who(code.owner).state == "blocked"
        if blocked and not world.terms(world.now).program.blocked.may_redeem:
            yield "member_blocked"


def withdraws(world: World, event: Withdraws) -> Answer:
    code = world.hand.codes.get(event.code)
    if code is None:
        return Answer("unknown_code")
    if code.state == "used":
        return Answer("code_used")
    code.state = "withdrawn"
    return Answer("withdrawn", (("worth", code.worth),))


def tops(world: World, event: Tops) -> Answer:
    """Money comes on a gift balance, and that much more is owed to all members together."""
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person, terms = world.who(event.who), world.terms(world.now)
    world.let_go(person)
    lapse(person, world.now)
    paid = min(person.debt.get(event.wallet, 0), event.units)
    assert not paid, "nobody owes stored value"
    owe(person, event.wallet, 0)
    world.credit_points(person, terms, (event.wallet, event.units), world.now)
    everybody = {id(one): one for one in world.people.values()}.values()
    owed = sum(lot.left for one in everybody for lot in one.lots if lot.wallet == event.wallet)
    return Answer("topped", (("all", owed),), balances=person.balances())


CODES: dict[type, Callable[[Any, Any], Answer]] = {
    Fills: fills, Issues: issues, ShowsCode: shows, Withdraws: withdraws, Tops: tops,
}  # fmt: skip
