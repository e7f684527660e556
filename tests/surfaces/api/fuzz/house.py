"""What must be there before an operation can say yes: for each case somebody who may, and something
that can still be confirmed, undone, accepted or ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.makers import Shop
from tests.runtime.working.senders.push_service import Browser
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter, coffee

EVERYTHING: Final = (Path(__file__).parent / "everything.yaml").read_text()
LATER: Final = datetime(2027, 1, 1, tzinfo=UTC)
EUR: Final = {"minor": 1_000, "currency": "EUR"}
WHY: Final = {"reason": "As agreed at the counter"}
Said = dict[str, Any]
"""What a case says besides the example: `path`, `query`, and `body` over the example's."""
Scene = Callable[["House"], Iterator[Said]]


class House:
    """A shop with something of everything, and those who are met in it."""

    def __init__(self, database: Any, **instead: Any) -> None:
        self.counter = Counter(Shop.open(database, EVERYTHING), **instead)
        self._numbers = count(1)
        self.known: dict[str, str] = {}
        # Somebody who came long ago: their stamps have lapsed, a notice lies in their inbox.
        self.veteran = self.member()
        self.buys(self.veteran)
        self.lapsed = self.lot(self.veteran, "stamps")
        self.counter.shop.at("2026-06-02 12:00")
        self.counter.shop.night()

    def fresh(self) -> int:
        """A number nobody had yet."""
        return next(self._numbers)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """What a good request answers."""
        answer = self.counter.ask(method, path, body or None)
        assert answer.is_success, (method, path, body, answer.text)
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, **body)

    def listed(self, path: str) -> list[Any]:
        found: list[Any] = self.ask("GET", path)["items"]
        return found

    def member(self) -> str:
        """Somebody new."""
        return self.counter.joined(f"C-{self.fresh()}")

    def buys(self, member: str) -> str:
        """A sale that makes anybody gold, and whose miles wait to be confirmed."""
        sale = coffee("", 200, 90_000) | {"member": {"id": member}}
        return str(self.post("/v1/activities", **sale)["id"])

    def meet(self) -> None:
        """Somebody and something of their own for one operation: the one before may have erased,
        merged or spent whom and what it met."""
        member, other, head = self.member(), self.member(), self.member()
        sale = self.buys(member)
        wish = {"member": {"id": member}, "reward": "free-coffee"}
        spare = self.post("/v1/api-keys", name="spare", scopes=["books:read"])
        self.known = {
            "member_id": member,
            "other_id": other,
            "activity_id": sale,
            "redemption_id": self.post("/v1/redemptions", **wish)["id"],
            "key_id": spare["id"],
            "household_id": self.post("/v1/households", head={"id": head})["id"],
            "lot_id": self.lot(member, "points"),
            "version": "1",
            "tier": "black",
            "benefit": "companion",
            "device_id": self.tells(member),
        }

    def tells(self, member: str) -> str:
        """A device on which this member is told."""
        told = Browser("https://push.example.org").subscription()
        keys = {"p256dh": told["p256dh"], "auth": told["auth"]}
        path = f"/v1/members/{member}/devices"
        return str(self.post(path, endpoint=told["endpoint"], keys=keys)["id"])

    def listens(self) -> None:
        """Another system that hears of events."""
        wish = {"url": "https://warehouse.example/in", "types": ["points.earned"]}
        self.known["webhook_id"] = self.post("/v1/webhooks", **wish)["id"]

    def is_told(self) -> None:
        """Another system that sends events, one of which does not fit."""
        sender = Sender(self.counter)
        (arrival,) = sender.send("msg-1", paid("1", "ten")).json()["ids"]
        sender.book()
        self.known |= {"inlet_id": sender.made["id"], "arrival_id": arrival}

    def lot(self, member: str, wallet: str) -> str:
        """A lot of this wallet."""
        lots = self.listed(f"/v1/members/{member}/lots")
        return str(next(lot["id"] for lot in lots if lot["wallet"] == wallet))

    @property
    def me(self) -> dict[str, str]:
        """Whom the cases of this operation are about."""
        return {"id": self.known["member_id"]}


def nothing_more(_: House) -> Iterator[Said]:
    while True:
        yield {}
