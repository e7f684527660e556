"""Exports of a shop, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
from tests.makers import Shop

from regulars.insight.export.catalogue import files
from regulars.insight.export.cursor import cursor_of
from regulars.insight.export.manifest import Manifest
from regulars.insight.export.run import Order, export
from regulars.insight.export.tabling import opened

Rows = list[dict[str, Any]]


def export_of(shop: Shop, folder: Path, *, since: str = "", **more: Any) -> Manifest:
    """Export this shop's program."""
    return shop.run(exporting(shop, folder, since=since, **more))


async def exporting(shop: Shop, folder: Path, *, since: str = "", **more: Any) -> Manifest:
    slug = (await slugs(shop))[shop.program_id]
    order = Order(slug, more.pop("format", "parquet"), cursor_of(since) if since else None, **more)
    owner = await asyncpg.connect(shop.made.owner_dsn)
    app = await asyncpg.connect(shop.made.app_dsn)
    try:
        return await export(owner, app, folder, order)
    finally:
        await app.close()
        await owner.close()


async def slugs(shop: Shop) -> dict[int, str]:
    owner = await asyncpg.connect(shop.made.owner_dsn)
    try:
        return {r["program_id"]: r["slug"] for r in await owner.fetch("select * from program")}
    finally:
        await owner.close()


def table(folder: Path, name: str) -> Rows:
    """The rows of one file of an export."""
    (file,) = [one for one in files() if one.name == name]
    (path,) = (folder / file.layer).glob(f"{name}.*")
    return opened(file.columns, path).collect().to_dicts()


def everything(folder: Path) -> dict[str, Rows]:
    """The rows of every file, in an order of their own."""
    found = {}
    for path in sorted(folder.glob("*/*.*")):
        rows = table(folder, path.stem)
        found[path.stem] = sorted(rows, key=str)
    return found


def keys(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in names) for row in rows)
