"""The systems of the shop that hear of events: one that does, one that was shut off, one waiting.

Nothing leaves the machine: what their servers would have answered is drawn.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Final
from uuid import UUID

from regulars.flows.telling.hooks.keep_hooks import ChangeHook, MakeHook, change_hooks, make_hooks
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.flows.telling.hooks.settle_sendings import settle_sendings
from regulars.flows.telling.hooks.take_sendings import Taken, take_sendings
from regulars.records.access.staff.types import By
from regulars.records.members.types import Asked
from regulars.records.outbox.hooks.types import Line, Try, Went
from regulars.runtime.examples.shop.lived.week import House, Week, done

LAST_WEEKS: Final = 6
_BY: Final = By(words="regulars demo")
_BUSY: Final = 0.05
_REWARDS: Final = ("reward.captured", "points.returned")
_PEOPLE: Final = ("member.joined", "member.changed", "referral.rewarded")
HOOKS: Final = (
    ("Book-keeping", "https://books.corner-coffee.example/regulars", _REWARDS),
    ("Old newsletter", "https://news.corner-coffee.example/hooks", _PEOPLE),
    ("Kitchen display", "https://kitchen.corner-coffee.example/hear", _REWARDS),
)
"""The second says after a while that it is gone; the third somebody let wait."""
GONE_FOR: Final = 2
"""So many weeks before today the newsletter was shut off."""


class Hooks:
    """What other systems heard, and what they answered."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} tells others")  # noqa: S311 - a made-up shop
        self._ids: list[UUID] = []

    async def go(self, house: House, week: Week) -> None:
        """They begin in one week, and hear of what happens from then on."""
        if week.left == LAST_WEEKS:
            await self._begin(house)
        elif week.left < LAST_WEEKS:
            await self._send(house, week)

    async def _begin(self, house: House) -> None:
        wishes = [
            MakeHook(name, url, types, _BY, asked=Asked("regulars demo", f"hook-{name}"))
            for name, url, types in HOOKS
        ]
        async with house.database.transaction(house.terms.program_id) as tx:
            made = done(await make_hooks(tx, wishes))
            self._ids = [one.hook.hook_id for one in made]
            done(await change_hooks(tx, [ChangeHook(self._ids[2], _BY, state="paused")]))

    async def _send(self, house: House, week: Week) -> None:
        more = True
        while more:
            async with house.database.transaction(house.terms.program_id) as tx:
                more = await plan_sendings(tx)
        for hook_id in self._ids:
            taken: Taken | None
            while True:
                async with house.database.transaction(house.terms.program_id) as tx:
                    taken = await take_sendings(tx, hook_id)
                if taken is None:
                    break
                gone = hook_id == self._ids[1] and week.left < GONE_FOR
                went = [Went(one, tuple(self._tries(one, week, gone))) for one in taken.lines]
                async with house.database.transaction(house.terms.program_id) as tx:
                    await settle_sendings(tx, hook_id, went)

    def _tries(self, line: Line, week: Week, gone: bool) -> list[Try]:
        """One for each event of a member, up to the first that fails; by today all arrived."""
        found: list[Try] = []
        for place, sending in enumerate(line.sendings):
            at = week.ends + timedelta(seconds=place)
            busy = week.left > 1 and self._chance.random() < _BUSY
            status = 410 if gone else 503 if busy else 200
            reason = "" if status == 200 else f"it answered {status}"
            took = self._chance.randint(38, 240)
            found.append(Try(sending.event.event_id, at, took, status, reason))
            if status != 200:
                break
        return found
