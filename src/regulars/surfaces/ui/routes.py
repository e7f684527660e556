"""The addresses of what all screens share: their files, and a page that shows every component."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import NotFound
from regulars.surfaces.ui.coming import asked_for, kept_in
from regulars.surfaces.ui.paper import page, static_answer
from regulars.surfaces.ui.reader import Reader, language_of

Asked = Request[Any, Any, Any]


def ui_routes() -> list[HTTPRouteHandler]:
    """Files of all faces, and the gallery."""
    return [static, gallery]


def reader_of(request: Asked, *, zone: str = "UTC", otherwise: str = "en") -> Reader:
    """Who looks at this page, as far as the request tells."""
    accepts = request.headers.get("accept-language")
    language = language_of(asked_for(request), kept_in(request), accepts, otherwise)
    return Reader(language, zone)


@get("/static/{edition:str}/{name:path}")
async def static(request: Asked) -> Response[Any]:
    """A style sheet, a script, a typeface, a sign."""
    asked = request.path_params
    accepts = request.headers.get("accept-encoding", "")
    found = static_answer(asked["edition"], str(asked["name"]).lstrip("/"), accepts)
    if found is None:
        raise NotFound("there is no such file")
    return found


@get("/docs/design")
async def gallery(request: Asked) -> Response[str]:
    """Every component, as one page."""
    shown = date(2026, 11, 27)
    return page("ui/templates/gallery.html", reader_of(request), theme=theme_of(request), day=shown)


def theme_of(request: Asked) -> str:
    """The theme that was asked for or chosen; nothing leaves it to the system."""
    for asked in (request.query_params.get("theme"), kept_in(request).get("theme")):
        if asked in ("light", "dark"):
            return str(asked)
    return ""
