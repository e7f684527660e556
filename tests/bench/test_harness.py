"""The harness at toy size: it measures, judges the books, and says no when they are wrong."""

import json
import shutil
from pathlib import Path

import pytest
from bench.field.ground import Ground
from bench.field.growing import too_much
from bench.field.log_ahead import after
from bench.field.people import LOT, MEMBER, Seeded, number
from bench.field.seed import FOREIGN_KEYS, LEAN, grow
from bench.rounds import Plan, Round, ratio
from bench.sides import growth, verifying
from bench.sides.gate import InProcess
from bench.sides.pgbench import Pgbench

from bench import audit, goals, profile, results
from regulars.records.members.number import is_valid
from regulars.runtime.installation.addresses import APP_ROLE


def test_what_is_loaded_passes_verify(ground: Ground) -> None:
    assert audit.verify_ours(ground, LEAN).endswith(" checks, 0 violations")


def test_every_member_has_a_loyalty_number_that_is_valid() -> None:
    numbers = [number(i) for i in (1, 9_999, 10_000, 10_001, 123_456, 1_000_000)]
    assert all(map(is_valid, numbers))
    assert len(set(numbers)) == 6


def test_every_stage_of_an_earn_is_timed(ground: Ground, seeded: Seeded) -> None:
    clock = profile.measure(ground, seeded.members, batch=3, batches=2)
    stages = [name.strip() for name in clock.wall]
    assert {"read the body", "earn", "write", "commit", "write the answer"} <= set(stages)
    assert all(took > 0 for took in clock.wall.values())


def test_a_shop_is_grown_a_chunk_at_a_time_and_its_books_are_right(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.field.seed.CHUNK", 20)
    told: list[tuple[str, int]] = []
    seeded = grow(ground, "bench_grown", 25, 8, lambda table, done: told.append((table, done)))
    assert (seeded.rich, seeded.lots) == (25, 8)
    assert [done for table, done in told if table == "lot"] == [10, 20, 25]
    sums = "select count(*)::int, sum(remaining)::int, count(distinct lot_id)::int from lot"
    assert [tuple(row) for row in ground.rows("bench_grown", sums)] == [(200, 200 * LOT, 200)]
    assert audit.verify_ours(ground, "bench_grown").endswith(" checks, 0 violations")


def test_more_than_the_disk_holds_is_not_begun(tmp_path: Path) -> None:
    assert too_much(1_000, 10, tmp_path) == ""
    assert "at most 100,000,000 lots" in too_much(10_000_000, 11, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.field.growing.shutil.disk_usage", lambda _: disk(free=10**9))
        assert "--on FOLDER" in too_much(1_000_000, 10, tmp_path)


def disk(free: int) -> object:
    return type("Disk", (), {"free": free})()


def test_a_larger_shop_is_measured_against_the_small_one() -> None:
    fast, slow = Round(900, 0, 1.0, 1, 2), Round(600, 0, 1.0, 1, 2)
    rounds = {growth.SMALL: [fast, fast], growth.LARGE: [slow, fast]}
    sizes = {growth.SMALL: 10, growth.LARGE: 100}
    held = {growth.SMALL: [80.0], growth.LARGE: [90.0]}
    found = growth.found_of(sizes, 10, Plan(64, 1, 1, 2), (rounds, held))
    assert found["ratios"] == {"large_over_small": 0.833}
    assert found["ratio_ranges"] == {"large_over_small": [0.667, 1.0]}
    assert found["what"].endswith("100 members, 1,000 lots beside 10 members, 100 lots")


def test_a_check_that_compares_everything_with_everything_shows() -> None:
    first = verifying.Look(1_000, 1.0, {"one by one": 0.5, "all with all": 0.1})
    last = verifying.Look(4_000, 5.2, {"one by one": 2.0, "all with all": 1.6})
    found = verifying.found_of([first, last], 4_000)
    assert found["figures"]["seconds_for_ten_millions"] == 13_000.0
    times = {name: one["times_as_long"] for name, one in found["figures"]["slowest"].items()}
    assert times == {"one by one": 4.0, "all with all": 16.0}


@pytest.mark.in_turns(2)
@pytest.mark.slow
def test_the_gate_and_pgbench_are_measured_and_their_books_are_right(
    ground: Ground, seeded: Seeded
) -> None:
    variables = {"members": seeded.members, "today": seeded.today, **goals.EARN}
    sides = {
        LEAN: InProcess(ground, LEAN, seeded.members),
        FOREIGN_KEYS: Pgbench(ground, FOREIGN_KEYS, "earn.pgbench", variables),
        goals.LEAN_PEER: Pgbench(ground, goals.LEAN_PEER, "earn.pgbench", variables, APP_ROLE),
    }
    for database, side in sides.items():
        before = audit.count_earns(ground, database)
        measured = side.round(clients=4, warm_up=1, seconds=1)
        assert measured.acknowledged > 0
        assert measured.failed == 0
        assert 0 < measured.p50_ms <= measured.p99_ms
        kept = audit.audit_earns(ground, database, [measured], before)
        assert kept == measured.acknowledged + measured.before
        audit.audit_sums(ground, database)
    assert audit.verify_ours(ground, LEAN).endswith("0 violations")


@pytest.mark.in_turns(2)
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_earning_and_redeeming_over_http_are_measured(ground: Ground, seeded: Seeded) -> None:
    from bench.sides.served import serving_ours

    for script, members, count, judge in (
        ("purchases.lua", seeded.members, audit.count_earns, audit.audit_earns),
        ("redemptions.lua", seeded.rich // 2, audit.count_redemptions, audit.audit_redemptions),
    ):
        before = count(ground, LEAN)
        with serving_ours(ground, LEAN, members, script) as served:
            measured = served.round(clients=2, warm_up=1, seconds=1)
        # Toy members run out of points; what they are refused must leave nothing behind.
        assert measured.before + measured.acknowledged > 0
        kept = judge(ground, LEAN, [measured], before)
        assert kept >= measured.acknowledged + measured.before
    audit.audit_sums(ground, LEAN)


def test_a_missing_row_is_noticed(ground: Ground) -> None:
    before = audit.count_earns(ground, FOREIGN_KEYS)
    claimed = Round(acknowledged=1, failed=0, seconds=1.0, p50_ms=1.0, p99_ms=1.0)
    with pytest.raises(audit.WrongBooks, match="1 to 1 acknowledged"):
        audit.audit_earns(ground, FOREIGN_KEYS, [claimed], before)


def test_a_balance_that_is_not_its_postings_is_noticed(ground: Ground) -> None:
    where = f"where member_id = '{MEMBER.format(17)}'"
    ground.run(FOREIGN_KEYS, f"update balance set available = available + 1 {where}")
    try:
        with pytest.raises(audit.WrongBooks, match="balance_is_not_postings"):
            audit.audit_sums(ground, FOREIGN_KEYS)
    finally:
        ground.run(FOREIGN_KEYS, f"update balance set available = available - 1 {where}")


def test_a_ratio_is_taken_round_by_round() -> None:
    ours, peer = [_at(300), _at(500), _at(1000)], [_at(100), _at(250), _at(1000)]
    found = ratio(ours, peer)
    assert (found.median, found.lowest, found.highest) == (2.0, 1.0, 3.0)


def test_a_run_of_one_goal_keeps_what_was_measured_of_the_others(tmp_path: Path) -> None:
    latest = tmp_path / "latest.json"
    rounds = {"regulars": [_at(300)], "pgbench": [_at(100)], "fastapi_orm": [_at(10)]}
    goal = results.goal_of("earn", "1.5 ×", Plan(64, 1, 1, 1), rounds)
    results.keep({"P3": goal}, latest)
    results.keep({"P1": goal | {"versions": {"wrk": "4.1"}}}, latest)
    kept = json.loads(latest.read_text("utf-8"))
    assert list(kept) == ["P1", "P3"]
    assert kept["P1"]["ratios"] == {"pgbench": 3.0, "fastapi_orm": 30.0}
    assert kept["P1"]["p50_ms"] == 1.0
    assert kept["P1"]["p99_ms"] == 2.0
    # Whatever was measured, it is known on which state of the source.
    assert kept["P3"]["versions"].keys() == {"git", "python", "regulars"}
    assert kept["P1"]["versions"] == kept["P3"]["versions"] | {"wrk": "4.1"}


def _at(per_second: int) -> Round:
    return Round(per_second, 0, 1.0, 1.0, 2.0)


def test_files_of_the_log_are_named_one_after_the_other() -> None:
    assert after("0000000100000000000000FF", 2**24) == "000000010000000100000000"
    assert after("00000001000000000000000A", 2**24) == "00000001000000000000000B"
    assert after("00000002000000030000003F", 2**26) == "000000020000000400000000"
