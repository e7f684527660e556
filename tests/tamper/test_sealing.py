"""The sealer misses nothing and takes nothing twice: late commits, two at once, kill -9, a move."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.makers import buys
from tests.tamper.vault import Vault, a_few_weeks, keyring
from tests.turns import NIGHTLY

from regulars.flows.recording.record_activities import record_activities
from regulars.flows.sealing import seal_entries
from regulars.flows.terms.sandboxes.keep_sandboxes import end_sandbox
from regulars.records.access.staff.types import By
from regulars.records.seal import read
from regulars.records.seal.read import ELSEWHERE, EVERYTHING, SPAN, Reach
from regulars.runtime.working.sealing.keys import Keyring

KILLS = 20 if NIGHTLY else 4
ROOT = Path(__file__).parents[2]


def unsealed(vault: Vault) -> int:
    """How many activities and entries have no link, by the plainest question there is."""
    (row,) = vault.rows(
        "select (select count(*) from activity) + (select count(*) from entry) "
        "- (select count(*) from seal_link where kind in (1, 2)) as missing"
    )
    return int(row["missing"])


async def late_commit(vault: Vault) -> None:
    """Ada's purchase is written first and committed last; Bob's comes and is sealed meanwhile."""
    shop = vault.shop
    ada, bob = [buys(member, 500, receipt=f"late{n}") for n, member in enumerate(MEMBERS)]
    terms = await shop._programs.terms(shop.program_id)
    async with shop.transaction() as slow:
        await record_activities(slow, terms, [ada])
        async with shop.transaction() as quick:
            await record_activities(quick, terms, [bob])
        for _ in range(2):
            await vault.sealer.round()
    await vault.sealer.round()


MEMBERS: list[Any] = []


def opened(vault: Vault) -> Vault:
    MEMBERS[:] = vault.shop.joined("ada", "bob")
    vault.seal()
    return vault


def test_a_transaction_that_commits_late_is_not_lost(vault: Vault) -> None:
    vault.run(late_commit(opened(vault)))
    assert unsealed(vault) == 0
    assert vault.verify(vault.checkpoints()).right


def test_a_sealer_that_reads_above_the_oldest_transaction_loses_it(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = read._HORIZON.replace("pg_snapshot_xmin", "pg_snapshot_xmax")
    assert hasty != read._HORIZON
    opened(vault)
    monkeypatch.setattr(read, "_HORIZON", hasty)
    vault.run(late_commit(vault))
    assert unsealed(vault) == 2, "Ada's purchase and its entry"
    found = vault.verify(vault.checkpoints()).wrong
    assert {(each.code, each.table) for each in found} == {
        ("row_unsealed", "activity"), ("row_unsealed", "entry"),
    }  # fmt: skip


def test_two_sealers_at_once_seal_everything_once(vault: Vault) -> None:
    shop, other = vault.shop, vault.another_sealer()
    members = shop.joined("ada", "bob", "cy")
    for sealer in (vault.sealer, other):
        sealer.most = 7

    async def sell(till: int) -> None:
        terms = await shop._programs.terms(shop.program_id)
        for n in range(15):
            async with shop.transaction() as tx:
                await record_activities(
                    tx, terms, [buys(members[till], 400 + n, receipt=f"{till}-{n}")]
                )

    async def seal(sealer: Any) -> None:
        for _ in range(25):
            await sealer.round()

    async def all_at_once() -> None:
        await asyncio.gather(*(sell(till) for till in range(3)), seal(vault.sealer), seal(other))

    vault.run(all_at_once())
    vault.seal()
    assert unsealed(vault) == 0
    report = vault.verify(vault.checkpoints())
    assert (report.wrong, report.chains[0].waiting) == ((), 0)


@pytest.mark.slow
def test_a_sealer_that_is_killed_goes_on_where_it_stopped(vault: Vault) -> None:
    a_few_weeks(vault, 10, seal=lambda: None)
    chance, killed_within = Random(4), 0
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.tamper.seal_forever", vault.shop.made.owner_dsn, "2"],
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(chance.random() / 20)
        child.kill()
        child.wait(10)
        child.stdout.close()
        killed_within += unsealed(vault) > 0
    vault.seal()
    assert unsealed(vault) == 0
    assert killed_within > 0, "it was never killed before it was done"
    report = vault.verify(vault.checkpoints())
    assert (report.wrong, report.chains[0].links) == ((), vault.checkpoints()[-1].size)


def moved_elsewhere(vault: Vault) -> None:
    """What a dump restored into another cluster looks like: transactions count from low again."""
    opened(vault)
    vault.tamper("update seal_reach set cluster = 1, below_tx = 9000000000000")
    vault.shop.record(buys(MEMBERS[0], 700, receipt="after the move"))


def test_in_another_cluster_everything_is_looked_at_anew(vault: Vault) -> None:
    moved_elsewhere(vault)
    vault.seal()
    assert unsealed(vault) == 0
    vault.shop.record(buys(MEMBERS[0], 700, receipt="and one more"))
    vault.seal()
    assert unsealed(vault) == 0
    # A chain that was broken when all the others were looked at anew.
    vault.shop.record(buys(MEMBERS[0], 700, receipt="meanwhile"))
    vault.tamper(
        "update activity set recorded_tx = 9000000000000 where external_id = 'meanwhile'",
        f"update seal_reach set behind = jsonb_build_object('{vault.shop.program_id}', -1)",
    )
    report = vault.verify()
    assert (report.right, report.chains[0].waiting) == (True, 2)
    vault.seal()
    assert unsealed(vault) == 0
    assert vault.verify().right
    assert vault.verify(vault.checkpoints()).right


def test_a_sealer_that_does_not_notice_the_move_loses_rows(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read.Reach, "elsewhere", False)
    moved_elsewhere(vault)
    vault.seal()
    assert unsealed(vault) == 2


def test_a_round_that_is_full_breaks_off_and_the_next_goes_on(vault: Vault) -> None:
    a_few_weeks(vault, 4, seal=lambda: None)
    vault.sealer.most = 3
    rows = vault.rows("select (select count(*) from activity) + (select count(*) from entry)")
    assert vault.seal() == rows[0][0] + 1
    sizes = [checkpoint.size for checkpoint in vault.checkpoints()]
    assert sizes == [*range(3, sizes[-1], 3), sizes[-1]]
    assert vault.verify(vault.checkpoints()).right


def test_a_sealer_does_not_sign_a_chain_that_was_written_anew(vault: Vault) -> None:
    opened(vault)
    vault.tamper("update seal_link set hash = sha256(hash) where position = 1")
    signed_before = vault.checkpoints()
    vault.shop.record(buys(MEMBERS[0], 700, receipt="r"))
    done = vault.run(vault.another_sealer().round())
    assert (done.broken, done.sealed, vault.checkpoints()) == ((1,), 0, signed_before)


def test_a_sealer_remembers_what_it_signed_when_the_tail_is_cut_off(vault: Vault) -> None:
    opened(vault)
    for n in range(2):
        vault.shop.record(buys(MEMBERS[0], 700, receipt=f"r{n}"))
        vault.seal()
    keep = vault.checkpoints()[-2].size
    vault.tamper(
        f"delete from seal_checkpoint where size > {keep}",
        f"delete from seal_link where position > {keep}",
    )
    assert vault.run(vault.sealer.round()).broken == (1,)


def test_a_sealer_without_that_look_would_sign_what_was_changed(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trusting(*_: Any) -> tuple[int, ...]:
        return ()

    opened(vault)
    vault.tamper("update seal_link set hash = sha256(hash) where position = 1")
    vault.shop.record(buys(MEMBERS[0], 700, receipt="r"))
    monkeypatch.setattr(seal_entries, "_broken", trusting)
    assert vault.seal() == 2


def test_programs_have_chains_of_their_own_and_one_that_is_broken_stops_no_other(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "SPAN", 3)
    opened(vault)
    first = vault.shop.program_id
    cy = begun_beside(vault)
    vault.seal()
    vault.tamper(
        "create table as_it_was as select * from seal_link",
        "update seal_link set hash = sha256(hash) where program_id = 1",
    )
    vault.shop.program_id, second = first, vault.shop.program_id
    vault.shop.record(buys(MEMBERS[0], 800, receipt="while-broken"))
    vault.shop.program_id = second
    for number in range(6):  # twice as far as is looked at in one round
        vault.shop.record(buys(cy, 900, receipt=f"s{number}"))
    assert vault.seal() == 12
    assert vault.run(vault.sealer.round()).broken == (1,)
    report = vault.verify()
    assert [chain.violations > 0 for chain in report.chains] == [True, False]
    assert [chain.waiting for chain in report.chains] == [2, 0]
    vault.tamper(
        "update seal_link l set hash = w.hash from as_it_was w"
        " where (w.program_id, w.position) = (l.program_id, l.position)",
        "drop table as_it_was",
    )
    assert vault.seal() == 2, "what it sold meanwhile is caught up with"
    report = vault.verify()
    assert (report.right, [chain.waiting for chain in report.chains]) == (True, [0, 0])
    assert vault.rows("select behind::text from seal_reach")[0][0] == "{}"


def test_what_a_broken_chain_leaves_is_remembered_until_it_is_caught_up_with() -> None:
    here = Reach(100, 100 + 2 * SPAN, 7, 7)
    broke = here.after(None, (3,))
    assert (broke.below_tx, broke.behind) == (100 + SPAN, {3: 100})
    on = broke.after(None, (3,))
    assert (on.below_tx, on.behind, on.to_catch_up((3,))) == (100 + 2 * SPAN, {3: 100}, None)
    assert on.left_alone(()) == {3}
    assert (on.to_catch_up(()), on.window_of(3)) == (3, (100, 100 + SPAN))
    half = on.caught_up(3, 100 + SPAN)
    assert half.behind == {3: 100 + SPAN}
    assert half.caught_up(3, half.window_of(3)[1]).behind == {}
    # In another cluster transactions count anew, so everything is looked at once more.
    moved = on._replace(cluster=8)
    assert (moved.left_alone((5,)), moved.to_catch_up(())) == ({5}, None)
    elsewhere = moved.after(None, (5,))
    assert elsewhere.behind == {5: ELSEWHERE}
    # Its rows have the transactions of before, far above those that are given out here.
    again = elsewhere._replace(up_to_tx=elsewhere.up_to_tx + 9)
    assert (again.to_catch_up(()), again.window_of(5)) == (5, (0, EVERYTHING))
    assert again.caught_up(5, 9_000_000).behind == {5: ELSEWHERE}
    assert again.caught_up(5, EVERYTHING).behind == {}


def begun_beside(vault: Vault) -> Any:
    """A further program in which somebody bought something; the vault's shop goes on with it."""
    source = vault.shop.rows("select source from program_version where program_id = $1")[0][0]
    vault.shop.begin(source, slug="second")
    (cy,) = vault.shop.joined("cy")
    vault.shop.record(buys(cy, 900, receipt="s"))
    return cy


def test_a_sandbox_that_ended_is_told_and_is_no_wrong_for_ever(vault: Vault) -> None:
    opened(vault)
    first = vault.shop.program_id
    begun_beside(vault)
    second = vault.shop.program_id
    vault.seal()
    told = vault.checkpoints()
    vault.tamper(
        "insert into sandbox (program_id, of_program, name, made_at, made_by) "
        f"values ({second}, {first}, 'trial', now(), 'test')"
    )
    vault.shop.program_id = first
    told += vault.checkpoints()
    vault.shop.do(lambda tx, _: end_sandbox(tx, "trial", By(words="test")))
    report = vault.verify(told)
    ended = report.chains[1]
    assert (report.right, ended.ended, ended.links > 0) == (True, True, True)
    assert ended.anchored == ended.links
    day = f"{vault.shop.now:%Y-%m-%d}"
    assert f"was a sandbox that ended (trial {day})" in ended.not_provable[0]
    # Without that mark nobody knows whether it was a sandbox.
    vault.tamper("delete from staff_act where did = 'sandbox.ended'")
    (unknown,) = [one for one in vault.verify(told).chains if one.ended]
    assert "no sandbox of this number is known to have ended" in unknown.not_provable[0]
    assert "somebody took it away" in unknown.not_provable[0]
    # What is left of it is looked at as before: neither cut nor hashed anew.
    vault.tamper(f"delete from seal_link where program_id = {second} and position > 1")
    assert {one.code for one in vault.verify(told).wrong} == {"link_missing", "anchor_beyond"}
    vault.tamper(f"delete from seal_link where program_id = {second}",
                 f"delete from seal_chain where program_id = {second}")  # fmt: skip
    assert {one.code for one in vault.verify(told).wrong} == {"chain_missing"}


def test_a_changed_key_signs_on_and_the_former_one_is_still_known(vault: Vault) -> None:
    opened(vault)
    former = vault.keys
    fresh = keyring(bytes(range(1, 33)))
    assert fresh._private is not None
    public = {name: bytes.fromhex(key) for name, key in former.public.items()}
    vault.keys = Keyring(fresh._private, public)
    vault.shop.record(buys(MEMBERS[0], 700, receipt="r"))
    vault.seal()
    used = [checkpoint.key_id for checkpoint in vault.checkpoints()]
    assert used == [former.key_id, fresh.key_id]
    assert vault.verify(vault.checkpoints()).right
    vault.keys = fresh
    assert [each.code for each in vault.verify().wrong] == ["checkpoint_unsigned"]
