"""A member goes through the steps of a journey, as far as they may at this moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Final, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    GoStep,
    JourneyPlan,
    MessageStep,
    OfferStep,
    Run,
    SplitStep,
    Step,
    StopStep,
    TaskStep,
    TellStep,
    WaitStep,
    Why,
)

_DOES: Final[Mapping[type, str]] = {
    MessageStep: "asked",
    OfferStep: "offered",
    TaskStep: "tasked",
    TellStep: "told",
}
"""What comes of a step that gives something to whoever comes to it."""


class Walker(NamedTuple):
    """What is known of a member on their way: may they go on, in which segments they are, and by
    which clock they live."""

    gone: bool
    united: bool
    inside: Collection[str]
    zone: ZoneInfo


class Walked(Struct, frozen=True):
    """How far somebody came: steps behind them with what came of each, in order; where they are now
    and until when; `why` they go no further."""

    passed: Sequence[tuple[Step, str]]
    step: str
    since: datetime
    due_at: datetime
    why: Why | Literal[""] = ""


def walk(plan: JourneyPlan, run: Run, who: Walker, now: datetime) -> Walked:
    """How far a member comes now: through every step up to a wait that is not over.

    Order: a step leads to later ones only, so this ends, whatever the plan.
    Keeps: how long somebody waits is worked out anew each time, from when they came there and by
    the clock they live by now: whoever moved to another zone waits until it is that hour there.
    Example: wait one day until 09:00, come to at 10:00 on Monday, is over at 09:00 on Wednesday.
    """
    if who.gone or who.united:
        return Walked((), run.step, run.since, run.due_at, "united" if who.united else "gone")
    places = {step.id: place for place, step in enumerate(plan.steps)}
    passed: list[tuple[Step, str]] = []
    place, since = places[run.step], run.since
    while True:
        step = plan.steps[place]
        if isinstance(step, WaitStep):
            due = waited_until(step, since, who.zone)
            if due > now:
                return Walked(passed, step.id, since, due)
        outcome, leads = _taken(step, run, who)
        passed.append((step, outcome))
        goes = place + 1 if leads is None else places.get(leads, len(plan.steps))
        assert goes > place, step
        if goes >= len(plan.steps):
            return Walked(passed, step.id, now, now, "done")
        place, since = goes, now


def waited_until(step: WaitStep, since: datetime, zone: ZoneInfo) -> datetime:
    """When this wait is over for who came to it then and lives by this clock.

    Example: until 02:30 on the day on which that hour is left out in Berlin is 03:30 there.
    """
    over = since + timedelta(days=step.days, hours=step.hours, minutes=step.minutes)
    if not step.until:
        return over
    hour = time.fromisoformat(step.until)
    day = over.astimezone(zone).date()
    at = datetime.combine(day, hour, zone)
    if at.timestamp() < over.timestamp():
        at = datetime.combine(day + timedelta(days=1), hour, zone)
    return datetime.fromtimestamp(at.timestamp(), over.tzinfo)


def goes_first(journey_id: UUID, step: SplitStep, member_id: UUID) -> bool:
    """On which side of a split a member is: the same whenever it is asked, in each version."""
    drawn = sha256(journey_id.bytes + step.id.encode() + member_id.bytes).digest()[:4]
    return int.from_bytes(drawn) * 100 >> 32 < step.percent


def _taken(step: Step, run: Run, who: Walker) -> tuple[str, str | None]:
    """What comes of a step, and which one it leads to: None the next, "" the end."""
    match step:
        case WaitStep():
            return "waited", None
        case MessageStep() | OfferStep() | TaskStep() | TellStep():
            return _DOES[type(step)], None
        case BranchStep():
            inside = step.segment in who.inside
            return ("inside", None) if inside else ("outside", step.otherwise)
        case SplitStep():
            first = goes_first(run.journey_id, step, run.member_id)
            return ("first", None) if first else ("second", step.otherwise)
        case GoStep():
            return "went", step.to
        case StopStep():
            return "stopped", ""
