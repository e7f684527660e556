"""Files in an object store that speaks S3: all of a bucket whose names begin so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from regulars.records.inlets.feeding.types import LONGEST_NAME, MOST_FILES, Listed, wanted
from regulars.surfaces.connect.feeds.keys import FeedKeys
from regulars.surfaces.connect.feeds.places.addresses import BucketAddress
from regulars.surfaces.connect.feeds.places.there import (
    GREW,
    PIECE,
    TOO_MANY,
    NotFetched,
    NotReached,
    Reach,
    checked,
)
from regulars.surfaces.senders.outgoing.guard import NotAllowed

_RETRIES: Final[Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
_NOWHERE: Final = "there is no such bucket or file"
_UNKNOWN: Final = "it does not know these keys"
_CLOSED: Final = "these keys may not read there"
_WORDS: Final = (
    (UnauthenticatedError, _UNKNOWN),
    (PermissionDeniedError, _CLOSED),
    (NotFoundError, _NOWHERE),
)
_CODES: Final = (
    ("NoSuchBucket", _NOWHERE),
    ("InvalidAccessKeyId", _UNKNOWN),
    ("SignatureDoesNotMatch", _UNKNOWN),
    ("AccessDenied", _CLOSED),
)
"""What a store says in its answer where the kind of the error does not."""


class Bucket:
    """The objects whose names begin so."""

    host_key = ""

    def __init__(self, store: S3Store, prefix: str) -> None:
        self._store, self._prefix = store, prefix

    async def files(self) -> list[Listed]:
        """All of them, also in what looks like folders."""
        found: list[Listed] = []
        try:
            async for some in self._store.list(self._prefix or None, chunk_size=1000):
                found += [
                    Listed(one["path"], one["size"], one["last_modified"])
                    for one in some
                    if wanted(one["path"]) and len(one["path"]) <= LONGEST_NAME
                ]
                if len(found) > MOST_FILES:
                    raise NotReached(TOO_MANY)
        except BaseError as error:
            raise in_words(error) from None
        return found

    async def fetch(self, one: Listed, to: Path) -> None:
        """A copy of an object as it was listed."""
        try:
            told = await obstore.get_async(self._store, one.name)
            meta = told.meta
            if (meta["size"], meta["last_modified"]) != (one.size, one.modified):
                raise NotFetched(GREW)
            with to.open("wb") as copy:
                async for piece in told.stream(min_chunk_size=PIECE):
                    copy.write(piece)
        except (NotFoundError, PermissionDeniedError) as error:
            raise NotFetched(in_words(error).why) from None
        except BaseError as error:
            raise in_words(error) from None


async def bucket(
    reach: Reach, where: BucketAddress, at: tuple[str, str], login: tuple[str, FeedKeys]
) -> Bucket:
    """What is read of such a store. Raises: NotReached."""
    return Bucket(await store_of(reach, where, at, login), where.prefix)


async def store_of(
    reach: Reach, where: BucketAddress, at: tuple[str, str], login: tuple[str, FeedKeys]
) -> S3Store:
    """Such a store at this endpoint and region, come into by this access key. Raises: NotReached.

    Keeps: over TLS alone wherever it is not a network that the installation allows, so that a name
    that comes to another address a moment later has no certificate there.
    """
    endpoint, region = at
    endpoint = endpoint or f"https://s3.{region}.amazonaws.com"
    try:
        parts = reach.guard.check_url(endpoint)
    except NotAllowed as why:
        raise NotReached(why.why) from None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    await checked(reach, str(parts.hostname), port)
    account, keys = login
    return S3Store(
        where.bucket, endpoint=endpoint, region=region or "us-east-1", access_key_id=account,
        secret_access_key=keys.secret, virtual_hosted_style_request=False,
        client_options=_options(urlsplit(endpoint).scheme), retry_config=_RETRIES,
    )  # fmt: skip


def _options(scheme: str) -> Any:
    return {"timeout": "60s", "connect_timeout": "10s", "allow_http": scheme == "http"}


def in_words(error: BaseError) -> NotReached:
    """What a store says, in our words."""
    for kind, says in _WORDS:
        if isinstance(error, kind):
            return NotReached(says)
    for code, says in _CODES:
        if code in str(error):
            return NotReached(says)
    return NotReached("it does not answer as an object store does")
