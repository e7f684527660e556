"""Another system hears of who joined; and faults about it."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.planting import at, planted

from regulars.flows.telling.hooks.keep_hooks import MakeHook, make_hooks
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.flows.telling.hooks.settle_sendings import settle_sendings
from regulars.flows.telling.hooks.take_sendings import take_sendings
from regulars.records.access.staff.types import By
from regulars.records.outbox.hooks.types import Try, Went


async def hears(shop: Any) -> None:
    """Of three who joined it has the first two; the third is on its way."""
    wish = MakeHook("Mail", "https://mail.example", ("member.joined",), By(words="the house"))
    async with shop.database.transaction(shop.program_id) as tx:
        (made,) = await make_hooks(tx, [wish])
    for name in ("hal", "ivy", "joe"):
        await shop.join(f"{name}@hears.example")
    async with shop.database.transaction(shop.program_id) as tx:
        await plan_sendings(tx)
    async with shop.database.transaction(shop.program_id) as tx:
        taken = await take_sendings(tx, made.hook.hook_id)
        went = [
            Went(line, (Try(line.sendings[0].event.event_id, tx.now, 3, 204, ""),))
            for line in taken.lines[:2]
        ]
        await settle_sendings(tx, made.hook.hook_id, went)


HEARING = {
    "an event another system wants is not on its way": planted(
        "delete from hook_sending where state = 'waiting'; "
        "update hook_line set planned = 2, done = 2 where planned > done",
        "hooks_hear",
    ),
    "something is on its way that never happened": planted(
        at(
            "update hook_sending set event_id = '01900000-0000-7000-8000-000000000001'",
            "hook_sending",
        ),
        "hooks_hear",
    ),
    "a line says that it is done before it is": planted(
        "update hook_line set done = planned", "hooks_hear"
    ),
    "a line is not due for ever and nobody moves it": planted(
        at("update hook_line set try_at = 'infinity'", "hook_line"), "hooks_hear"
    ),
    "a line is longer than what is in it": planted(
        at("update hook_line set planned = planned + 1", "hook_line"), "hooks_hear"
    ),
}
