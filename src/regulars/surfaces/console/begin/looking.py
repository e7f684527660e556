"""The shop's colour and logo: a step of setting up, and later a page of the settings."""

from __future__ import annotations

import re
from typing import Any, Final

from litestar import Response
from msgspec import UNSET, UnsetType

from regulars.base.faults import Fault
from regulars.flows.terms.keep_look import KeepLook, keep_look
from regulars.records.program.opening import read
from regulars.surfaces.console.begin.proposals import COLOURS
from regulars.surfaces.console.begin.steps import START, way_inside
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.branding import accent_of
from regulars.surfaces.ui.pictures import LARGEST, NoPicture, redrawn

LARGEST_UPLOAD: Final = LARGEST + 20_000
_NO_PICTURE: Final = N(
    "Take a PNG, JPEG or WebP picture of at most 3 MB; drawings (SVG) are not taken"
)
_NO_COLOUR: Final = N("A colour is written like #7a1f3d")
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")


async def look(here: Here, wrong: dict[str, str] | None = None, typed: str = "") -> Response[str]:
    """How the shop looks now, how it could, and where it shows."""
    async with here.transaction as tx:
        now = await read.look(tx)
    accent = accent_of(now.accent) if now.accent else None
    return here.page(
        "begin/look.html",
        status=422 if wrong else 200,
        way=way_inside(here.reader, "look"),
        form=here.form,
        wrong=wrong or {},
        now=now,
        typed=typed or now.accent or COLOURS[0],
        colours=COLOURS,
        accent=accent,
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """The colour and the logo that were chosen hold at once, on every screen."""
    chosen = (form.get("own") if form.get("accent") == "own" else form.get("accent")).lower()
    if chosen and not _COLOUR.fullmatch(chosen):
        return await look(here, {"own": here.reader.say(_NO_COLOUR)}, chosen)
    logo: bytes | UnsetType | None = None if form.get("without") else UNSET
    if form.files.get("logo"):
        try:
            logo = await here.given.aside(redrawn, form.files["logo"])
        except NoPicture:
            return await look(here, {"logo": here.reader.say(_NO_PICTURE)}, chosen)
    try:
        async with here.transaction as tx:
            kept = await keep_look(tx, KeepLook(here.by, chosen or UNSET, logo))
    except Fault as fault:
        return await look(here, {fault.field.lstrip("/"): here.told(fault)}, chosen)
    here.house.looks.forget(here.terms.program_id)
    moved = bool(kept.accent) and accent_of(kept.accent).moved
    changed = kept.revision != form.whole("revision")
    # A colour that was moved is shown with what became of it before anybody goes on.
    stays = form.get("stay") or (changed and (moved or logo is not UNSET))
    return redirect(f"{START}/look" if stays else f"{START}/store")
