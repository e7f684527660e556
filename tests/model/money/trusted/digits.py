"""Digits that are sent to a member by hand: good for ten minutes and five tries, for what they were
sent for; said rightly they are a showing of the card, once, where they were said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.model.events import Answer
from tests.model.money.trusted.events import SaysDigits, SendsDigits
from tests.model.money.trusted.state import Showing

if TYPE_CHECKING:
    from tests.model.reference import World

GOOD: timedelta = timedelta(minutes=10)
TRIES = 5
OF_ADDRESS = ((timedelta(minutes=15), 3), (timedelta(days=1), 10))
OF_TILL = ((timedelta(minutes=15), 10), (timedelta(days=1), 60))


@dataclass(eq=False)
class Sent:
    """Digits that are on their way to somebody, for one thing."""

    who: str
    reward: str
    by: str
    at: datetime
    tries: int = 0
    key: tuple[str, int] | None = None
    """Which half minute of the card they became."""


def sends(world: World, event: SendsDigits) -> Answer:
    digits = world.hand.trust.digits
    person, before = world.who(event.who), digits.get(event.name)
    if event.reward not in world.terms(world.now).rewards:
        return Answer("unknown_reward")
    if not event.who.startswith("m"):  # who came with a file has no telephone
        return Answer("nowhere_to_send")
    if before is not None:
        same = (before.who, before.reward) == (person.name, event.reward)
        return Answer("sent" if same else "key_reused")
    of_address = [one.at for one in digits.values() if one.who == person.name]
    of_till = [one.at for one in digits.values() if one.by == event.by]
    for sent, limits in ((of_address, OF_ADDRESS), (of_till, OF_TILL)):
        for span, most in limits:
            if sum(at > world.now - span for at in sent) >= most:
                return Answer("too_many_codes")
    digits[event.name] = Sent(person.name, event.reward, event.by, world.now)
    return Answer("sent")


def says(world: World, event: SaysDigits) -> Answer:
    trust = world.hand.trust
    code = trust.digits.get(event.name)
    if code is None:
        return Answer("code_over")
    if code.key is not None:
        again = event.right and trust.shown[code.key].by == event.by
        return Answer("shown" if again else "code_over")
    if world.now >= code.at + GOOD or code.tries >= TRIES:
        return Answer("code_over")
    if not event.right:
        code.tries += 1
        return Answer("code_wrong", (("left", TRIES - code.tries),))
    now = int(world.now.timestamp()) // 30
    free = [key for key in ((code.who, now), (code.who, now - 1)) if key not in trust.shown]
    if not free:
        return Answer("card_code_used")
    code.key = free[0]
    trust.shown[code.key] = Showing(event.by, world.now, sent_for=code.reward)
    return Answer("shown")
