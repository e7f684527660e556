"""The page of a web shop, asking as its script does: from an origin, with a key and a token."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

import httpx
from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.flows.access.api_keys import CreateKey, create_keys
from regulars.records.access.members.spelling import code_of

HERE = "https://shop.example"


def shop_key(counter: Counter, *origins: str) -> str:
    """The public key of a web shop whose pages come from here."""

    async def make(tx: Tx, _: Any) -> str:
        wish = CreateKey("shop", ("shop",), "owner", may=frozenset({"all"}), origins=origins)
        (made,) = await create_keys(tx, os.urandom, [wish])
        return made.shown  # type: ignore[union-attr]

    return counter.shop.do(make)


class ShopPage:
    """One browser on a page of a shop; `token` is what it holds of a member."""

    def __init__(self, counter: Counter, key: str, origin: str = HERE, token: str = "") -> None:
        self.counter, self.key, self.origin, self.token = counter, key, origin, token

    def ask(self, deed: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request of the script."""
        said = {"origin": self.origin} | headers
        if self.token:
            said["authorization"] = f"Bearer {self.token}"
        sent = {} if body is None else body
        return self.counter.post(f"/shop/v1/{self.key}/{deed}?lang=en", sent, key="", **said)

    def told(self, deed: str, body: Any = None) -> Any:
        """What is answered where all is well."""
        answer = self.ask(deed, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign_in(self, address: str) -> httpx.Response:
        """The digits that are sent to an address, typed."""
        id_ = self.told("code", {"address": address})["id"]
        digits = code_of(self.counter.given.keyed, UUID(id_))
        answer = self.ask("sign-in", {"id": id_, "code": digits})
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer
