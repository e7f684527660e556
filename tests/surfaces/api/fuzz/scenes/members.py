"""What a case about members and households says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.surfaces.api.fuzz.house import WHY, House, Said, Scene


def joining(house: House) -> Iterator[Said]:
    while True:
        card = {"kind": "card", "value": f"J-{house.fresh()}"}
        yield {"body": {"identifiers": [card]}}


def linking(house: House) -> Iterator[Said]:
    while True:
        yield {
            "body": {"link": [{"kind": "card", "value": f"L-{house.fresh()}"}], "unlink": []},
        }


def unlinking(house: House) -> Iterator[Said]:
    while True:
        card = f"U-{house.fresh()}"
        yield {
            "path": {"member_id": house.counter.joined(card)},
            "query": {"kind": "card", "value": card},
        }


def merging(house: House) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": house.member()}, "body": {"into": house.me}}


def unmerging(house: House) -> Iterator[Said]:
    while True:
        gone = house.member()
        house.post(f"/v1/members/{gone}/merge", into=house.me, **WHY)
        yield {"path": {"member_id": gone}}


def heading(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"head": {"id": house.member()}}}


def entering(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.member()}}}


def leaving(house: House) -> Iterator[Said]:
    while True:
        member = house.member()
        path = f"/v1/households/{house.known['household_id']}/members"
        house.post(path, member={"id": member}, role="member")
        yield {"path": {"member_id": member}}


def sharing(house: House) -> Iterator[Said]:
    path = f"/v1/households/{house.known['household_id']}/members"
    house.post(path, member=house.me, role="member")
    while True:
        yield {}


MEMBERS: Final[dict[str, Scene]] = {
    "POST /v1/members": joining,
    "POST /v1/members/{member_id}/identifiers": linking,
    "DELETE /v1/members/{member_id}/identifiers": unlinking,
    "POST /v1/members/{member_id}/merge": merging,
    "POST /v1/members/{member_id}/unmerge": unmerging,
    "POST /v1/households": heading,
    "POST /v1/households/{household_id}/members": entering,
    "DELETE /v1/households/{household_id}/members/{member_id}": leaving,
    "POST /v1/households/{household_id}/redemptions": sharing,
}
