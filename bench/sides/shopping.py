"""What people buy in these measurements; wrk/earn.lua draws the same in Lua.

Two lines per sale, 2 to 120 euros; of a hundred sales 27 have a pair of coffees (a capped rule),
30 come through app or web (a multiplier), a sixth are breakfasts with two rolls; times are spread
over the last week, so weekends and mornings occur whenever somebody measures.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from bench.field.people import MEMBER
from regulars.flows.commands import RecordActivity
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import Asked, MemberRef

CHANNELS = ("till",) * 7 + ("app",) * 2 + ("web",)


def purchase(random: Random, members: int, key: str, today: datetime) -> RecordActivity:
    """One sale to one of so many members; `today` is midnight of the day it is measured."""
    first = random.choice(("coffee", "coffee", "grocery", "grocery", "grocery"))
    second = random.choice(("bakery", "home", "home"))
    lines = (
        Line(random.randint(150, 6000), f"sku-{first}", first, random.randint(1, 3)),
        Line(random.randint(150, 6000), f"sku-{second}", second, random.randint(1, 3)),
    )
    ago = timedelta(days=random.randint(1, 7), minutes=-random.randint(300, 1200))
    return RecordActivity(
        kind="purchase",
        member=MemberRef(id=UUID(MEMBER.format(random.randint(1, members)))),
        occurred_at=today - ago,
        source="till",
        store="main-street",
        channel=random.choice(CHANNELS),
        body=Body(lines=lines),
        asked=Asked("key_bench", key),
    )


def midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def as_sent(command: RecordActivity) -> dict[str, object]:
    """The same sale as a till sends it to POST /v1/activities."""
    member, at = command.member, command.occurred_at
    assert member is not None, command
    assert member.id is not None, command
    assert at is not None, command
    return {
        "kind": command.kind,
        "member": {"id": f"mem_{member.id.hex}"},
        "occurred_at": at.strftime("%Y-%m-%dT%H:%M:00Z"),
        "source": command.source,
        "store": command.store,
        "channel": command.channel,
        "lines": [
            {
                "sku": line.sku,
                "category": line.category,
                "quantity": line.quantity,
                "amount": {"minor": line.amount_minor, "currency": "EUR"},
            }
            for line in command.body.lines
        ],
    }
