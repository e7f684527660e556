"""Files are looked for somewhere from now on, or a place is tried: for API and console alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.flows.inlets.keep_feeds import FeedFrom
from regulars.records.access.staff.types import By
from regulars.records.inlets.feeding.types import Feed, FeedPlace
from regulars.records.inlets.types import Inlet
from regulars.surfaces.connect.feeds.keys import NONCE, FeedKeys, sealed
from regulars.surfaces.connect.feeds.places.addresses import (
    REGION,
    bucket_of,
    fingerprint,
    server_of,
)
from regulars.surfaces.connect.feeds.places.opening import place_of
from regulars.surfaces.connect.feeds.places.there import NotReached, Reach
from regulars.surfaces.connect.feeds.wire import FeedTried
from regulars.surfaces.connect.inlets.kinds import FILES
from regulars.surfaces.given import Given
from regulars.surfaces.senders.outgoing.guard import FIRST_FREE_PORT, NotAllowed

TRIED_S: Final = 25.0
SHOWN: Final = 5
FOLDER: Final = "Name a folder below your own, as nightly, or nothing for your own"
SFTP: Final = "Write it as sftp://files.example.org:22/folder"
BUCKET: Final = "Write it as s3://bucket/prefix"


class Wanted(Struct, frozen=True):
    """What somebody wants of a place; what is empty stays, or is not needed there."""

    place: FeedPlace
    address: str = ""
    account: str = ""
    secret: str = ""
    private_key: str = ""
    host_key: str = ""
    endpoint: str = ""
    region: str = ""

    def __repr__(self) -> str:
        return f"Wanted({self.place} {self.address})"


def feeds_from(given: Given, inlet: Inlet, wanted: Wanted, by: By) -> FeedFrom:
    """The command for what is wanted, its keys encrypted.

    Faults: Invalid for another kind of source, an address that is none or that we do not talk to,
    keys that are none, or what has no place there.
    """
    if inlet.kind != FILES:
        mend = "Add a source of the kind files"
        raise Invalid("This source has no files", field="/place", mend=mend)
    check_place(given, wanted)
    keys = b""
    if wanted.secret or wanted.private_key:
        place = (inlet.program_id, inlet.inlet_id)
        told = FeedKeys(wanted.secret, wanted.private_key)
        keys = sealed(given.keyed, place, told, given.random_bytes(NONCE))
    return FeedFrom(
        inlet.inlet_id, by, wanted.place, wanted.address, wanted.endpoint.rstrip("/"),
        wanted.region, wanted.account, keys, wanted.host_key.strip(),
    )  # fmt: skip


def check_place(given: Given, wanted: Wanted) -> None:
    """Whether such a place is one we talk to. Faults: Invalid."""
    _CHECKS[wanted.place](given, wanted)


async def tried(given: Given, own: str, inlet: Inlet, feed: Feed) -> FeedTried:
    """What lies in a place; nothing is read or kept."""
    reach = Reach(given.receivers, given.feeds)
    program = (inlet.program_id, own)
    try:
        async with asyncio.timeout(TRIED_S), place_of(reach, given.keyed, program, feed) as there:
            found, host_key = await there.files(), there.host_key
    except NotReached as why:
        return FeedTried(False, why.why, 0, [], "")
    except TimeoutError:
        return FeedTried(False, "it did not answer in time", 0, [], "")
    latest = sorted(found, key=lambda one: (one.modified, one.name), reverse=True)[:SHOWN]
    return FeedTried(True, "", len(found), [one.name for one in latest], fingerprint(host_key))


def _folder(given: Given, wanted: Wanted) -> None:
    if given.feeds is None:
        mend = "Whoever runs this installation sets REGULARS_FEEDS_FOLDER"
        raise Invalid("No folder of this machine is open to it", field="/place", mend=mend)
    steps = wanted.address.split("/") if wanted.address else []
    inside = not PurePosixPath(wanted.address).is_absolute()
    plain = all(step not in ("", ".", "..") and step.isprintable() for step in steps)
    if not inside or not plain or "\\" in wanted.address:
        raise Invalid("This is no folder below your own", field="/address", mend=FOLDER)
    _none_of(wanted, "account", "secret", "private_key", "host_key", "endpoint", "region")


def _sftp(given: Given, wanted: Wanted) -> None:
    try:
        where = server_of(wanted.address)
    except ValueError:
        raise Invalid("This is no address of an SFTP server", field="/address", mend=SFTP) from None
    if where.port not in (22, *range(FIRST_FREE_PORT, 65536)):
        mend = "Use port 22, or 1024 and above"
        raise Invalid(f"Port {where.port} is not called", field="/address", mend=mend)
    _guarded(given, f"https://{_bracketed(where.host)}", "/address", SFTP)
    if not wanted.account:
        mend = "Say the name by which it knows us"
        raise Invalid("Nobody says as whom we come in", field="/account", mend=mend)
    try:
        fingerprint(wanted.host_key.strip())
    except ValueError:
        mend = "Copy it from a line of ssh-keyscan: ssh-ed25519 AAAA…"
        raise Invalid("This is no host key", field="/host_key", mend=mend) from None
    if wanted.private_key and not _readable(wanted):
        mend = "Copy the whole file, as OpenSSH or PEM; what opens it goes into secret"
        raise Invalid("This private key cannot be read", field="/private_key", mend=mend)
    _none_of(wanted, "endpoint", "region")


def _readable(wanted: Wanted) -> bool:
    # Loaded by whoever has such a key, as it takes most of a second.
    from regulars.surfaces.connect.feeds.places.sftp import is_readable

    return is_readable(wanted.private_key, wanted.secret)


def _bucket(given: Given, wanted: Wanted) -> None:
    try:
        bucket_of(wanted.address)
    except ValueError:
        raise Invalid("This is no address of a bucket", field="/address", mend=BUCKET) from None
    if wanted.region and not REGION.fullmatch(wanted.region):
        raise Invalid("This is no region", field="/region", mend="Write it as eu-central-1")
    if not (wanted.endpoint or wanted.region):
        mend = "Say the region, as eu-central-1, or where another store is"
        raise Invalid("Nothing says where this store is", field="/region", mend=mend)
    if wanted.endpoint:
        mend = "Write it as https://s3.example.org"
        _guarded(given, wanted.endpoint, "/endpoint", mend)
        if "?" in wanted.endpoint:
            raise Invalid("This is no address of a store", field="/endpoint", mend=mend)
    if not wanted.account:
        mend = "Say the access key"
        raise Invalid("Nobody says as whom we come in", field="/account", mend=mend)
    _none_of(wanted, "private_key", "host_key")


def _guarded(given: Given, url: str, field: str, mend: str) -> None:
    try:
        given.receivers.check_url(url)
    except NotAllowed as why:
        raise Invalid(why.why, field=field, mend=mend) from None


def _none_of(wanted: Wanted, *names: str) -> None:
    for name in names:
        if getattr(wanted, name):
            raise Invalid(f"{name} has no meaning there", field=f"/{name}", mend="Leave it out")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


_CHECKS: Final[dict[str, Callable[[Given, Wanted], None]]] = {
    "folder": _folder,
    "sftp": _sftp,
    "s3": _bucket,
}
