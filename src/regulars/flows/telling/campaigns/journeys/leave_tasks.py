"""A step of a journey leaves something to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.engine.segments.walking import Walked
from regulars.engine.terms import Terms
from regulars.records.benefits.lines import write
from regulars.records.benefits.lines.types import TaskLeft
from regulars.records.outbox.campaigns.journeys.types import Run, TaskStep
from regulars.records.standing.alerts.read import last_stores

Held = Mapping[tuple[UUID, str], str]
"""By run and step, of what somebody is held out."""


async def leave_tasks(
    tx: Tx, terms: Terms, went: Sequence[tuple[Run, Walked]], held: Held
) -> list[tuple[Run, Walked]]:
    """For whoever came to such a step there is a task, unless chance holds them out.

    Keeps: one for each run and step, however often it is walked. Whose it is, is looked at when
    somebody reads it: whoever looks after the member then; the store is that of the last order now.
    """
    meant = [
        (run, step)
        for run, one in went
        for step, _ in one.passed
        if isinstance(step, TaskStep) and (run.run_id, step.id) not in held
    ]
    if meant:
        version = terms.at(tx.now)
        today = tx.now.astimezone(version.zone).date()
        own = language_of(version.program.locale)
        stores = await last_stores(tx, sorted({run.member_id for run, _ in meant}))
        left = [
            TaskLeft(
                tx.new_id(), run.member_id, _words(step, own), today + timedelta(days=step.days),
                stores.get(run.member_id, ""), run.journey_id, run.run_id, step.id,
            )
            for run, step in meant
        ]  # fmt: skip
        await tx.write(write.leave(tx, left))
    return [(run, came_to(run, one, held)) for run, one in went]


def came_to(run: Run, one: Walked, became: Mapping[tuple[UUID, str], str]) -> Walked:
    """The same with what came of these steps instead."""
    passed = [(step, became.get((run.run_id, step.id), outcome)) for step, outcome in one.passed]
    return replace(one, passed=passed)


def _words(step: TaskStep, own: str) -> str:
    """In the shop's language; a plan of another language has one at least."""
    return step.says.get(own) or next(iter(step.says.values()))
