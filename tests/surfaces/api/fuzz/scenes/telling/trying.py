"""What a case about experiments and figures says, so that these operations say yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Said = dict[str, Any]
_PLAN = {"title": "Twice", "arms": [{"name": "a", "parts": 1}, {"name": "b", "parts": 1}]}


def _planned(house: Any) -> str:
    code = f"try-{house.fresh()}"
    house.ask("PUT", f"/v1/experiments/{code}", **_PLAN)
    return code


def planning(house: Any) -> Iterator[Said]:
    """Each case plans another one; that of before goes, as there are only so many."""
    while True:
        code = f"try-{house.fresh()}"
        yield {"path": {"code": code}, "body": _PLAN}
        house.counter.ask("DELETE", f"/v1/experiments/{code}")


def planned(house: Any) -> Iterator[Said]:
    """Each case has a plan of its own."""
    while True:
        code = _planned(house)
        yield {"path": {"code": code}}
        house.counter.ask("DELETE", f"/v1/experiments/{code}")


def under_way(house: Any) -> Iterator[Said]:
    """All cases are about one that has begun: it cannot be dropped any more."""
    code = _planned(house)
    house.post(f"/v1/experiments/{code}/begin")
    while True:
        yield {"path": {"code": code}}


def in_an_arm(house: Any) -> Iterator[Said]:
    """All cases ask who is in the first arm of one that has begun."""
    code = _planned(house)
    house.post(f"/v1/experiments/{code}/begin")
    while True:
        yield {"path": {"code": code}, "query": {"arm": "a"}}


def sized_by_means(_: Any) -> Iterator[Said]:
    while True:
        yield {"query": {"outcome": "spend", "more": 200}}


def sized(_: Any) -> Iterator[Said]:
    while True:
        yield {"query": {"share": 100, "lift": 20}}


def behind_a_figure(_: Any) -> Iterator[Said]:
    """Each case asks who bought within a month."""
    asked = {"metric": "active_members", "from": "2026-05-01", "until": "2026-06-01"}
    while True:
        yield {"query": asked}


def in_a_store(house: Any) -> Iterator[Said]:
    """All cases are about a store that is open."""
    code = f"s-{house.fresh()}"
    house.ask("PUT", f"/v1/stores/{code}", name="Corner")
    while True:
        yield {"path": {"store": code}}


EXPERIMENTS = {
    "POST /v1/stores/{store}/codes": in_a_store,
    "GET /v1/experiment-sizes": sized,
    "GET /v1/experiment-sizes/means": sized_by_means,
    "GET /v1/experiments/{code}/looks": under_way,
    "GET /v1/experiments/{code}/members": in_an_arm,
    "GET /v1/insight/rows": behind_a_figure,
    "PUT /v1/experiments/{code}": planning,
    "GET /v1/experiments/{code}": under_way,
    "POST /v1/experiments/{code}/begin": planned,
    "POST /v1/experiments/{code}/end": under_way,
    "DELETE /v1/experiments/{code}": planned,
}
