"""On the wire: where the files of a source are looked for, and how far each was read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.inlets.feeding.types import NOTHING_LEFT, Feed, FeedFile, Left
from regulars.surfaces.api.wire.parts import Limit
from regulars.surfaces.connect.feeds.places.addresses import fingerprint

FeedAddress = Annotated[str, Meta(max_length=500)]
FeedSecret = Annotated[str, Meta(min_length=1, max_length=500)]
FeedPrivateKey = Annotated[str, Meta(min_length=1, max_length=20_000)]
FeedAccount = Annotated[str, Meta(min_length=1, max_length=200)]


class FeedSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Where files are to be looked for. What is secret stays where place and account do."""

    place: Literal["folder", "sftp", "s3"]
    address: FeedAddress = ""
    """Of a folder: its name below this program's own. Of an SFTP server `sftp://host:22/folder`, of
    an object store `s3://bucket/prefix`."""
    account: FeedAccount | None = None
    """The name at an SFTP server, or the access key of an object store."""
    secret: FeedSecret | None = None
    """The password, what opens the private key, or the secret of the access key. Kept encrypted and
    shown to nobody."""
    private_key: FeedPrivateKey | None = None
    """Of an SFTP server, in place of a password: as PEM or OpenSSH write it."""
    host_key: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    """Of an SFTP server: which key it has to have, as `ssh-ed25519 AAAA…`; left out, the one it has
    when it is met first."""
    endpoint: Annotated[str, Meta(max_length=500)] | None = None
    """Of an object store that is not Amazon's: where it is, as https://s3.example.org."""
    region: Annotated[str, Meta(max_length=40)] | None = None


class FeedShown(Struct, frozen=True):
    """Where files are looked for, without keys."""

    place: Literal["folder", "sftp", "s3"]
    address: str
    account: str
    endpoint: str
    region: str
    host_key: str
    """The fingerprint of the key an SFTP server had when it was met first; it has to have it."""
    looked_at: datetime | None
    """When its files were listed last."""
    next_at: datetime
    problem: str
    """Why the last look failed; nothing: it did not."""
    files_left: int = 0
    """Files that were seen and are not read to their end."""
    bytes_left: int = 0
    """About so many bytes of them are still to be read."""


class FeedTried(Struct, frozen=True):
    """Whether a place answers, and what lies there."""

    answers: bool
    problem: str
    files: int
    """How many files would be read."""
    names: list[str]
    """The latest of them."""
    host_key: str


class FeedSlip(Struct, frozen=True):
    """A row that cannot be read."""

    line: int
    column: str
    reason: str
    mend: str


class FeedFileShown(Struct, frozen=True):
    """A file, and how far it was read."""

    name: str
    size: int
    modified_at: datetime
    state: Literal["seen", "reading", "done", "refused"]
    """It may still grow; it is being read; it was read; nothing of it can be read."""
    rows: int
    """How many were read."""
    kept: int
    """How many of them were new; what became of each is listed under the events of the source."""
    known: int
    """How many had come in before."""
    unreadable: int
    first_unreadable: list[FeedSlip]
    problem: str
    """Where it could not be read to its end: why."""
    seen_at: datetime
    done_at: datetime | None
    read_bytes: int
    """About so many of its bytes were read; `size` once it was read to its end."""


class FeedFilesPage(Struct, frozen=True):
    """Files, the newest first."""

    items: list[FeedFileShown]
    has_more: bool
    next_cursor: str | None


class FeedFilesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of them."""

    cursor: str | None = None
    limit: Limit = 50


def feed_shown(one: Feed, left: Left = NOTHING_LEFT) -> FeedShown:
    """As the world sees it."""
    names = set(FeedShown.__struct_fields__) - {"host_key", "files_left", "bytes_left"}
    told = {name: getattr(one, name) for name in names}
    key = fingerprint(one.host_key)
    return FeedShown(**told, host_key=key, files_left=left.files, bytes_left=left.bytes)


def file_shown(one: FeedFile) -> FeedFileShown:
    """As the world sees it."""
    slips = [FeedSlip(slip.line, slip.column, slip.says, slip.mend) for slip in one.slips]
    return FeedFileShown(
        one.name, one.size, one.modified, one.state, one.lines, one.kept, one.known,
        one.unreadable, slips, one.problem, one.seen_at, one.done_at, one.position,
    )  # fmt: skip
