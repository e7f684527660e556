"""P8: how long screens take with a million members.

    .venv/bin/python -m bench.sides.screens --members 1000000

An owner signs in and looks at one page after the other, as a browser asks for them; a till finds
members by their number and asks where they stand. One asks at a time, so what is measured is the
time of the server (and of the loopback). What a page answers is looked at: a page that shows
nothing would be quick.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.people import number
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from bench.sides.served import Served, serving_ours
from regulars.flows.access.commands import AddStaff, UseLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.membership.office.follow_points import follow_points
from regulars.records.access.staff.passwords import SALT_BYTES, kept_form
from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, token_hash
from regulars.records.access.staff.types import By
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

EMAIL, PASSWORD = "owner@bench.example", "four quiet green boats"
GOAL_MS, GOAL_TILL_MS = 100, 20
DRAFT = "bench"
TAGS = {"Choir": 26, "Council": 0}
"""Words on members, and on how many of 256 of them besides a few hundred."""
_TAG = """
insert into member_tag (program_id, tag, member_id, at)
select program_id, $1::text, member_id, now() from member
 where program_id = 1 and (get_byte(uuid_send(member_id), 15) < $2::int
       or (get_byte(uuid_send(member_id), 15) = 255 and get_byte(uuid_send(member_id), 14) < 16))
"""
PAGES = {
    "home": ("/console", "</html>"),
    "members": ("/console/members", "/console/members/mem_"),
    "narrowed": ("/console/members?visit=away-90&points_from=5", "</html>"),
    "rare": ("/console/members?points_from=900000&cols=visit&cols=lapses", "</html>"),
    "by_name": ("/console/members?sort=name&q=zz", "</html>"),
    "last_joined": ("/console/members?sort=newest", "/console/members/mem_"),
    "richest": ("/console/members?sort=points", "/console/members/mem_"),
    "here_last": ("/console/members?sort=visit&cols=visit", "/console/members/mem_"),
    "tagged": ("/console/members?tag=Choir&cols=tags", "/console/members/mem_"),
    "tagged_rich": ("/console/members?tag=Choir&points_from=900000&sort=visit", "</html>"),
    "tag_form": ("/console/tags/new?query=tag%3DCouncil&all=yes", 'name="who"'),
    "round_form": ("/console/rounds/new?query=tag%3DCouncil&all=yes", 'name="who"'),
    "activity": ("/console/activity", "</html>"),
    "rewards": ("/console/rewards", "</table>"),
    "program": ("/console/program", "</html>"),
    "figures": ("/console/figures", "Members"),
    "owed": ("/console/owed", "</html>"),
    "draft": (f"/console/program/drafts/{DRAFT}", "</html>"),
    "part": (f"/console/program/drafts/{DRAFT}/edit?add=challenge", "</form>"),
    "people": (f"/console/program/drafts/{DRAFT}/people", "</html>"),
    "trials": ("/console/trials", "</html>"),
    "imports": ("/console/imports", "</html>"),
    "codes": ("/console/codes", "</html>"),
    "benefits": ("/console/benefits", "</html>"),
    "stores": ("/console/stores", "</html>"),
    "team": ("/console/team", "</html>"),
    "alerts": ("/console/alerts", "</html>"),
    "requests": ("/console/requests", "</html>"),
    "audit": ("/console/audit", "</html>"),
    "settings": ("/console/settings", "</html>"),
    "segments": ("/console/segments", "</html>"),
    "campaigns": ("/console/campaigns", "</html>"),
    "win_back": ("/console/win-back", "</html>"),
    "reports": ("/console/reports", "</html>"),
}
"""Each page with what has to stand in it."""
_FORM = re.compile(r'name="_form" value="([^"]+)"')


class Times(NamedTuple):
    """How long each answer took, in milliseconds, in rising order."""

    ms: list[float]

    def at(self, share: float) -> float:
        """So much of them were at most as slow."""
        return round(self.ms[min(len(self.ms) - 1, int(len(self.ms) * share))], 2)


def main() -> int:
    """Look at every page often enough, judge, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--looks", type=int, default=200)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        seed(ground, wanted.members, wanted.members // 10, databases=(LEAN,))
        finish(ground, LEAN)
        asyncio.run(hire(ground, LEAN, TAGS))
        with serving_ours(ground, LEAN, wanted.members, "purchases.lua") as served:
            found = _look(served, wanted.members, wanted.looks)
        audit.verify_ours(ground, LEAN)
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"P8": found}, wanted.out)
    console.print_json(data=found["figures"])
    return 0


async def hire(ground: Ground, database_name: str, tags: Mapping[str, int]) -> None:
    """An owner with a password, and these words on members, which whoever follows has counted."""
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, database_name), size=1)
    link = token_hash(make_token(1, os.urandom(SECRET_BYTES)))
    wishes = [
        AddStaff("Olga", EMAIL, "owner", link, By(words="bench")),
        UseLink(link, kept_form(PASSWORD, os.urandom(SALT_BYTES))),
    ]
    try:
        terms = await Programs(database).terms(1)
        async with database.transaction(1) as tx:
            for wish in wishes:
                await keep_staff(tx, terms, [wish])
            for tag, share in tags.items():
                await tx.fetch(_TAG, tag, share)
        going = 1
        while going:  # as the worker does
            async with database.transaction(1) as tx:
                going = await follow_points(tx, terms, 1)
    finally:
        await database.close()


def _look(served: Served, members: int, looks: int) -> dict[str, Any]:
    chance, figures = random.Random(8), {}
    with httpx.Client(base_url=served.address, timeout=60) as owner:
        signed_in(owner, served.address)
        form = _FORM.findall(owner.get("/console/program").text)[0]
        begun = {"_form": form, "name": DRAFT}
        asked = owner.post(
            "/console/program/drafts", data=begun, headers={"origin": served.address}
        )
        assert asked.status_code == 303, asked.text
        for name, (path, has) in PAGES.items():
            figures[name] = times(owner, [path] * looks, has)
        someone = [f"/console/members?q={number(chance.randint(1, members))}" for _ in range(looks)]
        pages = [owner.get(path).headers["location"] for path in someone]
        figures["search"] = times(owner, someone, "")
        figures["member"] = times(owner, pages, "timeline")
    key = {"authorization": f"Bearer {served.key}"}
    with httpx.Client(base_url=served.address, headers=key, timeout=60) as till:
        numbers = [number(chance.randint(1, members)) for _ in range(looks * 5)]
        finds = [f"/v1/members?number={one}" for one in numbers]
        figures["till_lookup"] = times(till, finds, "mem_")
    slowest = max(one["p95_ms"] for name, one in figures.items() if name != "till_lookup")
    return {
        "what": f"screens with {members:,} members, one look at a time",
        "wanted": f"p95 at most {GOAL_MS} ms; a till finds a member in {GOAL_TILL_MS} ms (p99)",
        "ratios": {
            "slowest_page_p95_of_goal": round(slowest / GOAL_MS, 3),
            "till_lookup_p99_of_goal": round(figures["till_lookup"]["p99_ms"] / GOAL_TILL_MS, 3),
        },
        "figures": figures,
        "plan": {"members": members, "looks": looks},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def signed_in(owner: httpx.Client, address: str) -> None:
    """The owner signs in, as from a browser."""
    first = owner.get("/console/sign-in").text
    told = {"_form": _FORM.findall(first)[0], "email": EMAIL, "password": PASSWORD}
    signed = owner.post("/console/sign-in", data=told, headers={"origin": address})
    assert signed.status_code == 303, signed.text


def times(client: httpx.Client, paths: list[str], has: str) -> dict[str, float]:
    """The first look is shown apart: it may have to count what later ones are told again. Where
    there is one look, it is all there is."""
    taken = []
    for path in paths:
        begun = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code in (200, 302, 303), (path, answer.status_code)
        assert has in answer.text, (path, answer.text[:500])
    times = Times(sorted(taken[1:] or taken))
    return {
        "first_ms": round(taken[0], 2),
        "p50_ms": times.at(0.5),
        "p95_ms": times.at(0.95),
        "p99_ms": times.at(0.99),
    }


if __name__ == "__main__":
    raise SystemExit(main())
