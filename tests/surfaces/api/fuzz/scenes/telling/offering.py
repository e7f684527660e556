"""What a case about offers says to get a yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.surfaces.api.fuzz.scenes.counter.at_a_till import device_of

Said = dict[str, Any]
_GIVES = {"give": "bonus", "wallet": "points", "points": 5}
# A benefit is granted without another version: one may be planned by now.
_OPENS = {"gives": {"give": "access", "benefit": "day-out"}}
_KEPT = {"name": "More", "gives": _GIVES, "says": {"en": "More"}, "days": 7}


def _written(house: Any, **more: Any) -> str:
    code = f"offer-{house.fresh()}"
    house.ask("PUT", f"/v1/offers/{code}", **(_KEPT | more))
    return code


def _keeping(house: Any) -> Iterator[Said]:
    while True:
        code = f"offer-{house.fresh()}"
        yield {
            "path": {"offer": code},
            "body": {"gives": _GIVES, "says": {"en": "More"}, "segment": ""},
        }
        house.counter.ask("DELETE", f"/v1/offers/{code}")


def _before(house: Any) -> Iterator[Said]:
    while True:
        code = _written(house, **_OPENS)
        yield {"path": {"offer": code}, "body": {"version": 1}}
        house.counter.ask("POST", f"/v1/offers/{code}/close")
        house.counter.ask("DELETE", f"/v1/offers/{code}")


def _opened(house: Any, **more: Any) -> str:
    code = _written(house, **_OPENS, **more)
    house.ask("POST", f"/v1/offers/{code}/open", version=1)
    return code


def _open(house: Any) -> Iterator[Said]:
    while True:
        code = _opened(house)
        yield {"path": {"offer": code}, "body": {"member": {"id": house.known["member_id"]}}}
        house.counter.ask("POST", f"/v1/offers/{code}/close")


def _waiting(house: Any) -> Iterator[Said]:
    """One that waits to be activated by its member."""
    while True:
        code, who = _opened(house, activating=True), house.known["member_id"]
        house.ask("POST", f"/v1/offers/{code}/members", member={"id": who})
        yield {"path": {"offer": code, "member_id": who}}
        house.counter.ask("POST", f"/v1/offers/{code}/close")


def _at_till(house: Any) -> Iterator[Said]:
    for said in _waiting(house):
        yield said | {"key": device_of(house).token}


def _among(house: Any) -> Said:
    """An open offer without a segment, and a segment: a choice may be among them."""
    kept = {"name": "All", "condition": {"if": "orders", "at_least": 0}}
    house.ask("PUT", "/v1/segments/chosen", **kept)
    return {"name": "Best", "segment": "chosen", "offers": [_opened(house)]}


def _choosing(house: Any) -> Iterator[Said]:
    while True:
        code = f"choice-{house.fresh()}"
        yield {"path": {"offer_choice": code}, "body": _among(house)}
        house.counter.ask("DELETE", f"/v1/offer-choices/{code}")


def _choice(house: Any) -> Iterator[Said]:
    while True:
        code = f"choice-{house.fresh()}"
        house.ask("PUT", f"/v1/offer-choices/{code}", **_among(house))
        yield {"path": {"offer_choice": code}, "body": {"version": 1}}
        house.counter.ask("POST", f"/v1/offer-choices/{code}/close")
        house.counter.ask("DELETE", f"/v1/offer-choices/{code}")


def _chosen(house: Any) -> Iterator[Said]:
    for said in _choice(house):
        house.ask("POST", f"/v1/offer-choices/{said['path']['offer_choice']}/open", version=1)
        yield {"path": said["path"]}


OFFERS: dict[str, Any] = {
    "PUT /v1/offers/{offer}": _keeping,
    "GET /v1/offers/{offer}": _before,
    "DELETE /v1/offers/{offer}": _before,
    "POST /v1/offers/{offer}/open": _before,
    "POST /v1/offers/{offer}/close": _open,
    "POST /v1/offers/{offer}/members": _open,
    "PUT /v1/offer-choices/{offer_choice}": _choosing,
    "GET /v1/offer-choices/{offer_choice}": _choice,
    "DELETE /v1/offer-choices/{offer_choice}": _choice,
    "POST /v1/offer-choices/{offer_choice}/open": _choice,
    "POST /v1/offer-choices/{offer_choice}/close": _chosen,
    "GET /v1/members/{member_id}/offers": _waiting,
    "POST /v1/members/{member_id}/offers/{offer}/activate": _waiting,
    "GET /v1/till/members/{member_id}/offers": _at_till,
    "POST /v1/till/members/{member_id}/offers/{offer}/activate": _at_till,
}
