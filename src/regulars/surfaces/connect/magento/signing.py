"""Whether what comes in was signed by the shop itself, or by Adobe for this very project."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from regulars.base.faults import Outage
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.inlets.signing import BadSignature, Headers
from regulars.surfaces.senders.outgoing.fetching import Fetch, NoAnswer, NotAllowed

SIGNATURE: Final = b"x-adobe-commerce-webhook-signature"
BY_ADOBE: Final = (
    (b"x-adobe-digital-signature-1", b"x-adobe-public-key1-path"),
    (b"x-adobe-digital-signature-2", b"x-adobe-public-key2-path"),
)
ADOBE: Final = "https://static.adobeioevents.com"
_PATH: Final = re.compile(rb"/prod/keys/[A-Za-z0-9_-]{1,80}\.pem")
_MARK: Final = b"adobe "
"""Before a key of Adobe's: behind it stand the project it is good for, a line's end, the key."""
MOST_KEPT: Final = 20
MIN_BITS: Final = 2048

_keys: dict[bytes, bytes] = {}
"""By their path, which changes with what stands there."""


def public_key(text: str) -> RSAPublicKey | None:
    """A public key of RSA as it is shown in the shop, with or without its first and last line;
    nothing where it is none, or too short to be worth anything."""
    try:
        if "-----" in text:
            found = load_pem_public_key(text.strip().encode())
        else:
            found = load_der_public_key(b64decode("".join(text.split()), validate=True))
    except (ValueError, Error, TypeError):
        return None
    return found if isinstance(found, RSAPublicKey) and found.key_size >= MIN_BITS else None


async def keys_of_adobe(keys: ShopKeys, headers: Headers, fetch: Fetch) -> tuple[bytes, ...]:
    """By which keys of Adobe an event may be signed: those it names, fetched once each.

    Order: only from Adobe's own address and only where the project is known here, as anybody's
    events are signed by the same keys.
    Raises: Outage where they cannot be had, so that Adobe tries again.
    """
    found = []
    for signature, path in BY_ADOBE:
        where = headers.get(path, b"")
        if not keys.client or signature not in headers or _PATH.fullmatch(where) is None:
            continue
        if where not in _keys:
            try:
                key = await fetch(ADOBE + where.decode())
            except (NoAnswer, NotAllowed) as why:
                raise Outage(f"Adobe's key cannot be had: {why}; try again later") from None
            if len(_keys) >= MOST_KEPT:
                _keys.clear()
            _keys[where] = key
        found.append(_MARK + keys.client.encode() + b"\n" + _keys[where])
    return tuple(found)


def is_by_shop(headers: Headers) -> bool:
    """Whether it is the shop that signs, and not Adobe for it."""
    return bool(_signature(headers.get(SIGNATURE, b"")))


def check_magento(secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes]) -> None:
    """The signature is the shop's own, or Adobe's for the project that is known here.

    Order: before anything of the body is read; of Adobe's afterwards for whom it was signed.
    Faults: BadSignature.
    Source: Adobe Commerce, Webhooks signature verification: RSA with SHA-256 over the base64 of the
    body. Adobe I/O Events, Signature verification: RSA with SHA-256 over the body.
    Example: whoever signs the body as it is, and not its base64, is not the shop.
    """
    own = [one for one in secrets if not one.startswith(_MARK)]
    given = _signature(headers.get(SIGNATURE, b""))
    if given:
        signed = [b64encode(body) for body in bodies]
        if any(_good(key.decode(), given, some) for key in own for some in signed):
            return
        says = "x-adobe-commerce-webhook-signature does not fit what was sent"
        raise BadSignature(says, mend=_MEND)
    by_adobe = [one.removeprefix(_MARK) for one in secrets if one.startswith(_MARK)]
    for name, _ in BY_ADOBE:
        made = _signature(headers.get(name, b""))
        for one in by_adobe:
            client, _, key = one.partition(b"\n")
            for body in bodies:
                if made and _good(key.decode(), made, body) and _is_for(client.decode(), body):
                    return
    raise BadSignature("it is signed neither by the shop nor by Adobe for your project", mend=_MEND)


_MEND: Final = (
    "Enter the public key of the shop's webhooks, and of I/O Events the client ID of your project"
)


def _is_for(client: str, body: bytes) -> bool:
    """Whether an event was signed for this project, and not for anybody else's; of several that
    come together, each."""
    try:
        found: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    some = found if isinstance(found, list) else [found]
    mine = (isinstance(one, dict) and one.get("recipient_client_id") == client for one in some)
    return bool(some) and all(mine)


def _good(key: str, signature: bytes, signed: bytes) -> bool:
    found = public_key(key)
    if found is None:
        return False
    try:
        found.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _signature(header: bytes) -> bytes:
    try:
        return b64decode(header, validate=True)
    except Error:
        return b""
