"""From a plan to the place it names: opened with its keys, for as long as an extract is put."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.records.errands.extracts.types import ExtractPlan
from regulars.records.rewards.partners.settling.types import SettlementPlan
from regulars.surfaces.connect.extracts.shelves.folder import Folder
from regulars.surfaces.connect.extracts.shelves.shelf import Shelf
from regulars.surfaces.connect.feeds.keys import KeysElsewhere, opened
from regulars.surfaces.connect.feeds.places.addresses import bucket_of, server_of
from regulars.surfaces.connect.feeds.places.bucket import store_of
from regulars.surfaces.connect.feeds.places.there import NotReached, Reach
from regulars.surfaces.senders.outgoing.guard import Guard

EXTRACTS: Final = UUID(int=2)
"""In place of a source of files, which has an id of its own: keys of one open no other."""
NO_FOLDER: Final = "no folder is open to extracts here: its operator sets REGULARS_EXTRACTS_FOLDER"


class Outside(Struct, frozen=True):
    """Where this installation may write extracts: by whom it is guarded, and into which folder."""

    guard: Guard
    folder: Path | None = None


@asynccontextmanager
async def shelf_of(
    outside: Outside,
    keyed: Keyed,
    program: tuple[int, str],
    plan: ExtractPlan | SettlementPlan,
) -> AsyncIterator[Shelf]:
    """The place of a plan, of this program with this folder. Raises: NotReached."""
    program_id, own = program
    try:
        whose = plan.partner_id if isinstance(plan, SettlementPlan) else EXTRACTS
        keys = opened(keyed, (program_id, whose), plan.keys)
    except KeysElsewhere:
        raise NotReached("its keys are of another installation: enter them again") from None
    reach = Reach(outside.guard)
    if plan.place == "folder":
        if outside.folder is None:
            raise NotReached(NO_FOLDER)
        yield Folder(outside.folder, own, plan.address)
    elif plan.place == "sftp":
        # Takes most of a second to load, which who has no such server need not wait for.
        from regulars.surfaces.connect.extracts.shelves.sftp import sftp_shelf

        where = server_of(plan.address)
        async with sftp_shelf(reach, where, plan.account, keys, plan.host_key) as shelf:
            yield shelf
    else:
        from regulars.surfaces.connect.extracts.shelves.bucket import Bucket

        where_to = bucket_of(plan.address)
        at = (plan.endpoint, plan.region)
        yield Bucket(await store_of(reach, where_to, at, (plan.account, keys)), where_to.prefix)
