"""From a feed to the place it names: opened with its keys, for as long as it is looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from regulars.base.keyed import Keyed
from regulars.records.inlets.feeding.types import Feed
from regulars.surfaces.connect.feeds.keys import KeysElsewhere, opened
from regulars.surfaces.connect.feeds.places.addresses import bucket_of, server_of
from regulars.surfaces.connect.feeds.places.bucket import bucket
from regulars.surfaces.connect.feeds.places.folder import Folder
from regulars.surfaces.connect.feeds.places.there import NotReached, Reach, There

NO_FOLDER = "no folder is open to this installation: its operator sets REGULARS_FEEDS_FOLDER"


@asynccontextmanager
async def place_of(
    reach: Reach, keyed: Keyed, program: tuple[int, str], feed: Feed
) -> AsyncIterator[There]:
    """The place a feed names, of this program with this folder. Raises: NotReached."""
    program_id, own = program
    try:
        keys = opened(keyed, (program_id, feed.inlet_id), feed.keys)
    except KeysElsewhere:
        raise NotReached("its keys are of another installation: enter them again") from None
    if feed.place == "folder":
        if reach.folder is None:
            raise NotReached(NO_FOLDER)
        yield Folder(reach.folder, own, feed.address)
    elif feed.place == "sftp":
        # Takes most of a second to load, which who has no such server need not wait for.
        from regulars.surfaces.connect.feeds.places.sftp import sftp

        where = server_of(feed.address)
        async with sftp(reach, where, feed.account, keys, feed.host_key) as there:
            yield there
    else:
        at = (feed.endpoint, feed.region)
        yield await bucket(reach, bucket_of(feed.address), at, (feed.account, keys))
