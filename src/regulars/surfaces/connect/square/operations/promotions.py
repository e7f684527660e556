"""Promotions: rules of the program that a connected system makes and takes back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import msgspec

from regulars.base.faults import NotFound
from regulars.base.money import decimals
from regulars.engine.calendar import local
from regulars.flows.terms.promised.keep_promotions import (
    MakePromotion,
    cancel_promotion,
    make_promotion,
)
from regulars.records.access.types import Scope
from regulars.records.program.changes.promotions import read
from regulars.records.program.changes.promotions.types import Kind, Promotion
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import Step, place_of
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations.orders import amount_of
from regulars.surfaces.connect.square.telling.paging import cursor, cut
from regulars.surfaces.connect.square.telling.periods import Period, period_of
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import View, program_meant, view_of
from regulars.surfaces.connect.square.wire import promotions as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
PROMOTES = (Scope.SQUARE_PROMOTE,)
_TIMES: Final = re.compile(r"([1-9]|10)(?:\.(\d{1,3}))?\Z", re.ASCII)
_SENT: Final = "/loyalty_promotion"


async def create(call: Call) -> Reply:
    """A promotion is made: the program is published with one more rule."""
    wanted: sent.PromotionSent = call.sent.loyalty_promotion
    seen = await view_of(call)
    program_meant(seen, call.ids["program_id"])
    periods = [
        period_of(one, f"{_SENT}/available_time/time_periods/{place}")
        for place, one in enumerate(wanted.available_time.time_periods)
    ]
    rule, kind = _rule(seen, wanted, periods)
    ends = [one.ends_on for one in periods]
    told = _told(wanted)
    wish = MakePromotion(
        rule=msgspec.json.encode(rule).decode(),
        kind=kind,
        told=told,
        starts_on=min(one.starts_on for one in periods),
        ends_on=None if None in ends else max(one for one in ends if one is not None),
        asked=call.asked,
    )
    async with call.transaction as tx:
        made = granted(await make_promotion(tx, wish, call.given.aside))
    call.given.programs.forget(call.caller.program_id)
    one = await _one(call, made.promotion_id)
    as_made = msgspec.structs.replace(one, canceled_at=None)
    return Reply({"loyalty_promotion": promotion_shown(seen, as_made)})


def _rule(
    seen: View, wanted: sent.PromotionSent, periods: list[Period]
) -> tuple[dict[str, Any], Kind]:
    """The rule that gives what a promotion promises."""
    if wanted.qualifying_category_ids and wanted.qualifying_item_variation_ids:
        says = "name articles or categories, not both"
        raise Wrong(says, code="CONFLICTING_PARAMETERS", field=_SENT)
    award, kind = _award(wanted.incentive)
    rule: dict[str, Any] = {
        "says": wanted.name,
        "on": "purchase",
        "wallet": seen.wallet,
        "award": award,
        "when": {"if": "all", "of": _conditions(seen, wanted, periods)},
    }
    if kind == "fixed":
        rule["needs_base"] = True
    if wanted.trigger_limit is not None:
        per = "day" if wanted.trigger_limit.interval == "DAY" else "ever"
        rule["limits"] = [{"per": per, "times": wanted.trigger_limit.times}]
    return rule, kind


def _award(incentive: sent.IncentiveSent) -> tuple[dict[str, Any], Kind]:
    times, more = incentive.times, incentive.more
    at = f"{_SENT}/incentive"
    if incentive.type == "POINTS_ADDITION":
        if more is None or times is not None:
            raise Wrong("say how many points are added", field=f"{at}/points_addition_data")
        return {"give": "fixed", "points": more.points_addition, "stage": "bonus"}, "fixed"
    if times is None or more is not None:
        raise Wrong("say by how much points are multiplied", field=f"{at}/points_multiplier_data")
    by = times.multiplier or str(times.points_multiplier or "")
    found = _TIMES.match(by)
    if found is None or (by.startswith("10") and (found[2] or "").strip("0")):
        field = f"{at}/points_multiplier_data/multiplier"
        raise Wrong('a multiplier is a number from 1 to 10 such as "1.500"', field=field)
    return {"give": "multiply", "by": by}, "multiply"


def _conditions(
    seen: View, wanted: sent.PromotionSent, periods: list[Period]
) -> list[dict[str, Any]]:
    each = [{"if": "all", "of": one.when} for one in periods]
    found: list[dict[str, Any]] = [each[0] if len(each) == 1 else {"if": "any", "of": each}]
    least = wanted.minimum_spend_amount_money
    if least is not None:
        minor = amount_of(seen, least, f"{_SENT}/minimum_spend_amount_money")
        found.append({"if": "amount", "at_least": _written(minor, decimals(seen.currency))})
    for name, ids in (
        ("skus", wanted.qualifying_item_variation_ids),
        ("categories", wanted.qualifying_category_ids),
    ):
        if ids:
            found.append({"if": "basket_has", name: list(ids)})
    return found


def _written(minor: int, scale: int) -> str:
    whole, rest = divmod(minor, 10**scale)
    return f"{whole}.{rest:0{scale}d}" if scale else str(whole)


def _told(wanted: sent.PromotionSent) -> str:
    """What is said of a promotion from then on; a multiplier in both its forms where it has two."""
    said: dict[str, Any] = msgspec.to_builtins(wanted)
    times = said["incentive"].get("points_multiplier_data")
    if times is not None:
        by = times.get("multiplier") or str(times["points_multiplier"])
        whole, _, rest = by.partition(".")
        times["multiplier"] = f"{whole}.{rest:0<3}"[:5]
        if not rest.strip("0") and int(whole) >= 2:
            times["points_multiplier"] = int(whole)
    return msgspec.json.encode(said).decode()


async def all_of_them(call: Call) -> Reply:
    """Promotions, the newest first."""
    seen, query = await view_of(call), call.query
    program_meant(seen, call.ids["program_id"])
    place = place_of(query.cursor, tuple[Step])
    begin, limit = 0 if place is None else place[0], query.limit
    async with call.transaction as tx:
        found = [promotion_shown(seen, one) for one in await read.promotions(tx)]
    fitting = [one for one in found if query.status in (None, one["status"])]
    page, more = cut(fitting[begin:], limit)
    answer: dict[str, Any] = {"loyalty_promotions": page} if page else {}
    return Reply(answer | ({"cursor": cursor((begin + limit,))} if more else {}))


async def one(call: Call) -> Reply:
    """One promotion."""
    seen = await view_of(call)
    program_meant(seen, call.ids["program_id"])
    return Reply(
        {"loyalty_promotion": promotion_shown(seen, await _one(call, call.ids["promotion_id"]))}
    )


async def cancel(call: Call) -> Reply:
    """A promotion gives nothing from now on: the program is published without its rule."""
    seen = await view_of(call)
    program_meant(seen, call.ids["program_id"])
    id_, by = call.ids["promotion_id"], call.caller.principal
    async with call.transaction as tx:
        gone = granted(await cancel_promotion(tx, id_, by, call.given.aside))
    call.given.programs.forget(call.caller.program_id)
    return Reply({"loyalty_promotion": promotion_shown(seen, gone)})


async def _one(call: Call, id_: str) -> Promotion:
    async with call.transaction as tx:
        for found in await read.promotions(tx):
            if found.promotion_id == id_:
                return found
    raise NotFound("there is no such promotion here")


def promotion_shown(seen: View, promotion: Promotion) -> dict[str, Any]:
    """A promotion as clients see it."""
    told: dict[str, Any] = msgspec.json.decode(promotion.told)
    times = {**told["available_time"], "start_date": promotion.starts_on.isoformat()}
    if promotion.ends_on is not None:
        times["end_date"] = date.fromordinal(promotion.ends_on.toordinal() - 1).isoformat()
    canceled = promotion.canceled_at
    found = {
        **told,
        "id": promotion.promotion_id,
        "available_time": times,
        "status": _status(seen, promotion),
        "created_at": instant(promotion.made_at),
        "updated_at": instant(canceled or promotion.made_at),
        "loyalty_program_id": seen.id,
    }
    return found if canceled is None else {**found, "canceled_at": instant(canceled)}


def _status(seen: View, promotion: Promotion) -> str:
    today = date.fromordinal(local(seen.version.zone, seen.now).day)
    if promotion.canceled_at is not None:
        return "CANCELED"
    if not promotion.is_live(today):
        return "ENDED"
    return "SCHEDULED" if today < promotion.starts_on else "ACTIVE"


_PROMOTIONS = f"{PREFIX}/v2/loyalty/programs/{{program_id}}/promotions"

OPERATIONS = (
    Operation(
        method="GET",
        path=_PROMOTIONS,
        name="square_list_promotions",
        tag="Loyalty",
        says="Promotions, the newest first",
        scopes=READS,
        query=sent.PromotionsQuery,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="POST",
        path=_PROMOTIONS,
        name="square_create_promotion",
        tag="Loyalty",
        says="A promotion is made",
        scopes=PROMOTES,
        sent=sent.CreatePromotion,
        answers={200: dict[str, Any]},
        do=create,
    ),
    Operation(
        method="GET",
        path=f"{_PROMOTIONS}/{{promotion_id}}",
        name="square_get_promotion",
        tag="Loyalty",
        says="One promotion",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
    Operation(
        method="POST",
        path=f"{_PROMOTIONS}/{{promotion_id}}/cancel",
        name="square_cancel_promotion",
        tag="Loyalty",
        says="A promotion gives nothing from now on",
        scopes=PROMOTES,
        answers={200: dict[str, Any]},
        do=cancel,
    ),
)
