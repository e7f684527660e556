"""Ids as the world sees them: what kind of thing, then 32 hexadecimal digits."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from regulars.base.faults import Invalid, NotFound
from regulars.base.ids import id_of

KINDS: Final = {
    "mem": "a member",
    "act": "an activity",
    "ord": "an order",
    "pay": "a payment",
    "red": "a redemption",
    "ent": "an entry",
    "lot": "a lot",
    "key": "an API key",
    "mrg": "a merge",
    "hou": "a household",
    "imp": "an import",
    "msg": "a message",
    "use": "a use of a benefit",
    "grt": "a grant",
    "cod": "a code",
    "run": "a run of codes",
    "tgr": "a tier given by hand",
    "ref": "a referral",
    "dlv": "a delivery",
    "prt": "a part in a challenge",
    "tea": "a team",
    "prz": "a prize",
    "mst": "a milestone in a period",
    "mbs": "a membership that is paid for",
    "por": "a run of pay-outs",
    "pen": "a line of a partner's account",
    "stl": "a settlement with a partner",
    "con": "a contract with a partner",
    "clm": "a claim",
    "dis": "a dispute",
    "cho": "a choice",
    "til": "a till",
    "rec": "a record of a till",
    "hok": "a webhook",
    "evt": "an event",
    "inl": "a source of events",
    "arr": "an event that came in",
    "spc": "a code to spend with",
    "alt": "an alert about a member",
    "dvc": "a device that is told",
    "lin": "a word on the direct line",
    "tsk": "something to be done for a member",
    "trl": "a test of a campaign",
    "inv": "an invitation to a survey",
    "sea": "a seat at a gathering",
    "pst": "a review or a story",
    "cas": "a service case",
    "rfr": "a request for a reference",
}
_NOTHING: Final = "0" * 32
_HEX = re.compile(r"[0-9a-f]{32}")


def shown(kind: str, id_: UUID) -> str:
    """The id with its prefix."""
    return f"{kind}_{id_.hex}"


def meant(kind: str, text: str) -> UUID | None:
    """The id that is meant; nothing when this is not the id of such a thing."""
    prefix, _, digits = text.partition("_")
    # All zeros stand for nobody inside; nothing has this id.
    if prefix != kind or _HEX.fullmatch(digits) is None or digits == _NOTHING:
        return None
    return id_of(digits)


def required(kind: str, text: str, field: str) -> UUID:
    """The id in a body. Faults: Invalid at the field."""
    found = meant(kind, text)
    if found is None:
        raise Invalid(
            f"this is not the id of {KINDS[kind]}: {kind}_ and 32 digits from 0 to f", field=field
        )
    return found


def bare(text: str) -> UUID:
    """An id without a kind in an address of our own pages. Faults: NotFound."""
    if _HEX.fullmatch(text) is None:
        raise NotFound("there is nothing at this address")
    return id_of(text)


def addressed(kind: str, text: str) -> UUID:
    """The id in an address. Faults: NotFound, since nothing can have such an address."""
    found = meant(kind, text)
    if found is None:
        raise NotFound(f"the id of {KINDS[kind]} is {kind}_ and 32 digits from 0 to f")
    return found
