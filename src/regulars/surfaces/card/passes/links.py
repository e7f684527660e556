"""Links that put the card into Google Wallet, or into any card application."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from joserfc import jwt
from joserfc.jwk import RSAKey

from regulars.surfaces.card.passes.apple import OnPass
from regulars.surfaces.given import GoogleKeys
from regulars.surfaces.ui import assets

SAVE: Final = "https://pay.google.com/gp/v/save/"
CATIMA: Final = "https://catima.app/share#"


def google_link(keys: GoogleKeys, shown: OnPass, slug: str, now: datetime) -> str:
    """Where Google Wallet takes the card from: everything is in the signed link itself.

    Source: Google Wallet API, JWT for `savetowallet`, RS256.
    """
    claims = {
        "iss": keys.account,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(now.timestamp()),
        "origins": [keys.origin],
        "payload": {
            "loyaltyClasses": [class_of(keys, shown, slug)],
            "loyaltyObjects": [object_of(keys, shown, slug)],
        },
    }
    key = RSAKey.import_key(keys.key)
    return SAVE + jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, key)


def class_of(keys: GoogleKeys, shown: OnPass, slug: str) -> dict[str, Any]:
    """What all cards of the program have in common."""
    picture = f"{keys.origin}{assets.address('card/icon-512.png')}"
    return {
        "id": f"{keys.issuer}.{slug}",
        "issuerName": shown.shop,
        "programName": shown.shop,
        "programLogo": {"sourceUri": {"uri": picture}},
        "hexBackgroundColor": shown.colour,
        "reviewStatus": "UNDER_REVIEW",
    }


def object_of(keys: GoogleKeys, shown: OnPass, slug: str) -> dict[str, Any]:
    """This member's card; their tier is a line of it, as a class has one tier for all."""
    changing = changing_of(shown)
    if not shown.tier:
        del changing["textModulesData"]
    return {
        **changing,
        "id": f"{keys.issuer}.{shown.serial}",
        "classId": f"{keys.issuer}.{slug}",
        "state": "ACTIVE",
        "accountId": shown.number,
        "barcode": {"type": "QR_CODE", "value": shown.number, "alternateText": shown.number},
    }


def changing_of(shown: OnPass) -> dict[str, Any]:
    """What of a card changes. Who has no tier any more has an empty list, which takes it away."""
    tier = {"id": "tier", "header": shown.words["tier"], "body": shown.tier}
    return {
        "accountName": shown.holder,
        "loyaltyPoints": {"label": shown.unit, "balance": {"string": shown.amount}},
        "textModulesData": [tier] if shown.tier else [],
    }


def plain_link(shown: OnPass) -> str:
    """The card for Catima and whatever reads its links: the shop and the number.

    All of it stands behind the `#`, so that no server is told of it.
    """
    parts = {"store": shown.shop, "note": "", "cardid": shown.number, "barcodetype": "QR_CODE"}
    return CATIMA + quote("&".join(f"{name}={quote(said)}" for name, said in parts.items()))
