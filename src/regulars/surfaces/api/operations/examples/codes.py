"""Requests and answers about codes of rewards."""

from __future__ import annotations

from typing import Any, Final

_MEM: Final = "mem_019e0000000070008000000000000001"
_RUN: Final = "run_019e000000007000800000000000000d"
_COD: Final = "cod_019e000000007000800000000000000e"
_RED: Final = "red_019e0000000070008000000000000003"
_AT: Final = "2026-03-02T08:15:00Z"

Example = dict[str, Any]

CODE: Final[Example] = {
    "id": _COD,
    "member_id": _MEM,
    "reward": "snack",
    "name": "A snack",
    "kind": "code",
    "worth": {"minor": 400, "currency": "EUR"},
    "state": "issued",
    "ends_with": "01XQ",
    "issued_at": _AT,
    "ends_at": "2026-04-01T07:15:00Z",
    "closed_at": None,
    "store": "",
    "redemption_id": _RED,
}
USE: Final[Example] = {"code": "SXZP-Q9QM-NR9D-01XQ", "store": "main-street"}
USED: Final[Example] = {
    "id": _COD,
    "member_id": _MEM,
    "reward": "snack",
    "name": "A snack",
    "worth": {"minor": 400, "currency": "EUR"},
    "state": "used",
    "closed_at": _AT,
}
WITHDRAW: Final[Example] = {
    "code": "SXZP-Q9QM-NR9D-01XQ",
    "reason": "The letter was lost",
    "actor": "Mia",
}
ISSUE: Final[Example] = {"reward": "voucher", "times": 2, "reason": "Spring letter"}
ISSUED: Final[Example] = {
    "id": _RUN,
    "reward": "voucher",
    "times": 2,
    "codes": [
        {"code": "SXZP-Q9QM-NR9D-01XQ", "member_id": None, "ends_at": None},
        {"code": "7K2M-WJ8Z-0RTA-5CNE", "member_id": None, "ends_at": None},
    ],
}
UPLOAD: Final[Example] = {
    "reward": "music",
    "codes": ["MUSIC-7781", "MUSIC-7782"],
    "reason": "Bought for the summer",
}
UPLOADED: Final[Example] = {"id": _RUN, "reward": "music", "times": 2, "left": 2}
POOL: Final[Example] = {"reward": "music", "free": 2, "issued": 10, "used": 7, "withdrawn": 1}
