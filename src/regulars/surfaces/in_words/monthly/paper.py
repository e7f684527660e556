"""The page about a month as HTML and as PDF, both of the same content."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.ui.paper import rendered

MEDIA: Final = "application/pdf"
_TEMPLATE: Final = "paper.typ"


def html_of(told: Told) -> str:
    """A page that stands for itself: no file beside it, no script."""
    return rendered("in_words/monthly/page.html", told=told)


async def pdf_of(told: Told, at: datetime) -> bytes:
    """A PDF of one page A4, tagged and in the language it is written in (PDF/UA-1).

    Keeps: texts go in as data (`sys.inputs`), never as markup; fonts are ours, so it looks alike
    on every machine; nothing is fetched. `at` is written into it as when it was made.
    """
    return await asyncio.to_thread(_compiled, "pdf", told, at)


def picture_of(told: Told, at: datetime) -> bytes:
    """The same as PNG, to be looked at."""
    return _compiled("png", told, at)


def _compiled(kind: Literal["pdf", "png"], told: Told, at: datetime) -> bytes:
    import typst  # thirty megabytes: only where a PDF is made

    return typst.compile(
        _template(),
        font_paths=_fonts(),
        format=kind,
        ppi=110.0,
        sys_inputs={"told": msgspec.json.encode(told).decode()},
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        timestamp=int(at.timestamp()),
    )


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files(__package__).joinpath(_TEMPLATE).read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    with as_file(files(__package__).joinpath("fonts")) as folder:
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(folder)]
        )
