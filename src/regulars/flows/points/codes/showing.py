"""Codes told with what somebody buys: whose they are, and used up by what they gave for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.tx import Tx, Write
from regulars.engine.restating.codes import Over, gave_for_code, told_with
from regulars.engine.restating.story import Story
from regulars.engine.rewarding.counter.using import refusal, tell_used
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import RecordActivity, Recorded
from regulars.records.activity.types import CODE_OF
from regulars.records.members.unions.read import aliases
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import folded, meant
from regulars.records.rewards.codes.types import Closed, RewardCode
from regulars.records.rewards.codes.write import close


class Shown(Struct):
    """The codes of rewards that a batch tells, under lock, and those that were used up by it."""

    codes: dict[str, RewardCode] = {}
    """As they are looked up, and as they stand by now."""
    closed: list[Closed] = []
    stands: dict[UUID, UUID] = {}
    """As whom merged owners stand."""
    stories: list[Story] = []
    """Of members whose deeds may be decided again."""
    seen: int = 0
    """How many of those were looked at."""

    def tell(self, tx: Tx, version: Version, item: Asking[RecordActivity], member_id: UUID) -> None:
        """Say with an activity whose code was told: the reward's, or why it counts for nothing."""
        command = item.command
        if not (command.code and version.compiled.codes):
            return
        code = self._meant(command.code)
        whose = (
            "!unknown_code"
            if code is None
            else self._whose(tx, version, (command, code), member_id)
        )
        details = {**command.body.details, CODE_OF: whose}
        item.command = replace(command, body=replace(command.body, details=details))

    def use(
        self, tx: Tx, version: Version, item: Asking[RecordActivity], changes: Changes,
        state: MemberState | None,
    ) -> None:  # fmt: skip
        """Use up the code of an activity that was recorded, where a rule gave something for it."""
        done, command = item.outcome, item.command
        rules = version.compiled.codes.get(str(command.body.details.get(CODE_OF)), frozenset())
        code = self._meant(command.code) if isinstance(done, Recorded) and command.code else None
        if code is None or not rules & done.rules.keys():
            return
        where = command.occurred_at or tx.now, command.store, command.channel
        self._close(code, (*where, command.asked.principal), changes, state)

    def use_again(self, terms: Terms, changes: Changes, states: Mapping[UUID, MemberState]) -> None:
        """Use up the codes of deeds that were decided again and give for them since."""
        for trail in changes.restated[self.seen :] if self.stories else ():
            found = (story.sales.get(trail.sale_id) for story in self.stories if trail.sale_id)
            sale = next((one for one in found if one is not None), None)
            code = self._meant(told_with(sale)) if sale is not None else None
            if sale is None or code is None or code.state != "issued":
                continue
            if gave_for_code(terms.numbered(trail.steps.version), sale):
                deed = sale.activity
                where = (deed.occurred_at, deed.store, deed.channel, deed.actor)
                self._close(code, where, changes, states.get(trail.member_id))
        self.seen = len(changes.restated)

    def _close(
        self,
        code: RewardCode,
        where: tuple[datetime, str, str, str],
        changes: Changes,
        state: MemberState | None,
    ) -> None:
        at, store, channel, actor = where
        self.closed.append(Closed(code.code_id, "used", at, store, channel, actor))
        used = replace(code, state="used", closed_at=at)
        self.codes[code.code] = used
        self.note()
        owner = code.member_id
        if owner is None or state is None:
            return
        if self.stands.get(owner, owner) == state.member_id:
            tell_used(changes, state, used, store)

    def note(self) -> None:
        """Tell the stories which codes of their deeds are good no more."""
        for story in self.stories:
            for told in filter(None, map(told_with, story.sales.values())):
                code = self._meant(told)
                if code is not None and code.closed_at is not None:
                    story.over[told] = Over(f"!code_{code.state}", code.closed_at)

    def writes(self, tx: Tx) -> list[Write]:
        """What is to be written of them."""
        return close(tx, self.closed) if self.closed else []

    def _meant(self, told: str) -> RewardCode | None:
        return self.codes.get(folded(told)) or self.codes.get(meant(told))

    def _whose(
        self, tx: Tx, version: Version, told: tuple[RecordActivity, RewardCode], member_id: UUID
    ) -> str:
        command, code = told
        no = refusal(version, None, code, "used", command.occurred_at or tx.now)
        if no is not None:
            return f"!{no.code}"
        owner = code.member_id
        if owner is not None and self.stands.get(owner, owner) != member_id:
            return "!another_code"
        return code.reward


async def codes_shown(
    tx: Tx,
    terms: Terms,
    items: Sequence[Asking[RecordActivity]],
    states: Mapping[UUID, MemberState],
    *,
    lock: bool = True,
) -> Shown:
    """The codes of rewards that these activities tell, and of deeds that may be decided again;
    members are locked before, and their stories read.

    A batch that tells none, or a program whose rules ask for none, asks nothing.
    """
    if not any(version.compiled.codes for version in terms.versions):
        return Shown()
    stories = list({id(s.story): s.story for s in states.values() if s.story}.values())
    told = [item.command.code for item in items if item.command.code]
    told += [code for story in stories for code in map(told_with, story.sales.values()) if code]
    if not told:
        return Shown()
    spelled = [spelling for one in told for spelling in (folded(one), meant(one))]
    there = await read.look_up(tx, spelled)
    if lock and there:
        held = await read.hold(tx, [one.code_id for one in there.values()])
        there = {one.code: one for one in held.values()}
    owners = {one.member_id for one in there.values() if one.member_id is not None}
    stands = await aliases(tx, owners) if owners else {}
    shown = Shown(codes=there, stands=stands, stories=stories)
    shown.note()
    return shown
