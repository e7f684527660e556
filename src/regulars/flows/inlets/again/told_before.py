"""What a shop tells again and again as it is by now: the same sale, told with other words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault, KeyReused
from regulars.base.tx import Tx
from regulars.engine.returning.sale import TooMuchReturned
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.inlets.again.live_again import live_again, stand_for_the_newest
from regulars.flows.inlets.again.telling import Telling
from regulars.flows.recording.before.other_lines import keep_lines_now
from regulars.flows.recording.before.told_elsewhere import Beside, OtherTotal, booked_in
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity import read as activities
from regulars.records.activity.checks import amount_of
from regulars.records.activity.types import Activity, Line
from regulars.records.once.read import known
from regulars.records.once.types import digest, natural_key
from regulars.records.once.write import Kept, keep

_decode = msgspec.msgpack.Decoder(Recorded).decode


async def record_told(
    tx: Tx,
    terms: Terms,
    commands: Sequence[RecordActivity],
    beside: Sequence[Beside],
    events: Sequence[Telling],
) -> list[Any]:
    """Record what these events tell, in their order; `events`: of each command which event tells
    it, and whether that tells how something is by now.

    Of what was booked before and comes to the same, the first answer, and nothing for a return of
    what is back already. What comes to another amount is `OtherTotal`; what came back of it is
    taken from what was booked.
    """
    outcomes: list[Any] = []
    so_far = dict[UUID, datetime | None]()
    for at in _rounds(commands, events):
        some = commands[at]
        retold = [one.is_retold for one in events[at]]
        if any(retold):
            await keep_lines_now(tx, _sales(some, retold))
        found: list[Any] = list(await record_activities(tx, terms, some, beside=beside[at]))
        found = await as_told_before(tx, some, found, retold) if any(retold) else found
        found = await _lived(tx, terms, (some, found, events[at]), so_far)
        for one, event in zip(found, events[at], strict=True):
            if isinstance(one, Recorded) and not one.replayed:
                so_far[one.activity_id] = event.at
        outcomes += found
    return outcomes


async def _lived(
    tx: Tx,
    terms: Terms,
    told_as: tuple[Sequence[RecordActivity], list[Any], Sequence[Telling]],
    so_far: Mapping[UUID, datetime | None],
) -> list[Any]:
    """The outcomes; of orders that live again, those of their new life, which is told once more as
    the first one is: what was booked of it before gets the first answer."""
    commands, outcomes, events = told_as
    anew = await live_again(tx, commands, outcomes, events, so_far)
    if not anew:
        return outcomes
    wishes, found = [one.command for one in anew], list(outcomes)
    told: list[Any] = list(await record_activities(tx, terms, wishes))
    told = await as_told_before(tx, wishes, told, [True] * len(wishes))
    for one, outcome in zip(anew, told, strict=True):
        found[one.place] = outcome
    await stand_for_the_newest(tx, [(commands[one.place], one) for one in anew], outcomes)
    return found


def _rounds(commands: Sequence[RecordActivity], events: Sequence[Telling]) -> Iterator[slice]:
    """Mostly one; an event that tells a sale otherwise than one before it begins another, so that
    each return is read by the lines that were told with it. So does one that tells as paid what is
    closed by one before it."""
    begin, begun, told = 0, 0, dict[UUID, tuple[Any, bool]]()
    for place, (one, event) in enumerate(zip(commands, events, strict=True)):
        if place and event.arrival_id != events[place - 1].arrival_id:
            begun = place
        if not event.is_retold or one.kind != "purchase" or not one.external_id:
            continue
        before, is_open = told.get(_key(one)), event.stands == "open"
        is_other = before is not None and (before[0] != _told(one) or (is_open and not before[1]))
        if is_other and begun > begin:
            yield slice(begin, begun)
            begin, told = begun, {}
        told[_key(one)] = (_told(one), is_open)
    if commands:
        yield slice(begin, len(commands))


def _told(one: RecordActivity) -> tuple[tuple[Line, ...], int | None]:
    return one.body.lines, one.amount_minor


def _sales(commands: Sequence[RecordActivity], retold: Sequence[bool]) -> list[RecordActivity]:
    return [
        one
        for one, is_retold in zip(commands, retold, strict=True)
        if is_retold and one.kind == "purchase" and one.external_id
    ]


async def as_told_before(
    tx: Tx,
    commands: Sequence[RecordActivity],
    outcomes: Sequence[Any],
    retold: Sequence[bool],
) -> list[Any]:
    """The outcomes; of what was booked before and comes to the same, the first answer, and nothing
    for a return of what is back already.

    A shop tells an order whole with each change: who bought may have joined since, and their sale
    stays whose it was. What comes to another amount is said, and by how much.
    Order: after all is decided; reads only where a receipt was used with other words.
    """
    answers = [
        None if again and _is_back(one) else one
        for one, again in zip(outcomes, retold, strict=True)
    ]
    reused = [at for at, one in enumerate(answers) if retold[at] and isinstance(one, KeyReused)]
    if not reused:
        return answers
    await _linked(tx, [(commands[at], answers[at]) for at in reused])
    keys = {at: _key(commands[at]) for at in reused}
    before = await known(tx, list(keys.values()))
    stands = [before[key] for key in keys.values() if key in before]
    rows = await activities.some(
        tx, [one.member_id for one in stands], [one.subject_id for one in stands]
    )
    for at, key in keys.items():
        if (one := before.get(key)) is None or isinstance(answers[at], OtherTotal):
            continue
        activity = rows.get(one.subject_id)
        if activity is not None and _comes_to_other(commands[at], activity):
            answers[at] = _changed(commands[at], activity)
        else:
            answers[at] = replace(_decode(one.answer), replayed=True)
    return answers


async def _linked(tx: Tx, told: Sequence[tuple[RecordActivity, Any]]) -> None:
    """The receipt of what another source told first stands for that, whatever it came to: what
    comes back of it is found, and read by the lines of its own source."""
    for _, one in told:
        if isinstance(one, OtherTotal) and one.stands_for is not None:
            one.linked = one.stands_for[1:3]
            one.facts["mend"] = _ANOTHER
    found = {
        one.stands_for[0]: (command, one.stands_for[1:])
        for command, one in told
        if isinstance(one, OtherTotal) and one.stands_for is not None
    }
    there = await known(tx, list(found)) if found else {}
    fresh = {key: one for key, one in found.items() if key not in there}
    if fresh:
        # Under no content that is ever told, so that each of its states says that it is another.
        kept = [Kept(key, digest("other", key.hex), *one[1]) for key, one in fresh.items()]
        await tx.write(keep(tx, kept))
        await keep_lines_now(tx, [command for command, _ in fresh.values()])


_ANOTHER: Final = (
    "Say that it is another sale if it is; else correct the points by hand where they are wrong"
)


def _is_back(outcome: Any) -> bool:
    """Whether all of it is back by another word: the order was cancelled, and then given back."""
    return isinstance(outcome, TooMuchReturned) and outcome.facts.get("left") == 0


def _key(command: RecordActivity) -> Any:
    return natural_key(command.source, command.external_id, command.kind)


def _comes_to_other(command: RecordActivity, activity: Activity) -> bool:
    booked = booked_in(activity, command.currency)
    return command.kind == "purchase" and booked is not None and _amount(command) != booked


def _amount(command: RecordActivity) -> int | None:
    """What a purchase comes to, whether it is told as one amount or by its lines."""
    found = amount_of(command.kind, command.amount_minor, command.body)
    return None if isinstance(found, Fault) else found


def _changed(command: RecordActivity, activity: Activity) -> OtherTotal:
    money = f" {command.currency}" if command.currency else ""
    found = OtherTotal(
        f"it was booked with {booked_in(activity, command.currency)}{money} minor units and is "
        f"told with {_amount(command)} now; what was booked stands",
        field="/amount",
        mend="Correct the member's points by hand where the order was changed on purpose",
    )
    found.booked = (activity.member_id, activity.activity_id)
    return found
