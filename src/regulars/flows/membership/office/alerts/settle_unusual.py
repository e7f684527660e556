"""It is kept what became of days that were far from usual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.engine.terms import Version
from regulars.insight.values import lasting
from regulars.records.members import read as members
from regulars.records.members.write import raise_versions
from regulars.records.outbox.write import Told, tell
from regulars.records.standing.alerts.types import Outcome
from regulars.records.standing.alerts.unusual import read, write
from regulars.records.standing.alerts.unusual.read import Unsettled

_LATELY: Final = timedelta(days=7)
"""What could be known for longer, and before the day that was looked at last, was known before
anybody kept it; no event tells it now."""


AT_ONCE: Final = 2_000
FIRST: Final = UUID(int=0)


async def settle_unusual(
    tx: Tx, version: Version, day: date, after: UUID = FIRST, looked: date | None = None
) -> UUID | None:
    """It is kept of unusual days what became of them by the end of this day, and an event says it.
    Days, accounts and tiers are those of this version of the program.

    Shape: so many alerts at most, those after one; the last that was looked at, nothing where there
    were fewer. `looked` is the day that was looked at last. Keeps: outcomes, versions and events in
    one transaction. Order: who ends is found first, with nobody held; then those few are held, and
    looked at again. Of an account the program has no longer nothing is looked up, and it stays one
    day.
    """
    waiting = await read.unsettled(tx, day, after, AT_ONCE)
    last = waiting[-1].alert_id if len(waiting) == AT_ONCE else None
    ending = [one for one, _, _ in await _ended_of(tx, version, waiting, day)]
    if not ending:
        return last
    versions = await members.lock(tx, {one.member_id for one in ending})
    there = await read.unsettled_of(tx, day, [one.alert_id for one in ending])
    held = [one for one in there if one.member_id in versions]
    ended = await _ended_of(tx, version, held, day)
    since = min(day - _LATELY, looked or day)  # also what ended while nobody looked
    told = [each for each in ended if each[1] != "gone" and each[2] > since]
    events: list[Told] = []
    for one, outcome, over_on in told:
        versions[one.member_id] += 1
        payload = msgspec.json.encode(_ended(one, outcome, over_on)).decode()
        kind = "member.unusual_ended"
        events.append(Told(one.member_id, versions[one.member_id], kind, payload))
    raised = sorted({event.member_id: event.sequence for event in events}.items())
    kept = write.end(tx, [(one.alert_id, outcome, over_on) for one, outcome, over_on in ended])
    await tx.write([*kept, *raise_versions(tx, raised), *tell(tx, events)])
    return last


async def _ended_of(
    tx: Tx, version: Version, waiting: Sequence[Unsettled], day: date
) -> list[tuple[Unsettled, Outcome, date]]:
    """Of which of these it is known by the end of this day what became of them."""
    program = version.program
    wallets = dict(zip(program.wallets, version.wallet_codes, strict=True))
    steps = [] if program.tiers is None else [step.id for step in program.tiers.steps]
    since = {
        (measure, name): await read.since(tx, measure, wallets.get(name), rows, day)
        for (measure, name), rows in lasting.asked(waiting).items()
        if not name or name in wallets
    }
    left = await read.left(tx, lasting.jumps(waiting), program.zone, steps)
    return [
        (one, *known)
        for one in waiting
        if (known := lasting.became(one, since, left, day)) is not None
    ]


def _ended(one: Unsettled, outcome: Outcome, over_on: date) -> dict[str, Any]:
    at = one.handled_at
    handled = at.isoformat().replace("+00:00", "Z") if isinstance(at, datetime) else None
    return {
        "alert_id": f"alt_{one.alert_id.hex}",
        "member_id": f"mem_{one.member_id.hex}",
        "as_of": one.as_of.isoformat(),
        "outcome": outcome,
        "over_on": over_on.isoformat(),
        "verdict": one.verdict,
        "handled_at": handled,
    }
