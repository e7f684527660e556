"""What a device at a counter says: each case with the key of a till."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.surfaces.api.fuzz.scenes.counter.appointing import booked, gold, in_days
from tests.surfaces.counter import coffee
from tests.surfaces.tills.device import STORE, Device, Signer, plain, sale

from regulars.flows.access.commands import SetPin
from regulars.records.access.staff.passwords import SALT_BYTES, kept_form

PIN = "271828"
Said = dict[str, Any]


def device_of(house: Any) -> Device:
    """The one till of this house; paired when it is first needed."""
    there: Device | None = getattr(house, "till", None)
    if there is None:
        there = house.till = Device(house.counter)
    return there


def at_till(house: Any) -> Iterator[Said]:
    """Nothing more is needed than the key."""
    while True:
        yield {"key": device_of(house).token}


def recording(house: Any) -> Iterator[Said]:
    device = device_of(house)
    while True:
        record = device.records("activity", sale(f"T-{house.fresh()}"))
        yield {"key": device.token, "body": {"records": [record]}}


def handing_over(house: Any) -> Iterator[Said]:
    while True:
        body = {"member": {"id": gold(house)}, "reward": "free-coffee", "cashier": ""}
        yield {"key": device_of(house).token, "body": body}


def _paying(house: Any) -> dict[str, Any]:
    return {"member": {"id": gold(house)}, "pay": {"basket": {"minor": 900, "currency": "EUR"}}}


def quoting_payment(house: Any) -> Iterator[Said]:
    while True:
        yield {"key": device_of(house).token, "body": _paying(house)}


def paying_here(house: Any) -> Iterator[Said]:
    while True:
        yield {"key": device_of(house).token, "body": _paying(house) | {"cashier": ""}}


def _to_nobody(house: Any) -> Said:
    told = coffee("", 1, external_id=f"R-{house.fresh()}", source=STORE, store=STORE)
    del told["member"]
    return dict(house.post("/v1/activities", **told))


def crediting(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": {"sale": {"id": _to_nobody(house)["id"]}, "member": house.me}}


def selling(house: Any) -> Iterator[Said]:
    while True:
        who = house.known["member_id"]
        yield {"key": device_of(house).token, "query": {"member": who}}


def using(house: Any) -> Iterator[Said]:
    while True:
        body = {"member": {"id": gold(house)}, "benefit": "stylist", "cashier": "", "guests": []}
        yield {"key": device_of(house).token, "body": body | {"from_at": in_days(house, 3)}}


def changing(house: Any) -> Iterator[Said]:
    while True:
        body = {"do": "cancel", "cashier": ""}
        yield {"key": device_of(house).token, "path": {"use_id": booked(house)}, "body": body}


def with_telephone(house: Any) -> str:
    """Somebody to whom a code can be sent, with points enough for a machine."""
    name = {"kind": "phone", "value": f"+4915123{house.fresh():06}"}
    member = str(house.post("/v1/members", identifiers=[name])["id"])
    house.buys(member)
    return member


def asking_for_code(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": with_telephone(house)}, "reward": "coffee-machine"}}


def asking_for_code_here(house: Any) -> Iterator[Said]:
    for said in asking_for_code(house):
        yield said | {"key": device_of(house).token}


def asking_for_consent(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": with_telephone(house)}, "body": {"channel": "sms"}}


def asking_for_consent_here(house: Any) -> Iterator[Said]:
    while True:
        yield {"key": device_of(house).token, "body": {"member": {"id": with_telephone(house)}}}


def days(house: Any) -> Iterator[Said]:
    day = in_days(house, 3)[:10]
    while True:
        yield {"key": device_of(house).token, "query": {"benefit": "stylist", "on": day}}


def unlocking(house: Any) -> Iterator[Said]:
    one = hires(house.counter.shop, "cashier", stores=(STORE,))
    pin = kept_form(PIN, os.urandom(SALT_BYTES))
    settles(house.counter.shop, SetPin(one.staff_id, pin, HOUSE))
    while True:
        yield {"key": device_of(house).token, "body": {"cashier": one.principal, "pin": PIN}}


def pairing(house: Any) -> Iterator[Said]:
    device_of(house)
    while True:
        code = house.post(f"/v1/stores/{STORE}/codes")["code"]
        body = {"name": f"Counter {house.fresh()}", "public_key": plain(Signer().point)}
        yield {"key": code, "body": body}


def turning(house: Any) -> Iterator[Said]:
    while True:
        device = Device(house.counter, f"Counter {house.fresh()}")
        yield {"key": device.token, "path": {"till_id": device.id}, "body": {"state": "suspended"}}


def turning_by_office(house: Any) -> Iterator[Said]:
    for said in turning(house):
        del said["key"]
        yield said


def keeping_stores(house: Any) -> Iterator[Said]:
    while True:
        path = {"store": f"store-{house.fresh()}"}
        yield {"path": path, "body": {"offline_rewards": ["free-coffee"]}}


def keeping_codes(house: Any) -> Iterator[Said]:
    device_of(house)
    while True:
        yield {"path": {"store": STORE}}


def quarantined(house: Any) -> Iterator[Said]:
    """A record that waits for somebody to decide about it."""
    device = device_of(house)
    while True:
        device.hands_in(device.records("void", {"sale": {"source": STORE, "external_id": "none"}}))
        yield {"path": {"record_id": house.listed("/v1/till-records")[0]["id"]}}


TILL = {
    "POST /v1/till/cashiers/unlock": unlocking,
    "POST /v1/till/pair": pairing,
    "POST /v1/till/unpair": turning,
    "PATCH /v1/tills/{till_id}": turning_by_office,
    "PUT /v1/stores/{store}": keeping_stores,
    "POST /v1/stores/{store}/codes": keeping_codes,
    "POST /v1/till-records/{record_id}": quarantined,
    "POST /v1/till/records": recording,
    "GET /v1/till/snapshot": at_till,
    "POST /v1/till/allowances/release": at_till,
    "POST /v1/till/allowances": at_till,
    "GET /v1/till/cashiers": at_till,
    "POST /v1/till/redemptions": handing_over,
    "POST /v1/till/payment-quotes": quoting_payment,
    "POST /v1/till/payments": paying_here,
    "GET /v1/till/sales": selling,
    "POST /v1/late-credits": crediting,
    "POST /v1/till/spending-codes": asking_for_code_here,
    "POST /v1/spending-codes": asking_for_code,
    "POST /v1/till/consents": asking_for_consent_here,
    "POST /v1/till/consent-confirmations": asking_for_consent_here,
    "POST /v1/members/{member_id}/consent-confirmations": asking_for_consent,
    "GET /v1/till/members/{member_id}/day": at_till,
    "GET /v1/till/times": days,
    "POST /v1/till/uses": using,
    "POST /v1/till/uses/{use_id}": changing,
}
