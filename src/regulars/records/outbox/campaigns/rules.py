"""When a message may go, who is held out, and how often somebody is written to."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from regulars.records.outbox.campaigns.types import LIVES, Campaign

FEWEST: Final = 500
"""Below so many in the segment nobody is held out: it would say nothing."""
AHEAD: Final = timedelta(hours=26)
"""So long before the hour of the shop it is that hour somewhere."""


class Bounds(Struct, frozen=True):
    """What a shop lets campaigns do: so many messages to one member in so many days (0: any
    number), and none from one hour of theirs to another."""

    most: int
    days: int
    quiet_from: int
    quiet_until: int
    alone_up_to: int
    """Campaigns to more members than this are approved by somebody else than wrote them."""


def held_out(campaign_id: UUID, member_id: UUID, percent: int) -> bool:
    """Whether chance holds this member out of this campaign; the same whenever it is asked.

    Example: with 0 nobody, with 5 about one in twenty, and with 10 all of those and as many more.
    """
    drawn = sha256(campaign_id.bytes + member_id.bytes).digest()[:4]
    return int.from_bytes(drawn) * 100 >> 32 < percent


def way_of(campaign_id: UUID, member_id: UUID, ways: int) -> int:
    """In which of so many ways this member reads this campaign: drawn once, and the same whenever
    it is asked. Who is held out is drawn apart from it.

    Example: of two ways, 0 for about every second member; of one, 0 for all.
    """
    drawn = sha256(b"way" + campaign_id.bytes + member_id.bytes).digest()[:4]
    return int.from_bytes(drawn) * ways >> 32


def begins_at(campaign: Campaign) -> datetime | None:
    """When everybody gets their row; nothing where it may begin at once."""
    if campaign.send_at is None or not campaign.local:
        return campaign.send_at
    return campaign.send_at - AHEAD


def due_at(
    campaign: Campaign, zone: str, shop: str, bounds: Bounds, asked: datetime | None = None
) -> datetime:
    """When this member may be written to: at the campaign's time, by their clock where it says so,
    and not in the hours in which nobody is disturbed. A step of a journey is `asked` of each at a
    time of their own.

    Example: at 9 o'clock by the clock of each in a shop in Berlin is, for somebody in New York,
    six hours later; at 23:00 there, with quiet from 21 to 8, at 8 o'clock of the next day.
    """
    begun = asked or campaign.send_at or campaign.queued_at
    assert begun is not None, campaign
    theirs, ours = _zone(zone, shop), ZoneInfo(shop)
    if campaign.local:
        begun = begun.astimezone(ours).replace(tzinfo=theirs)
    return after_quiet(begun, theirs, bounds)


def after_quiet(at: datetime, zone: ZoneInfo, bounds: Bounds) -> datetime:
    """This instant or, where it is in quiet hours there, the end of them."""
    local = at.astimezone(zone)
    begin, end = bounds.quiet_from, bounds.quiet_until
    inside = begin <= local.hour < end if begin <= end else not end <= local.hour < begin
    if not inside:
        return at
    day = local.date() + timedelta(days=begin > end and local.hour >= begin)
    return datetime.combine(day, time(end % 24), zone) + timedelta(days=end == 24)


def too_late(campaign: Campaign, due: datetime, now: datetime) -> bool:
    """Whether nobody wants to read it any more."""
    return now >= due + LIVES


def zone_of(zone: str, shop: str) -> ZoneInfo:
    """The clock of a member; of whom none is known, the shop's."""
    return _zone(zone, shop)


def _zone(zone: str, shop: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone or shop)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(shop)
