"""An erasure touches what its member has, however many others there are."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from tests.leaving.planting import WITH_OTHERS, Person, found, person
from tests.makers import Shop

from regulars.base.tx import Tx
from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import Asked, Erased, EraseMember

OTHERS: Final = 100_000
"""Activities of others, each with its trail, entry, key and event."""
_CROWD: Final = """
with n as materialized (
    select i, md5('member ' || (i::bigint * 7919) % 60000)::uuid as who,
           ('01980000-0001-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid as what
      from generate_series(1, $2::int) as i
), one as (
    insert into activity (program_id, member_id, activity_id, kind, source, external_id,
                          occurred_at, recorded_at, store, channel, amount_minor, body, actor)
    select $1::int, who, what, 'purchase', 'till', 'many-' || i, $3::timestamptz, $3, '', '', 100,
           '{}', 'till' from n
), two as (
    insert into trail (program_id, member_id, activity_id, version, engine, packed, recorded_at)
    select $1, who, what, 1, 1, '', $3 from n
), three as (
    insert into entry (program_id, member_id, entry_id, kind, cause_id, occurred_at, recorded_at,
                       actor, reason)
    select $1, who, what, 'earn', what, $3, $3, 'till', '' from n
), four as (
    insert into once (program_id, key, content, member_id, subject_id, answer, recorded_at)
    select $1, md5(i::text)::uuid, what, who, what, '', $3 from n
)
insert into outbox (program_id, outbox_id, member_id, sequence, type, payload, recorded_at)
select $1, what, who, i, 'points.earned', '{}', $3 from n
"""
# What of each table was read in this transaction, by whole scans and by indexes.
_READ: Final = """
select relname, seq_tup_read + coalesce(idx_tup_fetch, 0)
  from pg_stat_xact_user_tables where schemaname = 'public'
"""


def _crowd(shop: Shop, many: int) -> None:
    async def crowd() -> None:
        owner = await shop.owning()
        await owner.execute("set statement_timeout = 0")
        await owner.fetch(_CROWD, shop.program_id, many, shop.now - timedelta(days=1))
        await owner.execute("vacuum analyze activity, trail, entry, once, outbox")

    shop.run(crowd())


async def _without_summaries(shop: Shop) -> None:
    owner = await shop.owning()
    await owner.execute("drop index once_of_member, outbox_of_member")


def _erased(shop: Shop, one: Person) -> dict[str, int]:
    """Erase somebody; how many rows of each table that took."""

    async def act(tx: Tx, terms: Any) -> dict[str, int]:
        before = dict(await tx.fetch(_READ))  # of this connection, also of a moment ago
        asked = Asked("shop", f"gone-{one.id}")
        (outcome,) = await erase_members(tx, terms, [EraseMember(UUID(str(one.id)), asked=asked)])
        assert isinstance(outcome, Erased)
        return {name: now - before[name] for name, now in await tx.fetch(_READ)}

    return shop.do(act)


@pytest.mark.slow
@pytest.mark.in_turns(3)
def test_what_others_did_is_not_read(corner: Shop) -> None:
    chance = random.Random(7)
    *people, last = [person(corner, chance, place, WITH_OTHERS) for place in range(8)]
    _crowd(corner, OTHERS)
    # From the sixth time on a plan may be one for everybody. A summary may say of a stretch that
    # somebody is in it who is not, of few members of a third of them: so all are counted together.
    read: Counter[str] = Counter()
    for one in people:
        read.update(_erased(corner, one))
    assert [name for name, rows in read.items() if rows > len(people) * OTHERS // 4] == [], read
    assert found(corner, [word for one in people for word in one.words]) == []
    corner.run(_without_summaries(corner))
    without = _erased(corner, last)
    assert [without[name] > OTHERS for name in ("once", "outbox")] == [True, True], without
