"""Credentials of NATS as its tools write them: a pass that somebody signed, and its key."""

from __future__ import annotations

import re
from base64 import b32decode, b64encode
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_BEGINS: Final = "-----BEGIN NATS USER JWT-----"
# Line ends may be gone: a field for passwords has one line.
_PASS: Final = re.compile(rf"{_BEGINS}\s*([\w-]+\.[\w-]+\.[\w-]{{86}})\s*-{{5,6}}END")
_SEED: Final = re.compile(r"-----BEGIN USER NKEY SEED-----\s*(SU[A-Z2-7]{56})\s*-{5,6}END")


def is_creds(secret: str) -> bool:
    """Whether this is meant as a file of credentials, and no password."""
    return secret.lstrip().startswith(_BEGINS)


def entered_by(secret: str) -> dict[str, Any]:
    """With what a client of NATS comes in by such a file. Raises: ValueError.

    Keeps: the key stays here; the broker sees its pass, and something of its own that was signed.
    """
    told, seed = _PASS.search(secret), _SEED.search(secret)
    if told is None or seed is None:
        raise ValueError("no credentials of NATS")
    # Two bytes say whose key it is, two at the end that it was copied whole.
    key = Ed25519PrivateKey.from_private_bytes(b32decode(seed[1] + "======")[2:34])
    return {
        "user_jwt_cb": lambda: bytearray(told[1].encode()),
        "signature_cb": lambda nonce: b64encode(key.sign(nonce.encode())),
    }
