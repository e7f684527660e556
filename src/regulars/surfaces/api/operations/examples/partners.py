"""Requests and answers about partners."""

from __future__ import annotations

from typing import Any, Final

_MEMBER: Final = "mem_019e0000000070008000000000000001"
_LINE: Final = "pen_019e0000000070008000000000000041"
_CLAIM: Final = "clm_019e0000000070008000000000000043"
_DISPUTE: Final = "dis_019e0000000070008000000000000044"
_PRICE: Final = {"minor": -208, "currency": "EUR"}
_LEFT: Final = {"minor": 99792, "currency": "EUR"}
_NOTHING: Final = {"minor": 0, "currency": "EUR"}
_PACK: Final = {"minor": 100000, "currency": "EUR"}

Example = dict[str, Any]

PARTNER: Final[Example] = {"slug": "cars", "name": "Cars & Co"}
SHOWN: Final[Example] = PARTNER | {"made_at": "2027-01-04T09:00:00Z", "balance": _LEFT}
CONTRACT: Final[Example] = {
    "kind": "accrual",
    "wallet": "points",
    "price": {"minor": 833, "currency": "EUR"},
    "per_units": 1000,
    "name_check": True,
    "look_back_days": 30,
    "claim_from_days": 3,
}
CONTRACT_DONE: Final[Example] = {
    "id": "con_019e0000000070008000000000000040",
    "from_at": "2027-01-04T09:00:00Z",
    "until_at": None,
}
PAYMENT: Final[Example] = {"amount": _PACK, "external_id": "invoice-17"}
ACTIVITY: Final[Example] = {
    "kind": "accrual",
    "member": {"phone": "030 901820"},
    "wallet": "points",
    "units": 250,
    "external_id": "rental-4711",
    "name": "SEN/ADA MRS",
}
LINE: Final[Example] = {
    "id": _LINE,
    "kind": "accrual",
    "amount": _PRICE,
    "balance": _LEFT,
    "units": 250,
    "moved": 250,
    "member_id": _MEMBER,
    "balances": {"points": 250},
    "claim": None,
}
RETURN: Final[Example] = {"kind": "accrual", "of": "rental-4711", "external_id": "back-4711"}
STATEMENT: Final[Example] = {
    "partner": "cars",
    "period": "2027-03",
    "from_at": "2027-02-28T23:00:00Z",
    "until_at": "2027-03-31T22:00:00Z",
    "opening": _NOTHING,
    "payments": _PACK,
    "accruals": _PRICE,
    "redemptions": _NOTHING,
    "corrections": _NOTHING,
    "closing": _LEFT,
    "lines": [
        {
            "id": _LINE,
            "step": 2,
            "kind": "accrual",
            "booked_at": "2027-03-02T10:00:00Z",
            "occurred_at": "2027-03-01T18:00:00Z",
            "external_id": "rental-4711",
            "units": 250,
            "amount": _PRICE,
            "balance": _LEFT,
        }
    ],
    "csv": "step,booked_at,occurred_at,kind,external_id,entry_id,units,amount,balance\n…",
    "has_more": False,
    "next_cursor": None,
}
CLAIM: Final[Example] = {
    "partner": "cars",
    "member": {"phone": "030 901820"},
    "wallet": "points",
    "units": 120,
    "external_id": "rental-4712",
    "occurred_at": "2027-02-20T10:00:00Z",
}
CLAIM_DONE: Final[Example] = {
    "id": _CLAIM,
    "state": "open",
    "decide_by": "2027-03-31T10:00:00Z",
}
_FILED: Final[Example] = {
    "id": _CLAIM,
    "member_id": _MEMBER,
    "units": 120,
    "external_id": "rental-4712",
    "occurred_at": "2027-02-20T10:00:00Z",
    "filed_at": "2027-03-01T10:00:00Z",
    "decide_by": "2027-03-31T10:00:00Z",
    "reason": "",
}
CLAIM_SHOWN: Final[Example] = {**_FILED, "state": "open", "decision_reason": ""}
OPEN_CLAIM: Final[Example] = {**_FILED, "partner": "sky-air"}
DISPUTE: Final[Example] = {"entry": _LINE, "reason": "not our customer"}
DISPUTE_DONE: Final[Example] = {"id": _DISPUTE, "state": "open", "decide_by": None}
DECISION: Final[Example] = {"decision": "granted", "reason": "we saw the ticket"}
DECIDED: Final[Example] = {"id": _CLAIM, "decision": "granted", "booked": LINE}
