"""Activities: what happened, what it brought and why."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.deciding.earn import rules_given
from regulars.engine.returning.sale import Sale
from regulars.engine.terms import Terms
from regulars.engine.words.explain import reckoned, why
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.preview_activities import preview_activities
from regulars.records.access.types import Scope
from regulars.records.activity import read
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.members import read as members
from regulars.records.members.erasure import read as erasures
from regulars.records.members.types import Asked
from regulars.records.trail import read as trails
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations import recording
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.activities import (
    ActivityPreviewed,
    ActivityRecorded,
    ActivitySent,
    BatchDone,
    BatchSent,
    PreviewSent,
    RulePoints,
    TrailShown,
    command_of,
    previewed,
)
from regulars.surfaces.api.wire.parts import LanguageQuery, instant_of
from regulars.surfaces.api.wire.standing.kept import ActivityShown, activity_shown
from regulars.surfaces.api.wire.standing.reckoned import counted, sums, weighed
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import voice_for

_waited = msgspec.msgpack.Decoder(RecordActivity).decode


async def preview(call: Call) -> Reply:
    """What an activity would bring."""
    sent: PreviewSent = call.sent
    at = instant_of(sent.at, "/at")

    async def look(tx: Tx, terms: Terms) -> Any:
        command = command_of(sent, terms, Asked(call.caller.principal))
        (outcome,) = await preview_activities(tx, terms, [command], at)
        return outcome

    return Reply(previewed(granted(await call.read(look))))


async def one(call: Call) -> Reply:
    """One activity as it is kept."""
    id_ = addressed("act", call.ids["activity_id"])
    currency = (await call.terms()).versions[-1].program.currency
    async with call.transaction as tx:
        told = await read.one(tx, id_)
        waits = await read.waits(tx, id_) if told is None else None
    if told is not None:
        return Reply(activity_shown(told.activity, told.recorded_at, currency))
    if waits is None:
        raise NotFound("there is no such activity here; check the id for a slip")
    command, recorded_at = _waited(waits[0]), waits[1]
    waiting = Activity(
        activity_id=id_,
        member_id=NOBODY,
        kind=command.kind,
        source=command.source,
        external_id=command.external_id,
        sale_id=None,
        occurred_at=command.occurred_at or recorded_at,
        store=command.store,
        channel=command.channel,
        amount_minor=0,
        body=command.body,
        actor=command.asked.principal,
    )
    return Reply(activity_shown(waiting, recorded_at, currency, waiting=True))


async def trail(call: Call) -> Reply:
    """Why an activity earned what it earned."""
    id_ = addressed("act", call.ids["activity_id"])
    terms = await call.terms()
    query: LanguageQuery = call.query
    async with call.transaction as tx:
        told = await read.one(tx, id_)
        kept = None if told is None else await trails.one(tx, told.activity.member_id, id_)
        sold = None if kept is None or kept.sale_id is None else await read.one(tx, kept.sale_id)
        gone = await erasures.erased(tx, [] if kept is None else [kept.member_id])
        people = await members.members(tx, [] if kept is None else [kept.member_id])
    if told is None:
        raise NotFound("there is no such activity here; check the id for a slip")
    if kept is None or told.activity.member_id == NOBODY:
        says = [voice_for(query.language or "en").say("why.no_trail")]
        return Reply(TrailShown(call.ids["activity_id"], None, 0, says, []))
    version = terms.numbered(kept.steps.version)
    sale = sold or told
    given = rules_given(version, kept.steps.given)
    own = [member.locale for member in people.values()]
    language = query.language or "".join(own) or version.program.locale
    voice = voice_for(language)
    shown = TrailShown(
        activity_id=f"act_{id_.hex}",
        sale_id=None if kept.sale_id is None else f"act_{kept.sale_id.hex}",
        program_version=version.number,
        says=[voice.say("why.erased")],
        rules=[RulePoints(rule, points) for rule, points in given.items()],
    )
    if gone:
        return Reply(shown)
    known = Sale(sale.activity, kept.steps)
    numbers, steps = reckoned(version, known), kept.steps
    return Reply(
        replace(
            shown,
            says=why(version, known, voice, rule_in_words),
            counted=counted(version.program, numbers),
            weighed=weighed(numbers.told, steps.given),
            sums=sums(numbers.told, steps.given, steps.carried),
        )
    )


_READ = (Scope.BOOKS_READ, Scope.ACTIVITIES_WRITE)

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/activities",
        name="record_activity",
        tag="Activities",
        says="Record what happened",
        notes="A purchase, a return, a visit or any other kind the program knows. Answered once it "
        "is durable. 201 when it was recorded, also when it was recorded before (then with "
        "`Idempotent-Replayed: true` and the first answer); 202 for a return whose sale has not "
        "come yet: it waits and is decided right after it. With `source` and `external_id` the "
        "receipt itself is the key, for ever.",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=ActivitySent,
        answers={201: ActivityRecorded, 202: ActivityRecorded},
        example=examples.PURCHASE,
        answer_example=examples.RECORDED,
        codes=(
            "unknown_member",
            "member_blocked",
            "member_erased",
            "too_much_returned",
            "points_already_spent",
            "points_reserved",
            "proof_needed",
            "subject_needed",
            "told_before",
            "receipt_reused",
        ),
        do=recording.record,
    ),
    Operation(
        method="POST",
        path=recording.BATCH_PATH,
        name="record_activities",
        once=Once.PARTS,
        tag="Activities",
        says="Record up to 1,000 activities",
        notes="Each is decided by itself and has its own result, in the order they were sent: what "
        "the single request would have been answered. Pointers are within the activity.",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=BatchSent,
        answers={200: BatchDone},
        example={"activities": [examples.PURCHASE]},
        answer_example={"results": [{"status": 201, "body": examples.RECORDED}]},
        do=recording.record_batch,
    ),
    Operation(
        method="POST",
        path="/v1/activities/preview",
        name="preview_activity",
        once=Once.LOOKS,
        tag="Activities",
        says="What an activity would bring",
        notes="The same decision as when it is recorded; nothing is locked or written. With `at` "
        "the clock shows another instant, to try out what begins later.",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=PreviewSent,
        answers={200: ActivityPreviewed},
        example=examples.PURCHASE,
        answer_example={k: v for k, v in examples.RECORDED.items() if k != "id"},
        codes=(
            "unknown_member",
            "member_erased",
            "member_blocked",
            "too_much_returned",
            "points_already_spent",
            "points_reserved",
            "proof_needed",
            "subject_needed",
            "told_before",
        ),
        do=preview,
    ),
    Operation(
        method="GET",
        path="/v1/activities/{activity_id}",
        name="get_activity",
        tag="Activities",
        says="One activity as it is kept",
        scopes=_READ,
        answers={200: ActivityShown},
        answer_example=examples.ACTIVITY,
        do=one,
    ),
    Operation(
        method="GET",
        path="/v1/activities/{activity_id}/trail",
        name="get_trail",
        tag="Activities",
        says="Why it earned what it earned",
        notes="Which rules fired, which did not and the condition that failed with its values, "
        "what was rounded: as sentences, and as numbers (`counted`, `weighed`, "
        "`sums`). Worked out from the inputs that were frozen with the activity. In the "
        "member's language, unless another is asked for.",
        scopes=_READ,
        query=LanguageQuery,
        answers={200: TrailShown},
        answer_example=examples.TRAIL,
        do=trail,
    ),
)
