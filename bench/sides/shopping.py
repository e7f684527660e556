"""What people buy in these measurements; wrk/earn.lua draws the same in Lua.

Two lines per sale, 2 to 120 euros; of a hundred sales 27 have a pair of coffees (a capped rule),
30 come through app or web (a multiplier), a sixth are breakfasts with two rolls. Each member has a
place of their own in the last week, so weekends and mornings occur whenever somebody measures, and
goes on from there with the clock: nobody's sales come late, which would measure something else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from uuid import UUID

from bench.field.people import MEMBER
from regulars.flows.commands import RecordActivity
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import Asked, MemberRef

DAY_S = 86_400
CHANNELS = ("till",) * 7 + ("app",) * 2 + ("web",)


def purchase(random: Random, members: int, key: str, now: datetime) -> RecordActivity:
    """One sale to one of so many members; `now` never steps back from one sale to the next."""
    first = random.choice(("coffee", "coffee", "grocery", "grocery", "grocery"))
    second = random.choice(("bakery", "home", "home"))
    lines = (
        Line(random.randint(150, 6000), f"sku-{first}", first, random.randint(1, 3)),
        Line(random.randint(150, 6000), f"sku-{second}", second, random.randint(1, 3)),
    )
    member = random.randint(1, members)
    return RecordActivity(
        kind="purchase",
        member=MemberRef(id=UUID(MEMBER.format(member))),
        occurred_at=happens_at(member, now),
        source="till",
        store="main-street",
        channel=random.choice(CHANNELS),
        body=Body(lines=lines),
        asked=Asked("key_bench", key),
    )


def happens_at(member: int, now: datetime) -> datetime:
    """When a member buys who is asked now: a day to eight days ago, between 5:00 and 20:00.

    Keeps: later asked is never earlier.
    """
    seconds = int(now.timestamp()) - 8 * DAY_S + member * 7919 % (7 * DAY_S)
    day, rest = divmod(seconds, DAY_S)
    return datetime.fromtimestamp(day * DAY_S + 5 * 3600 + rest * 15 // 24, UTC)


def as_sent(command: RecordActivity) -> dict[str, object]:
    """The same sale as a till sends it to POST /v1/activities."""
    member, at = command.member, command.occurred_at
    assert member is not None, command
    assert member.id is not None, command
    assert at is not None, command
    return {
        "kind": command.kind,
        "member": {"id": f"mem_{member.id.hex}"},
        "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
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
