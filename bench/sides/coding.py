"""A hundred thousand codes of a reward in one go, as `regulars codes issue` does it.

    .venv/bin/python -m bench.sides.coding --codes 100000

For whoever shows them, and one for each of as many members, on a durable PostgreSQL. Afterwards
every code is looked at: all there, none twice, each one of ours, some of them used at the till and
refused the second time; and the books are verified.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from regulars.base.faults import Refused
from regulars.flows.points.codes.commands import CodesIssued, IssueCodes, UseCode
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes
from regulars.flows.terms.publish_program import publish_program
from regulars.records.program.templates import load_template
from regulars.records.rewards.codes.lettering import folded, is_ours
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

GOAL_S = 5
ROUNDS = 3
SHOWN = 200
VOUCHER = "  - {id: bench-voucher, name: A voucher, price: {}, by: shop, gives: {kind: code}}\n"
PROGRAM_ID = 1


def main() -> int:
    """Issue them, look at each, say how long it took."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--codes", type=int, default=100_000)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        seed(ground, wanted.codes, 0, databases=(LEAN,))
        finish(ground, LEAN)
        seconds = asyncio.run(_measure(ground, wanted.codes))
        checked = audit.verify_ours(ground, LEAN)
        found = _found(wanted.codes, seconds) | {"verified": checked}
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"codes": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("per_second", "figures", "verified")})
    return 0


async def _measure(ground: Ground, codes: int) -> dict[str, list[float]]:
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=2)
    programs = Programs(database)
    try:
        async with database.transaction(PROGRAM_ID) as tx:
            await publish_program(
                tx,
                load_template("bench").replace("rewards:\n", f"rewards:\n{VOUCHER}", 1),
                by="bench",
            )
        programs.forget(PROGRAM_ID)
        seconds: dict[str, list[float]] = {"for_anybody": [], "for_members": []}
        issued: list[str] = []
        for _ in range(ROUNDS):
            for kind, said in (("for_anybody", {"times": codes}), ("for_members", {})):
                more: dict[str, Any] = said or {"everybody": True}
                wish = IssueCodes("bench-voucher", "measured", "bench", **more)
                begun = time.perf_counter()
                (done,) = await _ask(database, programs, issue_codes, wish)
                seconds[kind].append(round(time.perf_counter() - begun, 2))
                assert isinstance(done, CodesIssued), done
                issued += [one.code for one in done.codes]
        await _judge(database, programs, issued, 2 * ROUNDS * codes)
        return seconds
    finally:
        await database.close()


async def _ask(database: Database, programs: Programs, flow: Any, *wishes: Any) -> Sequence[Any]:
    terms = await programs.terms(PROGRAM_ID)
    async with database.transaction(PROGRAM_ID) as tx:
        return list(await flow(tx, terms, wishes))


async def _judge(
    database: Database, programs: Programs, issued: Sequence[str], wanted: int
) -> None:
    """Every code is there once and proves itself; a sample is used once and no second time."""
    bare = {folded(code) for code in issued}
    wrong = [code for code in bare if not is_ours(code)]
    if len(issued) != wanted or len(bare) != wanted or wrong:
        raise audit.WrongBooks(f"{len(issued)} issued, {len(bare)} apart, {len(wrong)} not ours")
    sample = [UseCode(code) for code in issued[:: max(wanted // SHOWN, 1)]]
    first = await _ask(database, programs, use_codes, *sample)
    second = await _ask(database, programs, use_codes, *sample)
    refused = [one for one in second if isinstance(one, Refused) and one.code == "code_used"]
    if any(isinstance(one, Refused) for one in first) or len(refused) != len(sample):
        raise audit.WrongBooks("a code was not used just once")


def _found(codes: int, seconds: dict[str, list[float]]) -> dict[str, Any]:
    middle = {kind: sorted(each)[len(each) // 2] for kind, each in seconds.items()}
    return {
        "what": f"{codes:,} codes of a reward issued in one go",
        "wanted": f"100,000 in under {GOAL_S} s",
        "per_second": round(codes / max(middle.values()), 1),
        "figures": {"seconds": seconds, "middle": middle},
        "plan": {"codes": codes, "rounds": ROUNDS},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    raise SystemExit(main())
