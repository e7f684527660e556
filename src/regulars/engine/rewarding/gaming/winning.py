"""A reward that is won: an article is kept at the counter for its winner, everything else is theirs
at once; taken back only while nobody fetched or used it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.deciding.conclude import Ending, conclude, free_limits
from regulars.engine.deciding.redeem import reserve
from regulars.engine.rewarding.automatic import shelf_again
from regulars.engine.rewarding.having import Wish, not_on_shelf
from regulars.engine.rewarding.promise import Way, begins_at, promise
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.program.parts.rewards import Seat
from regulars.records.rewards.codes.types import Closed, RewardCode
from regulars.records.rewards.types import Redemption

_FREE: Final = Way({}, 0)
WINNERS: Final = ("game", "draw")
"""In whose name rewards are kept for who won them, in the books."""


class Issued(NamedTuple):
    """A reward that somebody won, and the code they were given for it, if any."""

    redemption: Redemption
    code: RewardCode | None


class Rewards(Struct):
    """The rewards of a batch of prizes: those that were won before, and what is done now."""

    won: Mapping[UUID, Issued] = {}
    """By redemption, under lock."""
    opened: list[Redemption] = []
    returned: list[Redemption] = []
    closed: list[Closed] = []
    withdrawn: list[Redemption] = []
    """What was kept for a winner and is not won any more."""
    waiting: set[UUID] = set()
    """Members for whom something cannot be had now."""


def cannot_have(
    changes: Changes, state: MemberState, version: Version, name: str, now: datetime
) -> Refused | None:
    """Why a member cannot be given what they won now; `name` is of the reward, empty for points.

    Order: member, seat, shelf. Tier, stores, days and limit of a reward are for whoever takes it;
    who won it has it.
    """
    if state.state == "erased":
        return erased_refused()
    if state.state == "blocked":
        return blocked_refused()
    if not name:
        return None
    reward = version.rewards[name]
    if isinstance(reward.gives, Seat):
        begins = begins_at(version, reward.gives)
        if begins is None or now >= begins:
            return Refused("not_now", "it has begun")
    return next(not_on_shelf(reward, changes.stock), None)


def for_nothing(
    changes: Changes, state: MemberState, version: Version, name: str, by: tuple[str, datetime]
) -> Redemption:
    """Reserve a reward without a price; `by` is who gives it, and now.

    Keeps: it counts against no limit of its member. An article stays reserved for as long as it is
    kept for winners; everything else is handed over at once.
    """
    actor, now = by
    reward = version.rewards[name]
    wish = Wish(reward.id, changes.new_id(), now, "", "", actor)
    promised = promise(version, reward, now, _FREE)
    promised = replace(promised, limit_counter=0, limit_period=0)
    long = reward.kept_for_winner if promised.kind == "item" else reward.hold_for
    return reserve(changes, state, version, wish, (promised, long))


def is_fetched(redemption: Redemption) -> bool:
    """Whether somebody has to hand over what was won; a code or a seat is theirs at once."""
    return redemption.promised.kind == "item"


def take_back(
    changes: Changes,
    state: MemberState,
    won: tuple[Version, Rewards],
    of: tuple[UUID, str, datetime],
) -> bool:
    """Take back a reward that was won, unless it was fetched or its code used; whether it was.

    Shape: `won` is the version it was promised under and the batch; `of` is the redemption, who
    takes it back, and now.
    Keeps: an article that was handed over or not fetched in time, a seat, a gift to a cause and a
    code that was used or whose time is over stay as they are. A piece that goes is on its shelf
    again.
    """
    redemption_id, actor, now = of
    version, rewards = won
    issued = rewards.won.get(redemption_id)
    if issued is not None and issued.redemption.state == "held":
        if now >= issued.redemption.lapses_at:
            return False  # it lapsed, though nobody wrote that down yet
        no = conclude(changes, state, version, issued.redemption, (), Ending("voided", now, actor))
        assert no is None, no
        rewards.withdrawn.append(issued.redemption)
        return True
    if issued is None or issued.code is None or issued.redemption.state != "captured":
        return False
    code = issued.code
    if code.state != "issued" or (code.ends_at is not None and now >= code.ends_at):
        return False
    reason = f"{issued.redemption.promised.name} is not won any more"
    rewards.closed.append(Closed(code.code_id, "withdrawn", now, actor=actor, reason=reason))
    issued.redemption.state = "returned"
    rewards.returned.append(issued.redemption)
    free_limits(changes, state, issued.redemption)
    if shelf_again(issued.redemption):
        changes.shelve(issued.redemption.shelf, 1)
    return True
