"""A sandbox of a counter's program, and the worker that moves its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.surfaces.counter import Counter, buys

from regulars.base.keyed import key_from
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller
from regulars.runtime.working.night import Night
from regulars.runtime.working.sandboxes import SandboxClocks

SOURCE = """
regulars: 1
program: told
name: Corner
currency: EUR
zone: Europe/Berlin
country: DE
wallets:
  points: {name: Points, one: Point, expiry: {after: 20 days}, notice: {days: 7}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""


class Trying:
    """A counter whose program has a sandbox, and the worker that moves its clock."""

    def __init__(self, counter: Counter, name: str) -> None:
        self.counter, self.name = counter, name
        self.shop = counter.shop
        answer = counter.post("/v1/sandboxes", {"name": name}, idempotency_key=f"make-{name}")
        assert answer.status_code == 201, answer.text
        self.made = answer.json()
        self.key: str = self.made["key"]
        database = self.shop.database
        programs = Programs(database)
        keyed = key_from(b"k" * 32, "test")
        self.teller = Teller(database, programs, (), keyed, "https://club.test")
        night = Night(database, programs)
        owner = self.shop.made.owner_dsn
        self.clocks = SandboxClocks(night, programs, database, owner, self.teller.tell)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = self.counter.ask(method, path, body, key=self.key, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def move(self, **said: Any) -> Any:
        """Move the clock and let the worker do it all."""
        told = self.ask("POST", "/v1/sandbox/clock", said)
        while self.ask("GET", "/v1/sandbox")["moving"]:
            self.shop.run(self.clocks.run(self.shop.now))
        return told

    def now(self) -> datetime:
        return datetime.fromisoformat(self.ask("GET", "/v1/sandbox")["now"])

    def ada(self) -> str:
        """Somebody with 40 points, who is written to."""
        names = [{"kind": "card", "value": "A-1"}, {"kind": "email", "value": "ada@example.org"}]
        wish = {"identifiers": names, "given_name": "Ada"}
        member = str(self.ask("POST", "/v1/members", wish)["id"])
        self.ask("POST", "/v1/activities", buys("A-1", 4_000))
        return member

    def points(self, member: str) -> int:
        return int(
            self.ask("GET", f"/v1/members/{member}/standing")["wallets"]["points"]["available"]
        )


def sandbox_rows(trying: Trying, sql: str) -> list[Any]:
    """Rows of the sandbox, as the owner of the database sees them."""

    async def ask() -> list[Any]:
        owner = await trying.shop.owning()
        number = await owner.fetchval("select program_id from sandbox where name = $1", trying.name)
        return list(await owner.fetch(sql, number))

    return trying.shop.run(ask())
