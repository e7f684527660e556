"""A member's telephone: signed in at a shop, it opens pages of the card and sends their forms."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import httpx
from tests.surfaces.counter import Counter

from regulars.records.members.types import MemberRef
from regulars.surfaces.signing_in import COOKIE_PLAIN, SigningIn


class Pocket:
    """The browser of one member; it keeps cookies."""

    def __init__(self, counter: Counter, member_id: str | None = None) -> None:
        self.counter = counter
        self.cookies: dict[str, str] = {}
        if member_id is not None:
            self.cookies[COOKIE_PLAIN] = signed_in(counter, UUID(member_id[4:]))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page; where it leads on is not followed."""
        return self._keep(self.counter.get(path, key="", **self._with(headers)))

    def send(self, path: str, page: str | None = None, **fields: str) -> httpx.Response:
        """Fill in the form of a page (of this address, unless said) and send it."""
        shown = self.get(page or path).text
        proof = re.search(r'name="proof" value="([0-9a-f]+)"', shown)
        assert proof is not None, shown
        return self.post(path, proof=proof[1], **fields)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send these fields as they are."""
        body = str(httpx.QueryParams(fields)).encode()
        headers = self._with({"content_type": "application/x-www-form-urlencoded"})
        return self._keep(self.counter.post(path, body, key="", **headers))

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**headers, **({"cookie": cookies} if cookies else {})}

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        # The client of the counter is everybody's; cookies are each browser's own.
        self.counter.client.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            value = rest.split(";")[0].strip('"')
            gone = "max-age=0" in line.lower() or not value
            self.cookies.pop(name, None) if gone else self.cookies.update({name: value})
        return answer


def signed_in(counter: Counter, member_id: UUID) -> str:
    """A session of this member: what its cookie holds."""
    door, shop = SigningIn(counter.given), counter.shop

    async def come_in() -> Any:
        handed = await door.hand_link(shop.program_id, MemberRef(id=member_id))
        return await door.by_link(shop.program_id, handed.link)  # type: ignore[union-attr]

    return str(shop.run(come_in()).token)
