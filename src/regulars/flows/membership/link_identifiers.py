"""A member gets more names to be found by, or loses some; a lost card is replaced by both."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.checking.joining import first
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.records.members import changing, read, write
from regulars.records.members.changing import Names, Renamed
from regulars.records.members.types import Changed, Identifier, LinkIdentifiers, Member
from regulars.records.once.write import keep
from regulars.records.outbox.write import Told, tell

LinkOutcome = Changed | Refused | Fault


async def link_identifiers(
    tx: Tx, country: str | None, batch: Sequence[LinkIdentifiers], terms: Terms | None = None
) -> list[LinkOutcome]:
    """Each of these members gets and loses the names it asked for, all of them or none.

    Order: as sent; a name taken away earlier in the batch is free later in it. Whom a command
    is about is looked up before any of them.
    Refuses: `merge_needed` when a card that collected unregistered meets another record,
    `join_first` when it would get its person and the program in force asks who joins.
    Faults, each for its own item: `unknown_member`, `invalid`, `identifier_taken`, `not_found`
    for a name to be taken that is not theirs, `key_reused`.
    Keeps: names, members, versions, keys and `member.linked`.
    """
    asked = askings("link", batch, lambda _: None)
    await write.lock_identifiers(tx)
    await sort_out(tx, asked, Changed)
    fresh = [item for item in asked if item.open]
    whom = await read.whom(tx, country, [item.command.member for item in fresh])
    wishes = [changing.asked_names(item.command, country) for item in fresh]
    desk = await _desk(tx, [one for one in whom if isinstance(one, UUID)], wishes)
    gate = None if terms is None else first(terms.at(tx.now).program.join)
    for item, one, wish in zip(fresh, whom, wishes, strict=True):
        item.outcome = _link(desk, one, wish, gate)
    # A round of its own: in one round the new holder would not see that the old one let go.
    await tx.write(write.unlink(tx, desk.given_up()))
    await tx.write([*desk.writes(tx), *_keys(tx, fresh)])
    return settle_followers(asked)


class Desk:
    """Who has which name, as it changes from one command to the next."""

    def __init__(
        self, names: dict[Identifier, UUID], members: dict[UUID, Member], versions: dict[UUID, int]
    ) -> None:
        self.names = dict(names)
        self.members = members
        self.versions = versions
        self._before = names
        self._touched: set[UUID] = set()
        self._told: list[Told] = []

    def keep(self, after: Renamed) -> None:
        """Note whose the names are from now on, when that is different."""
        member, linked, unlinked = after
        if not (linked or unlinked):
            return
        for name in unlinked:
            del self.names[name]
        self.names |= dict.fromkeys(linked, member.id)
        self.note(member, "member.linked", _payload(after))

    def note(self, member: Member, event: str, told: str) -> None:
        """Note the member as it is from now on, and what is told about it."""
        self.members[member.id] = member
        self._touched.add(member.id)
        self.versions[member.id] += 1
        self._told.append(Told(member.id, self.versions[member.id], event, told))

    def given_up(self) -> list[write.Link]:
        """Names that somebody had before the batch and no longer has after it."""
        return _apart(self._before, self.names)

    def writes(self, tx: Tx) -> list[Write]:
        """What is different after it; what was given up is a round before this."""
        return [
            *write.link(tx, _apart(self.names, self._before)),
            *write.change(tx, [self.members[id_] for id_ in self._touched]),
            *write.raise_versions(tx, [(id_, self.versions[id_]) for id_ in self._touched]),
            *tell(tx, self._told),
        ]


def _apart(names: dict[Identifier, UUID], others: dict[Identifier, UUID]) -> list[write.Link]:
    return [write.Link(name, id_) for name, id_ in names.items() if others.get(name) != id_]


async def _desk(tx: Tx, ids: Sequence[UUID], asked: Sequence[Names | Fault]) -> Desk:
    wanted = [
        name for names in asked if isinstance(names, Names) for name in (*names.link, *names.unlink)
    ]
    holders = await read.resolve(tx, wanted)
    concerned = {*ids, *holders.values()}
    # Held first and read after: a card may get its person by another flow while we wait.
    versions = await read.lock(tx, concerned)
    return Desk(holders, await read.members(tx, concerned), versions)


def _link(desk: Desk, whom: UUID | Fault, wish: Names | Fault, gate: Refused | None) -> LinkOutcome:
    if isinstance(whom, Fault):
        return whom
    if isinstance(wish, Fault):
        return wish
    after = changing.renamed(desk.members[whom], wish, desk.names, desk.members)
    if not isinstance(after, Renamed):
        return after
    if gate is not None and after.member.state != desk.members[whom].state:
        return gate
    desk.keep(after)
    return Changed(whom, after.member.state)


def _keys(tx: Tx, items: Sequence[Asking[LinkIdentifiers]]) -> list[Write]:
    done = [(item, item.outcome) for item in items if isinstance(item.outcome, Changed)]
    return keep(tx, [row for item, to in done for row in kept(item, to.member_id, to.member_id)])


def _payload(after: Renamed) -> str:
    told = {
        "member_id": f"mem_{after.member.id.hex}",
        "linked": [name.kind for name in after.linked],
        "unlinked": [name.kind for name in after.unlinked],
        "state": after.member.state,
    }
    return msgspec.json.encode(told).decode()
