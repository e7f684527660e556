"""Extracts on an SFTP server, which proves by its host key that it is the one met first."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import asyncssh

from regulars.surfaces.connect.extracts.shelves.shelf import BESIDE, MANIFEST
from regulars.surfaces.connect.feeds.keys import FeedKeys
from regulars.surfaces.connect.feeds.places.addresses import SftpAddress
from regulars.surfaces.connect.feeds.places.sftp import told, within
from regulars.surfaces.connect.feeds.places.there import Reach


class Sftp:
    """One folder of such a server."""

    def __init__(self, client: asyncssh.SFTPClient, folder: str, host_key: str) -> None:
        self._client, self._folder, self.host_key = client, folder, host_key

    async def whole(self, name: str) -> bytes | None:
        """The manifest under its own name."""
        path = f"{self._folder}/{name}/{MANIFEST}"
        with told():
            if not await self._client.isfile(path):
                return None
            async with self._client.open(path, "rb") as stream:
                return cast(bytes, await stream.read())

    async def begun(self, name: str) -> Mapping[str, int]:
        """What lies beside."""
        beside = f"{self._folder}/{name}{BESIDE}"
        found: dict[str, int] = {}
        with told():
            if await self._client.isdir(beside):
                await self._sizes(beside, "", found)
        return found

    async def put(self, name: str, file: str, path: Path) -> None:
        """A copy, beside."""
        to = f"{self._folder}/{name}{BESIDE}/{file}"
        with told():
            await self._client.makedirs(to.rpartition("/")[0], exist_ok=True)
            await self._client.put(str(path), to)

    async def finish(self, name: str, manifest: Path) -> None:
        """The folder beside gets its own name."""
        await self.put(name, MANIFEST, manifest)
        with told():
            await self._client.rename(f"{self._folder}/{name}{BESIDE}", f"{self._folder}/{name}")

    async def _sizes(self, folder: str, before: str, found: dict[str, int]) -> None:
        async for entry in self._client.scandir(folder):
            name, of_it = str(entry.filename), entry.attrs
            if name in (".", ".."):
                continue
            if of_it.permissions is not None and stat.S_ISDIR(of_it.permissions):
                await self._sizes(f"{folder}/{name}", f"{before}{name}/", found)
            elif of_it.size is not None:
                found[f"{before}{name}"] = of_it.size


@asynccontextmanager
async def sftp_shelf(
    reach: Reach, where: SftpAddress, account: str, keys: FeedKeys, host_key: str
) -> AsyncIterator[Sftp]:
    """A folder of such a server, for as long as the block lasts. Raises: NotReached."""
    async with within(reach, where, account, keys, host_key) as (client, known):
        with told():
            if where.folder != ".":
                await client.makedirs(where.folder, exist_ok=True)
        yield Sftp(client, where.folder, known)
