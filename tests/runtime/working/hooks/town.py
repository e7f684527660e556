"""A shop whose events go to receivers on loopback."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.makers import Shop, buys, by

from regulars.base.keyed import key_from
from regulars.flows.telling.hooks.keep_hooks import (
    ChangeHook,
    MakeHook,
    change_hooks,
    make_hooks,
)
from regulars.records.access.staff.types import By
from regulars.records.outbox.hooks.types import Hook, secrets_of
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way
from regulars.surfaces.senders.hooks.forms import secret_shown
from regulars.surfaces.senders.outgoing.client import Client
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

KEYED = key_from(b"k" * 32, "test")
BY = By(words="a test")
HOME = Guard(networks_of(["127.0.0.1"]))
EVERYTHING = ("member.joined", "points.earned", "reward.held", "reward.captured")


class Town:
    """One shop, and a dispatcher that is called by hand instead of by a clock."""

    def __init__(self, shop: Shop, guard: Guard = HOME, patience_s: float = 2.0) -> None:
        self.shop = shop
        self.dispatcher = Dispatcher(
            shop.database, KEYED, lambda: Client(guard, patience_s=patience_s), guard=guard
        )

    def hook(self, url: str, types: tuple[str, ...] = EVERYTHING, **more: Any) -> Hook:
        wish = MakeHook("Warehouse", url, types, BY, **more)
        (made,) = self.shop.do(lambda tx, _: make_hooks(tx, [wish]))
        return made.hook

    def change(self, hook: Hook, **said: Any) -> Any:
        wish = ChangeHook(hook.hook_id, BY, **said)
        return self.shop.do(lambda tx, _: change_hooks(tx, [wish]))[0]

    def secret(self, hook: Hook) -> str:
        """The newest secret, as its receiver keeps it."""
        return secret_shown(secrets_of(KEYED, self.shop.program_id, hook, self.shop.now)[0])

    def go(self, *hooks: Hook) -> None:
        """Plan what is new, and send what is due to these."""

        async def all_of_it() -> None:
            await self.dispatcher.plan(self.shop.program_id)
            for hook in hooks:
                await self.dispatcher.move_back(Way(self.shop.program_id, hook.hook_id))
                await self.dispatcher.send(Way(self.shop.program_id, hook.hook_id))

        self.shop.run(all_of_it())

    def later(self, **by_so_much: float) -> None:
        """The clock goes on."""
        self.shop.now += timedelta(**by_so_much)

    def close(self) -> None:
        self.shop.run(self.dispatcher.close())

    def sendings(self) -> list[tuple[str, int, str, str]]:
        """Type, position, state and reason of everything on its way, in the order of events."""
        return self.shop.rows(_SENDINGS)  # type: ignore[return-value]

    def event(self) -> UUID:
        """The first event on its way."""
        found: UUID = self.shop.rows(_FIRST)[0][0]
        return found

    def tries(self, event_id: UUID | None = None) -> list[tuple[int | None, str]]:
        """Status and reason of every try."""
        return self.shop.rows(_TRIES, event_id)  # type: ignore[return-value]

    def buys(self, member: str, receipt: str, cents: int = 1000) -> None:
        """A member buys something, which is an event."""
        (outcome,) = self.shop.record(buys(by(external=member), cents, receipt=receipt))
        assert not isinstance(outcome, Exception), outcome


_SENDINGS = """
select o.type, s.position, s.state, s.reason
  from hook_sending s join outbox o on (o.program_id, o.outbox_id) = (s.program_id, s.event_id)
 where s.program_id = $1 order by s.hook_id, s.event_id
"""
_FIRST = "select event_id from hook_sending where program_id = $1 order by event_id limit 1"
_TRIES = """
select status, reason from hook_try
 where program_id = $1 and ($2::uuid is null or event_id = $2) order by try_id
"""
