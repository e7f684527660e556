"""P9: BG/NBD on a million members in one thread, and beside lifetimes on a hundred thousand.

    .venv/bin/python -m bench.sides.fitting

Members are made by the model's own story (known truth), no two of them alike. Each fit is a process
of its own with one thread. A fit counts only where it comes to the truth and, beside the peer, to a
log-likelihood as good as the peer's, both worked out by one and the same formula.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console

from bench import results

HERE = Path(__file__).parent
PEERS = HERE / ".venv"
TRUTH = (0.25, 4.5, 0.8, 2.5)
MANY, SOME, ROUNDS = 1_000_000, 100_000, 3
GOAL_S, GOAL_MB, GOAL_TIMES = 5.0, 1_000, 15.0
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


def main() -> int:
    """Fit, judge, keep."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--out", type=Path)
    wanted, console = wants.parse_args(), Console(width=110)
    peer = _peers_python(console)
    with tempfile.TemporaryDirectory() as folder:
        many, some = Path(folder) / "many.npz", Path(folder) / "some.npz"
        _members(many, MANY, seed=1)
        _members(some, SOME, seed=2)
        rounds = [(_fit("regulars", some), _fit("lifetimes", some, peer)) for _ in range(ROUNDS)]
        whole = [_fit("regulars", many) for _ in range(ROUNDS)]
    found = _found(whole, rounds)
    console.print_json(json.dumps(found))
    if wanted.out:
        results.keep({"P9": found}, wanted.out)
    return 0 if all(found["reached"].values()) else 1


def _members(path: Path, many: int, seed: int) -> None:
    """Members as BG/NBD has them: orders by chance, and after each perhaps no more."""
    r, alpha, a, b = TRUTH
    chance = np.random.default_rng(seed)
    rate, leaves = chance.gamma(r, 1 / alpha, many), chance.beta(a, b, many)
    age = chance.uniform(1, 104, many)
    repeats, last, now = np.zeros(many, np.int64), np.zeros(many), np.zeros(many)
    here = np.arange(many)
    while len(here):
        now[here] += chance.exponential(1 / np.maximum(rate[here], 1e-300))
        here = here[now[here] < age[here]]
        repeats[here] += 1
        last[here] = now[here]
        here = here[chance.random(len(here)) > leaves[here]]
    np.savez(path, repeats=repeats, last=last, age=age)


def _fit(side: str, path: Path, python: Path = Path(sys.executable)) -> dict[str, Any]:
    command = [str(python), str(HERE / "one_fit.py"), side, str(path)]
    done = subprocess.run(
        command, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _found(
    whole: Sequence[dict[str, Any]], rounds: Sequence[tuple[dict[str, Any], dict[str, Any]]]
) -> dict[str, Any]:
    for ours, theirs in rounds:
        # As likely as theirs, to a thousandth of what one member tells.
        assert ours["height"] >= theirs["height"] - 1e-3, (ours, theirs)
    for one in whole:
        assert np.allclose(one["parameters"], TRUTH, rtol=0.05), one
    seconds = [one["seconds"] for one in whole]
    times = [theirs["seconds"] / ours["seconds"] for ours, theirs in rounds]
    most = max(one["most_mb"] for one in whole)
    return {
        "what": f"BG/NBD fitted on {MANY:,} members, one thread; beside lifetimes on {SOME:,}",
        "wanted": f"under {GOAL_S:g} s, under {GOAL_MB:,} MB, {GOAL_TIMES:g} × lifetimes",
        "seconds": median(seconds),
        "most_mb": most,
        "ratios": {"lifetimes": round(median(times), 1)},
        "reached": {
            "seconds": median(seconds) < GOAL_S,
            "memory": most < GOAL_MB,
            "lifetimes": median(times) >= GOAL_TIMES,
        },
        "figures": {
            "seconds": seconds,
            "some_seconds": [ours["seconds"] for ours, _ in rounds],
            "lifetimes_seconds": [theirs["seconds"] for _, theirs in rounds],
            "lifetimes_mb": max(theirs["most_mb"] for _, theirs in rounds),
        },
        "load_now": round(os.getloadavg()[0], 2),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _peers_python(console: Console) -> Path:
    """The peer's own environment, made once, from a lock with hashes."""
    python, lock = PEERS / "bin/python", HERE / "requirements.lock"
    kept = PEERS / "requirements.lock"
    if not kept.exists() or kept.read_bytes() != lock.read_bytes():
        console.print("Installing the peer lifetimes into an environment of its own …")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
        wanted = "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)
        subprocess.run([str(python), *wanted], check=True)
        kept.write_bytes(lock.read_bytes())
    return python


if __name__ == "__main__":
    sys.exit(main())
