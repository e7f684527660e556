"""How an app signs in to Salesforce: by its secret, or by a word it signs for one of its users.

Source: Salesforce, OAuth 2.0 client credentials flow, and JWT bearer flow (RFC 7523, RS256).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from joserfc import jwt
from joserfc.jwk import RSAKey

from regulars.surfaces.connect.catching.asking import NotTold, Shop

BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
MARK: Final = "-----BEGIN"
GOOD_S: Final = 180
"""So long a word is good; Salesforce takes none that is good for longer than five minutes."""
MIN_BITS: Final = 2048
_LOGIN: Final = "https://login.salesforce.com"
_SANDBOX: Final = ("https://test.salesforce.com", ".sandbox.my.salesforce.com")
_PEM: Final = re.compile(
    r"\s*-----BEGIN (?:RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END [A-Z ]+-----\s*"
)

Form = tuple[tuple[str, str], ...]


def private_key(text: str) -> RSAPrivateKey | None:
    """A private key of RSA as PEM, though its lines were lost when it was pasted; nothing where it
    is none, is locked by a password, or is too short to be worth anything."""
    found = _PEM.fullmatch(text)
    if found is None:
        return None
    try:
        key = load_der_private_key(b64decode("".join(found[1].split()), validate=True), None)
    except (ValueError, Error, TypeError):
        return None
    return key if isinstance(key, RSAPrivateKey) and key.key_size >= MIN_BITS else None


def form_of(shop: Shop) -> Form:
    """What is sent to be let in now. Raises: NotTold."""
    keys, at = shop.keys, shop.at
    if not keys.secret.startswith(MARK):
        return (
            ("grant_type", "client_credentials"),
            ("client_id", keys.key),
            ("client_secret", keys.secret),
        )
    key = private_key(keys.secret)
    if key is None or not keys.client:
        raise NotTold("its private key is none, or nobody says for which user: enter both again")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert at is not None, shop.address
    until = int(at.timestamp()) + GOOD_S
    claims = {"iss": keys.key, "sub": keys.client, "aud": audience(shop.address), "exp": until}
    signed = jwt.encode({"alg": "RS256"}, claims, RSAKey.import_key(pem))
    return (("grant_type", BEARER), ("assertion", signed))


def audience(address: str) -> str:
    """Whom such a word is for: where its users sign in, which of a sandbox is another place.

    Example: `https://tea--uat.sandbox.my.salesforce.com` is a sandbox.
    """
    host = urlsplit(address).hostname or ""
    return _SANDBOX[0] if host.endswith(_SANDBOX[1]) else _LOGIN


def wrong_in(key: str, secret: str, client: str) -> tuple[str, str, str] | None:
    """What is wrong with what somebody entered: its field, what it is, and what to do."""
    signs = secret.startswith(MARK)
    if signs and private_key(secret) is None:
        mend = "Copy all of it, without a password and of 2048 bits or more"
        return "/secret", "This is no private key of RSA", mend
    if signs != bool(client) and key:
        mend = "Send both, or neither and a consumer secret"
        return "/client", "A user name goes with a private key", mend
    return None
