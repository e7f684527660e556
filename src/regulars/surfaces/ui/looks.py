"""How a shop looks on every screen: its colours as a style sheet, its logo, its icons."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from regulars.base.faults import NotFound
from regulars.records.access.staff.read import program_called
from regulars.records.program.opening import read
from regulars.records.program.opening.types import PLAIN, Look
from regulars.surfaces.given import Given
from regulars.surfaces.ui.branding import accent_of, theme_of
from regulars.surfaces.ui.paper import FOR_EVER, text_answer
from regulars.surfaces.ui.pictures import ICONS, icon_of

KEPT_S: Final = 2.0
"""Another process of ours shows a change after so long at the latest."""
OURS: Final = "#0f5c4d"
OUR_PAPER: Final = "#f8f5ef"
_SIDES: Final = {f"{side}.png": side for side in ICONS}
"""Which icon a name is of; every other name is none, however it is spelled."""


class Dress(Struct, frozen=True):
    """A shop's look as pages use it: addresses, or nothing where it chose nothing."""

    sheet: str = ""
    logo: str = ""
    icons: str = ""
    """Where its icons are: `/192.png` follows."""
    colour: str = OURS
    """Its colour by day, as it can be read on paper."""

    def icon(self, side: int) -> str:
        """The address of an icon of this size; nothing without a logo."""
        assert side in ICONS, side
        return f"{self.icons}/{side}.png" if self.icons else ""


BARE: Final = Dress()


class Looks:
    """Looks up how shops look, and remembers it for a moment."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._kept: dict[int, tuple[float, Dress]] = {}

    async def of(self, program_id: int | None) -> Dress:
        """How this shop looks."""
        if program_id is None:
            return BARE
        kept = self._kept.get(program_id)
        if kept is not None and kept[0] > self._given.ticks():
            return kept[1]
        terms = await self._given.programs.terms(program_id)
        async with self._given.database.transaction(program_id) as tx:
            found = dressed(terms.slug, await read.look(tx))
        self._kept[program_id] = (self._given.ticks() + KEPT_S, found)
        return found

    def forget(self, program_id: int) -> None:
        """It was just changed through us."""
        self._kept.pop(program_id, None)


def dressed(slug: str, look: Look) -> Dress:
    """The addresses of a look; a change has other ones, so each may be kept for ever."""
    if look == PLAIN:
        return BARE
    at = f"/looks/{slug}/{look.revision}"
    return Dress(
        f"{at}/look.css" if look.accent else "",
        f"{at}/logo.png" if look.has_logo else "",
        at if look.has_logo else "",
        accent_of(look.accent).light if look.accent else OURS,
    )


def manifest_icons(dress: Dress, otherwise: list[dict[str, str]]) -> list[dict[str, str]]:
    """The icons of an installed page: the shop's, else ours."""
    if not dress.icons:
        return otherwise
    return [
        {"src": dress.icon(side), "sizes": f"{side}x{side}", "type": "image/png", "purpose": why}
        for side in (192, 512)
        for why in ("any", "maskable")
    ]


def look_routes(given: Given) -> list[HTTPRouteHandler]:
    """The style sheet, the logo and the icons of each shop, for everybody."""

    @get("/looks/{slug:str}/{revision:int}/{name:str}")
    async def part(request: Request[Any, Any, Any]) -> Response[Any]:
        asked = request.path_params
        slug, name = str(asked["slug"]), str(asked["name"])
        async with given.front.transaction(0) as tx:
            program_id = None if "\0" in slug else await program_called(tx, slug)
        if program_id is None:
            raise NotFound("there is no such file")
        async with given.database.transaction(program_id) as tx:
            look = await read.look(tx)
            logo = None if name.endswith(".css") else await read.logo(tx)
        return await _part(given, (look, logo), name, kept=look.revision == asked["revision"])

    return [part]


async def _part(
    given: Given, found: tuple[Look, bytes | None], name: str, *, kept: bool
) -> Response[Any]:
    """A page of an older look that is still open gets today's, but may not keep it."""
    look, logo = found
    keep = FOR_EVER if kept else "no-store"
    if name == "look.css" and look.accent:
        return text_answer(theme_of(accent_of(look.accent)), "text/css", keep=keep)
    if logo is not None and name == "logo.png":
        return text_answer(logo, "image/png", keep=keep)
    if logo is not None and name in _SIDES:
        drawn = await given.aside(partial(icon_of, logo), _SIDES[name])
        return text_answer(drawn, "image/png", keep=keep)
    raise NotFound("there is no such file")
