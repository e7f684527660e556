"""The page of the demo's web shop, where its orders go, and the telephone that lies beside it."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import httpx
import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response, get, post

from regulars.records.access.members.spelling import code_of
from regulars.runtime.examples.shop.guests import guest_phone
from regulars.runtime.examples.shop.window.goods import GOODS, text_of_minor
from regulars.runtime.examples.shop.window.selling import NotSold, Order, ShopServer
from regulars.runtime.installation.settings import Settings
from regulars.surfaces.given import Given
from regulars.surfaces.ui.paper import NEVER, sent, text_answer
from regulars.surfaces.ui.reader import Reader, language_of

Asked = Request[Any, Any, Any]
HERE: Final = files(__package__)
KINDS: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
GUEST: Final = 2
"""The guest whose telephone is suggested; the demo opens the card of the same one."""
_LAST: Final = """
select code_id, recorded_at from sign_in_code
 where program_id = $1::int and member_id is not null and purpose = 'sign_in' and used_at is null
   and machine is not null and recorded_at > $2::timestamptz - interval '10 minutes'
 order by recorded_at desc limit 1
"""
_order = msgspec.json.Decoder(Order)


def window_routes(given: Given, settings: Settings) -> list[Any]:
    """The web shop of the demo."""

    @get("/demo-shop")
    async def shop(request: Asked) -> Response[str]:
        told = _told(settings)
        language = language_of(
            request.query_params, {}, request.headers.get("accept-language"), "en"
        )
        words = _words().get(language, _words()["en"])
        reader = Reader(language)
        page = _templates().get_template("shop.html")
        return sent(
            page.render(
                words=words, key=told["shop_key"], goods=GOODS.values(), reader=reader,
                text=text_of_minor, phone=guest_phone(GUEST),
                theme=request.query_params.get("theme", ""),
            ),
            keep=NEVER,
        )  # fmt: skip

    @get("/demo-shop/files/{name:str}")
    async def file(request: Asked) -> Response[Any]:
        found = _files().get(request.path_params["name"])
        if found is None:
            return text_answer(b"", "text/plain", status=404)
        return text_answer(found, KINDS[request.path_params["name"].rpartition(".")[2]])

    @post("/demo-shop/orders", status_code=200)
    async def order(request: Asked) -> Response[Any]:
        try:
            wanted = _order.decode(await request.body())
        except msgspec.MsgspecError:
            return _json({"no": "unknown"}, 422)
        key = {"authorization": f"Bearer {_told(settings)['api_key']}"}
        base = settings.base_url
        async with httpx.AsyncClient(base_url=base, headers=key, timeout=10) as api:
            try:
                return _json(msgspec.to_builtins(await ShopServer(api).sell(wanted)))
            except NotSold as no:
                return _json({"no": str(no)}, 409)

    @get("/demo-shop/telephone")
    async def telephone() -> Response[Any]:
        program_id = await given.shown_program()
        if program_id is None:
            return _json({"code": ""})
        async with given.database.transaction(program_id) as tx:
            rows = await tx.fetch(_LAST, program_id, tx.now)
        code = code_of(given.keyed, rows[0]["code_id"]) if rows else ""
        return _json({"code": code})

    return [shop, file, order, telephone]


def _json(told: Any, status: int = 200) -> Response[Any]:
    return text_answer(msgspec.json.encode(told), "application/json", keep=NEVER, status=status)


def _told(settings: Settings) -> dict[str, Any]:
    """What the demo wrote down about itself; the secret key among it stays on this side."""
    found: dict[str, Any] = json.loads((settings.home / "demo.json").read_text())
    return found


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(HERE.joinpath("words.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def _files() -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in HERE.joinpath("static").iterdir()}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
