"""What a key may do, in words: each scope a sentence, the like of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from regulars.records.access.types import Scope
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    N("Members"): {
        "members:read": N("Look members up: names, balances, tiers"),
        "members:write": N("Add members, and change what is kept about them"),
        "members:export": N("Take along all that is kept about one member"),
        "members:erase": N("Erase members, and take whole imports back"),
        "blocks:write": N("Block members, and let them in again"),
        "merges:write": N("Make two members one, and part them again"),
        "households:read": N("See who shares a household"),
        "households:write": N("Make households, let people in and out"),
    },
    N("Sales and points"): {
        "activities:write": N("Tell of sales, visits and returns"),
        "activities:approve": N("Let what waits count or not, such as reviews"),
        "redemptions:write": N("Redeem points for rewards, and use codes"),
        "adjustments:write": N("Give and take points by hand, load gift cards"),
        "transfers:write": N("Pass points from one member to another"),
        "courtesy:write": N("Let points live longer, or live again"),
        "debts:write": N("Forgive what members owe"),
        "books:read": N("Read every booking, and why it was made"),
        "books:close": N("Close a month of points, once and for good"),
        "reports:read": N("Read reports"),
    },
    N("Rewards, tiers and games"): {
        "codes:write": N("Bring codes of rewards, hand them out, withdraw them"),
        "benefits:write": N("Let members use benefits, and book appointments"),
        "benefits:grant": N("Give members benefits beyond their tier"),
        "referrals:write": N("Tell who brought whom"),
        "challenges:write": N("Enter members for challenges, keep teams, hold draws"),
        "memberships:write": N("Tell that a fee was paid, failed or was refunded"),
        "tiers:write": N("Answer invitations to a tier"),
        "tiers:grant": N("Put members on a tier, and invite them to one"),
    },
    N("Money and partners"): {
        "bank_accounts:write": N("See and change bank accounts of members"),
        "payouts:write": N("Pay members out, and fetch the file for the bank"),
        "partners:write": N("Keep partners, their contracts and payments"),
        "partners:tell": N("Tell sales as a partner, and read the partner’s statement"),
        "claims:write": N("Send in receipts of purchases at partners"),
    },
    N("The shop"): {
        "programs:read": N("Read the program and its drafts"),
        "programs:write": N("Change the program, and publish it"),
        "reports:read": N("Read reports, and the files behind them"),
        "stores:write": N("Keep stores and tills"),
        "till": N("Work as a till"),
        "till:pair": N("Pair a device as a till"),
        "shop": N("Serve members on the pages of a web shop"),
    },
    N("Other systems"): {
        "keys:write": N("Make and revoke API keys"),
        "webhooks:write": N("Keep webhooks, and read what they send"),
        "inlets:write": N("Keep sources of events, and read what comes in"),
        "square:read": N("Read as one reads from Square"),
        "square:write": N("Write as one writes to Square"),
        "square:promote": N("Make and change promotions as in Square"),
    },
    N("Everything"): {
        "all": N("Everything, also what is added later"),
    },
}
"""Each scope once; a test compares them with what there is."""
SAYS: Final[Mapping[str, str]] = {
    scope: says for those in GROUPS.values() for scope, says in those.items()
}
NOT_BY_HAND: Final = (Scope.SHOP,)
"""What no form gives: a web shop's key is made on a page of its own."""


def said_of(reader: Reader, scope: str) -> str:
    """What a scope allows; of one partner alone, with the partner's name.

    Example: `partners:tell:airline` is “Tell sales as a partner, … (airline)”.
    """
    if scope in SAYS:
        return reader.say(SAYS[scope])
    known, _, partner = scope.rpartition(":")
    return f"{reader.say(SAYS[known])} ({partner})" if known in SAYS else scope


def groups(reader: Reader) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What a form offers: the name of a group, and each scope of it with what it allows."""
    for name, those in GROUPS.items():
        offered = [(scope, reader.say(says)) for scope, says in those.items()
                   if scope not in NOT_BY_HAND]  # fmt: skip
        yield reader.say(name), offered


def in_order(reader: Reader, scopes: Iterable[Any]) -> list[str]:
    """What a key may do, one sentence each, in the order of the form."""
    kept, places = {str(one) for one in scopes}, list(SAYS)
    known = sorted((one for one in kept if one in SAYS), key=places.index)
    return [said_of(reader, one) for one in (*known, *sorted(kept - set(known)))]
