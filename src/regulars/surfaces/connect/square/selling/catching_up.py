"""Asks an account which orders changed: the Orders API's search, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, Final

from regulars.records.inlets.catching.types import Answered
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.square.selling.asking import SquareApi, listed
from regulars.surfaces.connect.square.selling.events import changed_at, is_id
from regulars.surfaces.connect.square.selling.looking import wholes

A_PAGE: Final = 100
"""Orders; with their customers they are told in two answers."""
MOST_PLACES: Final = 10
"""Locations of one search; of an account with more, several are asked in turn."""
_STATES: Final = ("OPEN", "COMPLETED", "CANCELED")
_ODD: Final = "it answers something that is no list of orders"


class SquareOrders:
    """The orders of all of a seller's locations, for whoever asks."""

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """One page of the orders that changed from then on, the oldest change first.

        Order: of several searches, each page goes as far as the one that is furthest behind.
        Raises: NotTold.
        Source: Square Orders API, `SearchOrders` (`updated_at`, `sort_field: UPDATED_AT`).
        """
        api = SquareApi(send, shop)
        places = [one["id"] for one in listed(await api.get("locations"), "locations")]
        found: dict[str, dict[str, Any]] = {}
        behind = []
        for some in _portions(places):
            orders, more = await _searched(api, some, since)
            found |= {str(one["id"]): one for one in orders}
            if more:
                behind.append(_last(orders))
        if any(not is_id(id_) or changed_at(one) is None for id_, one in found.items()):
            raise NotTold(_ODD)
        orders = sorted(found.values(), key=lambda one: (_last([one]), one["id"]))
        events = await wholes(api, orders)
        last = min(behind, default=_last(orders) if orders else None)
        return Page(events, Answered(last, len(events), bool(behind), None))


async def _searched(
    api: SquareApi, places: Sequence[str], since: Since
) -> tuple[list[dict[str, Any]], bool]:
    """One page of one search, and whether there is a further one."""
    at = since.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    wish = {
        "location_ids": places,
        "limit": A_PAGE,
        "query": {
            "filter": {
                "state_filter": {"states": _STATES},
                "date_time_filter": {"updated_at": {"start_at": at}},
            },
            "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
        },
    }
    said = await api.post("orders/search", wish)
    for _ in range(since.page - 1):  # a moment that fills pages is gone through from its beginning
        if not said.get("cursor"):
            return [], False
        said = await api.post("orders/search", wish | {"cursor": said["cursor"]})
    orders = listed(said, "orders")
    if said.get("cursor") and not orders:
        raise NotTold(_ODD)
    return orders, bool(said.get("cursor"))


def _last(orders: Sequence[dict[str, Any]]) -> Any:
    """When the last of them changed. Raises: NotTold."""
    times = [at for one in orders if (at := changed_at(one)) is not None]
    if len(times) < len(orders):
        raise NotTold(_ODD)
    return max(times)


def _portions(places: Sequence[str]) -> Iterator[Sequence[str]]:
    return (places[at : at + MOST_PLACES] for at in range(0, len(places), MOST_PLACES))
