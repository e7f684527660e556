"""What whoever stands at the till was offered, and that they take it up."""

from __future__ import annotations

from typing import Any, Final

from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.offers import examples
from regulars.surfaces.api.operations.belonging.offers.operations import activate, of_member
from regulars.surfaces.api.operations.belonging.offers.wire import OfferHeld, OffersHeld
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.till.sync.devices import working


async def shown(call: Call) -> Reply:
    """What they have. Faults: Gone for a till that is at rest."""
    await working(call)
    return await of_member(call)


async def taken_up(call: Call) -> Reply:
    """It counts from now on. Faults: Gone for a till that is at rest."""
    await working(call)
    return await activate(call)


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(
        method=method, path=path, name=name, tag="Tills", scopes=(Scope.TILL,), **told
    )  # fmt: skip


OPERATIONS: Final = (
    _operation(
        "GET", "/v1/till/members/{member_id}/offers", "list_offers_at_till",
        says="What the member at the till was offered and may still use",
        answers={200: OffersHeld},
        answer_example={"member_id": examples.MEMBER, "items": [examples.HELD]},
        codes=("unknown_member", "not_found", "gone"),
        do=shown,
    ),
    _operation(
        "POST", "/v1/till/members/{member_id}/offers/{offer}/activate", "activate_offer_at_till",
        once=Once.AGAIN,
        says="Activate an offer for the member at the till",
        answers={200: OfferHeld},
        answer_example=examples.HELD,
        codes=("not_found", "unknown_member", "offer_not_yours", "offer_over", "gone"),
        do=taken_up,
    ),
)  # fmt: skip
