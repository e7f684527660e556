"""Examples of rewards that depend on the basket, or on what a member chooses."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.operations.examples.every_day import Example

_LINES: Final = [
    {"sku": "latte", "category": "coffee", "amount": {"minor": 390, "currency": "EUR"}},
    {"sku": "flat-white", "category": "coffee", "amount": {"minor": 350, "currency": "EUR"}},
]
REWARD_QUOTE: Final[Example] = {
    "member": {"card": "C-1001"},
    "reward": "tenth-coffee",
    "lines": _LINES,
}
REWARD_QUOTED: Final[Example] = {
    "reward": "tenth-coffee",
    "price": {"stamps": 10},
    "money": {"minor": 0, "currency": "EUR"},
    "kind": "free_pieces",
    "gives": {"which": "cheapest", "pieces": 1},
    "worth": {"minor": 350, "currency": "EUR"},
    "free": [
        {"line": 1, "sku": "flat-white", "category": "coffee", "quantity": 1, "value_minor": 350}
    ],
}
CHOICE: Final[Example] = {
    "member": {"card": "C-1001"},
    "choice": "yearly-gift",
    "option": "extra-points",
}
CHOSEN: Final[Example] = {
    "id": f"cho_{'018f2d6c7a8b' + '7c3d' * 5}",
    "member_id": f"mem_{'018f2d6c7a8b' + '7c3d' * 5}",
    "choice": "yearly-gift",
    "option": "extra-points",
    "chosen_at": "2026-03-02T08:15:00Z",
}
CHOICES: Final[Example] = {
    "items": [
        {
            "choice": "yearly-gift",
            "per": "year",
            "options": [
                {"kind": "benefit", "id": "day-out", "name": "A day out"},
                {"kind": "benefit", "id": "extra-points", "name": "50 points"},
            ],
            "chosen": "extra-points",
            "by": "said",
            "until_on": "2027-01-01",
        }
    ]
}
AUTOMATIC: Final[Example] = {
    "items": [
        {
            "code": "SXZP-Q9QM-NR9D-01XQ",
            "reward": "voucher",
            "name": "A voucher for 5.00",
            "worth": {"minor": 500, "currency": "EUR"},
            "redemption_id": f"red_{'018f2d6c7a8b' + '7c3d' * 5}",
            "issued_at": "2026-03-02T08:15:00Z",
            "ends_at": None,
        }
    ]
}
TOP_UP: Final[Example] = {
    "member": {"card": "C-1001"},
    "wallet": "gift",
    "amount": {"minor": 5000, "currency": "EUR"},
    "reference": "till-3 00417",
}
TOPPED_UP: Final[Example] = {
    "id": f"ent_{'018f2d6c7a8b' + '7c3d' * 5}",
    "member_id": f"mem_{'018f2d6c7a8b' + '7c3d' * 5}",
    "wallet": "gift",
    "amount": {"minor": 5000, "currency": "EUR"},
    "balance": {"minor": 6200, "currency": "EUR"},
}
GIFT_LIABILITY: Final[Example] = {
    "items": [{"wallet": "gift", "amount": {"minor": 1234500, "currency": "EUR"}}]
}
_FOREST: Final[Example] = {
    "cause": "City forest",
    "amount": {"minor": 1500, "currency": "EUR"},
    "times": 3,
    "members": 2,
    "first_at": "2026-03-02T12:00:00Z",
    "last_at": "2026-05-07T09:30:00Z",
}
CAUSES: Final[Example] = {"items": [_FOREST]}
MEMBER_CAUSES: Final[Example] = {
    "items": [
        _FOREST | {"amount": {"minor": 1000, "currency": "EUR"}, "times": 2, "members": 1},
    ]
}
