"""Rows of a shop in which much happened to people: baskets, friends, plans, accounts."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.records.prepared.write import count_gaps

MANY: Final = 30
CATEGORIES: Final = (("coffee", 9000), ("cake", 5200), ("tea", 1800), ("", 700))
_FRIEND: Final = """
insert into referral (program_id, member_id, referral_id, referrer_id, version, state, reason,
                      marks, counts_from, named_at, buys_until, looked_at, sale_id, due_at,
                      settled_at, wallet)
values ($1::int, $2::uuid, gen_random_uuid(), $3::uuid, 1, $4::text, $5::text, '{}',
        $6::timestamptz, $6, $6::timestamptz + interval '90 days', $6,
        case when $4::text <> 'rejected' then gen_random_uuid() end,
        case when $4::text <> 'rejected' then $6::timestamptz end, $6, 1)
"""
_TURN: Final = """
insert into membership_turn (
    program_id, member_id, membership_id, step, turn_id, what, at, recorded_at, version,
    amount_minor, source, external_id, actor, reason, plan, state, anchor_at, terms, from_at,
    until_at, since_at, in_trial, next_plan, fee_minor, gross_minor, paid_minor, returned_minor,
    wallet, units, units_back)
values ($1::int, $2::uuid, $2, $3::int, gen_random_uuid(), $4::text, $5::timestamptz, $5, 1,
        $6::bigint, '', '', '', '', 'club', $7::text, $5, 1, $5,
        $5::timestamptz + interval '1 month', $5, false, 'club', 900, 900, 900, 0, '', 0, 0)
"""


def people(counter: Counter) -> list[str]:
    """Thirty members: ten bring ten, all pay for a plan, pairs are accounts. Their ids."""
    ids = [counter.joined(f"many-{n}") for n in range(MANY)]
    who = [UUID(one[4:]) for one in ids]

    async def laid(tx: Tx, _: Any) -> None:
        codes = await tx.fetch(
            "select code from program_code where program_id = $1 and kind = 'wallet'"
            " and name = 'points'", tx.program_id,
        )  # fmt: skip
        await _bought(tx, who, codes[0]["code"])
        await count_gaps(tx)
        await _patterns(tx)
        for place in range(10):
            state, reason = (("rewarded", ""), ("rejected", "oneself"))[place == 9]
            named = datetime.fromisoformat(f"2026-0{1 + place % 5}-10T10:00:00+00:00")
            said = (who[place + 10], who[place % 3], state, reason, named)
            await tx.fetch(_FRIEND, tx.program_id, *said)
        await _paid(tx, who)
        for place in range(0, MANY, 2):
            await _account(tx, who[place : place + 2], f"Company {place}")

    counter.shop.do(laid)
    return ids


async def _bought(tx: Tx, who: list[UUID], wallet: int) -> None:
    """Each bought as often as their place says, and redeemed a third of what they got."""
    for place, one in enumerate(who):
        for day in range(1 + place % 7):
            on = date(2026, 2, 1) + timedelta(13 * day + place % 5)
            net = 500 + 40 * place
            await tx.fetch(
                "insert into member_day values ($1,$2,$3,'mitte',1,1,$4,$4,1,0,0)",
                tx.program_id, one, on, net,
            )  # fmt: skip
            await tx.fetch(
                "insert into points_day values ($1,$2,$3,'mitte',$4,$5,$6,0,0,0)",
                tx.program_id, one, on, wallet, net // 100, net // 300,
            )  # fmt: skip
        await tx.fetch(
            "insert into member_orders select program_id, member_id, min(day), max(day), count(*),"
            " sum(net_minor) from member_day where program_id = $1 and member_id = $2 group by 1, 2",
            tx.program_id, one,
        )  # fmt: skip


async def _patterns(tx: Tx) -> None:
    for name, net in CATEGORIES:
        await tx.fetch(
            "insert into category_day values ($1, '2026-03-02', 'mitte', $2, 20, 25, $3)",
            tx.program_id, name, net,
        )  # fmt: skip
    for weekday in range(1, 8):
        for hour in range(8, 19):
            await tx.fetch(
                "insert into hour_month values ($1, '2026-03-01', 'mitte', $2, $3, $4, 900)",
                tx.program_id, weekday, hour, 1 + (weekday * hour) % 7,
            )  # fmt: skip


async def _paid(tx: Tx, who: list[UUID]) -> None:
    begun = datetime.fromisoformat("2025-03-01T10:00:00+00:00")
    for place, one in enumerate(who):
        turns = [("started", begun, 900, "active")]
        if place % 4 == 0:
            turns.append(("failed", begun + timedelta(340), 0, "active"))
        if place % 5 == 0:
            turns.append(("ended", begun + timedelta(60 + 20 * place), 0, "ended"))
        for step, (what, at, minor, state) in enumerate(turns, 1):
            await tx.fetch(_TURN, tx.program_id, one, step, what, at, minor, state)


async def _account(tx: Tx, pair: list[UUID], name: str) -> None:
    await tx.fetch(
        "insert into household values ($1, $2, $3, '', now())", tx.program_id, pair[0], name
    )
    for place, one in enumerate(pair):
        await tx.fetch(
            "insert into household_member (program_id, member_id, place_id, household_id, role,"
            " joined_at, actor) values ($1, $2, $2, $3, $4, now(), '')",
            tx.program_id, one, pair[0], "member" if place else "head",
        )  # fmt: skip


_VALUED: Final = """
insert into member_value
select $1::int, n.member_id, '2026-05-31', n.chance, 30, 20000 - 900 * n.at, 9, 14,
       case when n.chance >= 750 then 'strong' when n.chance >= 400 then 'steady'
            when n.chance >= 100 then 'slipping' when n.chance < 100 then 'lost' end,
       case when n.at < 2 then 'top-tenth' when n.at < 6 then 'upper'
            when n.at < 12 then 'middle' else 'lower' end
  from (select member_id, at, case when at % 5 < 4 then greatest(990 - 70 * at, 20) end as chance
          from (select member_id, (row_number() over (order by member_id) - 1)::int as at
                  from member_orders where program_id = $1::int) o) n
"""
_SCORED: Final = """
update member m set derived = jsonb_build_object('value-recency', (1 + n.at % 5)::text,
                                                 'value-frequency', (1 + n.at / 3 % 5)::text)
  from (select member_id, (row_number() over (order by member_id) - 1)::int as at
          from member_value where program_id = $1::int) n
 where m.program_id = $1::int and m.member_id = n.member_id
"""
_NIGHT: Final = """
insert into value_run
values ($1::int, $2::date, $2::date + interval '1 day', 30, 'MBG/NBD', $3::text::jsonb)
"""


def valued(counter: Counter) -> None:
    """Whoever ordered has a value, and three nights kept what values came to."""
    spread = {"members": 30, "told": 24, "chances": 9_000, "worth_minor": 300_000, "strong": 4,
              "steady": 6, "slipping": 8, "lost": 6}  # fmt: skip
    judged = {"auc": 0.7, "lift": 1.3, "off": 0.02, "picked": 310, "right": 236}

    async def laid(tx: Tx, _: Any) -> None:
        await tx.fetch(_VALUED, tx.program_id)
        await tx.fetch(_SCORED, tx.program_id)
        for at, day in enumerate((date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))):
            found = {"off": 0.08, "judged": judged, "spread": spread | {"strong": 4 + at}}
            await tx.fetch(_NIGHT, tx.program_id, day, json.dumps(found))

    counter.shop.do(laid)
