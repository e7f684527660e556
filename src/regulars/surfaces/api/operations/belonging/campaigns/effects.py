"""What a campaign changed, as the API shows it."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.insight.estimators.comparing.sums import More
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.campaigns import brought
from regulars.insight.experiments.variants import Way, by_way
from regulars.records.outbox.campaigns.types import WAYS, Campaign
from regulars.surfaces.api.operations.belonging.campaigns.wire import (
    CampaignEffect,
    CampaignMore,
    CampaignReach,
    CampaignSide,
    CampaignWay,
    CampaignWays,
    WayName,
)


async def effect_of(tx: Tx, found: Campaign, zone: ZoneInfo) -> CampaignEffect | None:
    """Those it was for beside those who were held out; nothing where nobody was."""
    if not found.holds_out or found.queued_at is None:
        return None
    begun_on, today = (at.astimezone(zone).date() for at in (found.queued_at, tx.now))
    came = await brought(tx, found.campaign_id, begun_on, today)
    if came is None:
        return None
    sent, held_out = (
        CampaignSide(one.members, one.orders, one.spend_minor) for one in (came.sent, came.held_out)
    )
    return CampaignEffect(came.days, sent, held_out, _more(came.orders), _more(came.spend))


async def ways_of(tx: Tx, found: Campaign, zone: ZoneInfo) -> CampaignWays | None:
    """What came of each way to say it; nothing where there is one."""
    if not found.variants or found.queued_at is None:
        return None
    begun_on, today = (at.astimezone(zone).date() for at in (found.queued_at, tx.now))
    came = await by_way(tx, found.campaign_id, begun_on, today, 1 + len(found.variants))
    if came is None:
        return None
    items = [_way(at, one) for at, one in enumerate(came.ways)]
    best: Any = None if came.best is None else WAYS[came.best]
    worse = [cast("WayName", WAYS[at]) for at in came.worse]
    return CampaignWays(came.days, items, best, came.stop, worse)


def reach_of(found: Campaign) -> list[CampaignReach]:
    """How many each of its channels reached when it was checked, in their order, and how many none
    did."""
    if found.reach is None:
        return []
    names: tuple[Any, ...] = (*found.channels, "")
    return [CampaignReach(one, found.reach.get(one, 0)) for one in names]


def _way(at: int, one: Way) -> CampaignWay:
    side = CampaignSide(one.side.members, one.side.orders, one.side.spend_minor)
    beside = (one.orders, one.orders_always, one.spend, one.held_orders, one.held_spend)
    told = (None if each is None else _more(each) for each in beside)
    return CampaignWay(cast("WayName", WAYS[at]), side, *told)


def _more(found: More | NotEnough) -> CampaignMore:
    if isinstance(found, NotEnough):
        return CampaignMore(None, None, None)
    return CampaignMore(found.value, found.low, found.high)
