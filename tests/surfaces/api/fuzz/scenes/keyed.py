"""What is there before an operation is asked under a key, where its usual scene is not enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.surfaces.api.fuzz.scenes.belonging import telling
from tests.surfaces.api.fuzz.scenes.counter.appointing import over
from tests.surfaces.api.fuzz.scenes.counter.paying_out import with_account
from tests.surfaces.api.fuzz.scenes.terms import program_source

Said = dict[str, Any]
_DRAWS = ("spring", "easter")
_FEE = {"minor": 1_000, "currency": "EUR"}


def erasing(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": house.member()}}


def dropping(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": with_account(house)}}


def refunding(house: Any) -> Iterator[Said]:
    """A membership of which something was paid."""
    for said in telling(house):
        path = f"/v1/memberships/{said['path']['membership_id']}/paid"
        paid = f"in_{house.fresh()}"
        house.post(path, source="payments", external_id=paid, amount=_FEE)
        yield said | {"body": said["body"] | {"payment": paid}}


def publishing(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": {"source": program_source(house)}}


def inside(house: Any) -> Iterator[Said]:
    """The key of a sandbox that stays."""
    while True:
        yield {"key": house.post("/v1/sandboxes", name=f"stays-{house.fresh()}")["key"]}


def announcing(_: Any) -> Iterator[Said]:
    for draw in _DRAWS:
        yield {"path": {"draw": draw}}


def closing(house: Any) -> Iterator[Said]:
    """Draws that were announced, and are over."""
    for draw in _DRAWS:
        house.counter.post(f"/v1/draws/{draw}/announce")
    house.counter.shop.at("2026-07-02 12:00")
    for draw in _DRAWS:
        yield {"path": {"draw": draw}}


def holding(house: Any) -> Iterator[Said]:
    for said in closing(house):
        house.counter.post(f"/v1/draws/{said['path']['draw']}/close")
        yield said


KEYED: dict[str, Callable[[Any], Iterator[Said]]] = {
    "DELETE /v1/members/{member_id}": erasing,
    "DELETE /v1/members/{member_id}/bank-account": dropping,
    "POST /v1/memberships/{membership_id}/refunded": refunding,
    "POST /v1/programs/versions": publishing,
    "POST /v1/sandbox/clock": inside,
    "POST /v1/draws/{draw}/announce": announcing,
    "POST /v1/draws/{draw}/close": closing,
    "POST /v1/draws/{draw}/hold": holding,
    "POST /v1/benefit-uses/{use_id}/missed": over,
    "POST /v1/benefit-uses/{use_id}/came": over,
}
