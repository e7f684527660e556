"""Members are blocked, or let go again; who did it and why is kept."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx, Write
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named, unsaid
from regulars.flows.membership.benefits.cancelling import cancelled
from regulars.flows.membership.commands import BlockMember
from regulars.records.access.staff.write import Deed, acted_on
from regulars.records.community.gatherings.write import fill_lines
from regulars.records.members import read, write
from regulars.records.members.types import Block, Changed, erased_fault
from regulars.records.once.write import Kept, keep

BlockOutcome = Changed | Fault


async def block_members(tx: Tx, terms: Terms, batch: Sequence[BlockMember]) -> list[BlockOutcome]:
    """Each of these members is blocked or let go again, once; doing it again changes nothing.

    What they may do meanwhile says the program (`blocked:`). Points already reserved for them are
    honoured, points still lapse; their appointments to come are cancelled, where they may use
    nothing meanwhile, so that somebody else can have the time. Who is let go is again what they
    were before, and has the seat that is free where they wait in a line.
    Faults: unknown member, no reason, no name.
    """
    asked = askings("block", batch, lambda _: None)
    await sort_out(tx, asked, Changed)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        states = await hold_members(tx, terms, found.values())
        before = await read.before_block(tx, [state.member_id for state in states.values()])
        desk = _Desk(Changes(tx.new_id), dict(before))
        answered: list[Kept] = []
        for item in todo:
            answered += desk.one(item, states[found[item.place]])
        booked = await cancelled(tx, terms, desk.changes, desk.shut_out(states, terms.at(tx.now)))
        await tx.write(
            [
                *keep(tx, answered),
                *booked,
                *write.keep_states(tx, list(desk.states.items())),
                *write.keep_blocks(tx, desk.blocks),
                *writes_of(tx, terms, desk.changes),
                *desk.acts(tx),
            ]
        )
        await fill_lines(tx, desk.let_go())
    return settle_followers(asked)


class _Desk:
    """Who is blocked, as it changes from one command to the next."""

    def __init__(self, changes: Changes, before: dict[UUID, str]) -> None:
        self.changes = changes
        self.blocks: list[Block] = []
        self.states: dict[UUID, str] = {}
        self._before = before
        self._acts: list[Deed] = []

    def let_go(self) -> list[UUID]:
        """Those of them who are blocked no more."""
        return [id_ for id_, state in self.states.items() if state != "blocked"]

    def acts(self, tx: Tx) -> list[Write]:
        """What staff did, written down."""
        return acted_on(tx, self._acts)

    def shut_out(self, states: dict[UUID, MemberState], version: Version) -> list[MemberState]:
        """Those of them who are blocked now, where who is blocked may use nothing."""
        if version.program.blocked.may_redeem:
            return []
        return [states[id_] for id_, state in self.states.items() if state == "blocked"]

    def one(self, item: Asking[BlockMember], state: MemberState) -> list[Kept]:
        command = item.command
        if state.state == "erased":
            item.outcome = erased_fault()
            return []
        if command.blocked != (state.state == "blocked"):
            self._turn(command, state)
        item.outcome = Changed(state.member_id, state.state)  # type: ignore[arg-type]
        return kept(item, state.member_id, state.member_id)

    def _turn(self, command: BlockMember, state: MemberState) -> None:
        ended = state.state
        if command.blocked:
            self._before[state.member_id] = ended
            state.state = "blocked"
        else:
            state.state = self._before.get(state.member_id, "active")
        self.states[state.member_id] = state.state
        said = (command.actor, command.reason)
        block_id = self.changes.new_id()
        self.blocks.append(Block(state.member_id, block_id, command.blocked, ended, *said))
        self.changes.touch(state)
        type_ = "member.blocked" if command.blocked else "member.unblocked"
        self._acts.append(Deed(command.asked.principal, type_, state.member_id, {}))
        payload = {"member_id": state.member_id, "reason": command.reason}
        self.changes.events.append(Event(state.member_id, state.version, type_, payload))
