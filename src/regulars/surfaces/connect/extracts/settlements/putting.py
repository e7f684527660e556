"""A settlement on its way: written here, put where the plan says, whole or not at all."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.keep_settlement_plans import PlanSettlements
from regulars.records.access.staff.types import By
from regulars.records.rewards.partners.settling import read
from regulars.records.rewards.partners.settling.types import (
    Every,
    SettledLine,
    Settlement,
    SettlementFormat,
    SettlementPlan,
)
from regulars.records.rewards.partners.types import Partner
from regulars.surfaces.connect.extracts.settlements.ending import ends_of
from regulars.surfaces.connect.extracts.settlements.files import Between, folder_name, write_to
from regulars.surfaces.connect.extracts.settlements.wire import SettlementPlanTried
from regulars.surfaces.connect.extracts.shelves.opening import Outside, shelf_of
from regulars.surfaces.connect.extracts.shelves.shelf import put_all
from regulars.surfaces.connect.feeds.keys import NONCE, FeedKeys, sealed
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.connect.feeds.places.there import NotReached
from regulars.surfaces.connect.feeds.wishing import Wanted, check_place
from regulars.surfaces.given import Given

TRIED_S: Final = 25.0
_ANY: Final = "no-settlement"
_PAGE: Final = 5_000
MOST_LINES: Final = 1_000_000


class How(Struct, frozen=True):
    """How often settlements are made, and as what they are written."""

    every: Every
    format: SettlementFormat
    paused: bool = False


def plan_from(
    given: Given, who: tuple[int, Partner, By], wanted: Wanted, how: How
) -> PlanSettlements:
    """The command for what is wanted for a partner of a program, its keys encrypted.

    Faults: Invalid for an address that is none or that we do not talk to, keys that are none, or
    what has no place there.
    """
    if wanted.place == "folder" and given.extracts is None:
        mend = "Whoever runs this installation sets REGULARS_EXTRACTS_FOLDER"
        raise Invalid("No folder of this machine is open to it", field="/place", mend=mend)
    check_place(replace(given, feeds=given.extracts), wanted)
    keys = b""
    program_id, partner, by = who
    if wanted.secret or wanted.private_key:
        told = FeedKeys(wanted.secret, wanted.private_key)
        place = (program_id, partner.partner_id)
        keys = sealed(given.keyed, place, told, given.random_bytes(NONCE))
    return PlanSettlements(
        by, partner.slug, how.every, wanted.place, wanted.address, how.format,
        wanted.endpoint.rstrip("/"), wanted.region, wanted.account, keys, wanted.host_key.strip(),
        how.paused,
    )  # fmt: skip


async def tried(
    given: Given, program: tuple[int, str], plan: SettlementPlan
) -> SettlementPlanTried:
    """Whether a place answers; nothing is put there."""
    outside = Outside(given.receivers, given.extracts)
    try:
        async with (
            asyncio.timeout(TRIED_S),
            shelf_of(outside, given.keyed, program, plan) as shelf,
        ):
            await shelf.whole(_ANY)
            host_key = shelf.host_key
    except NotReached as why:
        return SettlementPlanTried(False, why.why, "")
    except TimeoutError:
        return SettlementPlanTried(False, "it did not answer in time", "")
    return SettlementPlanTried(True, "", fingerprint(host_key))


async def all_lines(tx: Tx, one: Settlement) -> list[SettledLine]:
    """Every line of a settlement. Faults: Invalid for more than a file may have."""
    if one.lines > MOST_LINES:
        says = f"a file has up to {MOST_LINES:,} lines: settle more often"
        raise Invalid(says, field="/until_on")
    found: list[SettledLine] = []
    while len(found) < one.lines:
        found += await read.lines(tx, one, found[-1].step if found else None, _PAGE)
    return found


def between(partner: Partner, terms: Terms) -> Between:
    """Between whom a settlement is."""
    currency = terms.versions[-1].program.currency
    return Between(partner.slug, currency, terms.wallet_names)


async def about_file(tx: Tx, one: Settlement, partner: Partner, terms: Terms) -> Between:
    """Between whom a settlement is, with the contracts that ended early, as its files say it."""
    return replace(between(partner, terms), ends=await ends_of(tx, one))


async def put_there(
    reach: tuple[Outside, Keyed, tuple[int, str]],
    plan: SettlementPlan,
    what: tuple[Settlement, list[SettledLine], Between],
    here: Path,
) -> str:
    """Put a settlement where its plan says; the host key by which that place was met.

    Keeps: it is there whole or not at all; put once more, nothing happens.
    Raises: NotReached, TimeoutError.
    """
    outside, keyed, program = reach
    one, lines, about = what
    name = folder_name(one, about)
    folder = here / name
    try:
        file = await asyncio.to_thread(write_to, folder, one, lines, (about, plan.format))
        async with shelf_of(outside, keyed, program, plan) as shelf:
            await put_all(shelf, name, folder, [file])
            return shelf.host_key
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
