"""What somebody wants of extracts is checked before it is kept, and tried out."""

from __future__ import annotations

import asyncio
from typing import Final

from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.flows.errands.keep_extracts import PlanExtracts
from regulars.records.access.staff.types import By
from regulars.records.errands.extracts.types import ExtractFormat, ExtractPlan
from regulars.surfaces.connect.extracts.shelves.opening import EXTRACTS, Outside, shelf_of
from regulars.surfaces.connect.extracts.wire import ExtractsTried
from regulars.surfaces.connect.feeds.keys import NONCE, FeedKeys, sealed
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.connect.feeds.places.there import NotReached
from regulars.surfaces.connect.feeds.wishing import Wanted, check_place
from regulars.surfaces.given import Given

TRIED_S: Final = 25.0
_ANY: Final = "00000000T000000Z"
"""No extract is called so."""


def extracts_from(
    given: Given, program_id: int, wanted: Wanted, when: tuple[int, ExtractFormat, bool], by: By
) -> PlanExtracts:
    """The command for what is wanted, its keys encrypted.

    Faults: Invalid for an address that is none or that we do not talk to, keys that are none, or
    what has no place there.
    """
    if wanted.place == "folder" and given.extracts is None:
        mend = "Whoever runs this installation sets REGULARS_EXTRACTS_FOLDER"
        raise Invalid("No folder of this machine is open to it", field="/place", mend=mend)
    check_place(replace(given, feeds=given.extracts), wanted)
    at_minute, format_, paused = when
    keys = b""
    if wanted.secret or wanted.private_key:
        told = FeedKeys(wanted.secret, wanted.private_key)
        keys = sealed(given.keyed, (program_id, EXTRACTS), told, given.random_bytes(NONCE))
    return PlanExtracts(
        by, wanted.place, wanted.address, at_minute, format_, wanted.endpoint.rstrip("/"),
        wanted.region, wanted.account, keys, wanted.host_key.strip(), paused,
    )  # fmt: skip


async def tried(given: Given, program: tuple[int, str], plan: ExtractPlan) -> ExtractsTried:
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
        return ExtractsTried(False, why.why, "")
    except TimeoutError:
        return ExtractsTried(False, "it did not answer in time", "")
    return ExtractsTried(True, "", fingerprint(host_key))
