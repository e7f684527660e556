"""What tests of foreign files share: a small program, and a file read as its mapping says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from regulars.flows.commands import RecordActivity
from regulars.flows.importing.commands import OpenLot
from regulars.surfaces.connect.moving.lines import Chunk, Source, read_file
from regulars.surfaces.connect.moving.mapping import Mapping, read_mapping
from regulars.surfaces.connect.moving.place import Place

PLACE = Place(
    wallets={"points": 0, "cash": 2},
    tiers=("silver", "gold"),
    currency="EUR",
    decimals=2,
    zone="Europe/Berlin",
    country="DE",
    now=datetime(2026, 6, 1, tzinfo=UTC),
    counters=frozenset(("limit:a:day:times", "remainder:points:no:1", "budget:all:year")),
    shelves=frozenset(("mug",)),
    rewards=frozenset(("mug", "film")),
)
LOTS = """
mapping: m
title: M
source: m
files:
  f:
    gives:
      lots: {member_id: who, wallet: wallet, remaining: points, expires_at: ends}
"""


def mapping(text: str = LOTS, **of_file: Any) -> Mapping:
    """A mapping, with something about its only file told differently."""
    found = msgspec.yaml.decode(text)
    found["files"]["f"].update(of_file)
    return read_mapping(msgspec.yaml.encode(found).decode())


def read(path: Path, told: Mapping | None = None) -> Chunk:
    """Everything a file gives, in one piece."""
    whole = Chunk()
    for chunk in read_file(Source(path, "f", 0), told or mapping(), PLACE):
        whole.lines += chunk.lines
        whole.names += chunk.names
        whole.slips += chunk.slips
        whole.read += chunk.read
        whole.left_aside += chunk.left_aside
    return whole


def lots(chunk: Chunk) -> list[OpenLot]:
    return [msgspec.msgpack.decode(line.packed, type=OpenLot) for line in chunk.lines]


def activities(chunk: Chunk) -> list[RecordActivity]:
    return [msgspec.msgpack.decode(line.packed, type=RecordActivity) for line in chunk.lines]
