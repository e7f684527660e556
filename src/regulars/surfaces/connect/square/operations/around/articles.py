"""What is for sale: items, their variations and categories, as far as points ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.flows.tills.keep_articles import ArticlesKept, KeepArticles, keep_articles
from regulars.records.access.types import Scope
from regulars.records.tills.articles import read
from regulars.records.tills.articles.types import Article, ArticleKind
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations.orders import amount_of
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import articles as sent

WRITES = (Scope.SQUARE_WRITE,)
_KINDS: Final[dict[str, ArticleKind]] = {
    "ITEM": "item",
    "ITEM_VARIATION": "variation",
    "CATEGORY": "category",
}
_THEIRS: Final = {ours: theirs for theirs, ours in _KINDS.items()}
_AT: Final = "/object"
Object = dict[str, Any]


async def upsert(call: Call) -> Reply:
    """Something is for sale, or is another from now on."""
    wanted: sent.ObjectSent = call.sent.object
    seen = await view_of(call)
    told = _told(seen, wanted)
    command = KeepArticles(tuple(told), call.asked)
    done: ArticlesKept = await call.do(keep_articles, command)
    async with call.transaction as tx:
        kept = (await read.some_articles(tx, done.ids[:1]))[done.ids[0]]
        with_it = await read.variations(tx, [kept.article_id])
    mapped = [
        {"client_object_id": one.article_id, "object_id": id_}
        for one, id_ in zip(told, done.ids, strict=True)
        if one.article_id != id_
    ]
    answer: Object = {"catalog_object": _object(seen, kept, with_it)}
    return Reply(answer | ({"id_mappings": mapped} if mapped else {}))


async def delete(call: Call) -> Reply:
    """Something is no longer for sale; an item goes with its variations."""
    id_, seen = call.ids["object_id"], await view_of(call)
    async with call.transaction as tx:
        found = await read.some_articles(tx, [id_])
        gone = [one for one in found.values() if not one.deleted]
        gone += await read.variations(tx, [one.article_id for one in gone])
    if not gone:
        raise NotFound("there is no such object here that could be deleted")
    command = KeepArticles(tuple(replace(one, deleted=True) for one in gone), call.asked)
    await call.do(keep_articles, command)
    ids = [one.article_id for one in gone]
    return Reply({"deleted_object_ids": ids, "deleted_at": instant(seen.now)})


async def told_objects(tx: Tx, seen: View) -> dict[str, Object]:
    """Everything that is for sale, as objects of the catalog by their ids."""
    every = await read.articles(tx)
    of: dict[str, list[Article]] = {}
    for one in every:
        of.setdefault(one.of if one.kind == "variation" else "", []).append(one)
    found = {one.article_id: _object(seen, one, of.get(one.article_id, ())) for one in every}
    return dict(sorted(found.items(), key=lambda one: (one[1]["type"], one[0])))


def _told(seen: View, wanted: sent.ObjectSent) -> list[Article]:
    """What was sent as articles, the object itself first."""
    name = f"{wanted.type.lower()}_data"
    parts = {
        "item_data": wanted.item,
        "item_variation_data": wanted.variation,
        "category_data": wanted.category,
    }
    said = [one for one, part in parts.items() if part is not None]
    if said != [name]:
        says = f"say what it is in {name}, and nothing else"
        code = "MISSING_REQUIRED_PARAMETER" if name not in said else "CONFLICTING_PARAMETERS"
        raise Wrong(says, code=code, field=f"{_AT}/{name}")
    own = Article(
        wanted.id, _KINDS[wanted.type], "", wanted.version or 0, seen.now,
    )  # fmt: skip
    if wanted.category is not None:
        return [replace(own, name=wanted.category.name)]
    if wanted.variation is not None:
        return [_variation(seen, own, wanted.variation, f"{_AT}/{name}")]
    item = wanted.item
    assert item is not None, wanted
    named = [item.category_id] if item.category_id else [one.id for one in item.categories or ()]
    found = [replace(own, name=item.name, of=named[0] if named else "")]
    for place, one in enumerate(item.variations or ()):
        at = f"{_AT}/{name}/variations/{place}/item_variation_data"
        if one.variation.item_id not in (None, wanted.id):
            raise Wrong("this is of another item", code="INVALID_VALUE", field=f"{at}/item_id")
        of = Article(one.id, "variation", "", one.version or 0, seen.now, of=wanted.id)
        found.append(_variation(seen, of, one.variation, at))
    if len({each.article_id for each in found}) < len(found):
        raise Wrong("two have one id", code="INVALID_VALUE", field=f"{_AT}/id")
    return found


def _variation(seen: View, own: Article, said: sent.VariationSent, at: str) -> Article:
    price = None
    if said.price_money is not None:
        price = amount_of(seen, said.price_money, f"{at}/price_money")
    return replace(
        own, name=said.name or "", of=said.item_id or own.of, sku=said.sku or "", price_minor=price
    )


def _object(seen: View, one: Article, own: Sequence[Article] = ()) -> Object:
    """One article; an item with its own variations."""
    theirs = _THEIRS[one.kind]
    return {
        "type": theirs,
        "id": one.article_id,
        "updated_at": instant(one.changed_at),
        "version": one.version,
        "is_deleted": one.deleted,
        "present_at_all_locations": True,
        f"{theirs.lower()}_data": _said(seen, one, own),
    }


def _said(seen: View, one: Article, own: Sequence[Article]) -> Object:
    said: Object = {"name": one.name} if one.name else {}
    if one.kind == "item":
        said |= {"category_id": one.of, "categories": [{"id": one.of}]} if one.of else {}
        said |= {"variations": [_object(seen, each) for each in own]} if own else {}
    if one.kind == "variation":
        fixed = one.price_minor is not None
        said |= {"item_id": one.of, "pricing_type": f"{'FIXED' if fixed else 'VARIABLE'}_PRICING"}
        said |= {"sku": one.sku} if one.sku else {}
        if fixed:
            said["price_money"] = {"amount": one.price_minor, "currency": seen.currency}
    return said


_OBJECT: Final = f"{PREFIX}/v2/catalog/object"

OPERATIONS = (
    Operation(
        method="POST",
        path=_OBJECT,
        name="square_upsert_catalog_object",
        tag="Catalog",
        says="Something is for sale",
        scopes=WRITES,
        sent=sent.UpsertObject,
        answers={200: dict[str, Any]},
        do=upsert,
    ),
    Operation(
        method="DELETE",
        path=f"{_OBJECT}/{{object_id}}",
        name="square_delete_catalog_object",
        tag="Catalog",
        says="Something is no longer for sale",
        scopes=WRITES,
        answers={200: dict[str, Any]},
        do=delete,
    ),
)
