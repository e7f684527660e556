"""What a member shows to spend: nothing for little, their card for more."""

from __future__ import annotations

from msgspec import Struct

from regulars.records.program.wallets import Decimal


class SpendingProof(Struct, frozen=True, forbid_unknown_fields=True):
    """Something worth more goes only to who shows the changing code of their card, says the code
    that was sent to them for it, or is signed in.

    Up to that worth a telephone number or a printed card is enough, and whoever stands at the
    counter asks for the first name. A reward is worth what it says; points that pay are worth the
    money they pay.
    """

    card_above: Decimal
    """In money: what is worth more than this needs proof; `0`: whatever is worth anything."""
