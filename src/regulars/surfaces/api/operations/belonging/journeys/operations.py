"""Journeys: planned, published, paused, ended, and where members are on their way."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.filling import Reader
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney, Step
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys, nothing
from regulars.flows.telling.campaigns.show_campaigns import show_reader
from regulars.insight.estimators.comparing.sums import More
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.since_each import OF_GIVEN, OF_LETTER, OF_WAY, brought_since
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef, nobody
from regulars.records.outbox.campaigns.journeys import read
from regulars.records.outbox.campaigns.journeys.types import (
    Journey,
    JourneyPlan,
    MessageStep,
    OfferStep,
    TaskStep,
)
from regulars.records.outbox.campaigns.returned import read as returned
from regulars.records.outbox.campaigns.types import WAYS
from regulars.records.outbox.campaigns.writing import Unwritten
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.campaigns.wire import (
    CampaignMore,
    CampaignSide,
    returned_share,
)
from regulars.surfaces.api.operations.belonging.journeys import examples
from regulars.surfaces.api.operations.belonging.journeys.wire import (
    JourneyEnd,
    JourneyOfMember,
    JourneyPreview,
    JourneyPreviewed,
    JourneyRead,
    JourneySent,
    JourneyShown,
    JourneysOfMember,
    JourneysShown,
    JourneyStep,
    JourneyStepCount,
    JourneyStepEffect,
    JourneyStepReturned,
    JourneyStepWay,
    JourneyWords,
)
from regulars.surfaces.api.strict.ids import addressed, required
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.senders.words.campaigns import Desk, trying, words_for

_TAG: Final = "Journeys"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_TOLD_BY: Final[dict[type, str]] = {
    MessageStep: OF_LETTER,
    OfferStep: OF_GIVEN,
    TaskStep: OF_GIVEN,
}


async def listed(call: Call) -> Reply:
    """Every journey."""
    async with call.transaction as tx:
        totals = await read.totals(tx)
        found = [_shown(one, totals) for one in await read.journeys(tx)]
    return Reply(JourneysShown(found))


async def one(call: Call) -> Reply:
    """One journey with how many are where, and what its steps changed."""

    async def look(tx: Tx, terms: Terms) -> JourneyRead:
        found = await _there(tx, call)
        plan = await read.plan(tx, found.journey_id, found.version)
        ends = await read.ends(tx, found.journey_id)
        steps = [
            JourneyStepCount(each.version, each.step, each.outcome, each.reason, each.members)
            for each in await read.counts(tx, found.journey_id)
        ]
        return JourneyRead(
            _shown(found, await read.totals(tx, found.journey_id)),
            plan,
            steps,
            [JourneyEnd(why, many) for why, many in ends.items()],
            await _effects(tx, found, plan, terms.at(tx.now).zone),
            await _returned(tx, found),
            await _ways(tx, found, terms.at(tx.now).zone),
        )

    return Reply(await call.read(look))


async def _returned(tx: Tx, found: Journey) -> list[JourneyStepReturned]:
    paused = await returned.paused_steps(tx, found.journey_id)
    return [
        JourneyStepReturned(
            each.step, each.sent, returned_share(each.bounces, each.sent),
            returned_share(each.complaints, each.sent), cast("Any", paused.get(each.step, "")),
        )
        for each in await returned.by_step(tx, found.journey_id)
    ]  # fmt: skip


async def _effects(
    tx: Tx, found: Journey, plan: JourneyPlan, zone: ZoneInfo
) -> list[JourneyStepEffect]:
    today, effects = tx.now.astimezone(zone).date(), list[JourneyStepEffect]()
    for step in plan.steps if found.published else ():
        told = _TOLD_BY.get(type(step))
        if told is None:
            continue
        came = await brought_since(tx, told, (found.journey_id, step.id), str(zone), today)
        if came is not None:
            told_, held_out = (
                CampaignSide(each.members, each.orders, each.spend_minor)
                for each in (came.sent, came.held_out)
            )
            orders, spend = _more(came.orders), _more(came.spend)
            effects.append(JourneyStepEffect(step.id, came.days, told_, held_out, orders, spend))
    return effects


async def _ways(tx: Tx, found: Journey, zone: ZoneInfo) -> list[JourneyStepWay]:
    today, told = tx.now.astimezone(zone).date(), list[JourneyStepWay]()
    nothing = CampaignMore(None, None, None)
    for one in await read.ways(tx, found.journey_id):
        of = (found.journey_id, f"{one.step}:{one.way}:{one.version}")
        came = await brought_since(tx, OF_WAY, of, str(zone), today) if one.way else None
        days, orders, spend = (0, nothing, nothing) if came is None else (
            came.days, _more(came.orders), _more(came.spend)
        )  # fmt: skip
        way = cast("Any", WAYS[one.way])
        many = (one.members, one.sent, one.version)
        told.append(JourneyStepWay(one.step, way, *many, days, orders, spend))
    return told


def _more(found: More | NotEnough) -> CampaignMore:
    if isinstance(found, NotEnough):
        return CampaignMore(None, None, None)
    return CampaignMore(found.value, found.low, found.high)


async def keep(call: Call) -> Reply:
    """A journey is planned."""
    sent: JourneySent = call.sent
    command = KeepJourney(call.ids["journey"], sent.name, sent.plan, call.by)
    await call.do(keep_journeys, command)
    return await one(call)


async def publish(call: Call) -> Reply:
    """Members begin by it."""
    return await _step(call, "publish", call.sent.version)


async def pause(call: Call) -> Reply:
    """Nobody moves."""
    return await _step(call, "pause")


async def resume(call: Call) -> Reply:
    """They go on."""
    return await _step(call, "resume")


async def end(call: Call) -> Reply:
    """It is over."""
    return await _step(call, "end")


async def drop(call: Call) -> Reply:
    """It is forgotten."""
    command = MoveJourney(call.ids["journey"], "drop", call.by)
    found: Journey = await call.do(keep_journeys, command)
    return Reply(_shown(found, {}))


async def preview(call: Call) -> Reply:
    """What one member would read, step by step."""
    sent: JourneyPreviewed = call.sent
    who = MemberRef(id=required("mem", sent.member_id, "/member_id"))

    async def look(tx: Tx, terms: Terms) -> list[JourneyWords]:
        found = await _there(tx, call)
        plan = await read.plan(tx, found.journey_id, found.version)
        reader = await show_reader(tx, terms, who)
        if isinstance(reader, Fault):
            raise reader
        desk = trying(terms.at(tx.now).program, call.given.public_url)
        steps = [step for step in plan.steps if isinstance(step, MessageStep)]
        return [
            _words(desk, step, reader, way)
            for step in steps
            for way in range(1 + len(step.variants))
        ]

    return Reply(JourneyPreview(await call.read(look)))


def _words(desk: Desk, step: MessageStep, reader: Reader, way: int) -> JourneyWords:
    named = cast("Any", WAYS[way])
    try:
        said = words_for(desk, step, reader, way=way)
    except Unwritten:
        return JourneyWords(step.id, "", "", "", named)
    parts = said.parts if step.channel == "sms" else 0
    return JourneyWords(
        step.id, said.language, said.about, said.text, named, said.preview, said.html, parts
    )


async def of_member(call: Call) -> Reply:
    """Through which journeys a member goes."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        rows = await read.of_member(tx, id_)
    return Reply(JourneysOfMember([
        JourneyOfMember(
            row.code, row.name, row.version, row.begun_at, row.step, row.due_at, row.ended_at,
            row.why,
        )
        for row in rows
    ]))  # fmt: skip


async def _step(call: Call, step: Step, version: int | None = None) -> Reply:
    await call.do(keep_journeys, MoveJourney(call.ids["journey"], step, call.by, version))
    return await one(call)


async def _there(tx: Tx, call: Call) -> Journey:
    found = await read.journey(tx, call.ids["journey"])
    if found is None:
        raise nothing(call.ids["journey"])
    return found


def _shown(found: Journey, totals: dict[UUID, tuple[int, int]]) -> JourneyShown:
    under_way, begun = totals.get(found.journey_id, (0, 0))
    return JourneyShown(
        found.code, found.name, found.state, found.version, found.published, under_way, begun,
        found.made_at, found.made_by, found.changed_at, found.changed_by, found.begins_at,
        found.published_by, found.ended_at, found.ended_by,
    )  # fmt: skip


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


def _moving(step: str, name: str, says: str, notes: str, do: Any) -> Operation:
    return _operation(
        "POST", f"/v1/journeys/{{journey}}/{step}", name,
        once=Once.AGAIN,
        says=says,
        notes=notes,
        scopes=_WRITE,
        answers={200: JourneyRead},
        answer_example=examples.READ,
        codes=("not_found", "journey_not_so"),
        do=do,
    )  # fmt: skip


OPERATIONS = (
    _operation(
        "GET", "/v1/journeys", "list_journeys",
        says="Every journey, the latest first",
        scopes=_READ,
        answers={200: JourneysShown},
        answer_example={"items": [examples.JOURNEY]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/journeys/{journey}", "get_journey",
        says="One journey, its latest plan, and how many members are where",
        notes="`steps` counts, by version and step, who is there now, what came of the step for "
        "who was, and what became of its messages.",
        scopes=_READ,
        answers={200: JourneyRead},
        answer_example=examples.READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/journeys/{journey}", "keep_journey",
        once=Once.AGAIN,
        says="Plan a journey",
        notes="What is written is the next version; members begin by it once it is published, and "
        "those on their way finish by the one they began with. Steps lead to later ones only. "
        "Texts are templates as of campaigns; with a survey, `survey.link` is where it is "
        "answered.",
        scopes=_WRITE,
        sent=JourneySent,
        answers={200: JourneyRead},
        example=examples.SENT,
        answer_example=examples.READ,
        codes=("journey_not_so",),
        do=keep,
    ),
    _operation(
        "POST", "/v1/journeys/{journey}/publish", "publish_journey",
        once=Once.AGAIN,
        says="Let members begin a journey by its latest version",
        notes="What happens from now on begins it; what happened before does not. Where more "
        "members may come to read it than one person writes to alone (`campaign_alone`: those in "
        "the segment it asks for, where what members do decides that, else all), somebody else "
        "than wrote it publishes it.",
        scopes=_WRITE,
        sent=JourneyStep,
        answers={200: JourneyRead},
        example={"version": 1},
        answer_example=examples.READ,
        codes=("not_found", "journey_not_so", "second_person_needed"),
        do=publish,
    ),
    _moving(
        "pause", "pause_journey", "Let nobody move in a journey",
        "Nothing of it is sent and nobody begins, until it is resumed.", pause,
    ),
    _moving(
        "resume", "resume_journey", "Let members go on through a journey that was paused",
        "What happened while it was paused begins nothing.", resume,
    ),
    _moving(
        "end", "end_journey", "End a journey for good",
        "Whoever is on their way goes no further; what waits to be sent is not sent.", end,
    ),
    _operation(
        "DELETE", "/v1/journeys/{journey}", "drop_journey",
        once=Once.AGAIN,
        says="Forget a journey that was never published",
        scopes=_WRITE,
        answers={200: JourneyShown},
        answer_example=examples.JOURNEY,
        codes=("not_found", "journey_not_so"),
        do=drop,
    ),
    _operation(
        "POST", "/v1/journeys/{journey}/preview", "preview_journey",
        once=Once.LOOKS,
        says="See what one member would read at each step of a journey",
        notes="Of the latest plan, also before it is published; nothing is sent.",
        scopes=_READ,
        sent=JourneyPreviewed,
        answers={200: JourneyPreview},
        example={"member_id": examples.MEMBER},
        answer_example=examples.PREVIEW,
        codes=("not_found", "unknown_member"),
        do=preview,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/journeys", "journeys_of_member",
        says="Through which journeys a member goes or went",
        scopes=_READ,
        answers={200: JourneysOfMember},
        answer_example=examples.OF_MEMBER,
        codes=("unknown_member",),
        do=of_member,
    ),
)  # fmt: skip
