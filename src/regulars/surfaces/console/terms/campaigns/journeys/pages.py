"""A journey as a list of steps with who is where, and the form that builds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar import Response
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.filling import SURVEY_LINK, fields_of
from regulars.flows.telling.campaigns.filling import Reader as CampaignReader
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.commands import Step as Way
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.show_campaigns import show_reader
from regulars.flows.telling.campaigns.try_campaigns import AskTrial, ask_trials
from regulars.insight.experiments.since_each import OF_GIVEN, OF_LETTER, OF_WAY, brought_since
from regulars.records.access.staff.permissions import Permission
from regulars.records.outbox.campaigns.journeys import read
from regulars.records.outbox.campaigns.journeys.types import (
    MOST_STEPS,
    Journey,
    JourneyPlan,
    MessageStep,
    Step,
    StepCount,
    TaskStep,
    Trigger,
    WayCount,
)
from regulars.records.outbox.campaigns.returned import read as returned
from regulars.records.outbox.campaigns.trials import read as trials
from regulars.records.outbox.campaigns.trials.types import of_step
from regulars.records.outbox.campaigns.types import WAYS
from regulars.records.outbox.campaigns.writing import Unwritten
from regulars.records.outbox.surveys import read as surveys
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.event_words import SAYS
from regulars.surfaces.console.terms.campaigns.changed import changed
from regulars.surfaces.console.terms.campaigns.journeys.beginning import (
    PAGE,
    begin,
    done,
    listed,
)
from regulars.surfaces.console.terms.campaigns.journeys.building import (
    after,
    drafted,
    kinds,
    order_of,
    reshaped,
    shapes,
)
from regulars.surfaces.console.terms.campaigns.journeys.triggers import choices, exits, value_of
from regulars.surfaces.console.terms.campaigns.journeys.words import (
    BEGINS,
    CHANGED,
    CHOOSE,
    ENDS,
    EXITS,
    FULL,
    NOTHING,
    PASSED,
    STATES,
    STEPS,
)
from regulars.surfaces.console.terms.campaigns.looks import ref_of, step_letter
from regulars.surfaces.console.terms.campaigns.returned import PAUSES, returned_rows
from regulars.surfaces.console.terms.campaigns.tongues import own_tongue, tongues
from regulars.surfaces.console.terms.campaigns.words import BECAME, CHANNELS, NOT_TRIED, TRIED
from regulars.surfaces.senders.words.campaigns import Desk, Words, trying, words_for

_TOLD_BY: Final = {"message": OF_LETTER, "offer": OF_GIVEN, "task": OF_GIVEN}
_STEPS: Final[dict[str, Way]] = {
    "publish": "publish", "pause": "pause", "resume": "resume", "end": "end", "drop": "drop",
}  # fmt: skip


class StepSeen(Struct, frozen=True):
    """A step as the page shows it: its kind in words, itself, and what became of whom."""

    step: Step
    does: str
    says: str
    sign: str
    there: int
    counts: Sequence[tuple[str, int]]
    changed: Sequence[str] = ()
    """What it changed, as far as somebody was held out of it to see that."""
    ways: Sequence[tuple[str, WayCount, Sequence[str]]] = ()
    """Where it is said in several: what each is called, how many are to read it, to how many it was
    sent, and what it changed beside the first."""


async def journey(here: Here, code: str) -> Response[str]:
    """One journey: its steps from top to bottom, with who is where."""
    return await _page(here, await _there(here, code))


class Typed(Struct, frozen=True):
    """What somebody has in the form: it, the plan it makes, what is wrong at which field, and the
    step they look at."""

    form: Form
    plan: JourneyPlan
    wrong: tuple[str, str] | None = None
    at: str = ""


async def _page(
    here: Here, found: Journey, typed: Typed | None = None, wrong: tuple[str, str] | None = None
) -> Response[str]:
    """The steps and the form below; of what was typed and is not saved, as it was typed."""

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        plan = await read.plan(tx, found.journey_id, found.version)
        counts = await read.counts(tx, found.journey_id)
        totals = await read.totals(tx, found.journey_id)
        under_way, begun = totals.get(found.journey_id, (0, 0))
        ends = await read.ends(tx, found.journey_id)
        return {
            "kept": plan,
            **await _form(here, tx, plan if typed is None else typed.plan),
            "steps": await _with_effect(here, tx, found, _seen(here, plan, counts)),
            "under_way": under_way,
            "begun": begun,
            "ends": [(ENDS[why], many) for why, many in ends.items()],
            "begins": _trigger(here, plan.begins, BEGINS),
            "preview": await _preview(here, tx, terms, plan),
            **await _trials(here, tx, found, plan),
            "back": returned_rows(here, await returned.by_step(tx, found.journey_id)),
            "pauses": await _pauses(here, tx, found),
            "exits": [_trigger(here, one, EXITS) for one in plan.ends_on],
        }

    seen = await here.read(look)
    wrong = wrong or (typed.wrong if typed else None)
    return here.page(
        "terms/journeys/one.html",
        status=422 if wrong else 200,
        one=found,
        state=STATES[found.state],
        name=typed.form.get("name") if typed else found.name,
        written_in=tongues(here),
        channel_words=CHANNELS,
        ways_named=WAYS,
        own=own_tongue(here),
        fields=[*sorted(fields_of(here.version.program)), SURVEY_LINK],
        looked_as=here.query.get("as", ""),
        fresh=found.published != found.version,
        wrong=wrong,
        at=typed.at if typed else "",
        **seen,
    )


async def _form(here: Here, tx: Tx, plan: JourneyPlan) -> dict[str, Any]:
    """What the form offers: steps and where they lead, and what is there to be named."""
    there = [(one.code, one.name) for one in await segments.segments(tx) if one.saved is not None]
    triggers = choices(here, there, (plan.begins, *plan.ends_on))
    opened = [(one.code, one.name) for one in await offers.opened(tx)]
    asked = [(one.code, one.name) for one in await surveys.surveys(tx) if one.state == "open"]
    say = here.reader.say
    return {
        "plan": plan,
        "shapes": shapes(here, plan),
        "order": order_of(plan),
        "segments": there,
        "offers": opened,
        "surveys": [("", say(NOTHING)), *asked],
        "written_by": [(way, say(says)) for way, says in CHANNELS.items()],
        "choose": ("", say(CHOOSE)),
        "triggers": triggers,
        "begun_by": value_of(plan.begins),
        "ending": exits(here, triggers, plan.ends_on),
        "adding": [("", say(NOTHING)), *kinds(here)],
        "after": after(here, plan),
    }


async def _pauses(here: Here, tx: Tx, found: Journey) -> list[tuple[str, str]]:
    """For which steps it pauses by itself, and why."""
    if found.state != "paused":
        return []
    there = await returned.paused_steps(tx, found.journey_id)
    return [(step, here.reader.say(PAUSES[why])) for step, why in there.items()]


async def _preview(
    here: Here, tx: Tx, terms: Terms, plan: JourneyPlan
) -> list[tuple[str, str, Words | None]] | str:
    """What the member whom somebody looks as would read at each step, and in which way where it is
    said in several; or why there is nothing to see."""
    typed = str(here.query.get("as", "")).strip()
    if not typed:
        return ""
    reader = await show_reader(tx, terms, ref_of(typed))
    if isinstance(reader, Fault):
        return here.told(reader)
    desk = trying(here.version.program, here.given.public_url)
    steps = [step for step in plan.steps if isinstance(step, MessageStep)]
    return [
        (step.id, WAYS[at] if step.variants else "", _words(desk, step, reader, at))
        for step in steps
        for at in range(1 + len(step.variants))
    ]


async def _trials(here: Here, tx: Tx, found: Journey, plan: JourneyPlan) -> dict[str, Any]:
    """Which steps may be tried, and what became of the latest tests of them."""
    letters = [one.id for one in plan.steps if isinstance(one, MessageStep)]
    ids = [of_step(found.journey_id, one) for one in letters]
    there = [each for id_ in ids for each in await trials.of(tx, id_, here.staff.staff_id, 1)]
    return {"letters": letters, "trials": there, "tried": TRIED, "not_tried": NOT_TRIED}


def _words(desk: Desk, step: MessageStep, reader: CampaignReader, way: int) -> Words | None:
    try:
        return words_for(desk, step, reader, way=way)
    except Unwritten:
        return None


async def change(here: Here, form: Form) -> Response[Any]:
    """A journey is written anew, or takes a step."""
    code = str(form.path["journey"])
    found = await _there(here, code)
    if form.get("does").startswith("try:"):
        return await _tried(here, form, found)
    way = _STEPS.get(form.get("does"))
    if way is not None:
        version = form.whole("version") if form.get("version") else None
        moved = await done(here, keep_journeys, MoveJourney(code, way, here.by, version))
        if isinstance(moved, Fault | Refused):
            return await _page(here, found, None, ("", _said(here, moved)))
        return redirect(PAGE if way == "drop" else f"{PAGE}/{code}")
    return await _written(here, form, found)


async def _written(here: Here, form: Form, found: Journey) -> Response[Any]:
    async with here.transaction as tx:
        there = await read.plan(tx, found.journey_id, found.version)
        taken = {one.step for one in await read.counts(tx, found.journey_id)}
    plan = drafted(form, there, own_tongue(here))
    if form.get("version") and form.whole("version") != found.version:
        # The page shows the newest version from now on: saved again, it stands in its place.
        return await _page(here, found, Typed(form, plan, ("", here.reader.say(CHANGED))))
    other, at = reshaped(form, plan, taken)
    if at:
        full = at == "adds" and len(plan.steps) >= MOST_STEPS and form.get("adds")
        wrong = ("adds", here.reader.say(FULL, n=MOST_STEPS)) if full else None
        return await _page(here, found, Typed(form, other, wrong, at))
    wish = KeepJourney(found.code, form.get("name"), plan, here.by)
    kept = await done(here, keep_journeys, wish)
    if isinstance(kept, Fault | Refused):
        field = _field(kept.field, plan) if isinstance(kept, Fault) else ""
        return await _page(here, found, Typed(form, plan, (field, _said(here, kept))))
    return redirect(f"{PAGE}/{found.code}")


async def _tried(here: Here, form: Form, found: Journey) -> Response[Any]:
    """A message of a step goes to whoever asked, as the member they look as would read it."""
    typed = form.get("as").strip()
    step = form.get("does").removeprefix("try:")
    asked = await done(here, ask_trials, AskTrial(found.code, ref_of(typed), here.by, step))
    if isinstance(asked, Fault):
        return await _page(here, found, None, ("", here.told(asked)))
    return redirect(f"{PAGE}/{found.code}?as={quote(typed)}#looks")


async def _there(here: Here, code: str) -> Journey:
    async with here.transaction as tx:
        found = await read.journey(tx, code)
    if found is None:
        raise NotFound("there is no such journey; look at the list again")
    return found


def _seen(here: Here, plan: JourneyPlan, counts: Sequence[StepCount]) -> list[StepSeen]:
    """Each step with who is there and what became of whom, over all versions that have it."""
    by_step: dict[str, Counter[str]] = {}
    for one in counts:
        words = PASSED.get(one.outcome) or BECAME.get((one.outcome, one.reason), one.outcome)
        by_step.setdefault(one.step, Counter())[words] += one.members
    return [_one_seen(step, by_step.get(step.id, Counter())) for step in plan.steps]


async def _with_effect(
    here: Here, tx: Tx, found: Journey, steps: Sequence[StepSeen]
) -> list[StepSeen]:
    """The same with what each message and offer changed, of those who came to it."""
    today, seen = tx.now.astimezone(here.zone).date(), list[StepSeen]()
    ways = await read.ways(tx, found.journey_id)
    for one in steps:
        told = _TOLD_BY.get(one.does)
        came = None
        if told is not None and one.counts:
            of = (found.journey_id, one.step.id)
            came = await brought_since(tx, told, of, str(here.zone), today)
        theirs = [
            await _way_seen(here, tx, found, each) for each in ways if each.step == one.step.id
        ]
        says = () if came is None else changed(here, came).says
        seen.append(replace(one, changed=says, ways=theirs))
    return seen


async def _way_seen(
    here: Here, tx: Tx, found: Journey, one: WayCount
) -> tuple[str, WayCount, Sequence[str]]:
    """By which letter it goes, how many read it, and what it changed."""
    of = (found.journey_id, f"{one.step}:{one.way}:{one.version}")
    today = tx.now.astimezone(here.zone).date()
    came = await brought_since(tx, OF_WAY, of, str(here.zone), today) if one.way else None
    says = () if came is None else changed(here, came).says
    return WAYS[one.way].upper(), one, says


def _one_seen(step: Step, counts: Counter[str]) -> StepSeen:
    does = str(msgspec.to_builtins(step)["does"])
    says, sign = STEPS[does]
    there = counts.pop(PASSED["there"], 0)
    return StepSeen(step, does, says, sign, there, sorted(counts.items(), key=lambda one: -one[1]))


def _trigger(here: Here, one: Trigger, words: Mapping[str, str]) -> str:
    told = msgspec.to_builtins(one)
    what = told.get("segment") or told.get("kind") or told.get("days") or ""
    if "event" in told:
        what = here.reader.say(SAYS.get(told["event"], told["event"]))
    sentence = words[told["on"]]
    return here.reader.say(sentence, what=what)


def _field(place: str, plan: JourneyPlan) -> str:
    """Which field of the form is meant by a place in the plan."""
    parts = place.strip("/").split("/")
    if parts[0] != "plan":
        return parts[0]
    known = {"again_days": "again", "held_percent": "held", "steps": "adds"}
    if parts[1] == "ends_on" and len(parts) > 2:
        return f"ends-{parts[2]}"
    if parts[1] != "steps" or len(parts) < 4:
        begins = "begins-days" if parts[-1] == "days" else "begins"
        return begins if parts[1] == "begins" else known.get(parts[1], parts[1])
    step = plan.steps[int(parts[2])]
    inside = parts[3:]
    if inside[0] == "variants":
        way = WAYS[int(inside[1]) + 1] if len(inside) > 1 else WAYS[1]
        return "-".join([f"{step.id}:{way}", *inside[3:]])
    named = "-".join([step.id, *(part for part in inside if part != "says")])
    return f"{named}-task" if isinstance(step, TaskStep) and parts[3] == "says" else named


def _said(here: Here, wrong: Fault | Refused) -> str:
    told = here.told(wrong)
    mend = wrong.facts.get("mend") if isinstance(wrong, Fault) else None
    if isinstance(wrong, Fault) and "/says/" in wrong.field and mend:
        return f"{told} ({mend})"
    return told or here.reader.say("This is not what it must be.")


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{journey:str}",
        Permission.MEMBERS_READ,
        lambda here, path: journey(here, path["journey"]),
    ),
    (
        PAGE + "/{journey:str}/letter",
        Permission.MEMBERS_READ,
        lambda here, path: step_letter(here, path["journey"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{journey:str}", Permission.MESSAGES_WRITE, change),
)
