"""The goals: which sides take part, what is asked of them, and whose books are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from rich.console import Console

from bench import audit
from bench.field.ground import Ground
from bench.field.people import Seeded
from bench.field.seed import FOREIGN_KEYS, LEAN, finish
from bench.machine import Meter
from bench.results import OURS, goal_of
from bench.rounds import Plan, Round, Side, in_turn
from bench.sides.pgbench import Pgbench
from bench.sides.served import serving_orm, serving_ours
from regulars.runtime.installation.addresses import APP_ROLE

LEAN_PEER, ORM_PEER = "bench_lean_peer", "bench_orm"
DATABASES = {
    OURS: LEAN,
    "pgbench": FOREIGN_KEYS,
    "pgbench_lean": LEAN_PEER,
    "fastapi_orm": ORM_PEER,
}

# As long as what our flow writes on average: body, trail, event and answer of an earn.
EARN = {
    "body": '{"lines":[{"amount_minor":3210,"sku":"sku-grocery","category":"grocery","quantity":2},'
    '{"amount_minor":1250,"sku":"sku-home","category":"home"}]}',
    "packed": "\\x" + "ab" * 33,
    "payload": '{"activity_id":"01900000-0000-7000-8000-000000000001","earned":{"points":42}}',
    "answer": "\\x" + "cd" * 224,
}
REDEMPTION = {
    "terms": '{"name":"5.00 off","price":{"points":250},"worth_minor":500,"cost_minor":500}',
    "held": '{"redemption_id":"01900000-0000-7000-8000-000000000001","reward":"five-off",'
    '"price":{"points":250},"store":"main-street"}',
    "captured": '{"redemption_id":"01900000-0000-7000-8000-000000000001","reward":"five-off"}',
    "answer": "\\x" + "cd" * 200,
}


class Field(NamedTuple):
    """Everything is ready to be measured."""

    ground: Ground
    seeded: Seeded
    console: Console
    without: frozenset[str] = frozenset()
    """Peers that are left out, where it has to be quick."""


class Goal(NamedTuple):
    """One goal of design: sides by name, how they are asked, how their books are judged."""

    what: str
    wanted: str
    clients: int
    peers: tuple[str, ...]
    unit: str
    count: Callable[[Ground, str], audit.Counts]
    judge: Callable[[Ground, str, Sequence[Round], audit.Counts], int]


GOALS = {
    "P1": Goal(
        "earn over HTTP with the real engine, 64 at once",
        "1.5 × pgbench (goal 2.5 ×), 15 × fastapi_orm, p99 ≤ 50 ms",
        64,
        ("pgbench", "pgbench_lean", "fastapi_orm"),
        "earn",
        audit.count_earns,
        audit.audit_earns,
    ),
    "P2": Goal(
        "redeem over HTTP, one unit is hold and capture, 64 at once",
        "1.5 × pgbench (goal 2 ×), no overdrafts",
        64,
        ("pgbench", "pgbench_lean"),
        "redeem",
        audit.count_redemptions,
        audit.audit_redemptions,
    ),
    "P3": Goal(
        "one till, nobody else: earn over HTTP",
        "p50 ≤ 3 ms, p99 ≤ 15 ms",
        1,
        ("pgbench", "fastapi_orm"),
        "earn",
        audit.count_earns,
        audit.audit_earns,
    ),
}


def prepare(ground: Ground, names: Sequence[str], without: frozenset[str] = frozenset()) -> None:
    """Databases for every side of these goals, and the peers' functions in them."""
    needed = {peer for name in names for peer in GOALS[name].peers} - without
    copies = {
        LEAN: [LEAN_PEER] if "pgbench_lean" in needed else [],
        FOREIGN_KEYS: [ORM_PEER] if "fastapi_orm" in needed else [],
    }
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda one: finish(ground, *one), copies.items()))
    ground.run_files(FOREIGN_KEYS, "earn_foreign_keys.sql", "redeem_foreign_keys.sql")
    if copies[LEAN]:
        ground.run_files(LEAN_PEER, "earn_lean.sql", "redeem_lean.sql")


def reach(field: Field, name: str, plan: Plan) -> dict[str, Any]:
    """Measure one goal and judge the books; WrongBooks when they are not right."""
    goal, meter = GOALS[name], Meter()
    goal = goal._replace(peers=tuple(peer for peer in goal.peers if peer not in field.without))
    databases = {side: DATABASES[side] for side in (OURS, *goal.peers)}
    before = {side: goal.count(field.ground, database) for side, database in databases.items()}
    with _sides(field, goal) as sides:
        measured = in_turn(sides, plan, _Watcher(name, field.console, meter))
    kept = _judged(field.ground, goal, measured, before)
    found = goal_of(goal.what, goal.wanted, plan, measured)
    for side, count in kept.items():
        units = sum(one.acknowledged + one.before for one in measured[side])
        found["figures"][side] |= {"kept": count, "cpu_us": meter.per_unit(side, units)}
    whole = {side: sum(one["cpu_us"].values()) for side, one in found["figures"].items()}
    found["cpu_ratios"] = {side: round(whole[side] / whole[OURS], 3) for side in goal.peers}
    found["others_cores"] = round(meter.others, 3)
    found["stolen_cores"] = round(meter.stolen, 3)
    return found


@contextmanager
def _sides(field: Field, goal: Goal) -> Iterator[dict[str, Side]]:
    ground, seeded = field.ground, field.seeded
    if goal.unit == "earn":
        members, lua = seeded.members, "purchases.lua"
        variables: Mapping[str, object] = {"members": members, "today": seeded.today, **EARN}
    else:
        members, lua = seeded.rich, "redemptions.lua"
        variables = {"rich": members, **REDEMPTION}
    script = f"{goal.unit}.pgbench"
    with ExitStack() as stack:
        made: dict[str, Side] = {
            OURS: stack.enter_context(serving_ours(ground, LEAN, members, lua)),
            "pgbench": Pgbench(ground, FOREIGN_KEYS, script, variables),
        }
        if "pgbench_lean" in goal.peers:
            made["pgbench_lean"] = Pgbench(ground, LEAN_PEER, script, variables, APP_ROLE)
        if "fastapi_orm" in goal.peers:
            made["fastapi_orm"] = stack.enter_context(serving_orm(ground, ORM_PEER, members, lua))
        yield made


class _Watcher(NamedTuple):
    """Stands by at every round and says what it came to; the meter runs meanwhile."""

    name: str
    console: Console
    meter: Meter

    def begins(self, side: str) -> None:
        self.meter.begin()

    def ended(self, side: str, measured: Round) -> None:
        self.meter.end(side)
        self.console.print(
            f"{self.name} {side:>13} {measured.per_second:8,.0f}/s   "
            f"p50 {measured.p50_ms:6.1f} ms   p99 {measured.p99_ms:6.1f} ms   "
            f"failed {measured.failed}"
        )


def _judged(
    ground: Ground,
    goal: Goal,
    measured: Mapping[str, Sequence[Round]],
    before: Mapping[str, audit.Counts],
) -> dict[str, int]:
    def judge(side: str) -> int:
        audit.audit_sums(ground, DATABASES[side])
        return goal.judge(ground, DATABASES[side], measured[side], before[side])

    with ThreadPoolExecutor(2) as threads:
        return dict(zip(measured, threads.map(judge, measured), strict=True))
