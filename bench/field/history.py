"""A made-up shop's members and history as the files an import reads; the same on every run."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

YEARS = 2
CHANNELS = ("till", "till", "till", "web", "app")
CATEGORIES = ("grocery", "coffee", "bakery", "home")


def write_files(folder: Path, members: int, activities: int, now: datetime) -> None:
    """`members.csv` and `activities.csv`: purchases of one or two lines each."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = Random(4)
    with (folder / "members.csv").open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["member_id", "given_name", "joined_at"])
        joined = (now - timedelta(days=365 * YEARS + 30)).isoformat()
        out.writerows([f"mem_{member_id(n)}", f"Member {n}", joined] for n in range(members))
    with (folder / "activities.csv").open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(
            ["activity_id", "member_id", "kind", "source", "external_id", "sale_id",
             "occurred_at", "store", "channel", "amount_minor", "currency", "lines"]
        )  # fmt: skip
        # In the order they happened, as another system writes them out.
        ago = sorted(
            (chance.randrange(365 * YEARS * 1440) for _ in range(activities)), reverse=True
        )
        out.writerows(_row(chance, (n, minutes), members, now) for n, minutes in enumerate(ago))


def _row(chance: Random, what: tuple[int, int], members: int, now: datetime) -> list[object]:
    member, (n, minutes) = chance.randrange(members), what
    at = (now - timedelta(minutes=minutes + 1)).astimezone(UTC).isoformat(timespec="seconds")
    return [
        "", f"mem_{member_id(member)}", "purchase", "old-till", f"r{n}", "", at, "main",
        chance.choice(CHANNELS), "", "EUR", _lines(chance),
    ]  # fmt: skip


def _lines(chance: Random) -> str:
    lines = (
        f'{{"amount_minor":{chance.randrange(100, 6000)},"sku":"sku-{category}",'
        f'"category":"{category}","quantity":{chance.randrange(1, 4)}}}'
        for category in chance.sample(CATEGORIES, chance.randrange(1, 3))
    )
    return f"[{','.join(lines)}]"


def member_id(n: int) -> str:
    """The id of a made-up member, in the order of their numbers."""
    return f"{n:08x}00007000800000000000{0:04x}"
