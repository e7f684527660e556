"""A source of ours that such an account sends to, and a worker that is called by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.stripe.account import Account, signed
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.stripe.kind import Stripe

MAPPING = Stripe().mapping.replace(
    "plans: {} ", "plans: {price_plus: plus, price_club: club} "
).replace("source: stripe", "source: web-shop")  # fmt: skip


class Endpoint(Sender):
    """A source of the kind stripe, asked and told."""

    def __init__(self, counter: Counter, *, entered: bool = True) -> None:
        super().__init__(counter, MAPPING, "stripe")
        self.account = Account(self.shop.now, self.mark)
        database = self.shop.database
        parts = (database, Programs(database), counter.given.keyed, self.account.answers)
        self.catcher, self.looker = Catcher(*parts), Looker(*parts)
        self._heard = 0
        if entered:
            self.enter()

    def enter(self, **more: Any) -> httpx.Response:
        """The account's key and the secret of the endpoint, as somebody enters them."""
        said = {
            "address": "https://api.stripe.com", "key": self.account.key,
            "secret": self.account.secret,
        }  # fmt: skip
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", said | more)
        assert answer.status_code == 200, answer.text
        return answer

    def member(self, name: str) -> str:
        """Somebody with an e-mail and a card of this name; their address."""
        said = [{"kind": "email", "value": f"{name}@x.org"}, {"kind": "card", "value": name}]
        answer = self.counter.post("/v1/members", {"identifiers": said})
        assert answer.status_code == 201, answer.text
        return f"{name}@x.org"

    def tell(self, event: Any, at: datetime | None = None, *secrets: str) -> httpx.Response:
        """One delivery, signed now."""
        return self.shop.run(self.told(event, at, *secrets))

    async def told(self, event: Any, at: datetime | None = None, *secrets: str) -> httpx.Response:
        """The same, for who waits for it."""
        said = {name: value for name, value in event.items() if name != "_n"}
        body = msgspec.json.encode(said)
        header = signed(body, at or self.shop.now, *(secrets or (self.account.secret,)))
        sent = self.headers(header)
        return await self.counter.client.post(self.address, content=body, headers=sent)

    def headers(self, header: str) -> dict[str, str]:
        return {"content-type": "application/json; charset=utf-8", "stripe-signature": header}

    def hear(self) -> None:
        """Everything that happened since is told and booked, by the account's clock."""
        self.shop.now = max(self.shop.now, self.account.clock)
        for event in self.account.told[self._heard :]:
            assert self.tell(event).status_code == 202
        self._heard = len(self.account.told)
        self.work()

    def work(self) -> None:
        """What came is booked, what was hinted at is asked for and booked, too."""
        self.account.clock = max(self.account.clock, self.shop.now)
        self.book()
        self.shop.run(self.looker.look(self.shop.program_id))
        self.book()

    def catch_up(self) -> dict[str, Any]:
        """The account is asked, as the worker does it; how far it is then."""
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        self.work()
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]

    def membership(self, sub_id: str) -> dict[str, Any]:
        """The membership that was begun by this subscription."""
        place = f"/v1/memberships/web-{self.mark}:{sub_id}"
        answer = self.counter.get(place)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def paid(self, sub_id: str) -> int:
        """What is paid of the term that runs, in minor units."""
        id_ = self.membership(sub_id)["id"].removeprefix("mbs_")
        ((minor,),) = self.shop.rows(_PAID, id_)
        return minor  # type: ignore[no-any-return]

    def turns(self, sub_id: str) -> list[str]:
        """What happened to it, in its order."""
        return [turn["what"] for turn in self.membership(sub_id)["turns"]]

    def became(self) -> list[tuple[str, str]]:
        """State and code of whatever tells whole subscriptions, in its order."""
        inlet = self.made["id"].removeprefix("inl_")
        return self.shop.rows(_WHOLE, inlet)  # type: ignore[return-value]


_PAID = """
select paid_minor from membership_turn
 where program_id = $1 and membership_id = $2::text::uuid order by step desc limit 1
"""
_WHOLE = """
select state, code from arrival
 where program_id = $1 and inlet_id = $2::text::uuid and type = 'subscription' order by arrival_id
"""
