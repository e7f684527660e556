"""A version is taken back, while nothing was decided by it yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.terms.comes.relied import AtStake, at_stake, nothing_since, relied
from regulars.flows.terms.comes.stand_ins import copies, original
from regulars.records.activity.checks import UNDECIDED
from regulars.records.program import read, write
from regulars.records.program.changes.decided.read import (
    NOBODY_DECIDES,
    decided_by,
    decided_since,
    here,
)
from regulars.records.program.read import Published, Withdrawal
from regulars.records.program.reading import read_program

_LOCK = waiting_for(Alone.PUBLISHING)


class Withdraw(Struct, frozen=True):
    """A version is to be taken back: which one, why, and who says so."""

    version: int
    reason: str
    by: str


class Decided(Fault):
    """Something was decided by this version already; a promise that was kept is not unsaid."""

    code = "version_decided"
    category = "conflict"


class NotTheLast(Fault):
    """Another version follows on this one, or it was the first; or it only says again what
    another one says."""

    code = "version_followed"
    category = "conflict"


async def withdraw_version(tx: Tx, wish: Withdraw) -> tuple[Withdrawal, bool]:
    """Take a version back that nothing was decided by; and whether it was not taken back before.

    Order: what it replaced is published anew from the same instant on, so it never rules. A later
    version is taken back first.
    Faults: NotFound; Invalid without a reason; Decided with the count; NotTheLast.
    """
    if not wish.reason.strip() or len(wish.reason) > 400:
        raise Invalid("say in 1 to 400 characters why it is taken back", field="/reason")
    await tx.fetch(_LOCK, tx.program_id)
    published = await read.versions(tx)
    found = next((one for one in published if one.version == wish.version), None)
    if found is None:
        raise NotFound("there is no such version of this program", field="/version")
    known = {one.version: one for one in await read.withdrawals(tx)}
    if wish.version in known:
        return known[wish.version], False
    before = _replaced(published, found, known)
    ruling = _ruling(published, found)
    # All of it is asked without holding anybody up: what was decided by then is refused here. Then
    # everybody waits for as long as it takes to see that nothing was decided since, which reads no
    # more than was written since.
    place = await here(tx)
    for one in (found, *ruling):
        _nothing(one, await decided_by(tx, one))
    if found.effective_from <= tx.now + UNDECIDED:
        stakes = await _owned(tx, found, before)
        await tx.fetch(NOBODY_DECIDES)
        for one in (found, *ruling):
            _nothing(one, await decided_since(tx, one, place))
        _nothing(found, await nothing_since(tx, stakes, place) if any(stakes) else {})
    taken = Withdrawal(wish.version, len(published) + 1, wish.by, wish.reason.strip(), tx.now)
    for number, one in enumerate(ruling, taken.restored_as):
        await tx.write(write.publish(tx, number, one.effective_from, before.source, wish.by))
    await tx.write(write.withdraw(tx, taken))
    return taken, True


def _ruling(published: Sequence[Published], found: Published) -> list[Published]:
    """Versions that begin with this one or after it, but for those another one stands in for."""
    last = {one.effective_from: one for one in published}
    return [one for start, one in sorted(last.items()) if start >= found.effective_from]


def _replaced(
    published: Sequence[Published], found: Published, known: Mapping[int, Withdrawal]
) -> Published:
    """What ruled before it, or would from the same instant on without it. Faults: NotTheLast, also
    where somebody published the same file for a later day: that was not taken back."""
    place = (found.effective_from, found.version)
    earlier = [
        one
        for one in published
        if (one.effective_from, one.version) < place and one.version not in known
    ]
    before = max(earlier, key=lambda one: (one.effective_from, one.version), default=None)
    again = copies(published, known.values())
    if found.version in again:
        said = original(published, again, found)
        raise NotTheLast(
            f"version {found.version} only says again what version {said} says, where another "
            f"one was taken back; publish something else from the same instant on, or take "
            f"version {said} back",
            field="/version",
            version=said,
        )
    if before is None:
        raise NotTheLast(
            "there was nothing before it that could rule in its place; publish another version "
            "from the same instant on instead",
            field="/version",
        )
    # What says the same as it in its place goes with it, and what says already what is there then.
    alike = (found.source, before.source)
    later = [
        one
        for one in _ruling(published, found)
        if one is not found and (one.version not in again or one.source not in alike)
    ]
    if later:
        raise NotTheLast(
            f"version {later[-1].version} follows on it; take that one back first",
            field="/version",
            version=later[-1].version,
        )
    return before


async def _owned(tx: Tx, one: Published, before: Published) -> AtStake:
    """What ruled before must take nothing that members have, as any version that follows; and of
    what nothing may come to be meanwhile.

    Order: a version that never ruled gave nobody anything, so it is not asked of.
    Faults: Decided, with what it would take.
    """
    old, new = read_program(one.source), read_program(before.source)
    refused = [found for found in await relied(tx, old, new) if found.severity == "error"]
    if refused:
        raise Decided(
            f"without version {one.version} somebody would lose what they have: {refused[0].says}",
            field="/version",
        )
    return at_stake(old, new)._replace(money=False)


def _nothing(one: Published, counts: Mapping[str, int]) -> None:
    """Faults: Decided, where there is something."""
    if any(counts.values()):
        words = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items() if n)
        raise Decided(
            f"by version {one.version} was decided already: {words}; publish a further "
            "version instead, with a changeover that keeps what was promised",
            field="/version",
            **counts,
        )
