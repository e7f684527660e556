"""Somebody joins: a new member, or the person behind a card that has collected before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.deciding import tiering
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.applying import applicants
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.forgotten import free_numbers, late_member
from regulars.records.members import joining, read, write
from regulars.records.members.admission.write import admit
from regulars.records.members.erasure import read as erasures
from regulars.records.members.erasure.types import Late, Listed
from regulars.records.members.erasure.write import set_aside
from regulars.records.members.joining import Joining, Newcomer
from regulars.records.members.types import Identifier, Joined, JoinMember, Member, erased_fault
from regulars.records.once.types import natural_key
from regulars.records.once.write import keep
from regulars.records.outbox.write import Told, tell

JoinOutcome = Joined | Refused | Fault


async def join_members(
    tx: Tx, country: str | None, batch: Sequence[JoinMember], terms: Terms | None = None
) -> list[JoinOutcome]:
    """Everybody in this batch joins, each once, and can be found by what they gave from then on.

    Order: as sent; who joins later in the batch meets the names given out earlier in it.
    Refuses: `merge_needed` for a person with two cards that collected apart, and what the join
    policy of these terms says (`engine.checking.joining.Refusal`).
    Faults, each for its own item: `invalid` at a field, `identifier_taken`, `key_reused`,
    `member_erased` for a name on the erasure list, unless they join `again`.
    Keeps: members, names, standings, keys and `member.joined` in one round; then, where the
    ladder of these terms has a step at 0, that everybody new stands on it.
    """
    asked = askings("join", batch, receipt_of)
    await write.lock_identifiers(tx)
    await sort_out(tx, asked, Joined)
    fresh = [item for item in asked if item.open]
    wishes = [joining.newcomer(item.command, country, tx.now) for item in fresh]
    desk = await _desk(tx, [wish for wish in wishes if isinstance(wish, Newcomer)])
    asks = await applicants(tx, terms, country, [item.command for item in fresh])
    late: list[Late] = []
    for item, wish in zip(fresh, wishes, strict=True):
        whom = None if isinstance(wish, Fault) else desk.erased(wish)
        if whom is not None and not item.command.again:
            item.outcome = erased_fault("/identifiers")
            late.append(late_member(whom, item.command.source, item.command.asked.principal))
        else:
            no = asks.refusal(item.command, wish)
            item.outcome = no or _join(tx, desk, item.command, wish)
    told = asks.admitted(fresh)
    await tx.write([*desk.writes(tx), *_keys(tx, fresh), *set_aside(tx, late), *admit(tx, told)])
    if terms is not None:  # a round of its own: a standing cannot be changed where it is born
        await tx.write(_on_the_ladder(tx, terms, desk.newcomers()))
    return settle_followers(asked)


def receipt_of(command: JoinMember) -> UUID | None:
    """The natural key of a member whom its source numbered: a file replayed meets it again."""
    external = [name.value.strip() for name in command.identifiers if name.kind == "external"]
    if not (command.source and external):
        return None
    return natural_key(command.source, external[0], "member")


class _Desk:
    """Who has which name and number, as it changes from one newcomer to the next."""

    def __init__(
        self, names: dict[Identifier, UUID], members: dict[UUID, Member], versions: dict[UUID, int]
    ) -> None:
        self.names = names
        self.members = members
        self.numbers: list[str] = []
        self.listed: dict[tuple[str, str], Listed] = {}
        self._versions = versions
        self._created: list[Member] = []
        self._upgraded: list[Member] = []
        self._links: list[write.Link] = []
        self._told: list[Told] = []

    def erased(self, wish: Newcomer) -> UUID | None:
        """The pseudonym of whoever had a name that finds nobody now, and was erased."""
        for name in wish.identifiers:
            if name not in self.names and (name.kind, name.value) in self.listed:
                return self.listed[(name.kind, name.value)].member_id
        return None

    def admit(self, joined: Joining, source: str) -> None:
        """Give this newcomer their names, and note what is to be kept and told."""
        member, links, upgraded = joined
        self.members[member.id] = member
        self.names |= dict.fromkeys(links, member.id)
        self._links += [write.Link(name, member.id) for name in links]
        (self._upgraded if upgraded else self._created).append(member)
        version = self._versions[member.id] = self._versions.get(member.id, 0) + 1
        self._told.append(Told(member.id, version, "member.joined", _payload(joined, source)))

    def newcomers(self) -> list[MemberState]:
        """Where those stand who were never here before."""
        return [
            MemberState(one.id, one.joined_at, {}, version=version, was=version)
            for one in self._created
            for version in (self._versions[one.id],)
        ]

    def writes(self, tx: Tx) -> list[Write]:
        return [
            *write.create(tx, self._created, self._links),
            *write.change(tx, self._upgraded),
            *write.raise_versions(tx, [(m.id, self._versions[m.id]) for m in self._upgraded]),
            *tell(tx, self._told),
        ]


async def _desk(tx: Tx, wishes: Sequence[Newcomer]) -> _Desk:
    names = await read.resolve(tx, (name for wish in wishes for name in wish.identifiers))
    # Held first and read after: a card may get its person by another flow while we wait.
    versions = await read.lock(tx, names.values())
    desk = _Desk(names, await read.members(tx, names.values()), versions)
    nobodys = {(n.kind, n.value) for wish in wishes for n in wish.identifiers if n not in names}
    desk.listed = await erasures.listed(tx, sorted(nobodys))
    desk.numbers = await free_numbers(tx, len(wishes))
    return desk


def _join(tx: Tx, desk: _Desk, command: JoinMember, wish: Newcomer | Fault) -> JoinOutcome:
    if isinstance(wish, Fault):
        return wish
    fresh = joining.blank(tx.new_id(), desk.numbers[-1], tx.now)
    joined = joining.join(wish, desk.names, desk.members, fresh)
    if not isinstance(joined, Joining):
        return joined
    if not joined.upgraded:
        desk.numbers.pop()
    desk.admit(joined, command.source)
    member = joined.member
    return Joined(member.id, member.number, member.joined_at, upgraded=joined.upgraded)


def _on_the_ladder(tx: Tx, terms: Terms, newcomers: Sequence[MemberState]) -> list[Write]:
    changes, version = Changes(tx.new_id), terms.at(tx.now)
    for state in newcomers:
        tiering.enter(changes, state, version, tx.now)
    return writes_of(tx, terms, changes)


def _keys(tx: Tx, items: Sequence[Asking[JoinMember]]) -> list[Write]:
    done = [(item, item.outcome) for item in items if isinstance(item.outcome, Joined)]
    return keep(tx, [row for item, to in done for row in kept(item, to.member_id, to.member_id)])


def _payload(joined: Joining, source: str) -> str:
    member = joined.member
    told = {
        "member_id": f"mem_{member.id.hex}",
        "number": member.number,
        "joined_at": member.joined_at,
        "source": source,
        "upgraded": joined.upgraded,
    }
    return msgspec.json.encode(told).decode()
