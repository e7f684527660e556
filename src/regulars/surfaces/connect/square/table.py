"""Every operation of the Square API that is answered here."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.connect.square.hooks import operations as hooks
from regulars.surfaces.connect.square.operations import (
    accounts,
    catalog,
    customers,
    events,
    locations,
    orders,
    payments,
    points,
    programs,
    promotions,
    purchases,
    rewards,
)
from regulars.surfaces.connect.square.operations.around import (
    articles,
    changed_orders,
    found_orders,
    merchant,
    refunds,
    tokens,
)

SQUARE_OPERATIONS: Final[tuple[Operation, ...]] = (
    *programs.OPERATIONS,
    *accounts.OPERATIONS,
    *points.OPERATIONS,
    *purchases.OPERATIONS,
    *events.OPERATIONS,
    *rewards.OPERATIONS,
    *promotions.OPERATIONS,
    *locations.OPERATIONS,
    *customers.OPERATIONS,
    *catalog.OPERATIONS,
    *orders.OPERATIONS,
    *found_orders.OPERATIONS,
    *changed_orders.OPERATIONS,
    *payments.OPERATIONS,
    *hooks.OPERATIONS,
    *merchant.OPERATIONS,
    *tokens.OPERATIONS,
    *refunds.OPERATIONS,
    *articles.OPERATIONS,
)
