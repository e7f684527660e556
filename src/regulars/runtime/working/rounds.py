"""The duty that goes through rounds of adjustments: some members at a time, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import structlog

from regulars.base.faults import StaleTerms
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Adjusted
from regulars.flows.membership.office.commands import StepRound
from regulars.flows.membership.office.keep_rounds import AT_ONCE, part_key, step_rounds
from regulars.records.access.office.read import following
from regulars.records.access.office.types import Stretch
from regulars.records.access.staff.types import principal_of
from regulars.records.members.types import Asked, MemberRef
from regulars.runtime.serving.gate import AGAIN, LOST
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

STRETCHES: Final = 40
"""So many in a row, before another program has its turn."""

log = structlog.get_logger()


class Rounds:
    """Goes through the rounds of one installation; whoever holds the worker's lock runs it."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, _now: datetime) -> None:
        """The next members of the rounds that are under way.

        Order: what is booked comes first, then how far it went; cut off in between, the members
        are asked for again under the same keys and answered as they were.
        """
        for _ in range(STRETCHES):
            async with self._database.transaction(program_id) as tx:
                stretch = await following(tx, AT_ONCE)
            if stretch is None:
                return
            outcomes = await self._book(program_id, adjustments(stretch))
            step = stepped(stretch, outcomes)
            terms = await self._programs.terms(program_id)
            async with self._database.transaction(program_id) as tx:
                await step_rounds(tx, terms, [step])

    async def _book(self, program_id: int, asked: Sequence[Adjust]) -> list[Any]:
        """What came of each; whom a mistake of ours stops is left out and logged."""
        while True:
            terms = await self._programs.terms(program_id)
            try:
                async with self._database.transaction(program_id) as tx:
                    return list(await adjust_balances(tx, terms, asked))
            except StaleTerms:
                self._programs.forget(program_id)
            except (*AGAIN, *LOST):
                raise  # the database's trouble: tried again in a moment
            except Exception as mistake:
                if len(asked) == 1:
                    log.exception("round.member_left_out", program_id=program_id)
                    return [mistake]
                return [(await self._book(program_id, [one]))[0] for one in asked]


def stepped(stretch: Stretch, outcomes: Sequence[Any]) -> StepRound:
    """How far a round is after these outcomes, and why members were left out."""
    begin, id_ = stretch.round.place, stretch.round.round_id
    left_out = Counter(
        str(getattr(one, "code", "internal_error"))
        for one in outcomes
        if not isinstance(one, Adjusted)
    )
    booked = len(outcomes) - left_out.total()
    return StepRound(id_, begin, begin + len(stretch.member_ids), booked, dict(left_out))


def adjustments(stretch: Stretch) -> list[Adjust]:
    """What a stretch of a round asks for: of each member once, whenever it is asked."""
    one = stretch.round
    principal = principal_of(one.asked_by)
    return [
        Adjust(
            MemberRef(id=member_id),
            one.wallet,
            one.units,
            one.reason,
            principal,
            Asked(principal, part_key(one.round_id, member_id)),
            round=one.round_id,
        )
        for member_id in stretch.member_ids
    ]
