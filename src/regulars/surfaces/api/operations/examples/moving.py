"""Requests and answers about points that move and members who belong together."""

from __future__ import annotations

from typing import Any, Final

_MEM: Final = "mem_019e0000000070008000000000000001"
_OTHER: Final = "mem_019e0000000070008000000000000007"
_LOT: Final = "lot_019e0000000070008000000000000005"
_ENT: Final = "ent_019e0000000070008000000000000004"
_MRG: Final = "mrg_019e0000000070008000000000000008"
_HOU: Final = "hou_019e0000000070008000000000000009"
_END: Final = "2027-06-30T22:00:00Z"

Example = dict[str, Any]

_WHY: Final[Example] = {"reason": "As agreed at the counter", "actor": "Clara, Main Street"}
TRANSFER: Final[Example] = {
    "from": {"phone": "030 901820"},
    "to": {"card": "C-1001"},
    "wallet": "points",
    "units": 50,
    "reason": "For your birthday",
}
TRANSFERRED: Final[Example] = {
    "id": _ENT,
    "from_id": _MEM,
    "to_id": _OTHER,
    "wallet": "points",
    "units": 50,
    "from_balances": {"points": 57},
    "to_balances": {"points": 50},
}
EXTENSION: Final[Example] = {
    "member": {"id": _MEM},
    "lot": _LOT,
    "expires_at": _END,
    "cost_minor": 250,
} | _WHY
EXTENDED: Final[Example] = {
    "id": _ENT,
    "member_id": _MEM,
    "wallet": "points",
    "units": 107,
    "expires_at": _END,
    "cost_minor": 250,
    "balances": {"points": 107},
}
REINSTATEMENT: Final[Example] = {"member": {"id": _MEM}, "lot": _LOT, "units": 40} | _WHY
REINSTATED: Final[Example] = EXTENDED | {"units": 40, "cost_minor": 0, "balances": {"points": 40}}
WRITE_OFF: Final[Example] = {"member": {"id": _MEM}, "wallet": "points"} | _WHY
WRITTEN_OFF: Final[Example] = {
    "id": _ENT,
    "member_id": _MEM,
    "wallet": "points",
    "units": 12,
    "balances": {"points": 0},
}
MERGE: Final[Example] = {"into": {"phone": "030 901820"}} | _WHY
MERGED: Final[Example] = {
    "id": _MRG,
    "member_id": _OTHER,
    "into_id": _MEM,
    "state": "merged",
    "balances": {"points": 157},
}
UNMERGED: Final[Example] = MERGED | {"state": "unregistered", "balances": {"points": 107}}
WHY: Final[Example] = _WHY
BLOCKED: Final[Example] = {"id": _MEM, "state": "blocked"}
UNBLOCKED: Final[Example] = {"id": _MEM, "state": "active"}
HOUSEHOLD: Final[Example] = {"head": {"phone": "030 901820"}, "name": "The Bergs"}
FOUNDED: Final[Example] = {"id": _HOU, "member_id": _MEM, "role": "head", "members": 1}
PLACE: Final[Example] = {"member": {"card": "C-1001"}, "role": "member"}
JOINED: Final[Example] = {"id": _HOU, "member_id": _OTHER, "role": "member", "members": 2}
LEFT: Final[Example] = JOINED | {"role": None, "members": 1}
HOUSEHOLD_KEPT: Final[Example] = {
    "id": _HOU,
    "name": "The Bergs",
    "members": [
        {"member_id": _MEM, "role": "head", "balances": {"points": 57}, "limits": {}},
        {"member_id": _OTHER, "role": "member", "balances": {"points": 50}, "limits": {}},
    ],
    "balances": {"points": 107},
}
SHARED: Final[Example] = {"member": {"card": "C-1001"}, "reward": "free-coffee"}
