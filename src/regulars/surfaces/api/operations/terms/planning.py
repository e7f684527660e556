"""What a version would change, whom it touches, and taking one back."""

from __future__ import annotations

import re
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.flows.terms.plan_version import people_of_plan, plan_version
from regulars.flows.terms.withdraw_version import Withdraw, withdraw_version
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import terms as examples
from regulars.surfaces.api.operations.examples.every_day import SOURCE
from regulars.surfaces.api.operations.terms.publishing import problems_told
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import LanguageQuery, instant_of
from regulars.surfaces.api.wire.terms.planning import (
    PeoplePage,
    PeopleSent,
    PlanSent,
    PlanShown,
    VersionWithdrawn,
    VersionWithdrawSent,
    person_shown,
    plan_shown,
    withdrawn,
)

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_READ = (Scope.PROGRAMS_READ, Scope.PROGRAMS_WRITE)


async def plan(call: Call) -> Reply:
    """What a program file would change, and for how many."""
    sent: PlanSent = call.sent
    start = instant_of(sent.effective_from, "/effective_from")
    async with call.transaction as tx:
        found = await plan_version(tx, sent.source, start)
    return Reply(plan_shown(found, problems_told(call, found.problems)))


async def people(call: Call) -> Reply:
    """Whom it touches, by name."""
    sent: PeopleSent = call.sent
    start = instant_of(sent.effective_from, "/effective_from")
    place = place_of(sent.cursor, tuple[UUID])
    asked = (sent.what, None if place is None else place[0], sent.limit)
    async with call.transaction as tx:
        page, more = await people_of_plan(tx, sent.source, start, asked, sent.ladder)
    cursor = cursor_of((more,)) if more else None
    return Reply(PeoplePage([person_shown(one) for one in page], more is not None, cursor))


async def withdraw(call: Call) -> Reply:
    """A version is taken back."""
    sent: VersionWithdrawSent = call.sent
    said = call.ids["version"]
    if not _NUMBER.fullmatch(said):
        raise NotFound("there is no such version of this program; list them to find it")
    wish = Withdraw(int(said), sent.reason, call.caller.principal)
    async with call.transaction as tx:
        taken, fresh = await withdraw_version(tx, wish)
    call.given.programs.forget(call.caller.program_id)
    return Reply(withdrawn(taken), replayed=not fresh)


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/programs/plan",
        name="plan_version",
        once=Once.LOOKS,
        tag="Programs",
        says="What a program file would change, and for how many",
        notes="Nothing is written. `changes` says which promise gets better or worse; `groups` how "
        "many members would lose a tier, keep one the new ladder alone would not give, or win one, "
        "by what is known now.",
        scopes=_READ,
        query=LanguageQuery,
        sent=PlanSent,
        answers={200: PlanShown},
        example={"source": SOURCE, "effective_from": "2027-01-01T00:00:00Z"},
        answer_example=examples.PLAN,
        codes=("bad_program",),
        do=plan,
    ),
    Operation(
        method="POST",
        path="/v1/programs/plan/people",
        name="people_of_plan",
        once=Once.LOOKS,
        tag="Programs",
        says="Whom a plan touches, by name",
        notes="Ask again with `next_cursor` for the rest.",
        scopes=_READ,
        sent=PeopleSent,
        answers={200: PeoplePage},
        example=examples.PEOPLE,
        answer_example=examples.PEOPLE_PAGE,
        codes=("bad_program", "bad_cursor"),
        do=people,
    ),
    Operation(
        method="POST",
        path="/v1/programs/versions/{version}/withdraw",
        name="withdraw_version",
        once=Once.AGAIN,
        tag="Programs",
        says="Take a version back that nothing was decided by",
        notes="What it replaced rules from the same instant on, as a version of its own. Refused "
        "with the count once something was decided by it. Taken back twice, the first answer comes "
        "again.",
        scopes=(Scope.PROGRAMS_WRITE,),
        sent=VersionWithdrawSent,
        answers={200: VersionWithdrawn},
        example={"reason": "the thresholds were a slip"},
        answer_example=examples.WITHDRAWN,
        codes=("not_found", "version_decided", "version_followed"),
        do=withdraw,
    ),
)
