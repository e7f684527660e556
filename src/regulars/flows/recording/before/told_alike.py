"""The same sale told without a common receipt: of one member, with one total, within minutes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.flows.commands import Recorded
from regulars.flows.recording.before.told_elsewhere import Beside, Item
from regulars.flows.recording.decided import Decided, balances_of
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity, SaleRef
from regulars.records.inlets.read import matched


class ToldAlike(Struct):
    """What members bought about the time at which they are said to have bought this."""

    beside: Sequence[Beside] = ()
    bought: dict[UUID, list[Activity]] = {}
    taken: set[tuple[str, UUID]] = set()
    """What a source told by a row of its own already: two equal sales stay two."""

    def of(self, batch: Decided, item: Item) -> Recorded | None:
        """The one that was told before, the nearest in time; nothing where it is a new one."""
        if not self.beside or (rule := self.beside[item.place].alike) is None:
            return None
        if self.beside[item.place].apart:  # somebody looked at it, and knows better than a rule
            return None
        state = batch.states.get(batch.newcomers.of(item.place))
        if state is None or item.command.kind != "purchase" or item.command.currency:
            return None
        command, at = item.command, item.command.occurred_at or batch.tx.now
        here = [one for one in batch.activities if one.member_id == state.member_id]
        # Who is named by another receipt would have been met by it: that is another sale.
        named = {one.source for one in self.beside[item.place].receipts}
        same = [
            one
            for one in (*self.bought.get(state.member_id, ()), *here)
            if one.kind == "purchase"
            and one.source != command.source
            and (one.source not in named or not one.external_id)
            and one.body.paid_in is None
            and one.amount_minor == item.amount_minor
            and abs(one.occurred_at - at) <= rule.within
            and (not rule.same_store or one.store == command.store)
            and (command.source, one.activity_id) not in self.taken
        ]
        if not same:
            return None
        first = min(same, key=lambda one: (abs(one.occurred_at - at), one.activity_id))
        self.taken.add((command.source, first.activity_id))
        version = batch.terms.at(at).number
        return Recorded(
            activity_id=first.activity_id,
            member_id=first.member_id,
            state="recorded",
            version=version,
            earned={},
            balances=balances_of(state, batch.terms),
            tier=state.tier,
            first=SaleRef(source=first.source, external_id=first.external_id),
        )


async def told_alike(
    batch: Decided, todo: Sequence[Item], beside: Sequence[Beside], met: set[tuple[str, UUID]]
) -> ToldAlike:
    """What may be the same as these, where their mapping has a rule for that.

    `met`: what a source told by a receipt in this batch; it stands for no other row of its own.
    Order: after the members are held, so that whoever tells the same at the same moment is seen.
    """
    ruled = [item for item in todo if beside and beside[item.place].alike is not None]
    times: dict[UUID, list[tuple[Item, Beside]]] = {}
    for item in ruled:
        state = batch.states.get(batch.newcomers.of(item.place))
        if state is not None and state.member_id != NOBODY:
            times.setdefault(state.member_id, []).append((item, beside[item.place]))
    if not times:
        return ToldAlike(beside if ruled else ())
    spans = {}
    for member_id, some in times.items():
        ends = []
        for item, more in some:
            assert more.alike is not None, item.place
            at = item.command.occurred_at or batch.tx.now
            ends += [at - more.alike.within, at + more.alike.within]
        spans[member_id] = (min(ends), max(ends))
    found = await activities.bought_within(batch.tx, spans)
    bought: dict[UUID, list[Activity]] = {}
    for one in found:
        bought.setdefault(one.member_id, []).append(one)
    taken = await matched(batch.tx, list(times), [one.activity_id for one in found])
    return ToldAlike(beside, bought, taken | met)
