"""The promise as somebody changes it: over HTTP at a real server by the real clock, and by the verb
that tries a draft on a file with gaps."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import polars as pl
import pytest
from tests.makers import Made, Shop
from tests.surfaces.counter import Counter, buys
from tests.surfaces.port import serving

pytestmark = pytest.mark.slow
WHY = {"reason": "a slip"}
AHEAD = timedelta(seconds=3)
"""A change so near comes while the test is there."""
PROGRAM = """
regulars: 1
program: promise
name: Promise
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: ever
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]
"""
STEEPER = PROGRAM.replace('"300.00"', '"500.00"').replace("points: 1, per", "points: 2, per")
STEEPER += "changeover: {members: full}\n"
DEARER = STEEPER.replace("points: 2, per", "points: 3, per")
STRIPS = PROGRAM.replace(', {id: gold, at: "300.00"}', "")
HEAD = "receipt,member,occurred_at,amount,store\n"


@pytest.fixture(scope="module")
def person(database: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Whoever holds the key of a shop whose only member stands on gold."""
    shop = Counter(Shop.open(database, PROGRAM))
    headers = {"authorization": f"Bearer {shop.key}"}
    with (
        serving(database, tmp_path_factory.mktemp("home")) as address,
        httpx.Client(base_url=address, headers=headers) as client,
    ):
        told = {"identifiers": [{"kind": "external", "value": "A-1"}]}
        assert client.post("/v1/members", json=told).status_code == 201
        yield client
    shop.close()


def sells(person: httpx.Client, minor: int) -> tuple[int, str]:
    sold = person.post("/v1/activities", json=buys("A-1", minor))
    assert sold.status_code == 201, sold.text
    return sold.json()["earned"]["points"], sold.json()["tier"]


def sent(source: str, at: datetime | None = None) -> dict[str, str]:
    told = {"source": source}
    return told if at is None else told | {"effective_from": at.isoformat().replace("+00:00", "Z")}


def current(person: httpx.Client) -> int:
    return int(person.get("/v1/programs/current").json()["version"])


def test_terms_are_planned_begin_later_are_taken_back_and_strip_nobody_silently(
    person: httpx.Client,
) -> None:
    assert sells(person, 40_000) == (400, "gold")
    plan = person.post("/v1/programs/plan", json=sent(STRIPS)).json()
    (wrong,) = [one for one in plan["problems"] if one["severity"] == "error"]
    assert (plan["ok"], wrong["path"]) == (False, "tiers.steps")
    assert wrong["line"] > 1
    assert "gold" in wrong["says"]
    assert wrong["mend"]
    refused = person.post("/v1/programs/versions", json=sent(STRIPS))
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_program")
    assert current(person) == 1

    plan = person.post("/v1/programs/plan", json=sent(STEEPER)).json()
    falls = [one for one in plan["groups"] if one["what"] == "loses"]
    assert [(one["tier"], one["becomes"], one["members"]) for one in falls] == [
        ("gold", "silver", 1)
    ]
    begins = datetime.now(UTC) + AHEAD
    ahead = person.post("/v1/programs/versions", json=sent(STEEPER, begins))
    assert ahead.status_code == 201, ahead.text
    assert sells(person, 1_000) == (10, "gold")
    time.sleep(max((begins - datetime.now(UTC)).total_seconds(), 0) + 0.01)
    assert sells(person, 1_000) == (20, "silver")
    assert current(person) == ahead.json()["version"]
    decided = person.post(f"{ahead.headers['location']}/withdraw", json=WHY)
    assert (decided.status_code, decided.json()["code"]) == (409, "version_decided")

    later = person.post(
        "/v1/programs/versions", json=sent(DEARER, datetime.now(UTC) + timedelta(hours=1))
    )
    back = f"{later.headers['location']}/withdraw"
    taken = person.post(back, json=WHY)
    assert taken.status_code in (200, 201), taken.text
    assert person.post(back, json=WHY).json() == taken.json()
    assert sells(person, 1_000) == (20, "silver")


def test_a_trial_on_a_file_with_gaps_says_which_lines_and_why(tmp_path: Path) -> None:
    lines = (
        "r1,ada,2026-03-01T10:00:00,12.50,mitte", "r2,,2026-03-02T10:00:00,12.50,mitte",
        "r3,ada,yesterday,12.50,mitte", "r4,ben,2026-03-03T10:00:00,much,mitte",
        "r5,ben,2026-03-04T10:00:00,20.00,mitte",
    )  # fmt: skip
    for name, text in (("now", PROGRAM), ("draft", STEEPER), ("sales", HEAD + "\n".join(lines))):
        suffix = "csv" if name == "sales" else "yaml"
        (tmp_path / f"{name}.{suffix}").write_text(text, "utf-8")
    asked = ["replay", "draft.yaml", "--sales", "sales.csv", "--against", "now.yaml"]
    done = subprocess.run(
        [sys.executable, "-m", "regulars", *asked, "--engine", "fold", "--out", "told"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 lines take no part" in done.stdout
    for place, why in (("line 3", "no member"), ("line 4", "no time"), ("line 5", "no number")):
        assert any(place in line and why in line for line in done.stdout.splitlines()), place
    left_out = pl.read_parquet(tmp_path / "told/left_out.parquet")
    assert "3" in str(left_out.to_dicts())
    assert "no member" in (tmp_path / "told/replay.html").read_text("utf-8")
