"""Prizes in the books: points, a benefit, a badge or a reward, given once and taken back once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct, field

from regulars.base.decimals import units
from regulars.engine.rewarding import correcting
from regulars.engine.rewarding.correcting import Amount, Why
from regulars.engine.rewarding.gaming.winning import Rewards, cannot_have, for_nothing, take_back
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.benefits.types import Grant
from regulars.records.program.parts.gaming import Prize as Promise
from regulars.records.rewards.prizes.types import Game, Prize

ACTOR: Final = "game"
"""Who gives and takes prizes, in the books."""
Key = tuple[Game, str, str, int, int]
Lapsed = Mapping[UUID, Mapping[int, int]]


class Due(NamedTuple):
    """A prize that a member is to have, and why."""

    game: Game
    name: str
    began_on: int
    place: int
    version: Version
    promise: Promise
    deed_id: UUID | None
    at: datetime
    about: str = ""
    """Of a board its store, of a milestone its step."""
    units: int | None = None
    """How many points, where those of a place were divided."""
    says: str = ""
    """Why, in words; of challenges and streaks it follows from the rest."""
    whose: UUID | None = None
    """Of a board who had the place, as it was: two who had the same one may be one by now."""

    @property
    def key(self) -> Key:
        """By what it is told from every other."""
        about = self.about if self.whose is None else f"{self.about} {self.whose}"
        return self.game, self.name, about, self.began_on, self.place


def key_of(prize: Prize) -> Key:
    """The same of a prize that was given."""
    about = f"{prize.about} {prize.member_id}" if prize.game == "board" else prize.about
    return prize.game, prize.name, about, prize.began_on, prize.place


class Settled(Struct):
    """What was given and taken back of a batch of members."""

    given: list[Prize] = []
    undone: list[tuple[UUID, UUID | None]] = []
    grants: list[Grant] = []
    rewards: Rewards = field(default_factory=Rewards)


def give(
    decided: tuple[Terms, Changes, Settled, Lapsed], state: MemberState, one: Due, now: datetime
) -> None:
    """Give a member a prize.

    Keeps: of a reward that cannot be had now nothing is booked; it is tried again later, unless it
    is a seat at something that has begun.
    """
    _, changes, settled, _ = decided
    version, promise = one.version, one.promise
    redemption_id = None
    if promise.reward is not None:
        no = cannot_have(changes, state, version, promise.reward, now)
        if no is not None:
            settled.rewards.waiting |= {state.member_id} if no.code != "not_now" else set()
            return
        redemption = for_nothing(changes, state, version, promise.reward, (ACTOR, now))
        settled.rewards.opened.append(redemption)
        redemption_id = redemption.redemption_id
    wallet, worth, entry_id = _points(changes, state, one, now)
    grant = _grant(changes, state, one, now)
    prize = Prize(
        member_id=one.whose or state.member_id,
        prize_id=changes.new_id(),
        game=one.game,
        name=one.name,
        began_on=one.began_on,
        place=one.place,
        version=version.number,
        deed_id=one.deed_id,
        reached_at=one.at,
        wallet=wallet,
        units=worth,
        entry_id=entry_id,
        grant_id=grant.grant_id if grant else None,
        badge=promise.badge,
        given_at=now,
        about=one.about,
        reward=promise.reward or "",
        redemption_id=redemption_id,
    )
    settled.given.append(prize)
    settled.grants += [grant] if grant else []
    _tell(changes, state, "prize.given", prize)


def _points(
    changes: Changes, state: MemberState, one: Due, now: datetime
) -> tuple[int | None, int, UUID | None]:
    """The points of a prize: wallet, how many, and by which entry."""
    version, promise = one.version, one.promise
    if promise.wallet is None:
        return None, 0, None
    wallet = version.wallet_codes[version.compiled.wallet_places[promise.wallet]]
    whole = units(promise.points, version.program.wallets[promise.wallet].scale)
    worth = whole if one.units is None else one.units
    if not worth:
        return wallet, 0, None
    why = Why(now, ACTOR, _reason(one))
    return wallet, worth, correcting.give(changes, state, Amount(version, wallet, worth), why)


def _grant(changes: Changes, state: MemberState, one: Due, now: datetime) -> Grant | None:
    if one.promise.benefit is None:
        return None
    grant = Grant(
        grant_id=changes.new_id(),
        member_id=state.member_id,
        benefit=one.promise.benefit,
        times=one.promise.uses,
        from_at=now,
        until_at=None,
        actor=ACTOR,
        reason=_reason(one),
    )
    changes.touch(state)
    told = {"grant_id": grant.grant_id, "benefit": grant.benefit, "times": grant.times}
    changes.events.append(Event(state.member_id, state.version, "benefit.granted", told))
    return grant


def undo(
    decided: tuple[Terms, Changes, Settled, Lapsed],
    state: MemberState,
    prize: Prize,
    now: datetime,
) -> None:
    """Take a prize back.

    Keeps: a reward that was handed over, or whose code was used, stays with its prize, so that
    nobody is given it a second time.
    """
    terms, changes, settled, lapsed = decided
    won = terms.numbered(prize.version), settled.rewards
    if prize.redemption_id is not None and not take_back(
        changes, state, won, (prize.redemption_id, ACTOR, now)
    ):
        return
    back = None
    if prize.entry_id is not None and prize.wallet is not None:
        amount = Amount(terms.numbered(prize.version), prize.wallet, prize.units)
        gone = lapsed.get(prize.entry_id, {}).get(prize.wallet, 0)
        why = Why(now, ACTOR, f"{prize.name} is not reached any more")
        back = correcting.take_back(changes, state, amount, (prize.entry_id, gone), why)
    settled.undone.append((prize.prize_id, back))
    _tell(changes, state, "prize.taken_back", prize)


def _reason(one: Due) -> str:
    if one.says:
        return one.says
    return f"{one.name} reached" if one.game == "challenge" else f"{one.name}: {one.place} in a row"


def _tell(changes: Changes, state: MemberState, type_: str, prize: Prize) -> None:
    told: dict[str, object] = {"prize_id": prize.prize_id, prize.game: prize.name}
    told |= {"badge": prize.badge} if prize.badge else {}
    told |= {"wallet": prize.wallet, "points": prize.units} if prize.entry_id is not None else {}
    if prize.redemption_id is not None:
        told |= {"redemption_id": prize.redemption_id, "reward": prize.reward}
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, type_, told))
