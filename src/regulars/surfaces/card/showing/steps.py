"""The tier of a member, and how far the next one is, as they read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from regulars.flows.show_standing import NextTier, Standing
from regulars.records.program.types import Ladder as Beside
from regulars.records.program.types import Tier, Tiers
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.card.showing.purses import unit_of

Steps = Sequence[Any]
"""Steps of the tiers or of a further ladder, the lowest first."""


class Ahead(NamedTuple):
    """The next step: its name, how far it is, by when, and what comes with it."""

    name: str
    place: int
    reached: int
    needed: int
    words: str
    missing: str
    by: datetime | None
    perks: tuple[str, ...]
    invited: bool


class Ladder(NamedTuple):
    """Where a member stands on a ladder."""

    name: str
    """Of a further ladder; the first one has none."""
    tier: str
    place: int
    perks: tuple[str, ...]
    until: datetime | None
    ahead: Ahead | None


def ladders_of(visit: Visit, standing: Standing) -> list[Ladder]:
    """The tiers, and every further ladder of the program."""
    program, found = visit.program, []
    if program.tiers is not None:
        ahead = _ahead(visit, program.tiers, standing.next_tier)
        now = _step(program.tiers.steps, standing.tier)
        found.append(Ladder("", *now, standing.tier_until, ahead))
    for id_, one in standing.ladders.items():
        kept = program.ladders[id_]
        ahead = _ahead(visit, kept, one.next_tier)
        found.append(Ladder(kept.name or id_, *_step(kept.steps, one.tier), one.until, ahead))
    return found


def _step(steps: Steps, tier: Tier | None) -> tuple[str, int, tuple[str, ...]]:
    if tier is None:
        return "", 0, ()
    said, place = _said(steps, tier)
    return said.name or said.id, place, said.perks


def _said(steps: Steps, tier: Tier) -> tuple[Any, int]:
    """The step in the reader's language, and its place from 1 on; one that is gone as it was."""
    for place, one in enumerate(steps, 1):
        if one.id == tier.id:
            return one, place
    return tier, len(steps)


def _ahead(visit: Visit, kept: Tiers | Beside, told: NextTier | None) -> Ahead | None:
    if told is None:
        return None
    said, place = _said(kept.steps, told.tier)
    reached, lacks = min(told.reached, told.needed), max(0, told.needed - told.reached)
    return Ahead(
        name=said.name or said.id,
        place=place,
        reached=reached,
        needed=told.needed,
        words=visit.reader.say(
            "%(reached)s of %(needed)s",
            reached=_bare(visit, told, kept.wallet, reached),
            needed=_measured(visit, told, kept.wallet, told.needed),
        ),
        missing=_measured(visit, told, kept.wallet, lacks),
        by=told.by,
        perks=said.perks,
        invited=said.by == "invitation",
    )


def _measured(visit: Visit, told: NextTier, wallet: str | None, units: int) -> str:
    """So much of what the ladder counts, with its unit."""
    if told.measure == "visits":
        return visit.reader.say_many("%(n)s visit", "%(n)s visits", units)
    if told.measure == "friends":
        return visit.reader.say_many("%(n)s friend who stayed", "%(n)s friends who stayed", units)
    bare = _bare(visit, told, wallet, units)
    kept = visit.program.wallets.get(wallet or "") if told.measure == "status" else None
    return bare if kept is None else f"{bare} {unit_of(visit, wallet or '', units)}".strip()


def _bare(visit: Visit, told: NextTier, wallet: str | None, units: int) -> str:
    """The same as a number alone; money is no number alone."""
    if told.measure == "spend":
        return visit.reader.money(units, visit.program.currency)
    kept = visit.program.wallets.get(wallet or "") if told.measure == "status" else None
    return visit.reader.quantity(units, 0 if kept is None else kept.scale)
