"""A source of ours that such an account sends to, and a worker that is called by hand."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.square_tills.account import Account, signed
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.square.selling.kind import Square

MAPPING = Square().mapping.replace("source: square ", "source: web-shop ")


class Endpoint(Sender):
    """A source of the kind square, asked and told."""

    def __init__(
        self, counter: Counter, account: Account | None = None, *, entered: bool = True
    ) -> None:
        super().__init__(counter, MAPPING, "square")
        self.account = account or Account()
        self.url = f"https://{counter.client.base_url.host}{self.address}"
        database = self.shop.database
        parts = (database, Programs(database), counter.given.keyed, self.account.answers)
        self.catcher, self.looker = Catcher(*parts), Looker(*parts)
        self._heard = 0
        if entered:
            self.enter()

    def enter(self, **more: Any) -> httpx.Response:
        """The account's token and the key of the subscription, as somebody enters them."""
        keys = {"key": self.account.token, "secret": self.account.key}
        said = {"address": "https://connect.squareup.com", **keys}
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", said | more)
        assert answer.status_code == 200, answer.text
        return answer

    def member(self, name: str, **more: str) -> str:
        """Somebody with an e-mail and a card of this name; their address."""
        said = [{"kind": "email", "value": f"{name}@x.org"}, {"kind": "card", "value": name}]
        said += [{"kind": kind, "value": value} for kind, value in more.items()]
        answer = self.counter.post("/v1/members", {"identifiers": said})
        assert answer.status_code == 201, answer.text
        return f"{name}@x.org"

    def headers(self, body: bytes) -> dict[str, str]:
        """What Square sends above a body."""
        return {
            "content-type": "application/json",
            "x-square-hmacsha256-signature": signed(self.account.key, self.url, body),
            "square-environment": "Production",
        }

    def tell(self, event: Any) -> httpx.Response:
        """One delivery."""
        body = event if isinstance(event, bytes) else msgspec.json.encode(event)
        return self.post(body, self.headers(body))

    async def told(self, event: Any) -> httpx.Response:
        """The same, for who waits for it."""
        body = msgspec.json.encode(event)
        sent = self.headers(body)
        return await self.counter.client.post(self.address, content=body, headers=sent)

    def hear(self) -> None:
        """Everything that happened since is told, asked for and booked, by the account's clock."""
        self.shop.now = max(self.shop.now, self.account.clock)
        for event in self.account.told[self._heard :]:
            assert self.tell(event).status_code == 202
        self._heard = len(self.account.told)
        self.work()

    def work(self) -> None:
        """What came is booked, what was hinted at is asked for and booked, too."""
        self.book()
        self.shop.run(self.looker.look(self.shop.program_id))
        self.book()

    def catch_up(self) -> dict[str, Any]:
        """The account is asked, as the worker does it; how far it is then."""
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        self.work()
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]

    def became(self) -> list[tuple[str, str]]:
        """State and code of whatever tells whole orders, in its order."""
        inlet = self.made["id"].removeprefix("inl_")
        return self.shop.rows(_WHOLE, inlet)  # type: ignore[return-value]

    def kinds(self, kind: str) -> int:
        """How many activities of this kind its events gave."""
        ((many,),) = self.shop.rows(_KINDS, self.made["id"].removeprefix("inl_"), kind)
        return many  # type: ignore[no-any-return]


_WHOLE = """
select state, code from arrival
 where program_id = $1 and inlet_id = $2::text::uuid and type = 'order' order by arrival_id
"""
_KINDS = """
select count(distinct v.activity_id) from arrival a
  join arrival_activity g using (program_id, arrival_id)
  join activity v using (program_id, activity_id)
 where a.program_id = $1 and a.inlet_id = $2::text::uuid and v.kind = $3::text
"""
