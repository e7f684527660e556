"""The same over many entries, so that nothing rests on the chain being short."""

from __future__ import annotations

from random import Random

import pytest
from tests.tamper.attacks import ATTACKS
from tests.tamper.test_tampering import NIGHTLY, attacked, scene_of
from tests.tamper.vault import Vault

ENTRIES, OF_EACH = (100_000, 4) if NIGHTLY else (1_000, 1)
CHUNK = 500
SOLD = f"""
with sold as materialized (
    select n, uuidv7() as a, uuidv7() as e,
           ('00000000-0000-7000-8000-' || lpad((n * 7919 % 5003)::text, 12, '0'))::uuid as m
      from generate_series(1, {CHUNK}) as n),
happened as (
    insert into activity (program_id, member_id, activity_id, kind, source, external_id,
                          occurred_at, recorded_at, store, channel, amount_minor, body, actor)
    select $1, m, a, 'purchase', 'till', 'r' || n, now(), now(), 'main', 'till', 780,
           '{{"lines": [{{"sku": "flat-white", "quantity": 2, "amount_minor": 780}}]}}', 'key_1'
      from sold),
decided as (
    insert into trail (program_id, member_id, activity_id, version, engine, packed, recorded_at)
    select $1, m, a, 1, 1, '\\x930102', now() from sold),
booked as (
    insert into entry (program_id, member_id, entry_id, kind, cause_id, occurred_at, recorded_at,
                       actor, reason)
    select $1, m, e, 'earn', a, now(), now(), 'key_1', '' from sold)
insert into posting (program_id, member_id, entry_id, line, wallet, account, amount)
select $1, m, e, x, 1, 11 - 10 * x, 14 * x - 7 from sold, generate_series(0, 1) as x
"""


@pytest.mark.slow
def test_tamperings_of_a_long_chain_are_located(vault: Vault) -> None:
    vault.sealer.most = max(CHUNK, ENTRIES // 10)
    for _ in range(ENTRIES // CHUNK):
        vault.run(vault.owner.execute(SOLD, vault.shop.program_id))
    sealed = vault.seal()
    assert sealed == 2 * ENTRIES + 1
    report = vault.verify(vault.checkpoints())
    assert (report.wrong, report.chains[0].links) == ((), sealed)
    scene, chance = scene_of(vault), Random(100)
    for attack in ATTACKS * OF_EACH:
        found, expected = attacked(vault, scene, attack, chance, scene.checkpoints)
        assert expected.located(found.wrong), (attack.__name__, expected, found.wrong[:3])
