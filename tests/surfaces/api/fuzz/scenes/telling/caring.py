"""What a case about troubles and references says, so that these operations say yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Said = dict[str, Any]


def _trouble(house: Any) -> dict[str, Any]:
    return {"member": {"id": house.member()}, "subject": "It came open", "reason": "delivery"}


def _case(house: Any) -> str:
    return str(house.post("/v1/cases", **_trouble(house))["case"]["id"])


def _opening(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": _trouble(house)}


def _shown(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"case_id": _case(house)}}


def _noting(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"case_id": _case(house)}, "body": {"text": "On their way."}}


def _closing(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"case_id": _case(house)}, "body": {"outcome": "solved"}}


def _asked_for(house: Any) -> str:
    return str(house.post("/v1/reference-requests", prospect="Bakery")["request"]["id"])


def _wanted(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"reference_id": _asked_for(house)}}


def _asking(house: Any) -> Iterator[Said]:
    while True:
        who = house.member()
        house.ask("PUT", f"/v1/members/{who}/references", agrees=True)
        yield {"path": {"reference_id": _asked_for(house)}, "body": {"member": {"id": who}}}


def _ending(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"reference_id": _asked_for(house)}, "body": {"outcome": "withdrawn"}}


CARING = {
    "POST /v1/cases": _opening,
    "GET /v1/cases/{case_id}": _shown,
    "POST /v1/cases/{case_id}/notes": _noting,
    "POST /v1/cases/{case_id}/closing": _closing,
    "GET /v1/reference-requests/{reference_id}": _wanted,
    "POST /v1/reference-requests/{reference_id}/asking": _asking,
    "POST /v1/reference-requests/{reference_id}/ending": _ending,
}
