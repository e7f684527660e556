"""Asks Klaviyo whose profile changed, a page at a time: who said no there is heard here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from regulars.records.outbox.klaviyo.types import Klaviyo, Profile
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.klaviyo.asking import Account, asked, written
from regulars.surfaces.connect.klaviyo.consents import profile_read

SIZE: Final = 100
LONGEST_PLACE: Final = 2000


class Page(NamedTuple):
    """What changed, when the last of it did, and where the next page begins."""

    profiles: Sequence[Profile]
    last_at: datetime | None
    following: str


async def heard(send: Send, account: Account, link: Klaviyo) -> Page:
    """The next page of what changed there, oldest change first. Raises: NotTold.

    Keeps: of where the next page begins only its mark is taken, never an address.
    """
    wish = {
        "filter": f"greater-than(updated,{written(link.read_to)})",
        "sort": "updated",
        "page[size]": str(SIZE),
        "additional-fields[profile]": "subscriptions",
        "fields[profile]": "email,phone_number,external_id,updated,subscriptions",
        **({"page[cursor]": link.page} if link.page else {}),
    }
    found = await asked(send, account.get("profiles", wish))
    rows = found.get("data")
    if not isinstance(rows, list):
        raise NotTold("it answers something that is no list of profiles")
    read = [one for one in map(profile_read, rows) if one is not None]
    dated = [at for _, at in read if at is not None]
    following = _following(found.get("links"))
    if following and following == link.page:
        raise NotTold("it says that the page after this one is this one")
    return Page([one for one, _ in read], max(dated, default=None), following)


def _following(links: object) -> str:
    said = links.get("next") if isinstance(links, dict) else None
    if not isinstance(said, str):
        return ""
    found = parse_qs(urlsplit(said).query).get("page[cursor]", [""])[0]
    return found if len(found) <= LONGEST_PLACE else ""
