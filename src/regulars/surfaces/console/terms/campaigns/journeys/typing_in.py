"""What somebody typed into the form of a journey, as its next plan: the same steps, with other
words and waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace

from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    JourneyPlan,
    MessageStep,
    OfferStep,
    SplitStep,
    Step,
    TaskStep,
    TellStep,
    WaitStep,
)
from regulars.records.outbox.campaigns.types import WAYS, Said
from regulars.surfaces.console.form import Form

_NAMED: dict[Any, str] = {BranchStep: "segment", OfferStep: "offer", TellStep: "note"}
_WRITES = ("text", "about", "preview", "mjml")
_NO_NUMBER = -1
"""What is no number is refused at its place, as one that is too small."""


def typed_plan(form: Form, there: JourneyPlan) -> JourneyPlan:
    """The plan with what was typed in place of what was there."""
    again = form.get("again").strip()
    return replace(
        there,
        only_in=form.get("only_in"),
        again_days=number_of(again) if again else None,
        held_percent=number_of(form.get("held", "0")),
        steps=tuple(_step(form, step) for step in there.steps),
    )


def free_name(taken: Collection[str], name: str) -> str:
    """A name that no step has yet: `wait`, `wait-2`."""
    name, number = name[:36], 1
    while (id_ := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return id_


def _step(form: Form, step: Step) -> Step:
    def typed(name: str, otherwise: Any = "") -> str:
        return form.get(f"{step.id}-{name}", str(otherwise)).strip()

    if isinstance(step, WaitStep):
        days, hours, minutes = (
            number_of(typed(name, "0") or "0") for name in ("days", "hours", "minutes")
        )
        return replace(step, days=days, hours=hours, minutes=minutes, until=typed("until")[:5])
    if isinstance(step, SplitStep):
        return replace(step, percent=number_of(typed("percent", step.percent)))
    for kind, name in _NAMED.items():
        if isinstance(step, kind):
            return replace(step, **{name: typed(name, getattr(step, name))})
    if isinstance(step, TaskStep):
        return replace(
            step, says=_task_words(form, step), days=number_of(typed("days", step.days) or "0")
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


def number_of(typed: str) -> int:
    """The number that was typed, or one that is too small wherever it goes."""
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else _NO_NUMBER
