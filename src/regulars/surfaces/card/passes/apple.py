"""A pass for Apple Wallet: what it shows, its files, and the signature over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha1
from io import BytesIO
from typing import Any, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509 import load_pem_x509_certificates

from regulars.surfaces.given import AppleKeys
from regulars.surfaces.ui import assets
from regulars.surfaces.ui.looks import OURS
from regulars.surfaces.ui.pictures import icon_of

KIND: Final = "application/vnd.apple.pkpass"
PATH: Final = "/card/passes"
"""Where telephones find the service of passes; Apple's own path follows it."""
IMAGES: Final[Mapping[str, str]] = {
    "icon.png": "card/icon-29.png",
    "icon@2x.png": "card/icon-58.png",
    "icon@3x.png": "card/icon-87.png",
}
SIDES: Final[Mapping[str, int]] = {"icon.png": 32, "icon@2x.png": 64, "icon@3x.png": 96}
"""How large the icons of a pass are where the shop has a logo of its own."""
_MADE: Final = (2026, 1, 1, 0, 0, 0)


class OnPass(NamedTuple):
    """What a pass shows of a member's card."""

    serial: str
    token: str
    shop: str
    holder: str
    number: str
    amount: str
    unit: str
    tier: str
    changed: str
    """What the telephone says when the balance changes; `%@` stands for the new one."""
    words: Mapping[str, str]
    """The labels of `tier`, `holder` and `number`."""
    colour: str = OURS
    """The shop's, behind white letters."""
    logo: bytes | None = None


def pkpass(keys: AppleKeys, shown: OnPass) -> bytes:
    """A signed pass, as one file.

    Source: Apple, Building a Pass: a manifest of SHA-1 digests (the format's own; it is the
    signature that protects), signed apart by PKCS #7 with its time.
    """
    files = {name: _image(asset) for name, asset in IMAGES.items()}
    if shown.logo is not None:
        files = {name: icon_of(shown.logo, side) for name, side in SIDES.items()}
        files["logo.png"] = shown.logo
    files["pass.json"] = msgspec.json.encode(described(keys, shown))
    digests = {name: sha1(one, usedforsecurity=False).hexdigest() for name, one in files.items()}
    manifest = msgspec.json.encode(digests)
    files["manifest.json"] = manifest
    files["signature"] = signature(keys, manifest)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, one in files.items():
            archive.writestr(ZipInfo(name, _MADE), one, ZIP_DEFLATED)
    return packed.getvalue()


def described(keys: AppleKeys, shown: OnPass) -> dict[str, Any]:
    """The pass itself: a store card with one big number and the square of the plain number.

    The square does not change, so it is good for collecting, and for spending as far as the shop
    lets plain numbers spend.
    """
    fields = {
        "headerFields": [_field("tier", shown.words["tier"], shown.tier)] if shown.tier else [],
        "primaryFields": [
            {**_field("balance", shown.unit, shown.amount), "changeMessage": shown.changed}
        ],
        "secondaryFields": [_field("holder", shown.words["holder"], shown.holder)],
        "backFields": [_field("number", shown.words["number"], shown.number)],
    }
    square = {
        "format": "PKBarcodeFormatQR",
        "message": shown.number,
        "messageEncoding": "iso-8859-1",
        "altText": shown.number,
    }
    return {
        "formatVersion": 1,
        "passTypeIdentifier": keys.pass_type,
        "teamIdentifier": keys.team,
        "serialNumber": shown.serial,
        "organizationName": shown.shop,
        "description": shown.shop,
        "logoText": shown.shop,
        "backgroundColor": f"rgb({', '.join(map(str, bytes.fromhex(shown.colour[1:])))})",
        "foregroundColor": "rgb(255, 255, 255)",
        "labelColor": "rgb(220, 235, 230)",
        "webServiceURL": f"{keys.origin}{PATH}",
        "authenticationToken": shown.token,
        "barcodes": [square],
        "storeCard": fields,
    }


def signature(keys: AppleKeys, manifest: bytes) -> bytes:
    """The detached signature over a manifest, with the certificates it is checked by."""
    own, *between = load_pem_x509_certificates(keys.certificates)
    key = load_pem_private_key(keys.key, None)
    assert isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey), type(key)
    signed = PKCS7SignatureBuilder().set_data(manifest).add_signer(own, key, SHA256())
    for one in between:
        signed = signed.add_certificate(one)
    return signed.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])


def _field(key: str, label: str, value: str) -> dict[str, Any]:
    return {"key": key, "label": label, "value": value}


def _image(name: str) -> bytes:
    found = assets.asset(name)
    assert found is not None, name
    return found.plain
