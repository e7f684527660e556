"""What a case about segments says, so that these operations say yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Said = dict[str, Any]
_CONDITION = {"name": "Here lately", "condition": {"if": "last_seen", "before": 30}}
_LIST = {"name": "Guests of the evening", "kind": "list"}


def _kept(house: Any, sent: dict[str, Any]) -> str:
    code = f"seg-{house.fresh()}"
    house.ask("PUT", f"/v1/segments/{code}", **sent)
    return code


def keeping(house: Any) -> Iterator[Said]:
    """Each case keeps another one; that of before goes."""
    while True:
        code = f"seg-{house.fresh()}"
        yield {"path": {"segment": code}}
        house.counter.ask("DELETE", f"/v1/segments/{code}")


def kept(house: Any) -> Iterator[Said]:
    """Each case has one of its own."""
    while True:
        code = _kept(house, _CONDITION)
        yield {"path": {"segment": code}}
        house.counter.ask("DELETE", f"/v1/segments/{code}")


def listing(house: Any) -> Iterator[Said]:
    """Each case puts somebody new on a list."""
    code = _kept(house, _LIST)
    while True:
        yield {"path": {"segment": code}, "body": {"member_ids": [house.member()]}}


SEGMENTS = {
    "GET /v1/segments/{segment}": kept,
    "PUT /v1/segments/{segment}": keeping,
    "DELETE /v1/segments/{segment}": kept,
    "GET /v1/segments/{segment}/members": kept,
    "PUT /v1/segments/{segment}/members": listing,
    "GET /v1/segments/{segment}/moves": kept,
    "GET /v1/members/{member_id}/segments/{segment}": kept,
}
