"""What a case about paid memberships says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Final

from tests.surfaces.api.fuzz.house import EUR, House, Said, Scene


def _begun(house: House) -> str:
    told = {"source": "pay", "external_id": f"sub_{house.fresh()}"}
    wish = {"member": {"id": house.member()}, "plan": "plus", "amount": EUR} | told
    return str(house.post("/v1/memberships", **wish)["id"])


def starting(house: House) -> Iterator[Said]:
    while True:
        external_id = f"in_{house.fresh()}"
        yield {"body": {"member": {"id": house.member()}, "external_id": external_id}}


def telling(house: House) -> Iterator[Said]:
    """Each case is about a membership that has just begun."""
    while True:
        membership = _begun(house)
        external_id = f"evt_{house.fresh()}"
        yield {
            "path": {"membership_id": membership},
            "query": {"plan": "club"},
            "body": {"external_id": external_id},
        }


def finding(house: House) -> Iterator[Said]:
    for number in count():
        told = {"source": "pay", "external_id": f"found_{number}"}
        house.post("/v1/memberships", member={"id": house.member()}, plan="plus", **told)
        yield {"query": told}


def resuming(house: House) -> Iterator[Said]:
    for said in telling(house):
        house.post(f"/v1/memberships/{said['path']['membership_id']}/paused")
        yield said


MEMBERSHIPS: Final[dict[str, Scene]] = {
    "POST /v1/memberships": starting,
    "GET /v1/memberships": finding,
    "GET /v1/memberships/{membership_id}": telling,
    "POST /v1/memberships/{membership_id}/paid": telling,
    "POST /v1/memberships/{membership_id}/failed": telling,
    "POST /v1/memberships/{membership_id}/refunded": telling,
    "POST /v1/memberships/{membership_id}/cancelled": telling,
    "POST /v1/memberships/{membership_id}/paused": telling,
    "POST /v1/memberships/{membership_id}/resumed": resuming,
    "POST /v1/memberships/{membership_id}/changed": telling,
    "GET /v1/memberships/{membership_id}/change": telling,
}
