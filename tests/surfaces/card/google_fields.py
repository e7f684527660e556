"""The fields of Google Wallet as Google publishes them: what a class and an object may have.

Source: the discovery document of the Google Wallet API (walletobjects v1), names only, and of them
those that a card of ours could use; `None` is a plain text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_IMAGE: Final = {
    "contentDescription": {}, "sourceUri": {"uri": None, "description": None},
}  # fmt: skip
_TEXT: Final = {"id": None, "header": None, "body": None}
CLASS: Final[Mapping[str, Any]] = {
    "id": None, "issuerName": None, "programName": None, "programLogo": _IMAGE,
    "wideProgramLogo": _IMAGE, "heroImage": _IMAGE, "hexBackgroundColor": None,
    "reviewStatus": {"UNDER_REVIEW", "DRAFT"}, "accountIdLabel": None, "accountNameLabel": None,
    "rewardsTier": None, "rewardsTierLabel": None, "countryCode": None,
    "textModulesData": [_TEXT],
}  # fmt: skip
OBJECT: Final[Mapping[str, Any]] = {
    "id": None, "classId": None, "state": {"ACTIVE", "COMPLETED", "EXPIRED", "INACTIVE"},
    "accountId": None, "accountName": None,
    "barcode": {
        "type": {"QR_CODE", "AZTEC", "PDF_417", "CODE_128", "TEXT_ONLY"}, "value": None,
        "alternateText": None, "renderEncoding": {"UTF_8"},
    },
    "loyaltyPoints": {
        "label": None, "balance": {"string": None, "int": int, "double": float, "money": {}},
    },
    "heroImage": _IMAGE, "textModulesData": [_TEXT],
}  # fmt: skip
CLASS_NEEDS: Final = frozenset({"id", "issuerName", "programName", "programLogo", "reviewStatus"})
OBJECT_NEEDS: Final = frozenset({"id", "classId", "state"})


def strange(told: Any, known: Any, place: str = "") -> Iterator[str]:
    """What of it Google does not know, each with its place."""
    if isinstance(known, Mapping):
        if not isinstance(told, Mapping):
            yield f"{place} is {told!r}"
            return
        for name, each in told.items():
            if name in known:
                yield from strange(each, known[name], f"{place}/{name}")
            else:
                yield f"{place}/{name}"
    elif isinstance(known, list):
        for number, each in enumerate(told):
            yield from strange(each, known[0], f"{place}/{number}")
    elif isinstance(known, set):
        if told not in known:
            yield f"{place} is {told!r}"
    elif not isinstance(told, known or str):
        yield f"{place} is {told!r}"
