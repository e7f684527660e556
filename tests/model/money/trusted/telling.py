"""Reviews by hand: once of each thing, with a proof, and good for nothing until somebody of the
shop approves; and cards that are shown for what is worth more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.model import waits
from tests.model.events import Answer, Happens, Reserves, parts
from tests.model.kept import Deed, Lot, Person, Terms
from tests.model.money.trusted.events import Approves, Proves, TakesShowing
from tests.model.money.trusted.state import Showing
from tests.model.points import lapse

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.types import Reward

if TYPE_CHECKING:
    from tests.model.reference import World

HALF_MINUTE = 30


def action(terms: Terms, kind: str) -> Any:
    """What the program says of activities of this kind, where it looks at them more closely."""
    return next((one for one in terms.program.advocacy if one.on == kind), None)


def not_so(world: World, event: Happens, terms: Terms) -> str:
    """Why it is not taken as it is told."""
    said = action(terms, event.kind)
    if said is None:
        return ""
    if said.proof and not event.receipt:
        return "proof_needed"
    if said.about is None:
        return ""
    subject = _plain(dict(event.details).get(said.about, ""))
    if not subject:
        return "subject_needed"
    before = [deed for deed in world.hand.trust.told if _about(deed, said) == subject]
    mine = [deed for deed in before if deed.event.kind == event.kind
            and world.who(deed.who) is world.who(event.who)]  # fmt: skip
    return "told_before" if any(not _gone(world, deed) for deed in mine) else ""


def _about(deed: Deed, said: Any) -> str:
    return _plain(dict(deed.event.details).get(said.about, ""))


def _plain(subject: object) -> str:
    return " ".join(str(subject).casefold().split())


def _gone(world: World, deed: Deed) -> bool:
    """It was taken back, nobody approved it in time, or somebody said no."""
    if any(deed.back):
        return True
    lots = [lot for lot in _lots(world, deed) if lot.cancels is not None]
    return any(lot.over or (lot.waits and lot.left and lot.turns <= world.now) for lot in lots)


def _lots(world: World, deed: Deed) -> list[Lot]:
    """What it gave, of whoever it stood under."""
    had = {deed.who, world.who(deed.who).name} | deed.stood_under
    every = [lot for name in sorted(had) for lot in world.people[name].lots]
    return [lot for lot in every if lot.sale is deed]


def approves(world: World, event: Approves) -> Answer:
    found = [deed for deed in world.hand.trust.told
             if (deed.event.kind, deed.event.receipt) == (event.kind, event.proof)]  # fmt: skip
    if not found:
        return Answer("not_found")
    deed = found[0]
    person = world.who(deed.who)
    lapse(person, world.now)
    moderated = action(deed.terms, event.kind).moderated is not None
    if event.outcome == "cancelled" and moderated and not event.reason.strip():
        return Answer("invalid")
    lots = _lots(world, deed)
    said, turned = waits.say(person, (deed, lots), event.outcome, world.now)
    if said != event.outcome:
        return Answer(said)
    return Answer(said, parts(turned), balances=person.balances())


# --- cards that are shown -------------------------------------------------------------------------


def takes_showing(world: World, event: TakesShowing) -> Answer:
    """Each half minute's code is taken once."""
    key = event.whose, _step(world.now)
    if key in world.hand.trust.shown:
        return Answer("used")
    world.hand.trust.shown[key] = Showing(event.by, world.now)
    return Answer("shown")


def proves(world: World, event: Proves) -> Answer:
    """What was shown is there while the wish is decided."""
    trust = world.hand.trust
    trust.showing = event
    answer = world._reserve(Reserves(event.who, event.reward, event.name, "", "", event.capture))
    trust.showing = None
    if answer.what in ("held", "captured") and event.whose:
        terms = world.terms(world.now)
        if _asks(terms, terms.rewards[event.reward]):
            key = _shown(world, event)
            trust.shown.setdefault(key, Showing(event.by, world.now)).good_for = False
    return answer


def unproven(world: World, person: Person, reward: Reward) -> str:
    """Why it is not proven that somebody is there, where that is asked for."""
    event = world.hand.trust.showing
    if not _asks(world.terms(world.now), reward):
        return ""
    if event is None:
        return "card_needed"
    return "" if event.signed_in else next(_no_proof(world, person.name, event), "")


def _asks(terms: Terms, reward: Reward) -> bool:
    """What is worth more than the bound."""
    said = terms.program.spending_proof
    return said is not None and _units(terms, reward.worth) > _units(terms, said.card_above)


def _no_proof(world: World, name: str, event: Proves) -> Iterator[str]:
    if not event.whose or world.who(event.whose).name != name:
        yield "card_needed"
        return
    showing = world.hand.trust.shown.get(_shown(world, event))
    if showing is None:
        if event.ago > 1:  # a code is good while it is shown, and as long again
            yield "card_needed"
        return
    if not showing.good_for or showing.by != event.by:
        yield "card_code_used"
    if showing.sent_for not in (None, event.reward):
        yield "card_code_wrong"
    if world.now > showing.at + timedelta(minutes=10):
        yield "card_needed"


def _shown(world: World, event: Proves) -> tuple[str, int]:
    """Which half minute of whose card."""
    if event.said:
        key = world.hand.trust.digits[event.said].key
        assert key is not None, event
        return key
    return event.whose, _step(world.now) - event.ago


def _step(now: datetime) -> int:
    return int(now.timestamp()) // HALF_MINUTE


def _units(terms: Terms, amount: Any) -> int:
    return units(amount, decimals(terms.program.currency))
