"""A member shows the changing code of their card: it counts once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.access.commands import CardShown
from regulars.records.access.cards import read, write
from regulars.records.access.cards.spelling import Holder, step_meant, told_by
from regulars.records.access.cards.types import UsedCode
from regulars.records.members.unions import read as unions


class UseCardCode(Struct, frozen=True):
    """Somebody at the counter shows this code.

    Shape: `asked` is a number of whoever takes it, for this one showing; asked again under it,
    the first answer comes.
    """

    code: str
    asked: UUID
    by: str = ""
    """As whom they ask: what the member takes there needs no further showing."""


UseCodeOutcome = CardShown | Refused


async def use_card_codes(
    tx: Tx, keyed: Keyed, batch: Sequence[UseCardCode]
) -> list[UseCodeOutcome]:
    """Each right code proves once that its member is there.

    Order: members are held, so that two tills who read one code do not both take it.
    Refuses: `card_code_wrong` for what is not ours, too old or of nobody; `card_code_used` for
    what was taken before.
    """
    meant = [told_by(one.code) for one in batch]
    there = await unions.held(tx, meant)
    steps = [
        None
        if who is None or who not in there
        else step_meant(keyed, Holder(tx.program_id, who), one.code, tx.now)
        for who, one in zip(meant, batch, strict=True)
    ]
    wanted = [(who, at) for who, at in zip(meant, steps, strict=True) if who and at is not None]
    used = await read.used(tx, sorted(set(wanted)))
    taken: list[UsedCode] = []
    outcomes: list[UseCodeOutcome] = []
    for one, who, step in zip(batch, meant, steps, strict=True):
        if who is None or step is None:
            outcomes.append(_wrong())
            continue
        before = used.get((who, step))
        if before is not None and before.asked != one.asked:
            outcomes.append(_used())
            continue
        if before is None:
            used[who, step] = UsedCode(who, step, one.asked, tx.now, one.by)
            taken.append(used[who, step])
        outcomes.append(CardShown(there[who], step))
    await tx.write(write.use(tx, taken))
    await tx.write(write.forget(tx, taken))
    return outcomes


def _wrong() -> Refused:
    return Refused("card_code_wrong", "this code is not good any more; show the card again")


def _used() -> Refused:
    return Refused("card_code_used", "this code was taken already; wait for the next one")
