"""What a case about journeys says, so that they say yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.surfaces.api.fuzz.scenes.telling.campaigning import to_try

Said = dict[str, Any]
_PLAN = {"begins": {"on": "joined"}, "steps": [{"does": "wait", "id": "a-day", "days": 1}]}


def _code(house: Any) -> str:
    return f"journey-{house.fresh()}"


def _keeping(house: Any) -> Iterator[Said]:
    while True:
        code = _code(house)
        yield {"path": {"journey": code}, "body": {"plan": _PLAN}}
        house.counter.ask("DELETE", f"/v1/journeys/{code}")


def _after(*steps: str) -> Any:
    def scene(house: Any) -> Iterator[Said]:
        while True:
            code = _code(house)
            house.ask("PUT", f"/v1/journeys/{code}", name="Hi", plan=_PLAN)
            for step in steps:
                said = {"version": 1} if step == "publish" else {}
                house.ask("POST", f"/v1/journeys/{code}/{step}", **said)
            yield {"path": {"journey": code}, "body": {"version": 1}}
            house.counter.ask("POST", f"/v1/journeys/{code}/end")
            house.counter.ask("DELETE", f"/v1/journeys/{code}")

    return scene


def _looked_at(house: Any) -> Iterator[Said]:
    for said in _after()(house):
        yield said | {"body": {"member_id": house.known["member_id"]}}


def _to_try(house: Any) -> Iterator[Said]:
    """A letter of a journey, for somebody who may write messages."""
    says = {"en": {"about": "Hi", "text": "Hi"}}
    letter = {"does": "message", "id": "hello", "channel": "email", "says": says}
    plan = {"begins": {"on": "joined"}, "steps": [letter]}
    for said in to_try(house):
        code = _code(house)
        house.ask("PUT", f"/v1/journeys/{code}", name="Hi", plan=plan)
        yield said | {"path": {"journey": code, "step": "hello"}}
        house.counter.ask("DELETE", f"/v1/journeys/{code}")


def _of_somebody(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": house.known["member_id"]}}


JOURNEYS = {
    "PUT /v1/journeys/{journey}": _keeping,
    "GET /v1/journeys/{journey}": _after(),
    "DELETE /v1/journeys/{journey}": _after(),
    "POST /v1/journeys/{journey}/publish": _after(),
    "POST /v1/journeys/{journey}/pause": _after("publish"),
    "POST /v1/journeys/{journey}/resume": _after("publish", "pause"),
    "POST /v1/journeys/{journey}/end": _after("publish"),
    "POST /v1/journeys/{journey}/preview": _looked_at,
    "POST /v1/journeys/{journey}/steps/{step}/trials": _to_try,
    "GET /v1/members/{member_id}/journeys": _of_somebody,
    "GET /v1/members/{member_id}/campaign-messages": _of_somebody,
}
