"""What the log can tell of something that was done: the name of each field, and what stands in it.

One list for the whole house. A field that is not on it is not written down: whoever adds one says
here what it holds, and in the console what it is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

Holds = Literal[
    "text",
    "count",
    "yes",
    "member",
    "entry",
    "id",
    "units",
    "wallet",
    "code",
    "counts",
    "day",
    "end",
    "money",
]
"""What stands in a field: `code` is one of a few words of ours, or several of them; `units` are of
the wallet that stands beside them; `counts` is a number for each of a few words; `end` is a day,
or `never`; `money` is an amount for each of a few words, in minor units of the program's
currency."""

TELLS: Final[Mapping[str, Holds]] = MappingProxyType(
    {
        "accent": "text",
        "adjusted": "units",
        "all": "yes",
        "arms": "text",
        "arrival": "id",
        "associate": "text",
        "closing": "units",
        "codes": "yes",
        "members_told": "yes",
        "compares": "code",
        "contract": "money",
        "entry": "entry",
        "erased": "count",
        "everybody": "yes",
        "expired": "units",
        "expires_on": "end",
        "file": "code",
        "files": "text",
        "form": "code",
        "host": "text",
        "how": "code",
        "into": "member",
        "issued": "units",
        "keyed": "yes",
        "kind": "code",
        "left": "units",
        "list": "text",
        "logo": "yes",
        "mapping": "counts",
        "member": "member",
        "members": "count",
        "mode": "code",
        "name": "text",
        "noticed": "count",
        "number": "count",
        "open": "yes",
        "opening": "units",
        "origins": "text",
        "other": "units",
        "outcome": "code",
        "planned": "count",
        "rate": "text",
        "redeemed": "units",
        "request": "id",
        "revision": "count",
        "reward": "text",
        "role": "code",
        "round": "id",
        "scopes": "code",
        "shares": "text",
        "since": "day",
        "staff": "count",
        "state": "code",
        "stores": "text",
        "stream": "text",
        "takes_yes": "yes",
        "tag": "text",
        "texts": "code",
        "till": "text",
        "title": "text",
        "types": "code",
        "units": "units",
        "until": "day",
        "value": "count",
        "tells": "yes",
        "version": "text",
        "wallet": "wallet",
        "why": "text",
    }
)


def unknown(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The fields nobody could read in words later.

    Example: of `{"role": "owner"}` and `{"rank": 1}` it is `{"rank"}`.
    """
    return (before.keys() | after.keys()) - TELLS.keys()
