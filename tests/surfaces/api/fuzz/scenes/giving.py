"""What a case about codes, benefits, tiers and friends says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.surfaces.api.fuzz.house import WHY, House, Said, Scene


def with_code(house: House) -> Iterator[Said]:
    """Each case has a code that nobody used."""
    while True:
        issued = house.post("/v1/code-issues", reward="voucher", times=20, reason="a letter")
        for one in issued["codes"]:
            yield {"body": {"code": one["code"]}, "query": {"code": one["code"]}}


def uploading(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"codes": [f"M-{house.fresh()}", f"M-{house.fresh()}"]}}


def undoing(house: House) -> Iterator[Said]:
    use = {"member": house.me, "benefit": "companion", "details": {"companion": "Nil"}}
    while True:
        yield {"path": {"use_id": house.post("/v1/benefit-uses", **use)["id"]}}


def giving_tier(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.member()}}}


def ending_tier(house: House) -> Iterator[Said]:
    while True:
        whom = {"id": house.member()}
        given = house.post("/v1/tier-grants", member=whom, tier="gold", kind="granted", **WHY)
        yield {"path": {"grant_id": given["id"]}}


def invited(house: House) -> Iterator[Said]:
    while True:
        whom = {"id": house.member()}
        asked = house.post("/v1/tier-invitations", member=whom, tier="black", **WHY)
        yield {"path": {"grant_id": asked["id"]}}


def naming(house: House) -> Iterator[Said]:
    code = house.post("/v1/referral-codes", member=house.me)["code"]
    while True:
        yield {"body": {"member": {"id": house.member()}, "code": code, "marks": {}}}


def referred(house: House) -> Iterator[Said]:
    named = next(naming(house))["body"]
    referral = house.post("/v1/referrals", **named)
    while True:
        yield {"path": {"referral_id": referral["id"]}}


GIVING: Final[dict[str, Scene]] = {
    "GET /v1/reward-codes": with_code,
    "POST /v1/code-uses": with_code,
    "POST /v1/code-withdrawals": with_code,
    "POST /v1/code-uploads": uploading,
    "POST /v1/benefit-uses/{use_id}/undo": undoing,
    "POST /v1/tier-grants": giving_tier,
    "POST /v1/tier-grants/{grant_id}/end": ending_tier,
    "POST /v1/tier-invitations": giving_tier,
    "POST /v1/tier-invitations/{grant_id}/accept": invited,
    "POST /v1/tier-invitations/{grant_id}/decline": invited,
    "POST /v1/tier-invitations/{grant_id}/withdraw": invited,
    "POST /v1/referrals": naming,
    "GET /v1/referrals/{referral_id}": referred,
}
