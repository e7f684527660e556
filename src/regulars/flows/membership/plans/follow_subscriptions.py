"""A payment provider tells whole subscriptions; memberships follow, each word told once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.plans.life import passed
from regulars.engine.terms import Terms
from regulars.flows.membership.plans.commands import StartMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.flows.membership.plans.subscriptions import (
    Life,
    Subscription,
    Telling,
    Word,
    numbers,
    telling,
)
from regulars.records.benefits.plans import read
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import Known, natural_key


class Followed(Struct, frozen=True):
    """What came of a subscription: its membership, how many words were new, what was refused."""

    membership_id: UUID | None
    words: int
    refused: tuple[Fault | Refused, ...]


async def follow_subscriptions(
    tx: Tx, terms: Terms, batch: Sequence[Subscription]
) -> list[Followed]:
    """Each of these memberships stands as its subscription says, whatever was told before.

    Order: what is told twice of one subscription is told one after the other. A step at a time for
    all of them together.
    """
    outcomes: dict[int, Followed] = {}
    open_ = dict(enumerate(batch))
    while open_:
        turn: dict[tuple[str, str], int] = {}
        for place, one in open_.items():
            turn.setdefault((one.source, one.id), place)
        some = {place: open_.pop(place) for place in turn.values()}
        lives = dict(zip(some, await _lives(tx, terms, list(some.values())), strict=True))
        await _tell(tx, terms, lives)
        for place, life in lives.items():
            outcomes[place] = Followed(life.membership_id, life.words, tuple(life.refused))
    return [outcomes[place] for place in range(len(batch))]


async def _tell(tx: Tx, terms: Terms, lives: dict[int, Life]) -> None:
    """One word of each at a time, until all is told."""
    going = {place: telling(life) for place, life in lives.items()}
    words = {place: word for place, one in going.items() if (word := _next(one, None))}
    while words:
        answers: dict[int, Any] = {}
        starts = {p: word for p, word in words.items() if isinstance(word, StartMembership)}
        turns = {p: word for p, word in words.items() if not isinstance(word, StartMembership)}
        if starts:
            begun = await start_memberships(tx, terms, list(starts.values()))
            answers |= zip(starts, begun, strict=True)
        if turns:
            turned = await turn_memberships(tx, terms, list(turns.values()))
            answers |= zip(turns, turned, strict=True)
        words = {p: word for p, said in answers.items() if (word := _next(going[p], said))}


def _next(one: Telling, answer: Any) -> Word | None:
    try:
        return one.send(answer)
    except StopIteration:
        return None


async def _lives(tx: Tx, terms: Terms, batch: Sequence[Subscription]) -> list[Life]:
    """How far each is told by now."""
    keys = {
        natural_key(one.source, number, f"membership.{what}"): (place, number, what)
        for place, one in enumerate(batch)
        for number, what in numbers(one)
    }
    found = await known(tx, list(keys))
    whom = await _members(tx, terms, batch)
    lives = [Life(one, ref, set()) for one, ref in zip(batch, whom, strict=True)]
    begun: dict[int, UUID] = {}
    for key, (place, number, what) in keys.items():  # in the order of time: the last one begun
        if key not in found:
            continue
        lives[place].told.add((number, what))
        if what == "started":
            begun[place] = found[key].subject_id
        if what == "refunded" and (of := await _undone(tx, lives[place], number, found[key])):
            lives[place].refunds[number] = of
    for place, turn_id in begun.items():
        membership_id = await read.of_turn(tx, turn_id)
        if membership_id is not None:
            await _stands(tx, terms, lives[place], membership_id)
    return lives


async def _undone(tx: Tx, life: Life, number: str, refund: Known) -> UUID | None:
    """Of which membership this refund was told, where it did not arrive after all."""
    if not any(fact.what == "restored" and fact.id == number for fact in life.one.facts):
        return None
    return await read.of_turn(tx, refund.subject_id)


async def _stands(tx: Tx, terms: Terms, life: Life, membership_id: UUID) -> None:
    one = (await read.some(tx, [membership_id]))[membership_id]
    for step in passed(terms.at(tx.now), one, tx.now):
        one = step.after
    life.stands(one)


async def _members(tx: Tx, terms: Terms, batch: Sequence[Subscription]) -> list[MemberRef]:
    """By what each member is named: the first that somebody is known by, or else the first."""
    refs = list(dict.fromkeys(ref for one in batch for ref in one.refs))
    country = terms.versions[-1].program.country
    whom = dict(zip(refs, await members.whom(tx, country, refs), strict=True)) if refs else {}
    return [
        next((ref for ref in one.refs if not isinstance(whom[ref], Fault)), one.refs[0])
        for one in batch
    ]
