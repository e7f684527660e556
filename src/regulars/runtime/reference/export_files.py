"""The page of export files, from the heads of the SQL files they are made by."""

from __future__ import annotations

from typing import Final

from regulars.insight.export.catalogue import LAYERS, LEFT_OUT, File, files
from regulars.insight.export.manifest import described
from regulars.runtime.reference.markdown import page, table

_ABOUT: Final = """
`regulars export FOLDER` writes these files from one snapshot, as Parquet or CSV, with a
`manifest.json` (columns, rows, sums, digests, cursor) and a README. Instants are ISO 8601 in UTC (a
timestamp with zone in Parquet), amounts of money whole minor units, points whole numbers of the
wallet's smallest unit. An empty field of a CSV file is no value; JSON lies as text in its column.
Columns are only ever added.

*Fresh* says what `--since` gives of a file: rows **appended** since come once; of **members** of
whom something is fresh everything comes, to replace what you have of them; a **whole** file comes
each time. A file whose table an installation does not have is left out.
"""
_FRESH: Final = {"members": "members", "whole": "whole", "unseen": "appended"}


def export_files_page() -> str:
    """Every file of an export with its columns."""
    parts = [_ABOUT]
    for layer, title in LAYERS.items():
        parts.append(f"## {title}")
        parts += [_one(file) for file in files() if file.layer == layer]
    parts.append("## What stays")
    parts.append(table(("table", "why"), [(f"`{name}`", why) for name, why in LEFT_OUT.items()]))
    return page("Export files", "src/regulars/insight/export/files", parts)


def _one(file: File) -> str:
    fresh = _FRESH.get(file.delta.split(",")[0], "appended")
    sums = ", ".join(f"`{name}`" for name in file.totals)
    said = f"Fresh: {fresh}." + (f" Sums in the manifest: {sums}." if sums else "")
    return f"### `{file.layer}/{file.name}`\n\n{file.says} {said}\n\n{described(file)}"
