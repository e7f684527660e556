"""A missing activity: from when until when it can be claimed, and until when it is decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span
from regulars.records.rewards.partners.types import Claim, Contract, Decision, state_of


def days_after(zone: ZoneInfo, at: datetime, days: int) -> datetime:
    """The same reading of the shop's clock so many days later, whichever way clocks are put."""
    return add_span(zone, at, f"{days} days") if days else at


def out_of_time(
    contract: Contract, occurred_at: datetime, now: datetime, zone: ZoneInfo
) -> Refused | None:
    """Whether it is too early or too late to claim something.

    Example: claimable from 3 until 180 days after: on the second day `too_early`, on day 180
    `too_late`.
    """
    opens = days_after(zone, occurred_at, contract.claim_from_days)
    closes = days_after(zone, occurred_at, contract.claim_until_days)
    if now < opens:
        says = "the partner may still tell of it by itself"
        return Refused("too_early", says, {"from_at": opens.isoformat()})
    if now >= closes:
        says = "it is too long ago to be claimed"
        return Refused("too_late", says, {"until_at": closes.isoformat()})
    return None


class Flown(NamedTuple):
    """What tells one activity from another where their numbers differ."""

    wallet: int
    units: int
    at: datetime


def is_same(days: int, claimed: Flown, told: Flown) -> bool:
    """Whether what a partner tells may be what was claimed under another number.

    Keeps: as many units of the same wallet, so that of two flights of a day the other one stays.
    Example: claimed for 1 March at 10:00 with one day either way, what was told for 2 March at
    10:00 is the same, and for 10:01 is not; with no days nothing is.
    """
    apart = abs(told.at - claimed.at)
    same = (claimed.wallet, claimed.units) == (told.wallet, told.units)
    return days > 0 and same and apart <= timedelta(days=days)


def cannot_decide(claim: Claim, before: Decision | None, now: datetime) -> Refused | None:
    """Whether a claim is closed: decided, or lapsed by the clock."""
    state = state_of(claim, before, now)
    if state == "lapsed":
        facts = {"decide_by": claim.decide_by.isoformat()}
        return Refused("claim_lapsed", "it was not decided in time", facts)
    if state != "open":
        return Refused("already_decided", f"this was {state} before", {"decision": state})
    return None
