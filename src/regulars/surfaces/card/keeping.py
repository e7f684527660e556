"""What makes the card stay in a telephone: its manifest, and the worker that keeps it offline."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.inside import Asked
from regulars.surfaces.ui import assets
from regulars.surfaces.ui.looks import BARE, Dress, manifest_icons
from regulars.surfaces.ui.paper import A_WHILE, NEVER, text_answer


def keeping_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The manifest of the installed card, and its worker."""

    async def manifest(_: Asked) -> Response[Any]:
        terms = await desk.given.programs.terms(await desk.program())
        name = terms.at(desk.given.now(terms.program_id)).program.name
        body = msgspec.json.encode(described(name, desk.dress))
        return text_answer(body, "application/manifest+json", keep=A_WHILE)

    return [desk.open(get, "/card/manifest.webmanifest", manifest), worker]


@get("/card/worker.js")
async def worker() -> Response[Any]:
    """The worker, at an address from which it may look after all of the card."""
    found = assets.asset("card/worker.js")
    assert found is not None
    answer = text_answer(found.plain, "text/javascript", keep=NEVER)
    answer.headers["service-worker-allowed"] = "/card"
    return answer


def described(name: str, look: Dress = BARE) -> dict[str, Any]:
    """The card as an application (W3C Web Application Manifest)."""
    return {
        "id": "/card",
        "name": name,
        "short_name": name[:12].strip(),
        "start_url": "/card",
        "scope": "/card",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f8f5ef",
        "theme_color": "#f8f5ef",
        "icons": manifest_icons(look, _ours()),
    }


def _ours() -> list[dict[str, str]]:
    return [
        {
            "src": assets.address(f"card/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
