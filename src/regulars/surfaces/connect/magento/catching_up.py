"""Asks a shop which orders changed: its REST API's search, page by page."""

from __future__ import annotations

from datetime import UTC
from typing import Final

from regulars.records.inlets.catching.types import Answered
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.magento.api.asking import MagentoApi
from regulars.surfaces.connect.magento.looking import customers, wholes

A_PAGE: Final = 100
"""Orders; a shop has to build each of them with all that belongs to it."""


class MagentoOrders:
    """The orders of a shop, for whoever asks it."""

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """One page of the orders that changed from then on, the oldest change first.

        Order: of one second by their numbers, so that pages of it do not overlap.
        Raises: NotTold.
        """
        api, at = MagentoApi(send, shop), since.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        where, sort = (("updated_at", "gteq", at),), ("updated_at", "entity_id")
        found = await api.listed("orders", where, sort, (since.page, A_PAGE))
        events = await wholes(api, found.rows)
        times = [one.told_at for one in events if one.told_at is not None]
        if len(times) < len(events):
            raise NotTold("it answers something that is no list of orders")
        ahead = max(0, found.total - A_PAGE * (since.page - 1) - len(events))
        told = Answered(max(times, default=None), len(events), ahead > 0, ahead)
        return Page((*await customers(api, found.rows), *events), told)
