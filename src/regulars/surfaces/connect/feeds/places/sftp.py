"""Files on an SFTP server, which proves by its host key that it is the one that was met first."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import asyncssh

from regulars.records.inlets.feeding.types import MOST_FILES, Listed, wanted
from regulars.surfaces.connect.feeds.keys import FeedKeys
from regulars.surfaces.connect.feeds.places.addresses import SftpAddress
from regulars.surfaces.connect.feeds.places.there import (
    CONNECT_S,
    GREW,
    PIECE,
    TOO_MANY,
    NotFetched,
    NotReached,
    Reach,
    as_text,
    checked,
)

OTHER_KEY: Final = (
    "it proves by another host key than the one it was met with: somebody may stand between; where "
    "it was set up anew, end this and enter it again"
)
_QUIET: Final[dict[str, Any]] = {"config": None, "agent_path": None, "gss_host": None}
"""Nothing of the account this process runs under counts: no configuration, agent or ticket."""
_WORDS: Final = (
    (asyncssh.PermissionDenied, "it does not let us in by this name and password or key"),
    (asyncssh.HostKeyNotVerifiable, OTHER_KEY),
    (asyncssh.KeyExchangeFailed, OTHER_KEY),
    (asyncssh.SFTPNoSuchFile, "there is no such folder"),
    (asyncssh.SFTPPermissionDenied, "this folder or file is not open to us"),
    (TimeoutError, "it did not answer in time"),
    (ConnectionRefusedError, "it refuses the connection"),
)

_OF_ONE: Final = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied)


class _Sftp:
    """The files of one folder."""

    def __init__(self, client: asyncssh.SFTPClient, folder: str, host_key: str) -> None:
        self._client, self._folder, self.host_key = client, folder, host_key
        self._names: dict[str, str] = {}
        """By the name as it is told, the one it has there."""

    async def files(self) -> list[Listed]:
        """The files in it; neither folders nor links."""
        found = []
        with told():
            async for entry in self._client.scandir(self._folder):
                one = _listed(entry)
                if one is not None:
                    self._names[one.name] = str(entry.filename)
                    found.append(one)
                if len(found) > MOST_FILES:
                    raise NotReached(TOO_MANY)
        return found

    async def fetch(self, one: Listed, to: Path) -> None:
        """A copy of a file: as many bytes as were listed, and no more behind them."""
        left, name = one.size, self._names.get(one.name, one.name)
        with told(NotFetched), to.open("wb") as copy:
            async with self._client.open(f"{self._folder}/{name}", "rb") as stream:
                while left and (piece := await stream.read(min(PIECE, left))):
                    copy.write(cast(bytes, piece))
                    left -= len(piece)
                if left or await stream.read(1):
                    raise NotFetched(GREW)


@asynccontextmanager
async def sftp(
    reach: Reach, where: SftpAddress, account: str, keys: FeedKeys, host_key: str
) -> AsyncIterator[_Sftp]:
    """A folder of such a server, for as long as the block lasts. Raises: NotReached.

    Order: whoever was never met is asked for its host key first, so that password and key go to
    nobody whose key is not known.
    """
    async with within(reach, where, account, keys, host_key) as (client, known):
        yield _Sftp(client, where.folder, known)


@asynccontextmanager
async def within(
    reach: Reach, where: SftpAddress, account: str, keys: FeedKeys, host_key: str
) -> AsyncIterator[tuple[asyncssh.SFTPClient, str]]:
    """Such a server, come into, and by which key it proved who it is. Raises: NotReached."""
    host = await checked(reach, where.host, where.port)
    with told():
        known = asyncssh.import_public_key(host_key) if host_key else await _met(host, where.port)
        connection = await asyncssh.connect(
            host, where.port, username=account, password=keys.secret or None,
            client_keys=_private(keys), known_hosts=([known], [], []),
            connect_timeout=CONNECT_S, login_timeout=CONNECT_S, keepalive_interval=CONNECT_S,
            **_QUIET,
        )  # fmt: skip
    async with connection:
        with told():
            client = await connection.start_sftp_client(path_errors="surrogateescape")
        yield client, known.export_public_key().decode().strip()


async def _met(host: str, port: int) -> asyncssh.SSHKey:
    async with asyncio.timeout(CONNECT_S):
        found = await asyncssh.get_server_host_key(host, port, config=None)
    if found is None:
        raise NotReached("it shows no host key")
    return found


def _private(keys: FeedKeys) -> Any:
    if not keys.private_key:
        return None
    return [asyncssh.import_private_key(keys.private_key, keys.secret or None)]


def is_readable(private_key: str, secret: str) -> bool:
    """Whether this is a private key, and the secret opens it where it is locked."""
    try:
        asyncssh.import_private_key(private_key, secret or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        return False
    return True


def _listed(entry: asyncssh.SFTPName) -> Listed | None:
    name, of_it = str(entry.filename), entry.attrs
    plain = of_it.permissions is None or stat.S_ISREG(of_it.permissions)
    if not plain or not wanted(name) or "/" in name or of_it.size is None or of_it.mtime is None:
        return None
    return Listed(as_text(name), of_it.size, datetime.fromtimestamp(of_it.mtime, UTC))


class told:  # noqa: N801  (read as a word: with told())
    """What goes wrong on the way, in words for whoever connected it; of a file, where it is one."""

    def __init__(self, of_one: type[NotReached] = NotReached) -> None:
        self._of_one = of_one

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> None:
        if not isinstance(error, (asyncssh.Error, OSError)):
            return
        for kinds, says in _WORDS:
            if isinstance(error, kinds):
                kept = self._of_one if kinds in _OF_ONE else NotReached
                raise kept(says) from None
        if isinstance(error, asyncssh.Error):
            raise NotReached("it does not speak as an SFTP server does") from None
        raise NotReached("it cannot be connected to") from None
