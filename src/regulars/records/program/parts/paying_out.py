"""Money that members collected is paid to their bank accounts, as a program file says it."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.records.program.wallets import Decimal, Slug


class PayingOut(Struct, frozen=True, forbid_unknown_fields=True):
    """Money of one wallet is paid to bank accounts, from so much on; what is pending waits."""

    wallet: Slug
    minimum: Decimal
    says: Annotated[str, Meta(max_length=140)] = ""
    """What stands on the member's bank statement; the name of the program, unless said."""


PAID_OUT: Final = "paid-out"
"""The name under which redemptions are kept that went to a bank account."""
