"""Requests and answers about pay-outs."""

from __future__ import annotations

from typing import Any, Final

_MEMBER: Final = "mem_019e0000000070008000000000000001"
_RUN: Final = "por_019e0000000070008000000000000031"
_PAYOUT: Final = "red_019e0000000070008000000000000032"
_MONEY: Final = {"minor": 1240, "currency": "EUR"}

Example = dict[str, Any]

ACCOUNT: Final[Example] = {"holder": "Ada Sen", "iban": "DE89 3704 0044 0532 0130 00"}
ACCOUNT_SHOWN: Final[Example] = {
    "member_id": _MEMBER,
    "holder": "Ada Sen",
    "iban": "DE…3000",
    "usable": True,
    "why": "",
    "set_at": "2027-03-01T09:00:00Z",
}
RUN: Final[Example] = {
    "from": {"name": "Corner Shop", "iban": "DE02 1203 0000 0000 2020 51"},
    "execute_on": "2999-03-31",
    "reference": "2999-03",
}
RUN_DONE: Final[Example] = {
    "id": _RUN,
    "made_at": "2027-03-31T09:00:00Z",
    "execute_on": "2027-03-31",
    "payouts": 1,
    "total": _MONEY,
    "more": False,
}
RUN_SHOWN: Final[Example] = {
    "id": _RUN,
    "made_at": "2027-03-31T09:00:00Z",
    "execute_on": "2027-03-31",
    "payouts": 1,
    "total": _MONEY,
    "from_name": "Corner Shop",
    "from_iban": "DE…2051",
    "reference": "2027-03",
    "actor": "key_019e0000000070008000000000000009",
    "items": [
        {
            "id": _PAYOUT,
            "member_id": _MEMBER,
            "amount": _MONEY,
            "iban": "DE…3000",
            "state": "paid",
        }
    ],
}
FILE: Final[Example] = {
    "name": "payouts-2027-03-31-019e0000000070008000000000000031.xml",
    "payouts": 1,
    "left_out": 0,
    "xml": "<?xml version='1.0' encoding='utf-8'?>…",
}
RETURN: Final[Example] = {
    "payout": "019e0000000070008000000000000032",
    "reference": "2027040100012345",
    "reason_code": "AC04",
    "reason": "account closed",
}
RETURN_DONE: Final[Example] = {
    "id": "ent_019e0000000070008000000000000033",
    "payout_id": _PAYOUT,
    "member_id": _MEMBER,
    "amount": _MONEY,
    "balances": {"money": 1240},
}
