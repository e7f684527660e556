"""Who applies to join, as the join policy of the program sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.checking.joining import Applicant, Gate, refusal
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking
from regulars.records.members import read
from regulars.records.members.admission import read as admissions
from regulars.records.members.admission.types import Admission
from regulars.records.members.joining import Newcomer
from regulars.records.members.types import Joined, JoinMember, MemberRef

_OLDEST = date(1880, 1, 1)


class Applicants(Struct):
    """What a batch of people who join told besides their names."""

    gate: Gate | None
    today: date
    whom: Mapping[MemberRef, UUID | Fault]
    """Whom they named as the one who invited them, or who answers for them."""
    active: frozenset[UUID]
    known: Mapping[UUID, Admission]

    def refusal(self, command: JoinMember, wish: Newcomer | Fault) -> Refused | Fault | None:
        """Why one of them may not join, or what is wrong with what they told; or nothing."""
        if isinstance(wish, Fault):
            return None
        told = _day(command.birthday, self.today)
        if isinstance(told, Fault):
            return told
        if command.country and not _two_letters(command.country):
            return Invalid("write the country in two letters: DE", field="/country")
        for ref, field in ((command.guardian, "/guardian"), (command.invited_by, "/invited_by")):
            found = None if ref is None else self.whom[ref]
            if isinstance(found, Fault):
                return Invalid("nobody here is known by this", field=field)
        if self.gate is None:
            return None
        guardian = self._named(command.guardian)
        told_of = None if guardian is None else self.known.get(guardian)
        born = None if told_of is None else told_of.birthday
        answers = guardian in self.active
        who = Applicant(
            birthday=told,
            country=command.country,
            attributes=wish.attributes,
            invited=self._named(command.invited_by) in self.active,
            guardian=born if born is not None and answers else answers,
            actor=command.actor,
        )
        return refusal(self.gate, who)

    def admitted(self, items: Sequence[Asking[JoinMember]]) -> list[Admission]:
        """What is to be kept of those who joined."""
        found = []
        for item in items:
            command, outcome = item.command, item.outcome
            if isinstance(outcome, Joined):
                birthday = _day(command.birthday, self.today)
                found.append(
                    Admission(
                        member_id=outcome.member_id,
                        birthday=None if isinstance(birthday, Fault) else birthday,
                        country=command.country,
                        guardian_id=self._named(command.guardian),
                        invited_by=self._named(command.invited_by),
                        actor=command.actor,
                    )
                )
        return found

    def _named(self, ref: MemberRef | None) -> UUID | None:
        found = None if ref is None else self.whom[ref]
        return None if isinstance(found, Fault) else found


async def applicants(
    tx: Tx, terms: Terms | None, country: str | None, batch: Sequence[JoinMember]
) -> Applicants:
    """What these people told, and whom they named; a batch that names nobody asks nothing."""
    version = None if terms is None else terms.at(tx.now)
    join = None if version is None else version.program.join
    today = tx.now.date() if version is None else _local_day(version, tx)
    refs = list({ref for one in batch for ref in (one.guardian, one.invited_by) if ref})
    whom = dict(zip(refs, await read.whom(tx, country, refs), strict=True)) if refs else {}
    ids = [one for one in whom.values() if isinstance(one, UUID)]
    members = await read.members(tx, ids) if ids else {}
    return Applicants(
        gate=None if join is None else Gate(join, today),
        today=today,
        whom=whom,
        active=frozenset(id_ for id_, one in members.items() if one.state == "active"),
        known=await admissions.some(tx, ids) if ids else {},
    )


def _local_day(version: Any, tx: Tx) -> date:
    return date.fromordinal(local(version.zone, tx.now).day)


def _day(text: str, today: date) -> date | Fault | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Invalid("write the birthday as a day: 2011-02-28", field="/birthday")
    if len(text) != len("2011-02-28") or not _OLDEST <= day <= today:
        return Invalid("nobody was born then", field="/birthday")
    return day


def _two_letters(text: str) -> bool:
    return len(text) == len("DE") and text.isascii() and text.isalpha() and text.isupper()
