"""How long a night's reckoning takes and what it needs, of made-up orders: a shop of 10,000 by day,
of a million at night. Seconds and memory are printed; what is promised is that it ends, of a
million within five minutes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.telling import Telling
from tests.turns import NIGHTLY

_RUN = """
import resource, sys, time
import numpy as np
from regulars.insight.values.reckoning import Known, Reckoned, reckon

members, days = int(sys.argv[1]), 900
rng = np.random.default_rng(5)
rate, first = rng.gamma(1.5, 0.008, members), rng.integers(0, days - 120, members)
stays = np.minimum(rng.exponential(500, members), days - first)
orders = 1 + rng.poisson(rate * stays)
who = np.repeat(np.arange(members), orders)
day = (np.repeat(first, orders) + rng.random(len(who)) * np.repeat(stays, orders)).astype(np.int64)
net = np.repeat(900 * rng.gamma(6, 1 / 6, members), orders) * rng.gamma(8, 1 / 8, len(who))
begun = time.perf_counter()
found = reckon(Known(who, day, net, days))
took = time.perf_counter() - begun
assert isinstance(found, Reckoned), found
assert found.untold is None and len(found.member) == members
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"{members} members, {len(who)} orders: {took:.1f} s, {peak} MB, {found.model}")
"""


@pytest.mark.parametrize(
    "members",
    [
        10_000,
        pytest.param(
            1_000_000,
            marks=[
                pytest.mark.slow,
                pytest.mark.timeout(400),
                pytest.mark.skipif(not NIGHTLY, reason="a million members are reckoned at night"),
            ],
        ),
    ],
)
def test_a_night_ends(members: int, tell: Telling) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(members)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    tell(f"  {done.stdout.strip()}")
