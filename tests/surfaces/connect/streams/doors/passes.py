"""Passes of NATS as its own tools make them: an operator signs an account, and that its users."""

from __future__ import annotations

import json
from base64 import b32encode, urlsafe_b64encode
from binascii import crc_hqx
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_OPERATOR, _ACCOUNT, _USER, _SEED = 14 << 3, 0, 20 << 3, 18 << 3
_ALL = (
    "subs", "data", "payload", "imports", "exports", "conn", "leaf", "mem_storage",
    "disk_storage", "streams", "consumer",
)  # fmt: skip
_ROOM = dict.fromkeys(_ALL, -1) | {"wildcards": True}
_NO_STREAMS = dict.fromkeys(("mem_storage", "disk_storage", "streams", "consumer"), 0)


class _Key:
    def __init__(self, kind: int) -> None:
        self._kind, self._key = kind, Ed25519PrivateKey.generate()
        self.name = _written(bytes([kind]) + self._key.public_key().public_bytes_raw())

    @property
    def seed(self) -> str:
        first = bytes([_SEED | self._kind >> 5, (self._kind & 31) << 3])
        return _written(first + self._key.private_bytes_raw())

    def signs(self, whom: _Key, name: str, nats: dict[str, Any]) -> str:
        """A pass for somebody."""
        head = {"typ": "JWT", "alg": "ed25519-nkey"}
        says = {"jti": name, "iat": 1_700_000_000, "iss": self.name, "name": name}
        says |= {"sub": whom.name, "nats": nats | {"version": 2}}
        text = f"{_part(json.dumps(head).encode())}.{_part(json.dumps(says).encode())}"
        return f"{text}.{_part(self._key.sign(text.encode()))}"


def operated() -> tuple[str, str, str]:
    """What a server has to have in its settings, the credentials of somebody it knows, and those of
    a stranger."""
    operator, account, system = _Key(_OPERATOR), _Key(_ACCOUNT), _Key(_ACCOUNT)
    owner = operator.signs(operator, "O", {"type": "operator"})
    kept = {
        one.name: operator.signs(one, name, {"type": "account", "limits": room})
        for one, name, room in ((account, "A", _ROOM), (system, "S", _ROOM | _NO_STREAMS))
    }
    preload = ", ".join(f'{name}: "{one}"' for name, one in kept.items())
    said = (
        f'operator: "{owner}"\nsystem_account: {system.name}\n'
        f"resolver: MEMORY\nresolver_preload: {{ {preload} }}"
    )
    return said, _creds(account), _creds(_Key(_ACCOUNT))


def _creds(account: _Key) -> str:
    user = _Key(_USER)
    may: dict[str, Any] = {"type": "user", "pub": {}, "sub": {}}
    may |= {"subs": -1, "data": -1, "payload": -1}
    return (
        f"-----BEGIN NATS USER JWT-----\n{account.signs(user, 'U', may)}\n"
        "------END NATS USER JWT------\n\n************* IMPORTANT *************\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
    )


def _written(raw: bytes) -> str:
    whole = raw + crc_hqx(raw, 0).to_bytes(2, "little")
    return b32encode(whole).decode().rstrip("=")


def _part(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
