"""Whether what a mapping says of a partner makes sense, beyond the shape of it."""

from __future__ import annotations

from datetime import date
from typing import Final

from regulars.records.program.problems import Finding, Path
from regulars.surfaces.connect.inlets.places.pieces import PartnerMap

WHOM: Final = ("number", "card", "member_id", "email", "phone")
"""By what a partner may name a member, in the order in which it is tried."""
CHECKED: Final = ("number", "card", "member_id")
"""Numbers of which one is told apart from a slip of the finger by its end."""


def wrong_in_partner(path: Path, one: PartnerMap | None) -> list[Finding]:
    """What is missing, or said twice."""
    if one is None:
        return []
    has_amount = bool(one.amount or one.amount_minor)
    wrong = (
        (not any(getattr(one, name) for name in WHOM), path,
         "nothing says whose it is", "add `number:` or `card:` with its place"),
        (not (one.units or has_amount), path,
         "nothing says how many units it is worth", "add `units:`, or `amount:` with `earns:`"),
        (bool(one.units) and has_amount, (*path, "units"),
         "units and amount say the same thing", "keep one of them"),
        (has_amount and one.earns is None, path,
         "nothing says what an amount earns", "add `earns: {units: 1, per: \"1.00\"}`"),
        (one.check != "none" and not any(getattr(one, name) for name in CHECKED),
         (*path, "check"), "no number is there to be checked", "leave it out"),
        (one.receipt is not None and not one.told_by, (*path, "receipt"),
         "nothing says who tells this receipt, too", "add `told_by: [till]` with its sources"),
        (bool(one.told_by) and one.receipt is None, (*path, "told_by"),
         "nothing says where the receipt stands", "add `receipt:` with its place"),
        (one.since is not None and not is_day(one.since), (*path, "since"),
         "this is no day", "write it as 2027-01-01"),
    )  # fmt: skip
    return [Finding(where, says, mend) for is_wrong, where, says, mend in wrong if is_wrong]


def is_day(text: str) -> bool:
    """Whether this is a day as a mapping writes it, and no day of long before any shop."""
    try:
        return date.fromisoformat(text).year >= 1970
    except ValueError:
        return False
