"""Members of another system become members here, each once, and are not written to about it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.forgotten import free_numbers, late_member
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringMember, Brought, once_of
from regulars.records.imports.undoing.write import keep_made
from regulars.records.members import joining, profile, read, write
from regulars.records.members.erasure import read as erasures
from regulars.records.members.erasure.types import Late, Listed
from regulars.records.members.erasure.write import set_aside
from regulars.records.members.identify import normal
from regulars.records.members.joining import Joining, Newcomer
from regulars.records.members.types import (
    Block,
    Identifier,
    IdentifierTaken,
    JoinMember,
    Member,
    erased_fault,
)
from regulars.records.once.write import keep

MemberOutcome = Brought | Refused | Fault


async def bring_members(
    tx: Tx, terms: Terms, batch: Sequence[BringMember], history: History
) -> list[MemberOutcome]:
    """Everybody of this batch is a member afterwards and found by what the other system knew.

    Refuses and faults: as when somebody joins, each for its own line; a loyalty number that
    somebody else has; `member_erased` for a name on the erasure list: no old file brings it back.
    Keeps: ids and loyalty numbers that were ours before.
    """
    country = terms.versions[-1].program.country
    asked = askings("bring", batch, once_of)
    await write.lock_identifiers(tx)
    await sort_out(tx, asked, Brought)
    fresh = [item for item in asked if item.open]
    wishes = [_wish(item.command, country, tx) for item in fresh]
    desk = await _desk(tx, fresh, wishes)
    for item, wish in zip(fresh, wishes, strict=True):
        item.outcome = desk.admit(tx, item.command, wish)
    made = keep_made(tx, history.import_id, desk.made)
    await tx.write([*desk.writes(tx), *made, *_keys(tx, fresh), *set_aside(tx, desk.late)])
    return settle_followers(asked)


def _wish(command: BringMember, country: str | None, tx: Tx) -> Newcomer | Fault:
    """What a line tells of a member, checked as if they joined at a till."""
    told = JoinMember(
        identifiers=command.identifiers,
        given_name=command.given_name,
        family_name=command.family_name,
        locale=command.locale,
        zone=command.zone,
        attributes=command.attributes,
        joined_at=command.joined_at,
        source=command.source,
    )
    if command.id is None or command.identifiers or command.given_name or command.family_name:
        return joining.newcomer(told, country, tx.now)
    try:  # a card nobody has claimed yet: its names stand in a file of their own
        joined = profile.joined_at(command.joined_at, tx.now)
        return Newcomer((), "", "", "", "", profile.attributes(command.attributes), joined)
    except Fault as fault:
        return fault


async def _desk(
    tx: Tx, fresh: Sequence[Asking[BringMember]], wishes: Sequence[Newcomer | Fault]
) -> _Desk:
    asked = [name for wish in wishes if isinstance(wish, Newcomer) for name in wish.identifiers]
    asked += [Identifier("number", item.command.number) for item in fresh if item.command.number]
    names = await read.resolve(tx, asked)
    versions = await read.lock(tx, names.values())
    desk = _Desk(names, await read.members(tx, names.values()), versions)
    desk.ids = await read.present(tx, [i.command.id for i in fresh if i.command.id is not None])
    nobodys = {(name.kind, name.value) for name in asked if name not in names}
    desk.listed = await erasures.listed(tx, sorted(nobodys))
    desk.numbers = await free_numbers(tx, sum(not i.command.number for i in fresh))
    return desk


class _Desk:
    """Who has which name and number, as it changes from one line to the next."""

    def __init__(
        self, names: dict[Identifier, UUID], members: dict[UUID, Member], versions: dict[UUID, int]
    ) -> None:
        self.names, self.members, self._versions = names, members, versions
        self.ids: set[UUID] = set()
        self.numbers: list[str] = []
        self.listed: dict[tuple[str, str], Listed] = {}
        self.late: list[Late] = []
        self._created: dict[UUID, Member] = {}
        self._upgraded: dict[UUID, Member] = {}
        self._links: list[write.Link] = []
        self._blocked: dict[UUID, str] = {}

    def admit(self, tx: Tx, command: BringMember, wish: Newcomer | Fault) -> MemberOutcome:
        """Give this member their names and number, or say why not."""
        if isinstance(wish, Fault):
            return wish
        no = self._erased(command, wish) or self._taken(command)
        if no is not None:
            return no
        number = command.number or self.numbers[-1]
        fresh = joining.blank(command.id or tx.new_id(), number, tx.now)
        joined = joining.join(wish, self.names, self.members, fresh)
        if not isinstance(joined, Joining):
            return joined
        self._keep(command, joined)
        return Brought(joined.member.id)

    def _erased(self, command: BringMember, wish: Newcomer) -> Fault | None:
        """Somebody who was erased is set aside; a file of before is no wish to join anew."""
        told = [(name.kind, name.value) for name in wish.identifiers]
        told += [("number", command.number)] if command.number else []
        for name in told:
            if name in self.listed:
                whom = self.listed[name].member_id
                self.late.append(late_member(whom, command.source, command.asked.principal))
                return erased_fault("/identifiers")
        return None

    def _taken(self, command: BringMember) -> Fault | None:
        if command.id in self.ids or command.id in self._created:
            return Invalid("a member with this id is here already", field="/member_id")
        if not command.number:
            return None
        try:
            number = normal("number", command.number, None, field="/number")
        except Fault as fault:
            return fault
        if Identifier("number", number) in self.names:
            return IdentifierTaken("somebody else has this loyalty number", field="/number")
        return None

    def _keep(self, command: BringMember, joined: Joining) -> None:
        member = replace(joined.member, state=command.state)
        if not joined.upgraded and not command.number:
            self.numbers.pop()
        self.members[member.id] = member
        self.names |= dict.fromkeys(joined.links, member.id)
        self.names[Identifier("number", member.number)] = member.id
        self._links += [write.Link(name, member.id) for name in joined.links]
        if member.state == "blocked":
            self._blocked[member.id] = command.asked.principal or "import"
        if joined.upgraded and member.id not in self._created:
            self._upgraded[member.id] = member
            self._versions[member.id] += 1
        else:
            self._created[member.id] = member

    @property
    def made(self) -> list[UUID]:
        """Who is a member since these lines."""
        return list(self._created)

    def writes(self, tx: Tx) -> list[Write]:
        upgraded = list(self._upgraded.values())
        return [
            *write.create(tx, list(self._created.values()), self._links),
            *write.change(tx, upgraded),
            *write.raise_versions(tx, [(m.id, self._versions[m.id]) for m in upgraded]),
            *write.keep_blocks(tx, self._blocks(tx)),
        ]

    def _blocks(self, tx: Tx) -> list[Block]:
        """Who was blocked where they came from is blocked here, and that is said of them."""
        return [
            Block(id_, tx.new_id(), True, "active", actor, "blocked where they came from")
            for id_, actor in self._blocked.items()
        ]


def _keys(tx: Tx, items: Sequence[Asking[BringMember]]) -> list[Write]:
    done = [(item, item.outcome) for item in items if isinstance(item.outcome, Brought)]
    return keep(tx, [row for item, to in done for row in kept(item, to.member_id, to.member_id)])
