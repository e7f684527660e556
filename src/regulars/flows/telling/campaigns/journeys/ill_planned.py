"""What is wrong with the plan of a journey, at its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import time
from typing import Final

from msgspec import Struct

from regulars.base.faults import Fault, Invalid
from regulars.base.languages import language_of, written_in
from regulars.flows.telling.campaigns.filling import SURVEY_LINK, fields_of
from regulars.flows.telling.campaigns.looking import ill_said, ill_ways
from regulars.records.benefits.lines.types import LONGEST_TASK
from regulars.records.outbox.campaigns.journeys.types import (
    MOST_EXITS,
    MOST_STEPS,
    OF_OURS,
    BranchStep,
    GoStep,
    JourneyPlan,
    MessageStep,
    OfferStep,
    OnActivity,
    OnEntering,
    OnEvent,
    OnLeaving,
    OnTermEnd,
    SplitStep,
    Step,
    TaskStep,
    TellStep,
    Trigger,
    WaitStep,
)
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.program.types import Program

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class There(Struct, frozen=True):
    """What a plan may name: saved segments, open surveys, open offers."""

    segments: Collection[str]
    surveys: Collection[str]
    offers: Collection[str] = ()


def ill_planned(program: Program, plan: JourneyPlan, there: There) -> Fault | None:
    """The first thing wrong with a plan; nothing where it may be kept.

    Keeps: steps lead to later ones only, so whoever begins comes to an end.
    """
    wrong = _ill_sizes(plan) or _ill_trigger(plan.begins, "/plan/begins", there)
    if wrong is None and plan.only_in and plan.only_in not in there.segments:
        wrong = _no_segment(plan.only_in, "/plan/only_in")
    for at, one in enumerate(plan.ends_on):
        if isinstance(one, OnTermEnd):
            mend = "As in: membership.paid, an event"
            says, place = "This begins a journey and ends none", f"/plan/ends_on/{at}"
            return wrong or Invalid(says, field=place, mend=mend)
        wrong = wrong or _ill_trigger(one, f"/plan/ends_on/{at}", there)
    return wrong or _ill_steps(program, plan, there)


def _ill_sizes(plan: JourneyPlan) -> Fault | None:
    if not 1 <= len(plan.steps) <= MOST_STEPS:
        return Invalid(f"A journey has 1 to {MOST_STEPS} steps", field="/plan/steps")
    if len(plan.ends_on) > MOST_EXITS:
        return Invalid(f"Up to {MOST_EXITS} things end a journey", field="/plan/ends_on")
    if not 0 <= plan.held_percent <= 50:
        return Invalid("From 0 to 50 of a hundred can be held out", field="/plan/held_percent")
    if plan.again_days is not None and not 0 <= plan.again_days <= 3660:
        return Invalid("Say up to ten years of days, or nothing", field="/plan/again_days")
    return None


def _ill_trigger(one: Trigger, place: str, there: There) -> Fault | None:
    if isinstance(one, OnEntering | OnLeaving) and one.segment not in there.segments:
        return _no_segment(one.segment, f"{place}/segment")
    if isinstance(one, OnEvent) and (one.event not in EVENTS or one.event in OF_OURS):
        mend = "One that webhooks tell, as points.lapse_soon"
        return Invalid("There is no such event", field=f"{place}/event", mend=mend)
    if isinstance(one, OnActivity) and not (0 < len(one.kind) <= 64 and one.kind.isprintable()):
        return Invalid("This is no kind of activity", field=f"{place}/kind", mend="As in: purchase")
    if isinstance(one, OnTermEnd) and not 1 <= one.days <= 60:
        return Invalid("From 1 to 60 days before", field=f"{place}/days")
    return None


def _ill_steps(program: Program, plan: JourneyPlan, there: There) -> Fault | None:
    # Of two of one name the first has it.
    places = {step.id: at for at, step in reversed(list(enumerate(plan.steps)))}
    for at, step in enumerate(plan.steps):
        place = f"/plan/steps/{at}"
        if len(step.id) > 40 or _CODE.fullmatch(step.id) is None:
            mend = "Small letters, digits and hyphens: first-letter"
            return Invalid("This cannot be the name of a step", field=f"{place}/id", mend=mend)
        if places[step.id] != at:
            return Invalid("Another step has this name", field=f"{place}/id")
        wrong = _ill_step(program, step, place, there) or _ill_lead(step, at, places, place)
        if wrong is not None:
            return wrong
    return None


def _ill_step(program: Program, step: Step, place: str, there: There) -> Fault | None:
    if isinstance(step, MessageStep):
        return _ill_message(program, step, place, there)
    if isinstance(step, TaskStep):
        return _ill_task(program, step, place)
    wrong = _ill_named(step, place, there)
    if wrong is not None:
        return wrong
    if isinstance(step, WaitStep):
        if step.until and _HOUR.fullmatch(step.until) is None:
            mend = "By the clock of the member: 09:30"
            return Invalid("This is no time of day", field=f"{place}/until", mend=mend)
        assert not step.until or time.fromisoformat(step.until)
        if not (0 <= step.days <= 366 and 0 <= step.hours <= 23 and 0 <= step.minutes <= 59):
            return Invalid("Wait up to 366 days, 23 hours, 59 minutes", field=f"{place}/days")
    return None


def _ill_named(step: Step, place: str, there: There) -> Fault | None:
    """A segment or an offer that is not there, or a split into nothing."""
    if isinstance(step, BranchStep) and step.segment not in there.segments:
        return _no_segment(step.segment, f"{place}/segment")
    if isinstance(step, OfferStep) and step.offer not in there.offers:
        says = f"there is no open offer {step.offer[:40]}"
        return Invalid(says, field=f"{place}/offer", mend="Open it first, for somebody or nobody")
    if isinstance(step, SplitStep) and not 1 <= step.percent <= 99:
        return Invalid("From 1 to 99 of a hundred", field=f"{place}/percent")
    if isinstance(step, TellStep) and not (
        len(step.note) <= 200 and (not step.note or step.note.isprintable())
    ):
        return Invalid("This is one line of up to 200 letters", field=f"{place}/note")
    return None


def _ill_message(program: Program, step: MessageStep, place: str, there: There) -> Fault | None:
    if step.survey and step.survey not in there.surveys:
        says = f"there is no open survey {step.survey[:40]}"
        return Invalid(says, field=f"{place}/survey")
    fields = fields_of(program) | ({SURVEY_LINK} if step.survey else set())
    wrong = ill_said(program, step.channel, step.says, fields, place)
    return wrong or ill_ways(program, step, fields, place)


def _ill_task(program: Program, step: TaskStep, place: str) -> Fault | None:
    """Nothing said in the shop's own language, too much in one, or too late a day."""
    own = language_of(program.locale)
    if not step.says.get(own, "").strip():
        mend = "Whoever is to do it reads it in the language of the program"
        return Invalid("Say what is to be done", field=f"{place}/says/{own}", mend=mend)
    for language, says in step.says.items():
        if language not in written_in(own):
            mend = f"One of {', '.join(written_in(own))}"
            return Invalid("Nobody reads this language", field=f"{place}/says", mend=mend)
        if not 0 < len(says.strip()) <= LONGEST_TASK or "\0" in says:
            mend = f"up to {LONGEST_TASK} letters"
            return Invalid("Say what is to be done", field=f"{place}/says/{language}", mend=mend)
    if not 0 <= step.days <= 90:
        return Invalid("From 0 to 90 days", field=f"{place}/days")
    return None


def _ill_lead(step: Step, at: int, places: Mapping[str, int], place: str) -> Fault | None:
    for name, leads in _leads(step):
        if (leads or isinstance(step, GoStep)) and places.get(leads, -1) <= at:
            mend = "Name a step further down"
            says = "A step leads to a later one only, so that everybody comes to an end"
            return Invalid(says, field=f"{place}/{name}", mend=mend)
    return None


def _leads(step: Step) -> Iterator[tuple[str, str]]:
    if isinstance(step, BranchStep | SplitStep):
        yield "otherwise", step.otherwise
    if isinstance(step, GoStep):
        yield "to", step.to


def _no_segment(code: str, place: str) -> Fault:
    return Invalid(f"there is no saved segment {code[:40]}", field=place)
