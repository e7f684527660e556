"""The API of one shop, asked the way a till asks: over HTTP, with a key, on a real database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import msgspec
from msgspec.structs import replace
from tests.makers import Made, Shop

from regulars.base.tx import Tx
from regulars.flows.access.api_keys import CreateKey, create_keys
from regulars.records.program.templates import load_template
from regulars.runtime.serving.asgi import given_with
from regulars.surfaces.app import build

Body = dict[str, Any] | list[Any] | bytes | None


class Counter:
    """One shop behind its API; `client` keeps no state between requests."""

    def __init__(self, shop: Shop, **instead: Any) -> None:
        """`instead` is what the API is given in place of the real thing."""
        self.shop = shop
        self.given = replace(given_with(shop.database, self._shown, width=3), **instead)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(build(self.given, later=True)),  # type: ignore[arg-type]
            base_url="http://shop.test",
        )
        self.key = self.made_key("all")

    @classmethod
    def open(cls, made: Made, template: str = "coffee-shop", source: str = "") -> Counter:
        return cls(Shop.open(made, source or load_template(template)))

    def close(self) -> None:
        self.shop.run(self.client.aclose())
        self.shop.close()

    async def _shown(self) -> int | None:
        return self.shop.program_id

    def made_key(self, *scopes: str, at: str = "") -> str:
        """A key with these scopes, as it is shown once; that of a web shop says where it is."""

        async def make(tx: Tx, _: Any) -> str:
            origins = (at,) if at else ()
            command = CreateKey("till", scopes, "owner", may=frozenset({"all"}), origins=origins)
            (made,) = await create_keys(tx, os.urandom, [command])
            return made.shown  # type: ignore[union-attr]

        return self.shop.do(make)

    async def send(
        self, method: str, path: str, body: Body = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request; header names with underscores for hyphens, an empty key is none."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        shown = self.key if key is None else key
        if shown:
            said.setdefault("authorization", f"Bearer {shown}")
        content = None
        if body is not None:
            said.setdefault("content-type", "application/json")
            content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.client.request(method, path, content=content, headers=said)

    def ask(self, method: str, path: str, body: Body = None, **more: Any) -> httpx.Response:
        """One request and its answer."""
        return self.shop.run(self.send(method, path, body, **more))

    def post(self, path: str, body: Body = None, **more: Any) -> httpx.Response:
        return self.ask("POST", path, body, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def at_once(self, requests: Sequence[Callable[[], Any]]) -> list[httpx.Response]:
        """These requests at the same time."""

        async def all_of_them() -> list[httpx.Response]:
            return list(await asyncio.gather(*(request() for request in requests)))

        return self.shop.run(all_of_them())

    def joined(self, card: str) -> str:
        """The id of somebody who joined with this card."""
        body = {"identifiers": [{"kind": "card", "value": card}], "given_name": "Ada"}
        answer = self.post("/v1/members", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def buys(card: str, minor: int, **more: Any) -> dict[str, Any]:
    """A purchase of one amount."""
    return {
        "kind": "purchase",
        "member": {"card": card},
        "amount": {"minor": minor, "currency": "EUR"},
        **more,
    }


def coffee(card: str, cups: int = 1, minor: int = 350, **more: Any) -> dict[str, Any]:
    """A purchase of some cups of coffee, in one line."""
    line = {
        "sku": "latte",
        "category": "coffee",
        "quantity": cups,
        "amount": {"minor": minor * cups, "currency": "EUR"},
    }
    return {"kind": "purchase", "member": {"card": card}, "lines": [line], **more}


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, code and the place of the first slip."""
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["status"] == answer.status_code
    assert said["type"] == f"/docs/problems/{said['code']}"
    slips = said.get("errors", [{}])
    return said["status"], said["code"], slips[0].get("pointer", slips[0].get("parameter", ""))
