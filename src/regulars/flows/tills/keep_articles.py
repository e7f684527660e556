"""A connected till tells what is for sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, look_again, settle_followers, sort_out
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.once.write import Kept, keep
from regulars.records.tills.articles import read, write
from regulars.records.tills.articles.types import Article, article_subject

_ANY_TIME: Final = datetime.min.replace(tzinfo=UTC)
NEW: Final = "#"
"""So ids begin that whoever tells something made up for it."""
_LONGEST: Final = 32


class KeepArticles(Struct, frozen=True):
    """These are for sale: an item with its variations, or one of them alone.

    `version` of one that is there already is the version that was seen; 0 is any.
    """

    articles: tuple[Article, ...]
    asked: Asked = Asked()


class ArticlesKept(Struct, frozen=True):
    """Under which ids they are kept, in the order they were told."""

    ids: tuple[str, ...]
    replayed: bool = False


ArticlesOutcome = ArticlesKept | Refused | Fault


async def keep_articles(
    tx: Tx, terms: Terms, batch: Sequence[KeepArticles]
) -> list[ArticlesOutcome]:
    """Keep these as they are told, once; asked for again under its key it is the same.

    A new category has its name as its id, a new variation its own number, as rules of the program
    name them; where one is there already it is that one. Any other has an id made of the key.
    Refuses: one that was changed since. Faults: not found, invalid, key reused.
    """
    asked = askings("keep_articles", [_undated(one) for one in batch], lambda _: None)
    await sort_out(tx, asked, ArticlesKept)
    todo, rows = [one for one in asked if one.open], list[Kept]()
    for one in todo:
        one.outcome = await _kept(tx, one.command)
        if isinstance(one.outcome, ArticlesKept):
            rows += kept(one, NOBODY, article_subject(one.outcome.ids[0]))
    await look_again(tx, todo, ArticlesKept)
    await tx.write(keep(tx, rows))
    return settle_followers(asked)


def _undated(command: KeepArticles) -> KeepArticles:
    """When it was told is no part of what was told."""
    told = tuple(replace(one, changed_at=_ANY_TIME) for one in command.articles)
    return replace(command, articles=told)


async def _kept(tx: Tx, command: KeepArticles) -> ArticlesOutcome:
    told = command.articles
    named = {each.article_id for each in told} | {each.of for each in told}
    wishes = {_wished(each) for each in told} - {""}
    there = await read.some_articles(tx, named | wishes, held=True)
    ids = {each.article_id: _id(each, there, command.asked) for each in told}
    for each in told:
        no = _wrong(each, there, ids)
        if no is not None:
            return no
    there |= await read.some_articles(tx, set(ids.values()), held=True)
    fresh = [_as_kept(tx, each, ids, there) for each in told]
    await tx.write(write.keep_articles(tx, [one for one in fresh if one is not None]))
    return ArticlesKept(tuple(ids[each.article_id] for each in told))


def _as_kept(
    tx: Tx, told: Article, ids: Mapping[str, str], there: Mapping[str, Article]
) -> Article | None:
    """As it is kept; nothing where it is so already."""
    before = there.get(ids[told.article_id])
    version = max(int(tx.now.timestamp() * 1_000_000), before.version + 1 if before else 1)
    own = {"article_id": ids[told.article_id], "of": ids.get(told.of, told.of)}
    after = replace(told, **own, version=version, changed_at=tx.now)
    if before is None:
        return after
    same = replace(after, version=before.version, changed_at=before.changed_at) == before
    return None if same else after


def _id(told: Article, there: Mapping[str, Article], asked: Asked) -> str:
    if not told.article_id.startswith(NEW):
        return told.article_id
    wish = _wished(told)
    if wish and (wish not in there or there[wish].kind == told.kind):
        return wish
    made = "\0".join((asked.principal, asked.key, told.article_id))
    return blake2b(made.encode(), digest_size=_LONGEST // 2).hexdigest()


def _wished(told: Article) -> str:
    """The id that rules would name it by; nothing where none fits."""
    if not told.article_id.startswith(NEW):
        return ""
    wish = {"category": told.name, "variation": told.sku}.get(told.kind, "")
    fits = len(wish) <= _LONGEST and wish.isprintable() and "/" not in wish
    return wish if fits and not wish.startswith(NEW) else ""


def _wrong(
    told: Article, there: Mapping[str, Article], ids: Mapping[str, str]
) -> Refused | Fault | None:
    if told.kind == "variation" and not told.of:
        return Invalid("say of which item this is", field="/object")
    of = there.get(told.of)
    if told.of and told.of not in ids and (of is None or of.deleted):
        return NotFound("what this belongs to is not there", field="/object")
    return None if told.article_id.startswith(NEW) else _changed(told, there)


def _changed(told: Article, there: Mapping[str, Article]) -> Refused | Fault | None:
    before = there.get(told.article_id)
    if before is None or before.deleted:
        return NotFound("there is no such article here", field="/object/id")
    if before.kind != told.kind:
        return Invalid("this is of another kind", field="/object/type")
    if told.version and told.version != before.version:
        says = f"this is version {before.version} of it, not {told.version}"
        return Refused("bill_changed", says, {"version": before.version})
    return None
