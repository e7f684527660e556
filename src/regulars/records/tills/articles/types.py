"""An article, one of its variations, or a category."""

from __future__ import annotations

from datetime import datetime
from hashlib import md5
from typing import Literal
from uuid import UUID

from msgspec import Struct

ArticleKind = Literal["item", "variation", "category"]


class Article(Struct, frozen=True):
    """Something that was told of what is for sale."""

    article_id: str
    kind: ArticleKind
    name: str
    version: int
    changed_at: datetime
    of: str = ""
    """Of a variation: its item. Of an item: its category, where it has one."""
    sku: str = ""
    """Of a variation: the till's own number."""
    price_minor: int | None = None
    """Of a variation: what a piece costs, where that is fixed."""
    deleted: bool = False


def article_subject(article_id: str) -> UUID:
    """For what the key of whoever told an article stands, as ids of articles are texts."""
    return UUID(bytes=md5(article_id.encode(), usedforsecurity=False).digest())
