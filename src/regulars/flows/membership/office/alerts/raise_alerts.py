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
from regulars.records.standing.alerts.accounts.read import Tried, last_tried
from regulars.records.standing.alerts.types import BUDGETS, Kind, Raised, Settled
from regulars.records.standing.alerts.unusual import read as unusual
from regulars.records.standing.alerts.unusual.read import Nights
from regulars.records.standing.values import read as values


async def raise_alerts(tx: Tx, these: Sequence[Raised]) -> int:
    """Each of these is kept, once, and told of where it is to be shown; how many are told of.

    Keeps: whoever was told of and slips still is not told of again; who stands beside is never
    told of. Alerts, versions and events in one transaction.
    """
    versions = await members.lock(tx, [one.member_id for one in these if one.shown])
    told: list[Told] = []
    good = {kind: await _how_good(tx, kind) for kind in {one.kind for one in these}}
    for one in these:
        of_account = one.kind == "account"
        keep = accounts.raise_account if of_account else write.raise_one
        alert_id = await keep(tx, one)
        if alert_id is not None and one.shown:
            versions[one.member_id] += 1
            payload = msgspec.json.encode(_payload(alert_id, one, good[one.kind])).decode()
            kind = "account.slipping" if of_account else f"member.{one.kind}"
            told.append(Told(one.member_id, versions[one.member_id], kind, payload))
    await _tell(tx, told)
    return len(told)


async def settle_alerts(tx: Tx, day: date) -> int:
    """It is kept of slipping members and accounts who came back by the end of this day, and who did
    not; of those of whom somebody was told, an event says it. Of how many it was new.

    Keeps: outcomes, versions and events in one transaction; of a day that is looked at again
    nothing is new. Order: members are held first, as wherever an event of theirs is written. Who
    was merged away has no further event: the merge told it.
    """
    versions = await members.lock(tx, await read.waited_for(tx))
    settled = [*await write.settle(tx, day), *await accounts.settle(tx, day)]
    told: list[Told] = []
    for one in settled:
        if one.shown and one.outcome != "gone" and one.member_id in versions:
            versions[one.member_id] += 1
            payload = msgspec.json.encode(_ended(one)).decode()
            kind = "member.slip_ended" if one.account_id is None else "account.slip_ended"
            told.append(Told(one.member_id, versions[one.member_id], kind, payload))
    await _tell(tx, told)
    return len(settled)


async def end_day(tx: Tx, day: date, tried: Tried, nights: Nights) -> None:
    """This day was looked at; the signal of accounts and the rule of unusual days did so well in
    the past."""
    await tx.write(write.keep_day(tx, day, tried, nights))


async def _tell(tx: Tx, told: Sequence[Told]) -> None:
    """Queue these events, of which one member may have several."""
    raised = {event.member_id: event.sequence for event in told}
    await tx.write([*raise_versions(tx, sorted(raised.items())), *tell(tx, told)])


async def _how_good(tx: Tx, kind: Kind) -> dict[str, int]:
    """How alerts of a kind did in the past, where that could be said, and so many a week as the
    shop can look after.

    Of who slips: on the last 90 days that were kept out. Of accounts: at four days of the past. Of
    unusual days: what people said of those they looked at, and how often such a day came again.
    """
    weekly = (await chosen(tx)).of(BUDGETS[kind])
    if kind == "unusual":
        # Of these only what people said of them is asked, whenever that was.
        became, nights = await read.became(tx, "UTC", kind), await unusual.last_tried(tx)
        judged = {"judged": became.judged, "right": became.right} if became.judged else {}
        tried = {"tried": nights.tried, "lasted": nights.lasted} if nights.tried else {}
        return {"weekly": weekly, **judged, **tried}
    if kind == "account":
        firms = await last_tried(tx)
        return {"weekly": weekly} | (
            {"picked": firms.picked, "right": firms.right} if firms.picked else {}
        )
    run = await values.last_run(tx)
    precision = run.precision if run else None
    picked = {"picked": precision[0], "right": precision[1]} if precision else {}
    return {"weekly": weekly, **picked}


def _ended(one: Settled) -> dict[str, Any]:
    handled = None if one.handled_at is None else one.handled_at.isoformat().replace("+00:00", "Z")
    if one.account_id is not None:
        return {
            "alert_id": f"alt_{one.alert_id.hex}",
            "account_id": f"hou_{one.account_id.hex}",
            "member_id": f"mem_{one.member_id.hex}",
            "as_of": one.as_of.isoformat(),
            "outcome": one.outcome,
            "over_on": one.over_on.isoformat(),
            "verdict": one.verdict,
            "handled_at": handled,
        }
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
        said |= {"chance": one.chance, "worth_minor": one.worth_minor}
    return said | dict(good)
