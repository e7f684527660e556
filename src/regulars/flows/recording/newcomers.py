"""Whom the activities of a batch name; a card nobody knows collects as an unregistered member."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, UnknownMember
from regulars.base.ids import as_ours
from regulars.base.tx import Tx, Write
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking
from regulars.flows.batch.forgotten import free_numbers
from regulars.flows.commands import RecordActivity
from regulars.records.activity.types import NOBODY
from regulars.records.members import read, write
from regulars.records.members.erasure import read as erasures
from regulars.records.members.identify import normal_ref
from regulars.records.members.joining import blank
from regulars.records.members.types import Identifier, Member, MemberRef, erased_fault

_LATE: Final = timedelta(minutes=1)
"""What happened longer ago was told late; tills on line are not made to ask the erasure list."""


class Newcomers(Struct):
    """The member of each command by its place, and members this batch makes for new cards."""

    members: dict[int, UUID] = {}
    made: dict[UUID, Member] = {}
    cards: dict[Identifier, UUID] = {}
    erased: dict[int, UUID] = {}
    """The pseudonym behind a name on the erasure list, by the command's place."""

    def of(self, place: int) -> UUID:
        """Whom the command at this place is about; sales to nobody and returns have nobody."""
        return self.members.get(place, NOBODY)

    def states(self, now: datetime) -> dict[UUID, MemberState]:
        """Where members who are made in this batch begin."""
        return {
            id_: MemberState(id_, member.joined_at, {}, state=member.state, recorded_at=now)
            for id_, member in self.made.items()
        }

    def keep(self, members: Iterable[UUID]) -> None:
        """Forget new members whose activities were all refused or wrong."""
        self.made = {id_: self.made[id_] for id_ in self.made.keys() & set(members)}
        self.cards = {card: id_ for card, id_ in self.cards.items() if id_ in self.made}

    def writes(self, tx: Tx) -> list[Write]:
        links = [write.Link(card, member_id) for card, member_id in self.cards.items()]
        return write.create(tx, list(self.made.values()), links, version=0)


async def find_members(tx: Tx, terms: Terms, fresh: Sequence[Asking[RecordActivity]]) -> Newcomers:
    """Find whom each command names; unknown names become the command's fault.

    A member named by id is looked up with everything else of theirs, so this asks nothing.
    """
    found = Newcomers()
    named: list[tuple[Asking[RecordActivity], MemberRef]] = []
    for item in fresh:
        ref = item.command.member
        if item.command.kind == "return" or ref is None:
            continue
        named_id = None if ref.id is None else as_ours(ref.id)  # it is looked for again and again
        if named_id is not None and named_id != NOBODY:
            found.members[item.place] = named_id
        else:
            named.append((item, ref))
    if not named:
        return found
    country = terms.versions[-1].program.country
    whom = await read.whom(tx, country, [ref for _, ref in named])
    forgotten = await _forgotten(tx, country, named, whom)
    unknown = []
    for (item, ref), member_id in zip(named, whom, strict=True):
        if item.place in forgotten:
            item.outcome = erased_fault()
            found.erased[item.place] = forgotten[item.place]
        elif not isinstance(member_id, Fault):
            found.members[item.place] = member_id
        elif ref.card is not None and isinstance(member_id, UnknownMember):
            unknown.append((item, ref))
        else:
            item.outcome = member_id
    await _open_cards(tx, country, unknown, found)
    return found


async def _forgotten(
    tx: Tx,
    country: str | None,
    named: Sequence[tuple[Asking[RecordActivity], MemberRef]],
    whom: Sequence[UUID | Fault],
) -> dict[int, UUID]:
    """Commands that name somebody who was erased, by place.

    A name that finds nobody is looked for on the erasure list; so is one that finds somebody, when
    what happened is old: a person who joined anew does not earn from before they were erased.
    """
    names: dict[int, tuple[str, str]] = {}
    old: dict[int, datetime | None] = {}
    for (item, ref), member_id in zip(named, whom, strict=True):
        told = item.command.occurred_at
        late = told is not None and told < tx.now - _LATE
        if isinstance(member_id, UnknownMember) or (late and not isinstance(member_id, Fault)):
            said = normal_ref(ref, country)
            if isinstance(said, Identifier):
                names[item.place] = (said.kind, said.value)
                old[item.place] = None if isinstance(member_id, Fault) else told
    found = await erasures.listed(tx, sorted(set(names.values())))
    forgotten = {}
    for place, name in names.items():
        one, happened = found.get(name), old[place]
        if one is not None and (happened is None or happened < one.erased_at):
            forgotten[place] = one.member_id
    return forgotten


async def _open_cards(
    tx: Tx,
    country: str | None,
    unknown: Sequence[tuple[Asking[RecordActivity], MemberRef]],
    found: Newcomers,
) -> None:
    """One unregistered member per new card, however often it occurs in the batch."""
    cards: dict[Identifier, UUID] = {}
    for item, ref in unknown:
        card = normal_ref(ref, country)
        assert isinstance(card, Identifier), card
        if card not in cards:
            cards[card] = tx.new_id()
        found.members[item.place] = cards[card]
    numbers = await free_numbers(tx, len(cards)) if cards else []
    found.cards = cards
    found.made = {
        member_id: blank(member_id, number, tx.now)
        for member_id, number in zip(cards.values(), numbers, strict=True)
    }
