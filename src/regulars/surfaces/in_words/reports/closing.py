"""Months of points: which are closed, with what, and closing the next one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.flows.membership.office.close_months import CloseMonth, close_months
from regulars.insight.metrics.reading.closed import closes
from regulars.records.access.staff.types import Act
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.once import Once

_TAG: Final = "Reports"
_FLOW: Final = ("opening", "issued", "redeemed", "expired", "adjusted", "other", "closing")
_EXAMPLE: Final[dict[str, Any]] = {
    "month": "2026-10",
    "wallet": "points",
    "closed_at": "2026-11-03T08:00:00Z",
    "closed_by": "key_0198f3a2b4c87d10a1b2c3d4e5f60720",
    "opening": 41_200,
    "issued": 9_800,
    "redeemed": 4_100,
    "expired": 300,
    "adjusted": 0,
    "other": 0,
    "closing": 46_600,
    "contract": {
        "opening": 38_000, "added": 9_100, "changed_added": 0, "earned": 3_900,
        "changed_earned": 0, "closing": 43_200,
    },
    "rate": 0.81,
}  # fmt: skip


class MonthSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Which month of which points is closed."""

    month: Annotated[
        str,
        Meta(
            pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$",
            description="A month that is over: 2026-10.",
        ),
    ]
    wallet: Annotated[str, Meta(min_length=1, max_length=40)]


class ContractShown(Struct, frozen=True):
    """The contract liability with which a month was closed, in minor units: `opening` + `added` +
    `changed_added` - `earned` - `changed_earned` is `closing`."""

    opening: int
    added: int
    changed_added: int
    earned: int
    changed_earned: int
    closing: int


class ClosedMonthShown(Struct, frozen=True):
    """A month that is closed, with what was written down then; units of the wallet's scale."""

    month: str
    wallet: str
    closed_at: datetime
    closed_by: str
    opening: int
    issued: int
    redeemed: int
    expired: int
    adjusted: int
    other: int
    closing: int
    contract: ContractShown | None
    """Nothing where the program did not say what a point costs, or nothing could be estimated."""
    rate: float | None
    """The ultimate redemption rate as it was estimated then."""


class ClosedMonthsShown(Struct, frozen=True):
    """Every closed month, the latest first."""

    items: list[ClosedMonthShown]


def month_shown(about_id: str, act: Act) -> ClosedMonthShown:
    """A closed month, as the log has it."""
    month, _, wallet = about_id.partition("/")
    kept = act.after.get("contract") or {}
    contract = ContractShown(**{name: int(kept[name]) for name in kept}) if kept else None
    rate = float(act.after["rate"]) if "rate" in act.after else None
    opening, issued, redeemed, expired, adjusted, other, closing = (
        int(act.after[name]) for name in _FLOW
    )
    return ClosedMonthShown(
        month, wallet, act.at, act.actor, opening, issued, redeemed, expired, adjusted, other,
        closing, contract, rate,
    )  # fmt: skip


async def listed(call: Call) -> Reply:
    """The closed months."""
    async with call.transaction as tx:
        found = await closes(tx)
    by_month = sorted(found.items(), key=lambda one: (one[0].partition("/")[0], one[0]))
    return Reply(ClosedMonthsShown([month_shown(*one) for one in reversed(by_month)]))


async def close(call: Call) -> Reply:
    """Close a month; of one that is closed already, with what it was."""
    sent: MonthSent = call.sent
    about_id = f"{sent.month}/{sent.wallet}"
    try:
        await call.do(
            close_months,
            CloseMonth(date.fromisoformat(f"{sent.month}-01"), sent.wallet, call.by),
        )
    except Invalid as fault:
        async with call.transaction as tx:
            before = (await closes(tx)).get(about_id)
        if fault.field != "/month" or before is None:
            raise
        return Reply(month_shown(about_id, before))
    async with call.transaction as tx:
        return Reply(month_shown(about_id, (await closes(tx))[about_id]))


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/closed-months",
        name="list_closed_months",
        tag=_TAG,
        says="Months of points that are closed, with what each was closed with",
        scopes=(Scope.BOOKS_READ,),
        answers={200: ClosedMonthsShown},
        answer_example={"items": [_EXAMPLE]},
        do=listed,
    ),
    Operation(
        method="POST",
        path="/v1/closed-months",
        name="close_month",
        once=Once.AGAIN,
        tag=_TAG,
        says="Close a month of points, once and for good",
        notes="Months are closed one after the other, each once it is over and ties to the ledger. "
        "What is told late of a closed month is booked in the next one that is open. Asked again, "
        "it answers with what it was closed with.",
        scopes=(Scope.BOOKS_CLOSE,),
        sent=MonthSent,
        answers={200: ClosedMonthShown},
        example={"month": "2026-10", "wallet": "points"},
        answer_example=_EXAMPLE,
        codes=("invalid",),
        do=close,
    ),
)
