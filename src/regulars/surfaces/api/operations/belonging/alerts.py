"""Members somebody of the shop should look at, and what became of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.alerts.commands import HandleAlert
from regulars.flows.membership.office.alerts.handle_alerts import handle_alerts
from regulars.flows.membership.office.alerts.show_alerts import Seen, seen, show_alerts
from regulars.records.access.staff.read import chosen
from regulars.records.access.staff.types import staff_of
from regulars.records.access.types import Scope
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.accounts.read import last_tried
from regulars.records.standing.alerts.read import Wanted
from regulars.records.standing.alerts.types import MemberAlert, Verdict
from regulars.records.standing.alerts.unusual import read as unusual
from regulars.records.standing.values import read as values
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.standing.alerts import (
    AlertsQuery,
    BecameShown,
    HandledSent,
    MemberAlertShown,
    MemberAlertsPage,
    SnoozedSent,
    Watch,
    alert_shown,
    became_shown,
)

_TAG: Final = "Members"
_ALERT: Final[dict[str, Any]] = {
    "id": "alt_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "member_id": "mem_0198f3a2b4c87d10a1b2c3d4e5f60719",
    "kind": "slipping",
    "state": "open",
    "as_of": "2026-03-01",
    "raised_at": "2026-03-02T00:20:00Z",
    "reasons": [
        {"sort": "days_away", "have": 61, "usual": 19, "about": ""},
        {"sort": "fewer_orders", "have": 1, "usual": 4, "about": ""},
    ],
    "chance": 310,
    "worth_minor": 8_450,
    "outcome": None,
    "over_on": None,
    "handled_at": None,
    "handled_by": "",
    "note": "",
    "account_id": None,
    "account": "",
    "snoozed_until": None,
    "verdict": None,
    "for": [{"staff_id": "staff_0198f3a2b4c87d10a1b2c3d4e5f60721", "name": "Mia"}],
    "store": "main-street",
    "suggested": [{"code": "come-back", "name": "Come back"}],
}
_HANDLED: Final = _ALERT | {
    "state": "handled",
    "handled_at": "2026-03-02T09:00:00Z",
    "handled_by": "key_0198f3a2b4c87d10a1b2c3d4e5f60720",
    "note": "Wrote a card",
    "suggested": [],
}
_SNOOZED: Final = _ALERT | {"state": "snoozed", "snoozed_until": "2026-03-09"}


async def listed(call: Call) -> Reply:
    """Alerts, the latest first."""
    query: AlertsQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    staff_id = None if query.staff_id is None else staff_of(query.staff_id)
    if query.staff_id is not None and staff_id is None:
        raise Invalid("this is not the id of somebody who works here", field="/staff_id")
    stores = () if query.store is None else (query.store,)
    wanted = Wanted(query.kind, query.state, None, staff_id, stores)
    last = None if before is None else before[0]

    async def look(tx: Tx, terms: Terms) -> tuple[list[Seen], int]:
        found = await show_alerts(tx, terms, wanted, last, query.limit + 1)
        return found, (await chosen(tx)).of("margin_percent")

    found, margin = await call.read(look)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].alert.alert_id,)) if more else None
    return Reply(MemberAlertsPage([alert_shown(one, margin) for one in page], more, cursor))


async def handled(call: Call) -> Reply:
    """Somebody looked after it."""
    sent: HandledSent = call.sent
    return await _done(call, note=sent.note, verdict=sent.verdict)


async def snoozed(call: Call) -> Reply:
    """It waits."""
    sent: SnoozedSent = call.sent
    return await _done(call, note=sent.note, until=sent.until)


async def reopened(call: Call) -> Reply:
    """Nobody did after all."""
    return await _done(call, undone=True)


async def became(call: Call) -> Reply:
    """What became of slipping members."""
    zone = str((await call.terms()).at(call.now).zone)
    async with call.transaction as tx:
        found = await read.became(tx, zone)
        day = await read.last_day(tx)
        settings = await chosen(tx)
        weekly = settings.of("outreach_weekly")
        told = await read.told_of(tx, day) if day else 0
        others = await read.others_days(tx, day or tx.now.date())
        week = await read.told_of(tx, day, "account") if day else 0
        accounts = (await read.became(tx, zone, "account"), week, await last_tried(tx))
        days = await read.told_of(tx, day, "unusual") if day else 0
        room, nights = settings.of("unusual_weekly"), await unusual.last_tried(tx)
        far = (await read.became(tx, zone, "unusual"), days, room, nights)
        watch = Watch(day, weekly, told, await values.last_run(tx), others, accounts, far)
    return Reply(became_shown(found, watch))


async def _done(
    call: Call,
    *,
    note: str = "",
    undone: bool = False,
    until: date | None = None,
    verdict: Verdict | None = None,
) -> Reply:
    by = call.by
    id_ = addressed("alt", call.ids["member_alert_id"])
    found: MemberAlert = await call.do(
        handle_alerts, HandleAlert(id_, by, note, undone, until, verdict)
    )

    async def look(tx: Tx, terms: Terms) -> tuple[list[Seen], int]:
        return await seen(tx, terms, [found]), (await chosen(tx)).of("margin_percent")

    (one,), margin = await call.read(look)
    return Reply(alert_shown(one, margin))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/member-alerts",
        name="list_member_alerts",
        tag=_TAG,
        says="Members who slip away or did something unusual, and accounts that use the shop less",
        notes="Looked for each night. Who slips away is told of once until it is known what became "
        "of it, and so many a week as the shop can write to; who is worth most comes first. "
        "`account` is about an account of several people: quiet for more than twice its usual gap, "
        "or ordering on at most "
        "half as many days as in the 90 before; told of again only once it ordered since.",
        scopes=(Scope.MEMBERS_READ,),
        query=AlertsQuery,
        answers={200: MemberAlertsPage},
        answer_example={"items": [_ALERT], "has_more": False, "next_cursor": None},
        codes=("bad_cursor", "invalid"),
        do=listed,
    ),
    Operation(
        method="POST",
        path="/v1/member-alerts/{member_alert_id}/handle",
        name="handle_member_alert",
        once=Once.AGAIN,
        tag=_TAG,
        says="Say that somebody looked after a member",
        notes="The last word counts. Whether they come back is looked at all the same. Of an "
        "unusual day or an account `verdict` says whether the alert was right.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=HandledSent,
        answers={200: MemberAlertShown},
        example={"note": "Wrote a card"},
        answer_example=_HANDLED,
        codes=("not_found",),
        do=handled,
    ),
    Operation(
        method="POST",
        path="/v1/member-alerts/{member_alert_id}/snooze",
        name="snooze_member_alert",
        once=Once.AGAIN,
        tag=_TAG,
        says="Let an alert wait until a day",
        notes="From that day on it is open again. Whether they come back is looked at meanwhile.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=SnoozedSent,
        answers={200: MemberAlertShown},
        example={"until": "2026-03-09"},
        answer_example=_SNOOZED,
        codes=("not_found",),
        do=snoozed,
    ),
    Operation(
        method="POST",
        path="/v1/member-alerts/{member_alert_id}/reopen",
        name="reopen_member_alert",
        once=Once.AGAIN,
        tag=_TAG,
        says="Say that nobody looked after a member after all, or that it waits no longer",
        scopes=(Scope.MEMBERS_WRITE,),
        answers={200: MemberAlertShown},
        answer_example=_ALERT,
        codes=("not_found",),
        do=reopened,
    ),
    Operation(
        method="GET",
        path="/v1/member-alerts/outcomes",
        name="member_alert_outcomes",
        tag=_TAG,
        says="How many slipping members came back, beside those as likely who were left alone",
        notes="This is not causal: those who are left alone are worth less on the whole. What an "
        "offer changes says an experiment. Each outcome is told as `member.slip_ended`, "
        "`account.slip_ended` or `member.unusual_ended`, too; of an unusual day not where a till "
        "tells what became of it more than a week later.",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: BecameShown},
        answer_example={
            "told": 180,
            "came_back": 61,
            "left_alone": 180,
            "left_alone_came_back": 49,
            "waiting": 40,
            "picked": 310,
            "right": 236,
            "as_of": "2026-03-01",
            "weekly": 20,
            "told_this_week": 12,
            "missing": None,
            "unusual_missing": None,
            "contacted": 95,
            "contacted_came_back": 38,
            "accounts": {
                "told": 9,
                "came_back": 3,
                "waiting": 4,
                "told_this_week": 2,
                "picked": 31,
                "right": 18,
                "rest": 140,
                "rest_away": 12,
                "weekly": 20,
                "judged": 8,
                "said_right": 6,
            },
            "unusual": {
                "weekly": 20,
                "told_this_week": 3,
                "judged": 30,
                "said_right": 21,
                "lasted": 9,
                "once": 25,
                "taken_back": 4,
                "tried": 14,
                "tried_lasted": 4,
            },
        },
        do=became,
    ),
)
