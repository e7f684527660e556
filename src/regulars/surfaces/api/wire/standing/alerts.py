"""Alerts about members on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct, field

from regulars.flows.membership.office.alerts.show_alerts import Seen
from regulars.records.access.staff.types import principal_of
from regulars.records.standing.alerts.accounts.read import Tried
from regulars.records.standing.alerts.read import PEERS
from regulars.records.standing.alerts.types import (
    LONGEST_NOTE,
    Became,
    Kind,
    Outcome,
    Sort,
    State,
    Verdict,
)
from regulars.records.standing.alerts.unusual.read import Nights
from regulars.records.standing.values.types import Run, worth_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Limit

Text = Annotated[str, Meta(min_length=1, max_length=200)]


class AlertsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which alerts, and from where on."""

    kind: Kind | None = None
    state: State | None = None
    staff_id: Text | None = None
    """Of members this person of the shop looks after."""
    store: Text | None = None
    """Of members nobody looks after, who bought last in this store."""
    limit: Limit = 50
    cursor: Text | None = None


class ReasonShown(Struct, frozen=True):
    """What there is, beside what is usual."""

    sort: Sort
    have: int
    """Days since the last order; orders or minor units of 90 days (of the day, where it is far
    from usual); points in units of the account; tiers at once. Of an account: days with an order,
    people who ordered, support tickets, of 90 days."""
    usual: int | None
    """The mean of their gaps; the same in the 90 days before; the middle of such days."""
    about: str
    """The account, or the tier they stand on."""


class AlertFor(Struct, frozen=True):
    """Who looks after the member now."""

    staff_id: str
    name: str


class OfferSuggested(Struct, frozen=True):
    """An open offer the member could be given: they are in its segment, or it is given by hand
    alone; and they have nothing to do with it yet."""

    code: str
    name: str


class MemberAlertShown(Struct, frozen=True):
    """A member somebody of the shop should look at, or (`account`) an account."""

    id: str
    member_id: str
    """Of an account, who leads it."""
    kind: Kind
    state: State
    as_of: date
    """The last day that was looked at."""
    raised_at: datetime
    reasons: list[ReasonShown]
    chance: int | None
    """Of an order within 90 days, in thousandths."""
    worth_minor: int | None
    """As of a member's value, nothing where nobody could say it; of an account, what it paid in the
    year before."""
    outcome: Outcome | None
    """Whether they came back within 90 days; of an unusual day: whether one of at least half as
    much came again (`lasted`) or not (`once`), or most of it came back (`taken_back`); nothing
    while nobody knows."""
    over_on: date | None
    handled_at: datetime | None
    handled_by: str
    note: str
    account_id: str | None = None
    """The account, where it is about one."""
    account: str = ""
    """How it is called."""
    snoozed_until: date | None = None
    """It is open again from this day on."""
    verdict: Verdict | None = None
    """What whoever looked after it said: `right`, or a `false_alarm`."""
    for_: list[AlertFor] = field(name="for", default_factory=list)
    """Whose it is: who looks after the member now."""
    store: str = ""
    """Where they bought last; its people look after who has nobody."""
    suggested: list[OfferSuggested] = []
    """Of an alert that is open."""


class MemberAlertsPage(Struct, frozen=True):
    """Some of them, the latest first."""

    items: list[MemberAlertShown]
    has_more: bool
    next_cursor: str | None


class HandledSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What was done."""

    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""
    verdict: Verdict | None = None
    """Of an unusual day or an account: whether it was right to tell of it, or a false alarm."""


class SnoozedSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Until which day it waits, and why."""

    until: date
    """From tomorrow on, within 90 days."""
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


class MissingShown(Struct, frozen=True):
    """Too little to say anything: there are `have` of `what`, and `wanted` would be needed."""

    what: str
    have: float
    wanted: float


class AccountsBecame(Struct, frozen=True):
    """What became of accounts that used the shop less, and how right that signal was before."""

    told: int
    """Alerts of which it is known what became."""
    came_back: int
    waiting: int
    told_this_week: int
    picked: int
    """Tried at four days of the past, 90 days apart: accounts it would have told of."""
    right: int
    """Of these, who did not order within 90 days."""
    rest: int
    """Accounts it would have left alone."""
    rest_away: int
    """Of these, who did not order either."""
    weekly: int
    """So many a week are told of at most: the setting `outreach_weekly`."""
    judged: int
    """Alerts of which somebody said whether they were right."""
    said_right: int


class UnusualBecame(Struct, frozen=True):
    """How right alerts about unusual days were, and what became of them."""

    weekly: int
    """So many a week are told of at most: the setting `unusual_weekly`."""
    told_this_week: int
    judged: int
    """Alerts of which somebody said whether they were right."""
    said_right: int
    lasted: int
    """A day of at least half as much came again within 90 days."""
    once: int
    """None did."""
    taken_back: int
    """Less than half of it is left, as the rest came back."""
    tried: int
    """Whom the rule would have told of on seven nights that ended 90 days before the last day;
    purchases that came back since are not among them."""
    tried_lasted: int
    """Of these, who did at least half as much again within 90 days."""


class Watch(NamedTuple):
    """How far alerts are looked for: the last day, the week's budget, what is missing."""

    as_of: date | None
    weekly: int
    told_this_week: int
    run: Run | None
    others: int
    """Days of others that say what is usual."""
    accounts: tuple[Became, int, Tried]
    """What became of accounts, how many were told of this week, how right that was before."""
    unusual: tuple[Became, int, int, Nights]
    """The same of unusual days, with how many a week are told of."""


class BecameShown(Struct, frozen=True):
    """What became of slipping members so far. Not causal: who is left alone is worth less."""

    told: int
    """Alerts of which it is known what became."""
    came_back: int
    """Of these, who ordered within 90 days."""
    left_alone: int
    """As likely, and beyond what the shop reaches in a week."""
    left_alone_came_back: int
    waiting: int
    picked: int | None
    """Whom the alert would have picked on the last 90 days that were kept out of what it learned
    from; nothing where that could not be said."""
    right: int | None
    """Of these, who did not order."""
    as_of: date | None = None
    """The last day that was looked at; nothing before the first."""
    weekly: int = 0
    """So many members a week are told of at most: the setting `outreach_weekly`."""
    told_this_week: int = 0
    missing: MissingShown | None = None
    """Of what there is too little to say who slips away; nothing where it is said."""
    unusual_missing: MissingShown | None = None
    """Of what there is too little to say what is unusual."""
    contacted: int = 0
    """Of those told of, whom somebody said to have looked after before it was known."""
    contacted_came_back: int = 0
    accounts: AccountsBecame | None = None
    unusual: UnusualBecame | None = None


def alert_shown(seen: Seen, margin: int) -> MemberAlertShown:
    """As it is shown, with a margin of so many of a hundred; what an account paid is what it
    paid."""
    one = seen.alert
    margin = 0 if one.account_id else margin
    reasons = [ReasonShown(why.sort, why.have, why.usual, why.about) for why in one.reasons]
    return MemberAlertShown(
        shown("alt", one.alert_id), shown("mem", one.member_id), one.kind, one.state, one.as_of,
        one.raised_at, reasons, one.chance, worth_of(one.worth_minor, margin), one.outcome,
        one.over_on, one.handled_at, one.handled_by, one.note,
        shown("hou", one.account_id) if one.account_id else None, one.account, one.snoozed_until,
        one.verdict,
        [AlertFor(principal_of(who.staff_id), who.name) for who in seen.after], seen.store,
        [OfferSuggested(offer.code, offer.name) for offer in seen.suggested],
    )  # fmt: skip


def became_shown(one: Became, watch: Watch) -> BecameShown:
    """As it is shown, beside the last back-test, the budget, and what is missing."""
    picked, right = (watch.run.precision if watch.run else None) or (None, None)
    lacking = (watch.run.found.get("missing") or None) if watch.run else None
    few = watch.others < PEERS
    firms, week, tried = watch.accounts
    accounts = AccountsBecame(
        firms.told, firms.came, firms.waiting, week, *tried, watch.weekly, firms.judged, firms.right
    )
    days, week, room, nights = watch.unusual
    unusual = UnusualBecame(
        room, week, days.judged, days.right, days.lasted, days.once, days.taken_back, *nights
    )
    return BecameShown(
        one.told, one.came, one.beside, one.beside_came, one.waiting, picked, right, watch.as_of,
        watch.weekly, watch.told_this_week,
        MissingShown(lacking["what"], lacking["have"], lacking["wanted"]) if lacking else None,
        MissingShown("purchases", watch.others, PEERS) if few else None,
        one.handled, one.handled_came, accounts, unusual,
    )  # fmt: skip
