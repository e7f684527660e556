"""Alerts about members, one of its own for each case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from regulars.flows.membership.office.alerts.raise_alerts import raise_alerts
from regulars.records.standing.alerts.types import Raised, Reason


def pointing_out(house: Any) -> Iterator[dict[str, Any]]:
    """An alert about somebody new."""
    while True:
        member = UUID(hex=house.member()[4:])
        slips = Raised(member, "slipping", date(2026, 3, 1), (Reason("days_away", 61, 19),))
        house.counter.shop.do(lambda tx, _, slips=slips: raise_alerts(tx, [slips]))
        alert = house.listed("/v1/member-alerts")[0]["id"]
        yield {"path": {"member_alert_id": alert}}


def _put_off(house: Any) -> Iterator[dict[str, Any]]:
    for said in pointing_out(house):
        day = (house.counter.shop.now + timedelta(days=2)).date().isoformat()
        yield said | {"body": {"until": day}}


ALERTS = {
    "POST /v1/member-alerts/{member_alert_id}/handle": pointing_out,
    "POST /v1/member-alerts/{member_alert_id}/reopen": pointing_out,
    "POST /v1/member-alerts/{member_alert_id}/snooze": _put_off,
}
