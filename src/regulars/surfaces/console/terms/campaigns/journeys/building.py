"""A journey built step by step: what the form has now, whether or not it was saved, with a step
more, a step less, or one in another place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.records.outbox.campaigns.journeys.types import (
    MOST_STEPS,
    BranchStep,
    GoStep,
    JourneyPlan,
    MessageStep,
    OfferStep,
    SplitStep,
    Step,
    StopStep,
    TaskStep,
    TellStep,
    WaitStep,
)
from regulars.records.outbox.campaigns.types import Said
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.journeys.triggers import (
    AHEAD,
    trigger_of,
    typed_exits,
)
from regulars.surfaces.console.terms.campaigns.journeys.typing_in import free_name, typed_plan
from regulars.surfaces.console.terms.campaigns.journeys.words import CHOOSE, STEPS, TO_THE_END
from regulars.surfaces.console.terms.campaigns.words import CHANNELS

_BLANK: Final[dict[str, Step]] = {
    "message": MessageStep("message", "email", {}),
    "wait": WaitStep("wait", days=1),
    "branch": BranchStep("branch", ""),
    "split": SplitStep("split", 50),
    "offer": OfferStep("offer", ""),
    "task": TaskStep("task", {}),
    "tell": TellStep("tell"),
    "go": GoStep("go", ""),
    "stop": StopStep("stop"),
}
"""A step of each kind as it is added: what must be said still is empty, and refused unsaid."""
_OWN_WAYS: Final = {"letter": "email", "sms": "sms", "inbox": "inbox", "push": "push"}


class Shape(Struct, frozen=True):
    """A step as the form shows it: its kind in words, and where it may lead."""

    step: Step
    does: str
    says: str
    later: Sequence[tuple[str, str]]
    """The steps after it, and what else it leads to now."""


def kind_of(step: Step) -> str:
    """`wait`, `message` and so on."""
    return str(msgspec.to_builtins(step)["does"])


def order_of(plan: JourneyPlan) -> str:
    """The names and kinds of its steps, as the form carries them: `hello:message,a-day:wait`."""
    return ",".join(f"{step.id}:{kind_of(step)}" for step in plan.steps)


def drafted(form: Form, there: JourneyPlan, own: str) -> JourneyPlan:
    """The plan as the form has it: its steps by `order`, each as it was kept where it was, with
    what was typed in place."""
    if "order" in form.fields:
        kept = {(step.id, kind_of(step)): step for step in there.steps}
        named = [one.partition(":")[::2] for one in form.get("order").split(",") if one]
        steps = [kept.get((id_, does)) or _blank(id_, does) for id_, does in named[:MOST_STEPS]]
        there = replace(there, steps=tuple(step for step in steps if step is not None))
    typed = typed_plan(form, there)
    begins = form.get("begins")
    return replace(
        typed,
        begins=trigger_of(begins, form.get("begins-days", AHEAD)) if begins else typed.begins,
        ends_on=typed_exits(form, typed.ends_on),
        steps=tuple(_led(form, step, own) for step in typed.steps),
    )


def reshaped(form: Form, plan: JourneyPlan, taken: Collection[str]) -> tuple[JourneyPlan, str]:
    """The plan with what a button of the form asks for, and the step to look at then; the name of
    no step where nothing was asked for. A name that was `taken` before is not given again, as what
    came of a step is counted by it."""
    does, _, id_ = form.get("does").partition(":")
    places = {step.id: at for at, step in enumerate(plan.steps)}
    if form.get("adds") and does in ("", "add"):
        return _with(form, plan, {*taken, *places})
    if id_ not in places:
        return plan, ""
    at, steps = places[id_], list(plan.steps)
    if does == "remove":
        onto = steps[at + 1].id if at + 1 < len(steps) else ""
        del steps[at]
        steps = [_past(step, id_, onto) for step in steps]
        return replace(plan, steps=tuple(steps)), onto or (steps[-1].id if steps else "adds")
    to = min(max(at + {"up": -1, "down": 1}.get(does, 0), 0), len(steps) - 1)
    steps.insert(to, steps.pop(at))
    return replace(plan, steps=tuple(steps)), id_


def shapes(here: Here, plan: JourneyPlan) -> list[Shape]:
    """Each step for the form."""
    called = [(step.id, f"{here.reader.say(STEPS[kind_of(step)][0])}: {step.id}")
              for step in plan.steps]  # fmt: skip
    found = []
    for at, step in enumerate(plan.steps):
        does, to = kind_of(step), leads_to(step)
        first = CHOOSE if does == "go" else TO_THE_END
        later = [("", here.reader.say(first)), *called[at + 1 :]]
        if to and to not in dict(later):
            later.append((to, to))
        found.append(Shape(step, does, STEPS[does][0], later))
    return found


def kinds(here: Here) -> list[tuple[str, str]]:
    """What a step more may be: a message by each way, and every other kind."""
    say = here.reader.say
    said = [(way, f"{say(STEPS['message'][0])}: {say(CHANNELS[channel])}")
            for way, channel in _OWN_WAYS.items()]  # fmt: skip
    return said + [(does, say(STEPS[does][0])) for does in _BLANK if does != "message"]


def after(here: Here, plan: JourneyPlan) -> tuple[list[tuple[str, str]], str]:
    """After which step one more may stand, and where it stands unless somebody says otherwise:
    last, and before an end."""
    called = [(step.id, f"{here.reader.say(STEPS[kind_of(step)][0])}: {step.id}")
              for step in plan.steps]  # fmt: skip
    ids = [step.id for step in plan.steps]
    if plan.steps and isinstance(plan.steps[-1], StopStep):
        ids = ids[:-1]
    return called, ids[-1] if ids else ""


def leads_to(step: Step) -> str:
    """The step it names to go on at, if any."""
    if isinstance(step, BranchStep | SplitStep):
        return step.otherwise
    return step.to if isinstance(step, GoStep) else ""


def _blank(id_: str, does: str) -> Step | None:
    return replace(_BLANK[does], id=id_) if does in _BLANK else None


def _with(form: Form, plan: JourneyPlan, taken: Collection[str]) -> tuple[JourneyPlan, str]:
    kind = form.get("adds")
    blank = _BLANK.get("message" if kind in _OWN_WAYS else kind)
    if blank is None or len(plan.steps) >= MOST_STEPS:
        return plan, "adds"
    step: Step = replace(blank, id=free_name(taken, kind))
    if isinstance(step, MessageStep):
        step = replace(step, channel=_OWN_WAYS[kind])
    behind = form.get("after")
    at = next((at + 1 for at, one in enumerate(plan.steps) if one.id == behind), 0)
    return replace(plan, steps=(*plan.steps[:at], step, *plan.steps[at:])), step.id


def _past(step: Step, gone: str, onto: str) -> Step:
    """Whoever was to go on at a step that is gone goes on at the one that stood behind it."""
    if leads_to(step) != gone:
        return step
    return replace(step, **{"to" if isinstance(step, GoStep) else "otherwise": onto})


def _led(form: Form, step: Step, own: str) -> Step:
    """Where it leads, by which way it is said, and with which survey."""
    if isinstance(step, BranchStep | SplitStep):
        return replace(step, otherwise=form.get(f"{step.id}-otherwise", step.otherwise))
    if isinstance(step, GoStep):
        return replace(step, to=form.get(f"{step.id}-to", step.to))
    return _written(form, step, own) if isinstance(step, MessageStep) else step


def _written(form: Form, one: MessageStep, own: str) -> MessageStep:
    channel: Any = form.get(f"{one.id}-channel", one.channel)
    says = {own: Said(""), **one.says} if "order" in form.fields else one.says
    return replace(
        one,
        channel=channel if channel in CHANNELS else one.channel,
        survey=form.get(f"{one.id}-survey", one.survey),
        says=_all_fit(says, channel),
        variants=tuple(_all_fit(way, channel) for way in one.variants),
    )


def _all_fit(says: Mapping[str, Said], channel: str) -> dict[str, Said]:
    return {language: _fit(said, channel) for language, said in says.items()}


def _fit(said: Said, channel: str) -> Said:
    """Without what this way does not show: the form has no field for it then."""
    if channel == "email":
        return said
    return replace(said, preview="", mjml="", about="" if channel == "sms" else said.about)
