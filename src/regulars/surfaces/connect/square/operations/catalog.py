"""The catalog, as far as points need it: what each reward takes off, and what a till told to be for
sale.

Of reward tiers nothing is kept: three objects for each, read off the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from regulars.base.faults import NotFound
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import Step as Count
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.operations.around.articles import told_objects
from regulars.surfaces.connect.square.operations.programs import catalog_version, definition_of
from regulars.surfaces.connect.square.telling.paging import cursor, cut
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import Step, View, rule_of, view_of
from regulars.surfaces.connect.square.wire import catalog as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_NAMED: Final = ("match_products_id", "discount_id")
"""What a pricing rule names."""
Object = dict[str, Any]


async def one(call: Call) -> Reply:
    """One object, with what it names where that is asked for."""
    found = await _every(call)
    id_ = call.ids["object_id"]
    if id_ not in found:
        raise NotFound(
            "there is no such catalog object here: only what reward tiers name, and what was told"
        )
    answer = {"object": found[id_]}
    wanted = call.query.include_related_objects == "true"
    return Reply(answer | _related(found, [found[id_]], wanted))


async def all_of_them(call: Call) -> Reply:
    """Every object, or those of some kinds."""
    types = None if call.query.types is None else call.query.types.upper().split(",")
    return Reply(_listed(_of_types(await _every(call), types)))


async def some(call: Call) -> Reply:
    """Several objects; those that are not here are left out."""
    body: sent.BatchObjects = call.sent
    found = await _every(call)
    wanted = [found[id_] for id_ in dict.fromkeys(body.object_ids) if id_ in found]
    return Reply(_listed(wanted) | _related(found, wanted, body.include_related_objects))


async def search(call: Call) -> Reply:
    """Objects of some kinds."""
    body: sent.SearchObjects = call.sent
    place = place_of(body.cursor, tuple[Count])
    begin = 0 if place is None else place[0]
    found = await _every(call)
    page, more = cut(_of_types(found, body.object_types)[begin:], body.limit)
    answer = _listed(page) | _related(found, page, body.include_related_objects)
    return Reply(answer | ({"cursor": cursor((begin + body.limit,))} if more else {}))


async def _every(call: Call) -> dict[str, Object]:
    """What reward tiers name, and what was told to be for sale."""
    seen = await view_of(call)
    async with call.transaction as tx:
        told = await told_objects(tx, seen)
    return {**told, **objects(seen)}


def objects(seen: View) -> dict[str, Object]:
    """Every object by its id; the tiers' in their order."""
    found = [each for step in seen.steps() for each in _of_step(seen, step)]
    return {one["id"]: one for one in found}


def _of_step(seen: View, step: Step) -> list[Object]:
    told, name = definition_of(seen, step), step.reward.name
    whole = told["scope"] == "ORDER"
    off = {"name": name, "discount_type": told["discount_type"]}
    for theirs, ours in (
        ("percentage", "percentage_discount"),
        ("amount_money", "fixed_discount_money"),
        ("maximum_amount_money", "max_discount_money"),
    ):
        off |= {theirs: told[ours]} if ours in told else {}
    set_ = {"all_products": True} if whole else {"product_ids_any": told["catalog_object_ids"]}
    rule = {
        "name": name,
        "discount_id": rule_of(step.id, "off"),
        "match_products_id": rule_of(step.id, "set"),
        "discount_target_scope": "WHOLE_PURCHASE" if whole else "LINE_ITEM",
    }
    return [
        _object(seen, "PRICING_RULE", rule_of(step.id), rule),
        _object(seen, "PRODUCT_SET", rule_of(step.id, "set"), {**set_, "quantity_min": 1}),
        _object(seen, "DISCOUNT", rule_of(step.id, "off"), off),
    ]


def _object(seen: View, kind: sent.Kind, id_: str, told: Mapping[str, Any]) -> Object:
    return {
        "type": kind,
        "id": id_,
        "updated_at": instant(seen.version.effective_from),
        "version": catalog_version(seen),
        "is_deleted": False,
        "present_at_all_locations": True,
        f"{kind.lower()}_data": dict(told),
    }


def _of_types(found: Mapping[str, Object], types: Iterable[str] | None) -> list[Object]:
    wanted = None if types is None else set(types)
    return [one for one in found.values() if wanted is None or one["type"] in wanted]


def _listed(found: list[Object]) -> Object:
    return {"objects": found} if found else {}


def _related(found: Mapping[str, Object], told: list[Object], wanted: bool) -> Object:
    """What these objects name and were not asked for themselves."""
    here = {one["id"] for one in told}
    names = [
        one["pricing_rule_data"][name]
        for one in told
        if wanted and one["type"] == "PRICING_RULE"
        for name in _NAMED
    ]
    more = [found[id_] for id_ in names if id_ not in here]
    return {"related_objects": more} if more else {}


_CATALOG = f"{PREFIX}/v2/catalog"

OPERATIONS = (
    Operation(
        method="GET",
        path=f"{_CATALOG}/object/{{object_id}}",
        name="square_get_catalog_object",
        tag="Catalog",
        says="What a reward takes off",
        scopes=READS,
        query=sent.ObjectQuery,
        answers={200: dict[str, Any]},
        do=one,
    ),
    Operation(
        method="GET",
        path=f"{_CATALOG}/list",
        name="square_list_catalog",
        tag="Catalog",
        says="What all rewards take off",
        scopes=READS,
        query=sent.ObjectsQuery,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="POST",
        path=f"{_CATALOG}/batch-retrieve",
        name="square_batch_retrieve_catalog",
        tag="Catalog",
        says="Several objects of the catalog",
        scopes=READS,
        sent=sent.BatchObjects,
        answers={200: dict[str, Any]},
        do=some,
    ),
    Operation(
        method="POST",
        path=f"{_CATALOG}/search",
        name="square_search_catalog",
        tag="Catalog",
        says="Objects of some kinds",
        scopes=READS,
        sent=sent.SearchObjects,
        answers={200: dict[str, Any]},
        do=search,
    ),
)
