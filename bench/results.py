"""What a goal came to: as JSON for machines, as a table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.machine import source_of
from bench.rounds import Plan, Round, middle, ratio

LATEST = Path(__file__).parent / "latest.json"
OURS = "regulars"


def figures_of(rounds: Mapping[str, Sequence[Round]]) -> dict[str, Any]:
    """Per side the middle round, and the speed of each."""
    return {
        side: {
            "per_second": round(middle(measured).per_second, 1),
            "p50_ms": round(middle(measured).p50_ms, 2),
            "p99_ms": round(middle(measured).p99_ms, 2),
            "acknowledged": sum(one.acknowledged for one in measured),
            "failed": sum(one.failed for one in measured),
            "rounds_per_second": [round(one.per_second, 1) for one in measured],
        }
        for side, measured in rounds.items()
    }


def goal_of(
    what: str, wanted: str, plan: Plan, rounds: Mapping[str, Sequence[Round]]
) -> dict[str, Any]:
    """One goal's object: ours against every peer, each pair of rounds by itself."""
    figures = figures_of(rounds)
    against = {side: ratio(rounds[OURS], own) for side, own in rounds.items() if side != OURS}
    return {
        "what": what,
        "wanted": wanted,
        "per_second": figures[OURS]["per_second"],
        "p50_ms": figures[OURS]["p50_ms"],
        "p99_ms": figures[OURS]["p99_ms"],
        "ratios": {side: round(found.median, 3) for side, found in against.items()},
        "ratio_ranges": {
            side: [round(found.lowest, 3), round(found.highest, 3)]
            for side, found in against.items()
        },
        "figures": figures,
        "plan": plan._asdict(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def keep(goals: Mapping[str, Mapping[str, Any]], path: Path = LATEST) -> None:
    """Write the goals just measured, each with the state of the source it was measured on; others
    keep what was measured before."""
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    source = source_of()
    now = {
        name: {**goal, "versions": source | goal.get("versions", {})}
        for name, goal in goals.items()
    }
    text = json.dumps(dict(sorted((before | now).items())), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")


def show(goals: Mapping[str, Mapping[str, Any]], console: Console) -> None:
    """All goals in one table."""
    table = Table(title="Regulars beside its peers, in one run on one machine")
    for heading in ("goal", "side"):
        table.add_column(heading)
    for heading in ("per second", "p50 ms", "p99 ms", "ours is", "µs of processor: load, web, db"):
        table.add_column(heading, justify="right")
    for name, goal in goals.items():
        for side, found in goal["figures"].items():
            table.add_row(
                name if side == OURS else "",
                side,
                f"{found['per_second']:,.0f}",
                f"{found['p50_ms']:.1f}",
                f"{found['p99_ms']:.1f}",
                _compared(goal, side),
                _used(found["cpu_us"]),
            )
        table.add_section()
    console.print(table)
    for name, goal in goals.items():
        console.print(f"{name}: {goal['what']}. Wanted: {goal['wanted']}.")


def _used(cpu_us: Mapping[str, float]) -> str:
    return f"{sum(cpu_us.values()):,.0f} = " + " + ".join(f"{us:,.0f}" for us in cpu_us.values())


def _compared(goal: Mapping[str, Any], side: str) -> str:
    if side == OURS:
        return ""
    lowest, highest = goal["ratio_ranges"][side]
    return f"{goal['ratios'][side]:.2f} × ({lowest:.2f} to {highest:.2f})"
