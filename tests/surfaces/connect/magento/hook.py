"""A source of ours that such a shop sends to, and a worker that is called by hand."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.magento.shop import CLIENT, MagentoShop, pem
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.magento.kind import Magento

MAPPING = (
    Magento()
    .mapping.replace("source: magento ", "source: web-shop ")
    .replace("category: category}", 'category: {column: sku, values: {a4-80: paper, "*": ""}}}')
    .replace("# cart: {rewards: [five-off]}", "cart: {rewards: [five-off, twenty-off]}")
)


class Endpoint(Sender):
    """A source of the kind magento, asked and told."""

    def __init__(self, counter: Counter, store: MagentoShop, *, entered: bool = True) -> None:
        super().__init__(counter, MAPPING, "magento")
        self.store = store
        database = self.shop.database
        parts = (database, Programs(database), counter.given.keyed, store.answers)
        self.catcher, self.looker = Catcher(*parts), Looker(*parts)
        self._heard = 0
        if entered:
            self.enter()

    def enter(self, **more: Any) -> httpx.Response:
        """Access token, public key and project, as somebody enters them."""
        said = {"address": "https://shop.example.org", "key": self.store.token}
        said |= {"secret": pem(self.store.own), "client": CLIENT}
        said |= self.store.integration.keys if self.store.integration else {}
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", said | more)
        assert answer.status_code == 200, answer.text
        return answer

    def member(self, name: str) -> str:
        """Somebody with an e-mail and a card of this name; their address."""
        said = [{"kind": "email", "value": f"{name}@x.org"}, {"kind": "card", "value": name}]
        answer = self.counter.post("/v1/members", {"identifiers": said})
        assert answer.status_code == 201, answer.text
        return f"{name}@x.org"

    def tell(self, event: Any, *, by_adobe: bool = False) -> httpx.Response:
        """One delivery."""
        body = event if isinstance(event, bytes) else msgspec.json.encode(event)
        headers = self.store.io_headers(body) if by_adobe else self.store.headers(body)
        return self.post(body, headers)

    async def told(self, event: Any) -> httpx.Response:
        """The same, for who waits for it."""
        body = msgspec.json.encode(event)
        headers = self.store.headers(body)
        return await self.counter.client.post(self.address, content=body, headers=headers)

    def hear(self) -> None:
        """Everything that happened since is told, asked for and booked, by the shop's clock."""
        self.shop.now = max(self.shop.now, self.store.clock)
        for event in self.store.told[self._heard :]:
            answer = self.tell(event)
            assert (answer.status_code, answer.json()) == (200, {"op": "success"})
        self._heard = len(self.store.told)
        self.work()

    def work(self) -> None:
        """What came is booked, what was hinted at is asked for and booked, too."""
        self.book()
        self.shop.run(self.looker.look(self.shop.program_id))
        self.book()

    def catch_up(self) -> dict[str, Any]:
        """The shop is asked, as the worker does it; how far it is then."""
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        self.work()
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]

    def kinds(self, kind: str) -> int:
        """How many activities of this kind its events gave."""
        ((many,),) = self.shop.rows(_KINDS, self.made["id"].removeprefix("inl_"), kind)
        return many  # type: ignore[no-any-return]

    def types(self, type_: str) -> int:
        """How many events of this type are kept."""
        ((many,),) = self.shop.rows(_TYPES, self.made["id"].removeprefix("inl_"), type_)
        return many  # type: ignore[no-any-return]


_KINDS = """
select count(distinct v.activity_id) from arrival a
  join arrival_activity g using (program_id, arrival_id)
  join activity v using (program_id, activity_id)
 where a.program_id = $1 and a.inlet_id = $2::text::uuid and v.kind = $3::text
"""
_TYPES = """
select count(*) from arrival
 where program_id = $1 and inlet_id = $2::text::uuid and type = $3::text
"""
