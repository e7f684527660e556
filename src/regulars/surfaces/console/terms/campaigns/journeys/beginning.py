"""Journeys listed, and one begun: from one that is ready, or of one's own from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from litestar import Response

from regulars.base.faults import Fault, Invalid, Refused
from regulars.flows.membership.office.segments.commands import KeepSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.ready import Ready, Texts, ready, ready_codes
from regulars.flows.telling.surveys.commands import KeepSurvey
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.outbox.campaigns.journeys import read
from regulars.records.outbox.campaigns.journeys.types import JourneyPlan, StopStep
from regulars.records.outbox.surveys import read as surveys
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.journeys.triggers import choices, trigger_of
from regulars.surfaces.console.terms.campaigns.journeys.words import STATES

PAGE: Final = "/console/journeys"
OWN: Final = "own"
"""What is chosen in place of one that is ready, for one from nothing."""


async def listed(
    here: Here, form: Form | None = None, wrong: Mapping[str, str] | None = None
) -> Response[str]:
    """Every journey, and those that are ready to begin with."""
    async with here.transaction as tx:
        found = await read.journeys(tx)
        totals = await read.totals(tx)
        there = await segments.segments(tx)
    form = form or Form({})
    asked = form.get("ready") or str(here.query.get("ready", ""))
    picked = _ready(here, asked)
    saved = [(one.code, one.name) for one in there if one.saved is not None]
    return here.page(
        "terms/journeys/list.html",
        status=422 if wrong else 200,
        items=[(one, STATES[one.state], totals.get(one.journey_id, (0, 0))) for one in found],
        choices=[(one.code, _in(here, one.name), _in(here, one.tells)) for one in _all_ready(here)],
        picked=picked,
        own=OWN,
        from_nothing=asked == OWN,
        triggers=choices(here, saved) if asked == OWN else (),
        begins=form.get("begins", "joined"),
        name=form.get("name") or ("" if picked is None else _in(here, picked.name)),
        code=form.get("code") or ("" if picked is None else picked.code),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A journey is begun from a ready one, with the segments and surveys it asks for; or from
    nothing, with what begins it and its end."""
    picked = _ready(here, form.get("ready"))
    plan = _from_nothing(form) if form.get("ready") == OWN else None
    plan = picked.plan if picked else plan
    code = form.get("code").strip()
    if plan is None:
        no: Any = Invalid("Choose one of them", field="/ready")
        return await listed(here, form, {"ready": here.told(no)})
    async with here.transaction as tx:
        there = await read.journey(tx, code)
    if there is not None:
        no = Invalid("There is a journey of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    needed = await _needed(here, picked) if picked else None
    kept = needed or await done(
        here, keep_journeys, KeepJourney(code, form.get("name"), plan, here.by)
    )
    if isinstance(kept, Fault | Refused):
        field = kept.field.strip("/") if isinstance(kept, Fault) else ""
        known = field if field in ("code", "name") and needed is None else "ready"
        known = "begins" if field.startswith("plan/begins") else known
        return await listed(here, form, {known: here.told(kept)})
    return redirect(f"{PAGE}/{kept.code}")


def _from_nothing(form: Form) -> JourneyPlan:
    """Its end alone, before which everything else is put."""
    return JourneyPlan(trigger_of(form.get("begins")), (StopStep("end"),))


async def _needed(here: Here, one: Ready) -> Fault | Refused | None:
    """Make what it asks for, where there is none of its code; the first that is refused."""
    async with here.transaction as tx:
        had = {each.code for each in await segments.segments(tx)}
        asked = {each.code for each in await surveys.surveys(tx)}
    for code, need in one.segments.items():
        if code not in had:
            command: Any = KeepSegment(code, _in(here, need.name), here.by, need.condition)
            made = await done(here, keep_segments, command)
            if isinstance(made, Fault | Refused):
                return made
    for code, need_ in one.surveys.items():
        if code not in asked:
            command = KeepSurvey(
                code, _in(here, need_.name), cast("Any", need_.kind), need_.asks, (),
                need_.thanks, here.by,
            )  # fmt: skip
            made = await done(here, keep_surveys, command)
            if isinstance(made, Fault | Refused):
                return made
    return None


def _all_ready(here: Here) -> list[Ready]:
    found = [_ready(here, code) for code in ready_codes()]
    return [one for one in found if one is not None]


def _ready(here: Here, code: str) -> Ready | None:
    return ready(code, here.version.program)


def _in(here: Here, texts: Texts) -> str:
    """In the reader's language, else in English."""
    return texts.get(here.reader.language) or texts["en"]


async def done(here: Here, flow: Any, command: Any) -> Any:
    """What came of a command, also where it is wrong."""
    try:
        return await here.do(flow, command)
    except Fault as fault:
        return fault
