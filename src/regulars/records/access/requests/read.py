"""Look requests up."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.requests.types import Kept, Noted, digest_of, unpacked

_PAGES = """
select page_id, noted from request_page
 where program_id = $1::int and page_id <= $2::uuid
   and ($3::boolean is false or failed > 0)
   and ($4::bytea = '' or position($4::bytea in digests) > 0)
 order by page_id desc limit $5::int
"""
_LAST = UUID(int=(1 << 128) - 1)
_AT_ONCE = 20
"""Pages read in a row; most have few requests, those of a rush thousands."""


class Place(NamedTuple):
    """Where a request stands: the how manieth of its page."""

    page_id: UUID
    number: int


class Wanted(NamedTuple):
    """Which requests are looked for: under this key, or only those that were refused."""

    key: str = ""
    failed: bool = False

    def has(self, one: Kept) -> bool:
        """Whether this is one of them."""
        if self.key and one.digest != digest_of(self.key):
            return False
        return not self.failed or one.noted.status >= 400


async def requests(
    tx: Tx, wanted: Wanted, most: int, before: Place | None = None
) -> list[tuple[Place, Noted]]:
    """Requests newest first, before that one."""
    found: list[tuple[Place, Noted]] = []
    digest, end = digest_of(wanted.key), before
    while len(found) < most:
        page_id = end.page_id if end else _LAST
        rows = await tx.fetch(_PAGES, tx.program_id, page_id, wanted.failed, digest, _AT_ONCE)
        for row in rows:
            kept = unpacked(row["noted"])
            at_most = len(kept)
            if end is not None and row["page_id"] == end.page_id:
                at_most = min(at_most, end.number)
            for number in reversed(range(at_most)):
                if wanted.has(kept[number]):
                    found.append((Place(row["page_id"], number), kept[number].noted))
            end = Place(row["page_id"], 0)
        if len(rows) < _AT_ONCE:
            break
    return found[:most]
