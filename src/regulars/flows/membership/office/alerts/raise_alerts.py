"""Alerts about members are raised, and it is kept what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.access.staff.read import chosen
from regulars.records.members import read as members
from regulars.records.members.write import raise_versions
from regulars.records.outbox.write import Told, tell
from regulars.records.standing.alerts import read, write
from regulars.records.standing.alerts.accounts import write as accounts
from regulars.records.standing.alerts.accounts.read import Tried
from regulars.records.standing.alerts.types import Raised, Settled
from regulars.records.standing.values import read as values


async def raise_alerts(tx: Tx, these: Sequence[Raised]) -> int:
    """Each of these is kept, once, and told of where it is to be shown; how many are told of.

    Keeps: whoever was told of and slips still is not told of again; who stands beside is never
    told of. Alerts, versions and events in one transaction.
    """
    versions = await members.lock(tx, [one.member_id for one in these if one.shown])
    told: list[Told] = []
    good = await _how_good(tx) if any(one.kind == "slipping" for one in these) else {}
    for one in these:
        of_account = one.kind == "account"
        keep = accounts.raise_account if of_account else write.raise_one
        alert_id = await keep(tx, one)
        if alert_id is not None and one.shown:
            versions[one.member_id] += 1
            payload = msgspec.json.encode(_payload(alert_id, one, good)).decode()
            kind = "account.slipping" if of_account else f"member.{one.kind}"
            told.append(Told(one.member_id, versions[one.member_id], kind, payload))
    raised = [(event.member_id, event.sequence) for event in told]
    await tx.write([*raise_versions(tx, raised), *tell(tx, told)])
    return len(told)


async def settle_alerts(tx: Tx, day: date) -> int:
    """It is kept of slipping members and accounts who came back by the end of this day, and who did
    not; of members of whom somebody was told, an event says it. Of how many it was new.

    Keeps: outcomes, versions and events in one transaction; of a day that is looked at again
    nothing is new. Order: members are held first, as wherever an event of theirs is written. Who
    was merged away has no further event: the merge told it.
    """
    versions = await members.lock(tx, await read.waited_for(tx))
    settled = await write.settle(tx, day)
    told: list[Told] = []
    for one in settled:
        if one.shown and one.outcome != "gone":
            versions[one.member_id] += 1
            payload = msgspec.json.encode(_ended(one)).decode()
            told.append(
                Told(one.member_id, versions[one.member_id], "member.slip_ended", payload)
            )  # fmt: skip
    raised = [(event.member_id, event.sequence) for event in told]
    await tx.write([*raise_versions(tx, raised), *tell(tx, told)])
    return len(settled) + await accounts.settle(tx, day)


async def end_day(tx: Tx, day: date, tried: Tried) -> None:
    """This day was looked at; the signal of accounts did so well in the past."""
    await tx.write(write.keep_day(tx, day, tried))


async def _how_good(tx: Tx) -> dict[str, int]:
    """How such alerts did on the last 90 days that were kept out, where that could be said, and so
    many a week as the shop can write to."""
    run, weekly = await values.last_run(tx), (await chosen(tx)).of("outreach_weekly")
    precision = run.precision if run else None
    tried = {"picked": precision[0], "right": precision[1]} if precision else {}
    return {"weekly": weekly, **tried}


def _ended(one: Settled) -> dict[str, Any]:
    handled = None if one.handled_at is None else one.handled_at.isoformat().replace("+00:00", "Z")
    return {
        "alert_id": f"alt_{one.alert_id.hex}",
        "member_id": f"mem_{one.member_id.hex}",
        "as_of": one.as_of.isoformat(),
        "outcome": one.outcome,
        "over_on": one.over_on.isoformat(),
        "chance": one.chance,
        "worth_minor": one.worth_minor,
        "handled_at": handled,
    }


def _payload(alert_id: UUID, one: Raised, good: Mapping[str, int]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "alert_id": f"alt_{alert_id.hex}",
        "member_id": f"mem_{one.member_id.hex}",
        "as_of": one.as_of.isoformat(),
        "reasons": one.sorts,
    }
    if one.account_id is not None:
        said |= {"account_id": f"hou_{one.account_id.hex}", "worth_minor": one.worth_minor}
    if one.kind == "slipping":
        said |= {"chance": one.chance, "worth_minor": one.worth_minor, **good}
    return said
