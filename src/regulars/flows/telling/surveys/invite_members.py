"""Members are asked, none of them too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.surveys.commands import InviteMember, InviteOutcome
from regulars.records.access.staff.read import chosen
from regulars.records.members import read as members
from regulars.records.members.types import Member
from regulars.records.outbox.surveys import read, write
from regulars.records.outbox.surveys.types import OPEN_FOR, Invitation, Survey


async def invite_members(
    tx: Tx, terms: Terms, batch: Sequence[InviteMember]
) -> list[InviteOutcome]:
    """Each of these members is asked, by an invitation that is answered once.

    Order: as sent; each sees who was asked by the ones before it. Whose invitation to this very
    survey still stands is given that one.
    Keeps: nobody is asked twice within the days that the shop chose, by whichever survey, and also
    where two ask at once: one transaction of a program asks at a time.
    Refuses: `survey_closed`; `member_blocked` for who does not collect here; `asked_lately`, with
    when they may be asked again.
    Faults, each for its own item: `not_found`, `unknown_member`, `invalid` at the store.
    """
    await write.hold_invitations(tx)
    country = terms.versions[-1].program.country
    found = await members.whom(tx, country, [one.member for one in batch])
    ids = [one for one in found if isinstance(one, UUID)]
    people = await members.members(tx, ids)
    asked = await read.last_asked(tx, ids)
    days = timedelta(days=(await chosen(tx)).of("survey_days"))
    surveys = {one.code: one for one in await read.surveys(tx)}
    meant = {surveys[one.survey].survey_id for one in batch if one.survey in surveys}
    stands = await read.still_open(tx, ids, list(meant))
    told = _Known(surveys, asked, stands, days)
    outcomes: list[InviteOutcome] = []
    made: list[Invitation] = []
    for command, who in zip(batch, found, strict=True):
        one = _one(tx, command, who if isinstance(who, Fault) else people[who], told)
        if isinstance(one, Invitation) and one not in stands.values():
            made.append(one)
            asked[one.member_id] = tx.now
            stands[one.survey_id, one.member_id] = one
        outcomes.append(one)
    await tx.write(write.invite(tx, made))
    return outcomes


class _Known(NamedTuple):
    """What is known of who was asked, while a batch is decided."""

    surveys: dict[str, Survey]
    asked: dict[UUID, datetime]
    stands: dict[tuple[UUID, UUID], Invitation]
    days: timedelta


def _one(tx: Tx, command: InviteMember, who: Member | Fault, known: _Known) -> InviteOutcome:
    survey = known.surveys.get(command.survey)
    if survey is None:
        return NotFound(f"there is no survey {command.survey[:40]}", field="/code")
    if isinstance(who, Fault):
        return who
    if len(command.store) > 64 or not command.store.isprintable():
        return Invalid("This is no store", field="/store")
    refused = _refused(survey, who)
    if refused is not None:
        return refused
    there = known.stands.get((survey.survey_id, who.id))
    return there or _new(tx, command, survey, known.asked.get(who.id), known.days, who.id)


def _refused(survey: Survey, who: Member) -> Refused | None:
    if survey.state == "closed":
        return Refused("survey_closed", "Nobody is asked this any more", {})
    if who.state != "active":
        return Refused("member_blocked", "Only who collects here is asked", {"state": who.state})
    return None


def _new(
    tx: Tx,
    command: InviteMember,
    survey: Survey,
    last: datetime | None,
    days: timedelta,
    member_id: UUID,
) -> InviteOutcome:
    if last is not None and tx.now < last + days:
        again = (last + days).isoformat()
        return Refused("asked_lately", "They were asked not long ago", {"again_at": again})
    return Invitation(
        tx.new_id(), survey.survey_id, member_id, command.store, tx.now, command.by.actor,
        tx.now + OPEN_FOR,
    )  # fmt: skip
