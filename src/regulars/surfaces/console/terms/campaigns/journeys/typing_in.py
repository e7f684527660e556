"""What somebody typed into the form of a journey, as its next plan: the same steps, with other
words and waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    JourneyPlan,
    MessageStep,
    OfferStep,
    OnEntering,
    OnLeaving,
    OnTermEnd,
    SplitStep,
    Step,
    TaskStep,
    TellStep,
    Trigger,
    WaitStep,
)
from regulars.records.outbox.campaigns.types import WAYS, Said
from regulars.surfaces.console.form import Form

TELLS = ":tell"
"""What is chosen in place of an offer's code, which has no colon."""
_NAMED: dict[Any, str] = {BranchStep: "segment", OfferStep: "offer", TellStep: "note"}
_WRITES = ("text", "about", "preview", "mjml")
_NO_NUMBER = -1
"""What is no number is refused at its place, as one that is too small."""


def typed_plan(form: Form, there: JourneyPlan) -> JourneyPlan:
    """The plan with what was typed in place of what was there."""
    again = form.get("again").strip()
    return replace(
        there,
        begins=_begins(form, there.begins),
        only_in=form.get("only_in"),
        again_days=_number(again) if again else None,
        held_percent=_number(form.get("held", "0")),
        steps=tuple(_step(form, step) for step in there.steps),
    )


def with_more(form: Form, there: JourneyPlan, own: str) -> JourneyPlan:
    """The plan with a step more that gives an offer or tells another system, where that was chosen,
    and one that leaves something to a person, where it was said what: before the step that was
    named, else as the last."""
    chosen, says = form.get("adds"), form.get("leaves").strip()
    if chosen == TELLS:
        there = _put(there, TellStep(_free(there, "tell")), form.get("before"))
    elif chosen:
        id_ = _free(there, f"offer-{chosen}")
        there = _put(there, OfferStep(id_, chosen), form.get("before"))
    if says:
        there = _put(there, TaskStep(_free(there, "task"), {own: says}), form.get("leaves-before"))
    return there


def _free(there: JourneyPlan, name: str) -> str:
    taken, name, number = {step.id for step in there.steps}, name[:36], 1
    while (id_ := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return id_


def _put(there: JourneyPlan, step: Step, before: str) -> JourneyPlan:
    places = [at for at, one in enumerate(there.steps) if one.id == before]
    at = places[0] if places else len(there.steps)
    return replace(there, steps=(*there.steps[:at], step, *there.steps[at:]))


def _begins(form: Form, there: Trigger) -> Trigger:
    if isinstance(there, OnEntering | OnLeaving):
        return replace(there, segment=form.get("segment", there.segment))
    if isinstance(there, OnTermEnd):
        return replace(there, days=_number(form.get("begins-days", str(there.days))))
    return there


def _step(form: Form, step: Step) -> Step:
    def typed(name: str, otherwise: Any = "") -> str:
        return form.get(f"{step.id}-{name}", str(otherwise)).strip()

    if isinstance(step, WaitStep):
        days, hours, minutes = (
            _number(typed(name, "0") or "0") for name in ("days", "hours", "minutes")
        )
        return replace(step, days=days, hours=hours, minutes=minutes, until=typed("until")[:5])
    if isinstance(step, SplitStep):
        return replace(step, percent=_number(typed("percent", step.percent)))
    for kind, name in _NAMED.items():
        if isinstance(step, kind):
            return replace(step, **{name: typed(name, getattr(step, name))})
    if isinstance(step, TaskStep):
        return replace(
            step, says=_task_words(form, step), days=_number(typed("days", step.days) or "0")
        )
    if isinstance(step, MessageStep):
        first, *others = (_says(form, *way) for way in _ways(step))
        return replace(step, says=first, variants=tuple(one for one in others if one))
    return step


def _ways(one: MessageStep) -> list[tuple[str, Mapping[str, Said]]]:
    """How the names of fields begin in which each way is typed, what is there, and room for one way
    more; one that is emptied is gone.

    Those of further ways have a colon after the step's name, which no name of a step has.
    """
    there = [one.says, *one.variants, {}][: len(WAYS)]
    starts = [f"{one.id}-", *(f"{one.id}:{way}-" for way in WAYS[1:])]
    return list(zip(starts, there, strict=False))


def _says(form: Form, before: str, there: Mapping[str, Said]) -> dict[str, Said]:
    """What was typed in place of what was there; what the form does not show stays as it is."""
    said = dict(there)
    for language in form.languages(before, "-text"):
        was = said.get(language, Said(""))
        said[language] = replace(was, **{
            name: form.get(f"{before}{language}-{name}", getattr(was, name)).replace("\r\n", "\n")
            for name in _WRITES
        })  # fmt: skip
    return {name: one for name, one in said.items() if one.text.strip() or one.about.strip()}


def _task_words(form: Form, step: TaskStep) -> dict[str, str]:
    said = {
        language: form.get(f"{step.id}-{language}-task").replace("\r\n", "\n").strip()
        for language in form.languages(f"{step.id}-", "-task")
    }
    return {language: says for language, says in said.items() if says}


def _number(typed: str) -> int:
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else _NO_NUMBER
