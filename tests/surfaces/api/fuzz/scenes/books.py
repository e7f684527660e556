"""What a case about activities, lots and redemptions says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tests.surfaces.api.fuzz.house import LATER, House, Said, Scene


def ending(house: House) -> Iterator[Said]:
    while True:
        yield {"path": {"activity_id": house.buys(house.known["member_id"])}}


def asking_why(house: House) -> Iterator[Said]:
    entry, *_ = house.listed(f"/v1/members/{house.known['member_id']}/entries")
    while True:
        yield {"path": {"entry_id": entry["id"]}, "query": {"language": "de"}}


def delivering(house: House) -> Iterator[Said]:
    message, *_ = house.listed(f"/v1/members/{house.veteran}/messages")
    while True:
        yield {"path": {"message_id": message["id"]}}


def extending(house: House) -> Iterator[Said]:
    while True:
        end = LATER + timedelta(days=house.fresh())
        yield {"body": {"expires_at": end.isoformat().replace("+00:00", "Z")}}


def reinstating(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.veteran}, "lot": house.lapsed, "units": 1}}


def forgiving(house: House) -> Iterator[Said]:
    while True:
        member = house.member()
        sale = house.buys(member)
        wish = {"member": {"id": member}, "reward": "free-coffee", "capture": True}
        house.post("/v1/redemptions", **wish)
        house.post("/v1/activities", kind="return", sale={"id": sale})
        yield {"body": {"member": {"id": member}}}


def settling(house: House) -> Iterator[Said]:
    while True:
        wish = {"member": house.me, "reward": "free-coffee"}
        yield {"path": {"redemption_id": house.post("/v1/redemptions", **wish)["id"]}}


BOOKS: Final[dict[str, Scene]] = {
    "POST /v1/activities/{activity_id}/confirm": ending,
    "POST /v1/activities/{activity_id}/cancel": ending,
    "GET /v1/members/{member_id}/entries/{entry_id}/why": asking_why,
    "POST /v1/messages/{message_id}/delivered": delivering,
    "POST /v1/extensions": extending,
    "POST /v1/reinstatements": reinstating,
    "POST /v1/write-offs": forgiving,
    "POST /v1/redemptions/{redemption_id}/capture": settling,
    "POST /v1/redemptions/{redemption_id}/void": settling,
}
