"""Extracts in an object store that speaks S3: there as soon as the manifest is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from regulars.surfaces.connect.extracts.shelves.shelf import MANIFEST
from regulars.surfaces.connect.feeds.places.bucket import in_words


class Bucket:
    """The objects whose names begin so. No store renames, so the manifest comes last."""

    host_key = ""

    def __init__(self, store: S3Store, prefix: str) -> None:
        self._store, self._before = store, f"{prefix}/" if prefix else ""

    async def whole(self, name: str) -> bytes | None:
        """The manifest, which is put when all the others are."""
        try:
            found = await obstore.get_async(self._store, f"{self._before}{name}/{MANIFEST}")
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError):
            return None
        except BaseError as error:
            raise in_words(error) from None

    async def begun(self, name: str) -> Mapping[str, int]:
        """What is there of it."""
        before = f"{self._before}{name}/"
        found: dict[str, int] = {}
        try:
            async for some in self._store.list(before.rstrip("/"), chunk_size=1000):
                found |= {one["path"].removeprefix(before): one["size"] for one in some}
        except BaseError as error:
            raise in_words(error) from None
        return found

    async def put(self, name: str, file: str, path: Path) -> None:
        """One object: there whole, or not."""
        try:
            await obstore.put_async(self._store, f"{self._before}{name}/{file}", path)
        except BaseError as error:
            raise in_words(error) from None

    async def finish(self, name: str, manifest: Path) -> None:
        """The manifest, last."""
        await self.put(name, MANIFEST, manifest)
