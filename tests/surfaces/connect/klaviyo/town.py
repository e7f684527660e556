"""A shop that is connected with such an account, and whose worker is called by hand."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any, Literal

from tests.makers import NOON, Shop, buys, by
from tests.runtime.working.senders.test_messages import SOURCE
from tests.surfaces.connect.klaviyo.account import HOME, KEY, KlaviyoAccount
from tests.surfaces.connect.klaviyo.published import WHERE, Published

from regulars.base.keyed import key_from
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.hooks.klaviyo.keep_link import (
    Connect,
    Replay,
    Walk,
    connect,
    replay,
    walk,
)
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.staff.types import By
from regulars.records.members.consents import read as consents
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.records.outbox.klaviyo import read
from regulars.records.outbox.klaviyo.types import Klaviyo
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way
from regulars.runtime.working.hooks.klaviyo.marketer import Marketer
from regulars.surfaces.connect.klaviyo.asking import sealed_key
from regulars.surfaces.connect.klaviyo.metrics import TYPES

KEYED = key_from(b"k" * 32, "test")
BY = By(words="a test")
DOCUMENT = Published() if WHERE.exists() else None


class KlaviyoTown:
    """The shop begins anew in a program of its own; `account` is what it is connected with."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        shop.begin(SOURCE, slug=f"k{os.urandom(4).hex()}", now=NOON)
        self.account = KlaviyoAccount(NOON, DOCUMENT)
        opens: Any = lambda: self.account  # noqa: E731
        self.dispatcher = Dispatcher(shop.database, KEYED, opens)
        programs = Programs(shop.database)
        self.marketer = Marketer(shop.database, programs, KEYED, self.account.send)

    def joins(self, name: str, phone: str = "") -> Any:
        """A member with an e-mail address; their id."""
        ids = [Identifier("external", name), Identifier("email", f"{name}@example.org")]
        ids += [Identifier("phone", phone)] if phone else []
        (joined,) = self.shop.join(JoinMember(identifiers=tuple(ids), given_name=name.title()))
        return joined.member_id

    def buys(self, name: str, receipt: str, cents: int = 1000) -> None:
        (outcome,) = self.shop.record(buys(by(external=name), cents, receipt=receipt))
        assert not isinstance(outcome, Exception), outcome

    def says(self, who: Any, state: Literal["given", "withdrawn"], channel: str = "email") -> None:
        wish = SayConsent(who, channel, state, "their card")
        self.shop.do(lambda tx, _: say_consents(tx, [wish]))

    def word(self, who: Any, channel: str = "email") -> tuple[str, str]:
        """What stands, and where they said it."""
        found = self.shop.do(lambda tx, _: consents.standing(tx, who)).get(channel)
        return ("", "") if found is None else (found.state, found.source)

    def erases(self, who: Any) -> None:
        self.shop.do(lambda tx, terms: erase_members(tx, terms, [EraseMember(who)]))

    def connects(self, key: str = KEY, **said: Any) -> Klaviyo:
        keys = sealed_key(KEYED, self.shop.program_id, key, os.urandom(12))
        wish = Connect(BY, TYPES, HOME, keys, **said)
        (outcome,) = self.shop.do(lambda tx, _: connect(tx, [wish]))
        assert isinstance(outcome, Klaviyo), outcome
        return outcome

    @property
    def link(self) -> Klaviyo:
        found = self.shop.do(lambda tx, _: read.link(tx))
        assert found is not None
        return found

    def tells(self) -> None:
        """Plan what is new, and send what is due."""

        async def go() -> None:
            way = Way(self.shop.program_id, self.link_id)
            await self.dispatcher.plan(self.shop.program_id)
            await self.dispatcher.move_back(way)
            await self.dispatcher.send(way)

        self.link_id = self.link.hook_id
        self.shop.run(go())

    def asks(self) -> None:
        """Ask what changed there, and tell of everybody where that is wanted."""
        self.shop.run(self.marketer.go(self.shop.program_id))

    def walks(self) -> None:
        self.shop.do(lambda tx, _: walk(tx, [Walk(BY)]))
        self.asks()

    def replays(self) -> None:
        wish = Replay(BY, NOON - timedelta(days=1))
        self.shop.do(lambda tx, _: replay(tx, [wish]))
        self.tells()

    def later(self, **by_so_much: float) -> None:
        """Both clocks go on."""
        self.shop.now += timedelta(**by_so_much)
        self.account.clock = max(self.account.clock, self.shop.now)

    def hook(self) -> tuple[str, int, int]:
        """State of the hook, what waits, and what is dead."""
        (state, waits, dead) = self.shop.rows(_HOOK)[0]
        return state, waits, dead

    def reasons(self) -> list[str]:
        """Why something is dead."""
        return [row[0] for row in self.shop.rows(_REASONS)]


_HOOK = """
select h.state, (select coalesce(sum(planned - done), 0)::int from hook_line l
                  where l.program_id = h.program_id and l.hook_id = h.hook_id),
       (select count(*)::int from hook_sending s
         where s.program_id = h.program_id and s.hook_id = h.hook_id and s.state = 'dead')
  from hook h where h.program_id = $1
"""
_REASONS = """
select reason from hook_sending where program_id = $1 and state = 'dead' order by event_id
"""
