"""What members are worth from now on, and who of them slips away."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.faults import NotFound
from regulars.insight.values.why import beside
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.standing.categories import read as categories
from regulars.records.standing.values import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.standing.values import (
    SlippingAsked,
    ValueRunShown,
    ValueShown,
    ValuesShown,
    run_shown,
    value_shown,
)

_TAG: Final = "Members"
_VALUE: Final[dict[str, Any]] = {
    "member_id": "mem_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "as_of": "2026-03-01",
    "health": "slipping",
    "chance": 310,
    "orders": 42,
    "worth_minor": 8_450,
    "worth_is": "revenue",
    "part": "upper",
    "days_since": 61,
    "days_between": 19,
    "next_category": "cake",
    "worth_90_minor": 840,
    "reasons": [
        {"sort": "days_away", "have": 61, "usual": 19, "speaks": "against"},
        {"sort": "orders", "have": 1, "usual": 4, "speaks": "against"},
        {"sort": "spent", "have": 2_000, "usual": 7_900, "speaks": "against"},
    ],
    "model": "MBG/NBD",
    "chance_from": None,
    "chance_to": None,
}
_RUN: Final[dict[str, Any]] = {
    "as_of": "2026-03-01",
    "at": "2026-03-02T00:10:00Z",
    "members": 4_120,
    "model": "MBG/NBD",
    "found": {
        "off": 0.08,
        "money_off": 0.11,
        "season": {"state": "taken", "factor": 1.21, "bounds": [0.93, 1.12]},
        "judged": {"auc": 0.74, "lift": 1.4, "off": 0.02, "picked": 310, "right": 236},
    },
    "categories": {
        "as_of": "2026-03-01",
        "at": "2026-03-02T00:20:00Z",
        "members": 3_870,
        "version": "next-category-1",
        "found": {
            "tried": {
                "orders": 5_862,
                "right": 2_901,
                "own": 2_761,
                "popular": 2_344,
                "beyond_own": 0.012,
                "beyond_popular": 0.081,
                "weight": 0.5,
                "half": 90.0,
            },
        },
    },
}


async def value(call: Call) -> Reply:
    """What one member is worth."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = (await read.values(tx, [id_])).get(id_)
        known = await beside(tx, [found] if found else [])
        category = await categories.said_of(tx, id_)
    if found is None:
        says = "nothing can be said yet of what they are worth; whoever ordered is reckoned daily"
        raise NotFound(says, field="/member_id")
    return Reply(value_shown(found, known[id_], category))


async def slipping(call: Call) -> Reply:
    """Who slips away, who is worth most first."""
    asked: SlippingAsked = call.query
    async with call.transaction as tx:
        found = await read.slipping(tx, asked.limit)
        known = await beside(tx, found)
    return Reply(ValuesShown([value_shown(one, known[one.member_id]) for one in found]))


async def run(call: Call) -> Reply:
    """How values were reckoned last."""
    async with call.transaction as tx:
        found, kinds = await read.last_run(tx), await categories.last_run(tx)
    if found is None:
        raise NotFound("nothing was reckoned yet; it is done each night")
    return Reply(run_shown(found, kinds))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/value",
        name="value_of_member",
        tag=_TAG,
        says="What a member is worth from now on, and how likely they come again",
        notes="Reckoned each night from orders. Rules can ask for it: the attributes "
        "`value-health`, `value-worth` and, from 1 to 5 beside everybody, `value-recency`, "
        "`value-frequency` and `value-money`; and, reckoned each week from what they bought, "
        "`value-category`.",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: ValueShown},
        answer_example=_VALUE,
        codes=("unknown_member", "not_found"),
        do=value,
    ),
    Operation(
        method="GET",
        path="/v1/member-values/slipping",
        name="slipping_members",
        tag=_TAG,
        says="Members who slip away, who is worth most first",
        scopes=(Scope.MEMBERS_READ,),
        query=SlippingAsked,
        answers={200: ValuesShown},
        answer_example={"items": [_VALUE]},
        do=slipping,
    ),
    Operation(
        method="GET",
        path="/v1/member-values",
        name="value_run",
        tag=_TAG,
        says="How values were reckoned last, and how good that was on the shop's own past",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: ValueRunShown},
        answer_example=_RUN,
        codes=("not_found",),
        do=run,
    ),
)
