"""The account between a partner and us: what units cost, and what may still be booked.

Each line moves money between one of our accounts and the partner's: `paid` (what they pay or get),
`sold` (points they bought for their customers) and `owed` (what members spent with them).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from regulars.base.faults import Refused
from regulars.engine.rewarding.partnering.claims import days_after
from regulars.records.rewards.partners.types import Contract, ContractKind, PartnerEntry, Side

Refusal = Literal[
    "no_contract", "name_mismatch", "before_enrolment", "already_credited", "pack_used_up",
    "partner_limit_reached", "member_erased", "member_blocked", "not_enough_points",
    "nothing_left", "too_early", "too_late", "claim_lapsed", "already_decided",
    "already_disputed", "already_claimed", "period_not_over", "already_settled", "not_settled",
    "already_answered",
]  # fmt: skip
"""Why the account between two does not take something."""
SIDES: Final[dict[ContractKind, Side]] = {"accrual": "sold", "redemption": "owed"}


def price(contract: Contract, units: int) -> int:
    """What so many units cost, in minor units of money.

    Units: multiplied first and divided once; half a cent is rounded up.
    Example: 1,000 points cost 8.33: 250 of them cost 2.08 (2.0825), 300 cost 2.50 (2.499).
    """
    return (2 * contract.price_minor * units + contract.per_units) // (2 * contract.per_units)


def share_back(booked: PartnerEntry, before: Sequence[PartnerEntry], units: int) -> int:
    """What of a booked price goes back with so many more units, by the price it was booked at.

    Keeps: parts in any order add up, and with the last unit exactly all of it is back.
    Example: 3 units were booked at 1.00: one back is 0.33, two more are 0.67.
    """
    gone = sum(abs(one.units) for one in before)
    back = sum(abs(one.amount_minor) for one in before)
    whole, amount = abs(booked.units), abs(booked.amount_minor)
    return amount * (gone + units) // whole - back


def left_of(booked: PartnerEntry, before: Sequence[PartnerEntry]) -> int:
    """How many units of a line did not come back yet."""
    return abs(booked.units) - sum(abs(one.units) for one in before)


def contract_at(
    contracts: Sequence[Contract], kind: ContractKind, wallet: int, at: datetime
) -> Contract | Refused:
    """What was agreed for that moment: of several the one that began last."""
    for one in contracts:  # the latest first
        if (one.kind, one.wallet) == (kind, wallet) and one.holds(at):
            return one
    says = "no contract with this partner was in force then, for this wallet"
    return Refused("no_contract", says, {"kind": kind, "at": at.isoformat()})


def no_room(contract: Contract, balance: int, amount: int) -> Refused | None:
    """Whether an account may go down by so much: not below nothing, or below its limit."""
    after = balance - amount
    if contract.limit_minor is None:
        if after < 0:
            facts = {"left_minor": balance, "price_minor": amount}
            return Refused("pack_used_up", "the partner's pack does not suffice", facts)
    elif after < -contract.limit_minor:
        facts = {"left_minor": balance + contract.limit_minor, "price_minor": amount}
        return Refused("partner_limit_reached", "the partner owes as much as it may", facts)
    return None


def too_long_before(
    contract: Contract, joined_at: datetime, at: datetime, zone: ZoneInfo
) -> Refused | None:
    """What happened before somebody joined counts so many days back at most."""
    if days_after(zone, at, contract.look_back_days) >= joined_at:
        return None
    says = "this was longer before the member joined than is looked back"
    return Refused("before_enrolment", says, {"look_back_days": contract.look_back_days})


def name_differs(contract: Contract, told: str, known: tuple[str, str]) -> Refused | None:
    """Whether an agency means somebody else; the answer never says who it would be.

    Order of words, capitals, accents and titles do not matter; the family name must be told whole,
    and of the given name its first word or the first letter of that.
    Example: `SEN/ADA MRS`, `Ada Şen` and `A. Sen` are Ada Şen; `Eda Sen` is not.
    """
    if not contract.name_check:
        return None
    given, family = (_words(part) for part in known)
    said = _words(told)
    fits = bool(family) and set(family) <= set(said)
    if fits and given:
        others = [word for word in said if word not in family] or said
        fits = any(word in (given[0], given[0][0]) for word in others)
    return None if fits else Refused("name_mismatch", "the name does not belong to this number")


def _words(text: str) -> list[str]:
    parted = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    letters = "".join(
        sign if sign.isalnum() else " " for sign in parted if not unicodedata.combining(sign)
    )
    return letters.split()
