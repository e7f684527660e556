"""On the wire: when and where extracts are written, and which are there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.errands.extracts.types import ExtractPlan, ExtractRun
from regulars.surfaces.api.wire.parts import Limit
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.connect.feeds.wire import (
    FeedAccount,
    FeedAddress,
    FeedPrivateKey,
    FeedSecret,
)

ExtractTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class ExtractsSent(Struct, frozen=True, forbid_unknown_fields=True):
    """When and where extracts are to be written. What is secret stays where place and account
    do."""

    place: Literal["folder", "sftp", "s3"]
    at: ExtractTime
    """At this time of every day, by the shop's clock, as 03:00."""
    address: FeedAddress = ""
    """Of a folder: its name below this program's own. Of an SFTP server `sftp://host:22/folder`, of
    an object store `s3://bucket/prefix`."""
    format: Literal["parquet", "csv"] = "parquet"
    account: FeedAccount | None = None
    """The name at an SFTP server, or the access key of an object store."""
    secret: FeedSecret | None = None
    """The password, what opens the private key, or the secret of the access key. Kept encrypted and
    shown to nobody."""
    private_key: FeedPrivateKey | None = None
    """Of an SFTP server, in place of a password: as PEM or OpenSSH write it."""
    host_key: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    """Of an SFTP server: which key it has to have; left out, the one it has when it is met
    first."""
    endpoint: Annotated[str, Meta(max_length=500)] | None = None
    """Of an object store that is not Amazon's: where it is."""
    region: Annotated[str, Meta(max_length=40)] | None = None
    paused: bool = False
    """Nothing is written until they go on."""


class ExtractsShown(Struct, frozen=True):
    """When and where extracts are written, without keys."""

    place: Literal["folder", "sftp", "s3"]
    at: str
    address: str
    format: Literal["parquet", "csv"]
    account: str
    endpoint: str
    region: str
    host_key: str
    paused: bool
    next_at: datetime
    """When the next one is written, or tried again."""
    problem: str
    """Why the last try failed; nothing: it did not."""


class ExtractsTried(Struct, frozen=True):
    """Whether a place answers."""

    answers: bool
    problem: str
    host_key: str


class ExtractRunShown(Struct, frozen=True):
    """An extract: what is there, or on its way."""

    number: int
    name: str
    """Its folder at that place."""
    state: Literal["begun", "done", "ended"]
    """It is on its way; it is there whole; nobody wanted it any more."""
    kind: Literal["", "full", "fresh"]
    """Everything, or what is fresh since the one before; empty while it is on its way."""
    files: int
    rows: int
    bytes: int
    begun_at: datetime
    done_at: datetime | None


class ExtractRunsPage(Struct, frozen=True):
    """Extracts, the newest first."""

    items: list[ExtractRunShown]
    has_more: bool
    next_cursor: str | None


class ExtractRunsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of them."""

    cursor: str | None = None
    limit: Limit = 50


def minutes_of(at: str) -> int:
    """So many minutes after the beginning of a day."""
    hours, _, minutes = at.partition(":")
    return int(hours) * 60 + int(minutes)


def clock_of(at_minute: int) -> str:
    """As clocks show it: 03:00."""
    return f"{at_minute // 60:02}:{at_minute % 60:02}"


def extracts_shown(one: ExtractPlan) -> ExtractsShown:
    """As the world sees it."""
    return ExtractsShown(
        one.place, clock_of(one.at_minute), one.address, one.format, one.account, one.endpoint,
        one.region, fingerprint(one.host_key), one.state == "paused", one.next_at, one.problem,
    )  # fmt: skip


def run_shown(one: ExtractRun) -> ExtractRunShown:
    """As the world sees it."""
    return ExtractRunShown(**{name: getattr(one, name) for name in ExtractRun.__struct_fields__})
