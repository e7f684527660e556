"""How places are written: an address of an SFTP server or of an object store, taken apart."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

PORT: Final = 22
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
REGION: Final = re.compile(r"[a-z0-9-]{1,40}")


class SftpAddress(NamedTuple):
    """`sftp://host:22/folder`."""

    host: str
    port: int
    folder: str


class BucketAddress(NamedTuple):
    """`s3://bucket/prefix`."""

    bucket: str
    prefix: str


def server_of(address: str) -> SftpAddress:
    """The parts of the address of an SFTP server. Raises: ValueError."""
    parts = urlsplit(address)
    odd = parts.query or parts.fragment or parts.username is not None or parts.password is not None
    if parts.scheme != "sftp" or not parts.hostname or odd or not address.isprintable():
        raise ValueError(address)
    return SftpAddress(parts.hostname, parts.port or PORT, unquote(parts.path).rstrip("/") or ".")


def bucket_of(address: str) -> BucketAddress:
    """The parts of the address of an object store. Raises: ValueError."""
    scheme, _, rest = address.partition("://")
    name, _, prefix = rest.partition("/")
    if scheme != "s3" or not _BUCKET.fullmatch(name) or not prefix.isprintable():
        raise ValueError(address)
    return BucketAddress(name, prefix.strip("/"))


def fingerprint(host_key: str) -> str:
    """What people compare of the key of an SFTP server, as `ssh-keygen -l` writes it; nothing where
    there is no key. Raises: ValueError, where it is none."""
    if not host_key:
        return ""
    try:
        kind, told, *_ = host_key.split()
        key = b64decode(told, validate=True)
    except Error:
        raise ValueError(host_key) from None
    if key[4 : 4 + len(kind)] != kind.encode():  # behind its length, in four bytes
        raise ValueError(host_key)
    return f"SHA256:{b64encode(sha256(key).digest()).decode().rstrip('=')}"
