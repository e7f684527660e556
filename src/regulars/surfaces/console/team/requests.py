"""What was asked by the API lately, found by its idempotency key."""

from __future__ import annotations

from typing import Final

from litestar import Response

from regulars.records.access import read as keys
from regulars.records.access.requests import read
from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.here import Here

MOST: Final = 100
PAGE: Final = "/console/keys/log"


async def requests(here: Here) -> Response[str]:
    """The newest requests, or every one under a key."""
    wanted = read.Wanted(here.query.get("key", "")[:128], here.query.get("only") == "failed")
    async with here.transaction as tx:
        found = await read.requests(tx, wanted, MOST)
        names = {key.key_id: key.name for key in await keys.keys(tx)}
    return here.page(
        "terms/requests.html",
        items=[(one, names.get(one.key_id, "") if one.key_id else "") for _, one in found],
        looked_for=wanted.key,
        failed=wanted.failed,
        most=MOST,
    )


PAGES: Final = ((PAGE, Permission.KEYS_WRITE, lambda here, _: requests(here)),)
