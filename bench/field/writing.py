"""How many letters of a campaign are written a second, and what a step of a journey takes.

    .venv/bin/python -m bench.field.writing --letters 20000 --members 20000

A letter is a message in MJML with four fields, written for one member after the other as the worker
does: text, page, what ends it, and the whole of it as MIME (`letter_of`, `written`). One core; the
processor time is told beside. A step is decided and kept for members who stand at a branch, a
split and a message, 500 in a transaction.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from rich.console import Console

from bench import results
from bench.field.ground import Ground, running_ground
from bench.field.people import PROGRAM
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from regulars.base.faults import Refused
from regulars.base.keyed import key_from
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.filling import Reader
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.walk_journeys import walk_journeys
from regulars.records.access.staff.types import By
from regulars.records.members.types import Member
from regulars.records.outbox.campaigns.journeys.types import (
    JourneyPlan,
    MessageStep,
    OnJoining,
    SplitStep,
)
from regulars.records.outbox.campaigns.types import Campaign, Due, Said
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.senders.email.letters import Origin, written
from regulars.surfaces.senders.words.campaigns import Desk, letter_of

GOAL_PER_S, GOAL_MS = 2_000, 5
_BY: Final = By(words="bench")
_SECOND: Final = By(words="bench, a second person")
_SECTION: Final = """<mj-section><mj-column><mj-text>Hi {{ member.given_name }}, you have
{{ points.points }} points at {{ shop.name }}: <a href="{{ shop.card }}">your card</a>.</mj-text>
<mj-button href="{{ shop.card }}">Look</mj-button></mj-column></mj-section>"""
SAID: Final = Said(
    "Hi {{ member.given_name }},\n\nyou have {{ points.points }} points: {{ shop.card }}.",
    "{{ points.points }} points for you", "At {{ shop.name }}", _SECTION * 3,
)  # fmt: skip
_RUNS: Final = """
insert into journey_run (program_id, journey_id, version, member_id, begun_at, step, since, due_at)
select 1, j.journey_id, 1, m.member_id, now(), 'halves', now(), now()
  from journey j, (select member_id from member where state = 'active' order by 1 limit $1) m
"""


def main() -> int:
    """Write letters, walk members, say how long."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--letters", type=int, default=20_000)
    wants.add_argument("--members", type=int, default=20_000)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    written = _written(wanted.letters)
    with running_ground() as ground:
        seed(ground, wanted.members, 0, databases=(LEAN,))
        finish(ground, LEAN)
        walked = asyncio.run(_walked(ground, wanted.members))
        found: dict[str, Any] = {
            "what": "letters written on one core; a step of a journey decided and kept",
            "wanted": f"at least {GOAL_PER_S:,} letters a second; a step in at most {GOAL_MS} ms",
            "ratios": {},
            "figures": {"letters": written, "steps": walked},
            "plan": {"letters": wanted.letters, "members": wanted.members},
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"writing": found}, wanted.out)
    console.print_json(data=found["figures"])
    return 0


def _written(many: int) -> dict[str, float]:
    """Each for another member, as no two letters are the same."""
    desk = Desk(
        read_program(load_template(PROGRAM)),
        key_from(bytes(32), "bench"),
        "https://club.example.org",
    )
    origin, now = Origin("club@example.org"), datetime.now(UTC)
    postings = [_posting(number, now) for number in range(many)]
    letter = b""
    begun, used = time.perf_counter(), time.process_time()
    for posting in postings:
        letter = written(letter_of(desk, posting), origin, now)
    took, used = time.perf_counter() - begun, time.process_time() - used
    assert b"multipart/alternative" in letter, letter[:500]
    return {
        "per_second": round(many / took, 1),
        "per_second_of_processor": round(many / used, 1),
        "bytes": len(letter),
    }


def _posting(number: int, now: datetime) -> Posting:
    id_ = UUID(int=number + 1)
    campaign = Campaign(
        UUID(int=1), "spring", "Spring", UUID(int=2), "email", {"en": SAID}, 5, None, False,
        "sending", 1, now, "mia", now, "mia", queued_at=now,
    )  # fmt: skip
    member = Member(id_, f"{number:010}", "active", now, now, f"Ada{number}", "L", "en")
    due = Due(campaign.campaign_id, id_, id_, 0, now, False)
    return Posting(campaign, due, 1, f"m{number}@example.org", Reader(member, {"points": number}))


async def _walked(ground: Ground, members: int) -> dict[str, float]:
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    terms = await Programs(database).terms(1)
    own = terms.versions[-1].program.locale.partition("-")[0]
    plan = JourneyPlan(
        OnJoining(),
        (SplitStep("halves", 50, otherwise="later"),
         MessageStep("now", "email", {own: Said("Hi", "Hi")}),
         MessageStep("later", "email", {own: Said("Hi", "Hi")})),
    )  # fmt: skip
    try:
        async with database.transaction(1) as tx:
            await keep_journeys(tx, terms, [KeepJourney("bench", "Bench", plan, _BY)])
            (said,) = await keep_journeys(tx, terms, [MoveJourney("bench", "publish", _SECOND, 1)])
            assert not isinstance(said, Refused), said
        at = str(members)
        await asyncio.to_thread(ground.run, LEAN, _RUNS.replace("$1", at), "analyze journey_run")
        begun, steps, walked, rounds = time.perf_counter(), 0, 1, []
        while walked:
            at = time.perf_counter()
            async with database.transaction(1) as tx:
                walked = await walk_journeys(tx, terms)
            if walked:
                rounds.append((time.perf_counter() - at) * 1_000)
            steps += walked
        took = time.perf_counter() - begun
    finally:
        await database.close()
    ((passed,),) = await asyncio.to_thread(ground.rows, LEAN, "select count(*) from journey_pass")
    assert steps == members, (steps, members)
    return {
        "members": steps,
        "ms_each": round(took * 1_000 / passed, 3),
        "passed": passed,
        "round_ms": round(sorted(rounds)[len(rounds) // 2], 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
