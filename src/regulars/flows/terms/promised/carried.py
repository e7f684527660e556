"""What offers put into the program goes on when a file without it is published."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.records.program import read as programs
from regulars.records.program.changes.offers import read
from regulars.records.program.changes.offers.ruling import Unruly, published, without
from regulars.records.program.changes.offers.types import Access, Offer
from regulars.records.program.parsing.editing import UneditableError, add
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.problems import Problem, worded
from regulars.records.program.reading import read_program

_PARTS: Final = ("rules", "rewards")


async def carried(tx: Tx, source: str) -> tuple[str, list[Problem]]:
    """The file with what members were promised by offers that are not over, and what was put back.

    Order: as the version published last says it; of a draft that was begun before, or the shop's
    own copy of the file, nothing else changes.
    Faults: Invalid where only its author can put it back.
    """
    versions = await programs.versions(tx)
    live = await _live(tx, versions[-1].source) if versions else []
    if not live:
        return source, []
    last, here = _named(versions[-1].source), _named(source)
    lost = [
        one
        for one in live
        if one.known_as not in here
        or (one.known_as in last and last[one.known_as] != here[one.known_as])
    ]
    # In the order they have there, so that the same file with them is the same again.
    places = {name: place for place, name in enumerate(last)}
    lost.sort(key=lambda one: (places.get(one.known_as, len(places)), one.code))
    try:
        for one in lost:
            source = _with(source, one, last)
    except (Unruly, UneditableError) as why:
        names = ", ".join(one.known_as for one in lost)
        says = f"members have offers that are not in this file: {names}; it cannot be put back"
        raise Invalid(
            f"{says}: {why}", field="/source", mend="Copy it from the version in force"
        ) from why
    return source, [_said(one) for one in lost]


async def _live(tx: Tx, source: str) -> list[Offer]:
    """Offers that are in the program, and that somebody may still have."""
    there = [one for one in await read.offers(tx) if one.state != "draft"]
    ruled = [one for one in there if not isinstance(one.gives, Access)]
    if not ruled:
        return []
    today = tx.now.astimezone(ZoneInfo(read_program(source).zone)).date()
    closed = [one.code for one in ruled if one.state == "closed" and not one.over(today)]
    last = await read.last_days(tx, closed)
    return [
        one
        for one in ruled
        if not one.over(today) and (one.state == "open" or last[one.code] > today)
    ]


def _named(source: str) -> dict[str, tuple[str, Any]]:
    """The rules and rewards of a file by their names, and in which list each is."""
    tree = parse(source).value
    return {one["id"]: (part, one) for part in _PARTS for one in tree.get(part) or ()}


def _with(source: str, one: Offer, last: dict[str, tuple[str, Any]]) -> str:
    source = without(source, {one.known_as})
    if one.known_as not in last:
        return published(source, one, set())
    part, said = last[one.known_as]
    return add(source, (part,), said)


def _said(one: Offer) -> Problem:
    says = worded(
        "%(name)s is put back: members have this offer until it is over", name=one.known_as
    )
    return Problem(1, 1, "", str(says), "", "warning", text=says.text, places=says.places)
