"""May this code be used, or withdrawn, now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from regulars.base.faults import Refused
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.members.types import blocked_refused
from regulars.records.rewards.codes.types import RewardCode

Refusal = Literal["unknown_code", "code_used", "code_withdrawn", "code_expired", "member_blocked"]
"""Every way a code can be refused, in the order it is checked."""


def refusal(
    version: Version,
    state: MemberState | None,
    code: RewardCode,
    how: Literal["used", "withdrawn"],
    now: datetime,
) -> Refused | None:
    """Why a code cannot be used or withdrawn now, or nothing.

    Keeps: a code of somebody who was erased stays good until its end: who has it has it. A used
    one is never withdrawn, and withdrawing again is no mistake.
    """
    return next(_refusals(version, state, code, how, now), None)


def _refusals(
    version: Version,
    state: MemberState | None,
    code: RewardCode,
    how: Literal["used", "withdrawn"],
    now: datetime,
) -> Iterator[Refused]:
    if code.state == "free":
        yield unknown_code()
    if code.state == "used":
        facts = {} if code.closed_at is None else {"used_at": code.closed_at.isoformat()}
        yield Refused("code_used", "this code was used already", facts)
    if how == "withdrawn":
        return
    if code.state == "withdrawn":
        yield Refused("code_withdrawn", "this code was withdrawn")
    if code.ends_at is not None and now >= code.ends_at:
        facts = {"ended_at": code.ends_at.isoformat()}
        yield Refused("code_expired", "the time of this code is over", facts)
    if state is not None and state.state == "blocked" and not version.program.blocked.may_redeem:
        yield blocked_refused()


def tell_used(changes: Changes, state: MemberState, code: RewardCode, store: str) -> None:
    """Tell that a member's code was used."""
    changes.touch(state)
    payload = {"code_id": code.code_id, "reward": code.reward, "store": store}
    changes.events.append(Event(state.member_id, state.version, "code.used", payload))


def unknown_code() -> Refused:
    """The refusal of a code that was never issued here, whoever shows it."""
    return Refused("unknown_code", "nobody was given this code here; check it for a slip")
