"""What a case about direct lines and devices says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tests.surfaces.api.fuzz.scenes.counter.appointing import looked_after, staff

from regulars.flows.telling.say_consents import SayConsent, say_consents

Said = dict[str, Any]


def _writing(house: Any) -> Iterator[Said]:
    """To somebody new, who agreed to it, by whoever looks after them."""
    who = staff(house)
    while True:
        member = looked_after(house, who)
        word = SayConsent(UUID(hex=member[4:]), "inbox", "given", "the card")
        house.counter.shop.do(lambda tx, _, word=word: say_consents(tx, [word]))
        yield {"path": {"member_id": member}, "body": {"staff_id": who, "way": "inbox"}}


def _hearing(house: Any) -> Iterator[Said]:
    who = staff(house)
    while True:
        yield {"path": {"member_id": looked_after(house, who)}}


def _forgetting(house: Any) -> Iterator[Said]:
    while True:
        member = str(house.member())
        yield {"path": {"member_id": member, "device_id": house.tells(member)}}


def _noting(house: Any) -> Iterator[Said]:
    who = staff(house)
    while True:
        body = {"staff_id": who, "says": "Call", "due_on": "2026-03-09"}
        yield {"path": {"member_id": looked_after(house, who)}, "body": body}


def _finishing(house: Any) -> Iterator[Said]:
    for said in _noting(house):
        path, body = said["path"], said["body"]
        task = house.post(f"/v1/members/{path['member_id']}/tasks", **body)["id"]
        body = {"staff_id": body["staff_id"], "result": "Comes"}
        yield {"path": path | {"member_task_id": task}, "body": body}


def _whose(house: Any) -> Iterator[Said]:
    who = staff(house)
    while True:
        yield {"path": {"staff_id": who}}


LINES = {
    "POST /v1/members/{member_id}/tasks": _noting,
    "POST /v1/members/{member_id}/tasks/{member_task_id}/finish": _finishing,
    "GET /v1/associates/{staff_id}/members": _whose,
    "POST /v1/members/{member_id}/line": _writing,
    "POST /v1/members/{member_id}/line/heard": _hearing,
    "DELETE /v1/members/{member_id}/devices/{device_id}": _forgetting,
}
