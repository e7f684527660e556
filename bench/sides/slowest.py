"""How long the slowest rules that anybody can write keep a till waiting.

    .venv/bin/python -m bench.sides.slowest --programs 100000 --out bench/latest.json
    .venv/bin/python -m bench.sides.slowest --first 60000 --programs 5000 --out bench/latest.json

The second form goes on where a run before it ended, so that a long one can be done in parts: the
worst of both is kept.

Programs are drawn that are valid and as slow as a file can make them, compiled, and run over the
largest basket the API takes: what counts of it, what each rule gives, the rounding. Processor time
of the best of three, so that others on the machine do not count.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from rich.console import Console

from bench import results
from bench.field.hostile import basket, evaluate, slow_program, version_of
from regulars.engine.compiling.compile import compile_program

GOAL_MS: Final = 50
AGAIN_MS: Final = 10
"""What took less the first time is not looked at again."""


class Took(NamedTuple):
    """How long one program took, and which it was."""

    ms: float
    number: int
    way: str
    rules: int


def main() -> int:
    """Draw them, run each, say which was the slowest."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--programs", type=int, default=5_000)
    wants.add_argument("--first", type=int, default=0)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    worst = known(wanted.out, wanted.first) if wanted.first else {}
    programs = wanted.first + wanted.programs
    for way, one in slowest(range(wanted.first, programs)).items():
        worst[way] = max(worst.get(way, one), one)
    slowest_of_all = max(worst.values())
    found: dict[str, Any] = {
        "what": f"the slowest of {programs:,} generated programs on 1,000 lines",
        "wanted": f"the worst of 100,000 in at most {GOAL_MS} ms",
        "per_second": round(1_000 / slowest_of_all.ms, 1),
        "worst_ms": round(slowest_of_all.ms, 2),
        "figures": {
            way: {"ms": round(one.ms, 2), "number": one.number, "rules": one.rules}
            for way, one in sorted(worst.items())
        },
        "plan": {"programs": programs, "lines": 1_000},
        "machine": {"load_before": round(load, 2), "cores": os.cpu_count()},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if wanted.out:
        results.keep({"slowest_rules": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("worst_ms", "figures")})
    return 0 if slowest_of_all.ms <= GOAL_MS else 1


def known(kept: Path | None, programs: int) -> dict[str, Took]:
    """The slowest of each way among so many programs that were measured before."""
    found = json.loads(kept.read_text("utf-8"))["slowest_rules"] if kept else None
    if found is None or found["plan"]["programs"] != programs:
        raise SystemExit(f"--first {programs}: the file of --out has no run of so many programs")
    return {
        way: Took(one["ms"], one["number"], way, one["rules"])
        for way, one in found["figures"].items()
    }


def slowest(numbers: Iterable[int]) -> dict[str, Took]:
    """Of each way of being slow the program that took longest."""
    activity, worst = basket(Random(1)), dict[str, Took]()
    for number in numbers:
        way, program = slow_program(number)
        version = version_of(compile_program(program))
        took = []
        for _ in range(3):
            begun = time.process_time()
            evaluate(version, activity)
            took.append((time.process_time() - begun) * 1_000)
            if took[-1] < AGAIN_MS:
                break
        one = Took(min(took), number, way, len(program.rules))
        worst[way] = max(worst.get(way, one), one)
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
