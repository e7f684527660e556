"""Notice before a tier is lost: what is missing to keep it, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.ladder.credit import step_of
from regulars.engine.ladder.forecast import Outlook, outlook
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.outbox.types import Notice


def horizon(version: Version, now: datetime) -> datetime | None:
    """Tiers that end up to then are looked at now; nothing where nobody is told before."""
    tiers = version.program.tiers
    if tiers is None or not tiers.notice_days:
        return None
    return day_starts_at(version.zone, local(version.zone, now).day + tiers.notice_days)


class _Lost(NamedTuple):
    """What follows where a step will be lost, what is missing to keep it, and until when."""

    projected: str | None
    missing: int
    until: datetime
    instead: int | None


def tier_notice(
    changes: Changes, state: MemberState, version: Version, now: datetime
) -> Notice | None:
    """The message for a member whose tier will be lost if nothing more happens, or nothing.

    Example: silver takes 100.00 a year, 30.00 are there, 30 days are left: 70.00 are missing.
    """
    lost = _lost(version, state, now)
    if lost is None:
        return None
    message_id = changes.new_id()
    changes.touch(state)
    payload = {
        "message_id": message_id, "tier": state.tier, "projected": lost.projected,
        "missing": lost.missing, "lost_at": lost.until, "or_missing": lost.instead,
    }  # fmt: skip
    changes.events.append(Event(state.member_id, state.version, "tier.lost_soon", payload))
    return Notice(message_id, state.member_id, 0, lost.missing, lost.until, (), "tier_notice")


def ladder_notice(
    changes: Changes, state: MemberState, on: tuple[Version, MemberState], now: datetime
) -> Notice | None:
    """The same for a step of a further ladder; `on` is its view, and how they stand there."""
    view, stands = on
    lost = _lost(view, stands, now)
    if lost is None:
        return None
    message_id = changes.new_id()
    changes.touch(state)
    payload = {
        "message_id": message_id, "ladder": view.ladder, "tier": stands.tier,
        "projected": lost.projected, "missing": lost.missing, "lost_at": lost.until,
        "or_missing": lost.instead,
    }  # fmt: skip
    changes.events.append(Event(state.member_id, state.version, "ladder.lost_soon", payload))
    told = (lost.missing, lost.until, ())
    return Notice(message_id, state.member_id, 0, *told, "ladder_notice", view.ladder)


def _lost(version: Version, state: MemberState, now: datetime) -> _Lost | None:
    found, until = outlook(version, state, now), state.tier_until
    if found is None or until is None or not found.falls(version, state.tier):
        return None
    whole = version.compiled.tier_at[step_of(version, state.tier) - 1]
    missing = max(found.to_stay.credit if found.to_stay else whole, 1)
    return _Lost(found.projected, missing, until, _instead(found))


def _instead(found: Outlook) -> int | None:
    """What is missing of the second measure, where that keeps the tier as well."""
    stay = None if found.by_other is None else found.by_other.to_stay
    return None if stay is None else max(stay.credit, 1)
