"""The addresses of setting up, for whoever has the link; those of staff are in the console's."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from regulars.surfaces.console.begin import before
from regulars.surfaces.console.begin.link import COST, PATH
from regulars.surfaces.console.door.guard import open_form, open_page
from regulars.surfaces.console.door.proving import House


def begin_routes(house: House) -> list[HTTPRouteHandler]:
    """The link, each step behind it, and what a program would cost."""
    return [
        open_page(house, f"{PATH}/{{link:str}}", before.begin),
        open_page(house, f"{PATH}/{{link:str}}/{{step:str}}", before.show),
        open_form(house, f"{PATH}/{{link:str}}/{{step:str}}", before.do),
        open_page(house, f"{COST}/{{link:str}}", before.cost),
    ]
