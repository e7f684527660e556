"""The addresses of the web-shop face: the script, and what it asks for."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from litestar import Response, get, route
from litestar.handlers import HTTPRouteHandler

from regulars.surfaces.api.access import Access
from regulars.surfaces.given import Given
from regulars.surfaces.shop import asking, coming_in, standing
from regulars.surfaces.shop.desk import Asked, Deed, Desk
from regulars.surfaces.ui import assets
from regulars.surfaces.ui.paper import A_WHILE, FOR_EVER, GUARDED

SCRIPT: Final = "shop/regulars.js"
DEEDS: Final[dict[str, Deed]] = {
    "hello": standing.hello,
    "member": standing.member,
    "code": coming_in.ask_for_code,
    "sign-in": coming_in.sign_in,
    "join": coming_in.join,
    "sign-out": coming_in.sign_out,
    "preview": asking.preview,
    "prices": asking.prices,
    "may": asking.may,
    "redeem": asking.redeem,
    "give-back": asking.give_back,
    "friend-link": asking.friend_link,
}
"""Everything a page may ask for, and nothing of it is about anybody but who is signed in there."""


def shop_routes(
    given: Given, access: Access, channels: frozenset[str] | None = None
) -> list[HTTPRouteHandler]:
    """The script for web shops and the addresses it talks to.

    `channels`: by what codes are sent here, where that is not what is set up for the house.
    """
    desk = Desk(given, access, given.channels if channels is None else channels)

    @route("/shop/v1/{key:str}/{deed:str}", http_method=["POST", "OPTIONS"], status_code=200)
    async def asked(request: Asked) -> Response[Any]:
        if request.method == "OPTIONS":
            return await desk.may_ask(request)
        return await desk.answer(request, DEEDS)

    return [script, script_of_edition, asked]


@get("/shop/regulars.js")
async def script(request: Asked) -> Response[Any]:
    """The script by the address shops write down: it is asked every few minutes what is new."""
    return _script(request, A_WHILE)


@get("/shop/{edition:str}/regulars.js")
async def script_of_edition(request: Asked) -> Response[Any]:
    """The same of one edition, kept for ever; of another one it is today's, and not kept."""
    same = request.path_params["edition"] == assets.edition()
    return _script(request, FOR_EVER if same else "no-store")


def _script(request: Asked, keep: str) -> Response[Any]:
    found = assets.asset(SCRIPT)
    assert found is not None
    assert found.packed is not None
    tag = f'"{sha256(found.plain).hexdigest()[:16]}"'
    headers = GUARDED | {
        "cache-control": keep,
        "etag": tag,
        "vary": "accept-encoding",
        "cross-origin-resource-policy": "cross-origin",
    }
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(b"", status_code=304, media_type=found.kind, headers=headers)
    body = found.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers = found.packed, headers | {"content-encoding": "gzip"}
    return Response(body, media_type=found.kind, headers=headers)
