"""The keys that sign checkpoints: one signs now, former ones are known by their public half."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from regulars.runtime.installation.secret_files import open_secrets, replace_secret
from regulars.runtime.installation.settings import SECRET_PREFIX, Settings
from regulars.runtime.problems import SetupProblem

NAME: Final = "seal_key"
FORMER: Final = "seal_keys_former"
SEED_BYTES: Final = 32


class Keyring:
    """The `Signer` of records/seal: Ed25519, as RFC 8032 has it."""

    def __init__(self, private: Ed25519PrivateKey | None, public: Mapping[str, bytes]) -> None:
        self._private = private
        self._public = {name: Ed25519PublicKey.from_public_bytes(k) for name, k in public.items()}
        self._key_id = ""
        if private is not None:
            mine = private.public_key()
            self._key_id = key_id_of(mine.public_bytes_raw())
            self._public[self._key_id] = mine

    @property
    def key_id(self) -> str:
        return self._key_id

    @property
    def public(self) -> dict[str, str]:
        """The public half of every key, by its name, in hexadecimal."""
        return {name: key.public_bytes_raw().hex() for name, key in self._public.items()}

    def sign(self, message: bytes) -> bytes:
        assert self._private is not None, "a ring of public keys signs nothing"
        return self._private.sign(message)

    def right(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Whether the key of this name, if it is one of ours, signed these bytes."""
        key = self._public.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def key_id_of(public: bytes) -> str:
    """The name of a key: the first eight bytes of the SHA-256 of its public half."""
    return sha256(public).hexdigest()[:16]


def open_keyring(settings: Settings) -> Keyring:
    """The keys of this installation; the first is made with the other secrets.

    Refuses: a secret that is no key, and a list of former keys that cannot be read.
    """
    seed = _seed(open_secrets(settings).seal_key)
    return Keyring(Ed25519PrivateKey.from_private_bytes(seed), former_keys(settings))


def former_keys(settings: Settings) -> dict[str, bytes]:
    """The public halves of keys that no longer sign."""
    path = settings.secrets_dir / FORMER
    if not path.exists():
        return {}
    return public_keys(path)


def public_keys(path: Path) -> dict[str, bytes]:
    """The public keys in a file: one a line, its name and 64 hexadecimal digits."""
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise SetupProblem(
            f"The public keys in {path} cannot be read: {why}.",
            "Restore the file from your backup of the secrets.",
        ) from None
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, _, digits = line.strip().partition(" ")
        try:
            key = bytes.fromhex(digits)
        except ValueError:
            key = b""
        if len(key) != SEED_BYTES or key_id_of(key) != name:
            raise SetupProblem(
                f"Line {number} of {path} is not a public key with its name.",
                "Restore the file from your backup of the secrets, or take that line out.",
            )
        found[name] = key
    return found


def change_key(settings: Settings) -> tuple[str, str]:
    """Sign with a fresh key from now on; the former one is destroyed, its public half kept.

    Keeps: the public half is on disk before the key is replaced, so a power cut between the two
    loses nothing.
    """
    if NAME in settings.secret_overrides:
        raise SetupProblem(
            f"The key comes from {SECRET_PREFIX}{NAME.upper()}, which is not ours to change.",
            f"Add the line `regulars anchor --keys` prints to {settings.secrets_dir / FORMER}, "
            "then set another secret there (32 random bytes in base64url).",
        )
    before = open_keyring(settings)
    path = settings.secrets_dir / FORMER
    line = f"{before.key_id} {before.public[before.key_id]}\n"
    if before.key_id not in former_keys(settings):
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    replace_secret(settings, NAME)
    return before.key_id, open_keyring(settings).key_id


def _seed(secret: str) -> bytes:
    try:
        seed = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SEED_BYTES:
        raise SetupProblem(
            f"The secret {NAME} is not a signing key.",
            f"Restore it from your backup. It is {SEED_BYTES} bytes in base64url: 43 characters.",
        )
    return seed
