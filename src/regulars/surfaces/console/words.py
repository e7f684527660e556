"""What the console calls roles, states and entries; each is translated where it is shown."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

N: Final = str
"""Marks a sentence for the translators without saying it yet."""

ROLES: Final = MappingProxyType(
    {
        "owner": N("Owner"),
        "manager": N("Manager"),
        "marketer": N("Marketing"),
        "finance": N("Finance"),
        "support": N("Support"),
        "cashier": N("Cashier"),
        "auditor": N("Auditor"),
    }
)
STATES: Final = MappingProxyType(
    {
        "active": N("Active"),
        "unregistered": N("Card without a person"),
        "waiting": N("Waiting to be let in"),
        "blocked": N("Blocked"),
        "merged": N("Merged into another"),
        "erased": N("Erased"),
    }
)
ENTRIES: Final = MappingProxyType(
    {
        "earn": (N("Earned"), "plus"),
        "return": (N("Taken back for a return"), "undo-2"),
        "hold": (N("Reserved for a reward"), "clock"),
        "capture": (N("Redeemed"), "gift"),
        "void": (N("Reservation undone"), "undo-2"),
        "lapse": (N("Reservation ran out"), "clock"),
        "expire": (N("Expired"), "calendar"),
        "adjust": (N("Adjusted by hand"), "pencil"),
        "activate": (N("Pending points can be used"), "check"),
        "cancel": (N("Pending points came to nothing"), "x"),
        "open": (N("Brought along"), "download"),
        "transfer": (N("Passed on"), "arrow-right"),
        "pool": (N("Put into the household's pool"), "users"),
        "merge": (N("Came with a merged account"), "users"),
        "unmerge": (N("Went with an account that was parted"), "users"),
        "extend": (N("Lives longer"), "calendar"),
        "postpone": (N("Expires later, notice was late"), "calendar"),
        "reinstate": (N("Lives again"), "rotate-ccw"),
        "write_off": (N("Debt forgiven"), "check"),
        "restate": (N("Decided anew"), "refresh-cw"),
        "refund": (N("Given back"), "undo-2"),
        "repay": (N("Debt paid"), "check"),
        "milestone": (N("Milestone reached"), "trophy"),
    }
)
KINDS: Final = MappingProxyType(
    {
        "phone": N("Phone"),
        "email": N("E-mail"),
        "card": N("Card"),
        "external": N("Id elsewhere"),
        "number": N("Member number"),
    }
)

SECRETS: Final = (
    N("Take at least 12 characters; four words are easy to keep in mind"),
    N("Take at most 200 characters"),
    N("Take one with more than a few different characters"),
    N("Leave your name and your address out of it"),
    N("A PIN has four to eight digits"),
    N("Take one that is not one digit again and again, nor a row such as 1234"),
)
"""What is said of a password or PIN that will not do; a test compares it with what says it."""
