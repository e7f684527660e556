"""NATS JetStream: read by a consumer that is acknowledged, written with ids it keeps once."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from hashlib import sha256
from typing import Any, Final

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    ConsumerInfo,
    DeliverPolicy,
    RetentionPolicy,
    StreamInfo,
)
from nats.js.errors import NoStreamResponseError, NotFoundError

from regulars.records.inlets.streaming.types import Marks
from regulars.surfaces.senders.brokers.creds import entered_by, is_creds
from regulars.surfaces.senders.brokers.there import (
    ASK_S,
    CLOSED,
    CONNECT_S,
    NO_ENTRY,
    NO_TLS,
    REFUSES,
    SILENT,
    Message,
    NotReached,
    Outgoing,
    Place,
    Pulled,
    Way,
    trust,
)

ACK_WAIT_S: Final = 60.0
FORGOTTEN_S: Final = 30 * 24 * 3600.0
"""A consumer that nobody reads for so long goes by itself; how far we are is kept here as well."""
NO_STREAM: Final = "no stream of JetStream keeps this subject; add one with this subject first"
NOT_BACK: Final = (
    "this stream keeps only what somebody waits for, so nobody goes back in it; "
    "stop reading it, and read it again without a day"
)
_ID: Final = "Nats-Msg-Id"
_MOST_SURE: Final = 10_000


class JetSource:
    """A subject that is read, by a consumer of our own.

    Order: what was told and not acknowledged when we were cut off is told again at once, since the
    consumer is made anew from what we keep.
    """

    marks: Mapping[int, Marks] | None = None

    def __init__(self, way: Way, context: JetStreamContext, place: Place) -> None:
        self._way, self._context, self._place = way, context, place
        self._pulled: list[Msg] = []
        self._sub: Any = None
        self._stream = ""
        mark = sha256(way.broker.topic.encode()).hexdigest()[:8]
        self._name = f"regulars-{place.reader}-{mark}"

    async def begin(self, parts: Mapping[int, int]) -> None:
        """Find the stream that keeps the subject, and our consumer there."""
        with _told():
            self._stream = await _stream_of(self._context, self._way.broker.topic)
            found = await self._context.stream_info(self._stream)
            there = await self._there()
            if there is None or self._begins_anew(there, found, parts):
                wanted = self._wanted(parts.get(0, 0), there, found)
                if there is not None:
                    await self._context.delete_consumer(self._stream, self._name)
                await self._context.add_consumer(self._stream, wanted)
            self._sub = await self._context.pull_subscribe_bind(self._name, stream=self._stream)

    async def pull(self, most: int, wait_s: float) -> Pulled:
        """The next messages, in their order."""
        with _told():
            try:
                self._pulled = list(await self._sub.fetch(most, timeout=wait_s))
            except TimeoutError:  # theirs is one, too: nothing came
                self._pulled = []
        found = [_message(one) for one in self._pulled]
        behind = self._pulled[-1].metadata.num_pending if self._pulled else 0
        return Pulled(found, behind or 0)

    async def kept(self) -> None:
        """Each is acknowledged; what does not arrive of it is told once more, and known."""
        with _told():
            for one in self._pulled:
                await one.ack()
            self._pulled = []

    async def behind(self) -> int:
        """What was not told yet, and what was told and is not acknowledged."""
        with _told():
            if not self._stream:
                self._stream = await _stream_of(self._context, self._way.broker.topic)
            there = await self._there()
            if there is not None:
                return (there.num_pending or 0) + (there.num_ack_pending or 0)
            state = (await self._context.stream_info(self._stream)).state
            return int(state.messages)

    async def _there(self) -> ConsumerInfo | None:
        with suppress(NotFoundError):
            return await self._context.consumer_info(self._stream, self._name)
        return None

    def _begins_anew(
        self, there: ConsumerInfo, found: StreamInfo, parts: Mapping[int, int]
    ) -> bool:
        """Whether our consumer is to be made anew: it waits for what we were cut off from, or the
        stream is gone back in.

        Keeps: where a stream has only what somebody waits for, ours is what keeps it there. What
        was told and not acknowledged is told again there after a minute; what was acknowledged is
        gone. Raises: NotReached where somebody wants to go back to that.
        """
        goes_back = self._place.since is not None and not parts
        if found.config.retention == RetentionPolicy.INTEREST:
            read = there.ack_floor is not None and there.ack_floor.consumer_seq
            if goes_back and read:
                raise NotReached(NOT_BACK)
            return False
        return bool(there.num_ack_pending) or goes_back

    def _wanted(self, next_: int, before: ConsumerInfo | None, found: StreamInfo) -> ConsumerConfig:
        """From where on: where we are; where we never were, as it was asked for.

        A stream that deletes what is acknowledged is read from its first message that is left, as
        it allows nothing else. One that ends before where we are was made anew, and is read from
        its first, too: the broker itself would begin behind its end.
        """
        told = ConsumerConfig(
            durable_name=self._name, ack_policy=AckPolicy.EXPLICIT, ack_wait=ACK_WAIT_S,
            filter_subject=self._way.broker.topic, inactive_threshold=FORGOTTEN_S,
        )  # fmt: skip
        since = None if next_ else self._place.since
        started = before is not None and before.ack_floor is not None and since is None
        begins = next_ or (before.ack_floor.stream_seq + 1 if started else 0)  # type: ignore
        if found.config.retention == RetentionPolicy.WORK_QUEUE:
            return told
        if begins > found.state.last_seq + 1:
            return told.evolve(deliver_policy=DeliverPolicy.ALL)
        if begins:
            return told.evolve(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=begins)
        if since is not None:
            policy = DeliverPolicy.BY_START_TIME
            return told.evolve(deliver_policy=policy, opt_start_time=since)
        policy = DeliverPolicy.NEW if self._place.begins == "now" else DeliverPolicy.ALL
        return told.evolve(deliver_policy=policy)


class JetOutlet:
    """Subjects that are written to: `subject.TYPE.MEMBER`, so that readers choose by both.

    Keeps: nothing twice. The stream itself knows an id again for as long as its duplicate window
    lasts. Of a member of whom we do not know that our last message arrived, the last one of this
    subject is asked for first: it is ours, or ours is not there.
    """

    def __init__(self, way: Way, client: Client) -> None:
        self._way, self._client = way, client
        self._context = client.jetstream(timeout=ASK_S)
        self._stream = ""
        self._sure: set[str] = set()

    async def publish(self, one: Outgoing) -> None:
        """Kept there when this returns."""
        subject = f"{self._way.broker.topic}.{one.type}.{one.member}"
        headers = dict(one.headers)
        with _told():
            if one.member not in self._sure and await self._is_there(subject, one.id):
                self._knows(one.member)
                return
            self._sure.discard(one.member)
            await self._context.publish(
                subject, one.body, timeout=ASK_S, headers=headers | {_ID: one.id}
            )
            self._knows(one.member)

    async def look(self) -> None:
        """Whether a stream keeps these subjects."""
        with _told():
            await _stream_of(self._context, f"{self._way.broker.topic}.>")

    async def close(self) -> None:
        with suppress(NatsError, OSError):
            await self._client.close()

    async def _is_there(self, subject: str, id_: str) -> bool:
        if not self._stream:
            self._stream = await _stream_of(self._context, subject)
        try:
            last = await self._context.get_last_msg(self._stream, subject)
        except NotFoundError:
            return False
        return (last.headers or {}).get(_ID) == id_

    def _knows(self, member: str) -> None:
        if len(self._sure) >= _MOST_SURE:
            self._sure.clear()
        self._sure.add(member)


@asynccontextmanager
async def jet_source(way: Way, place: Place) -> AsyncIterator[JetSource]:
    """A subject, open to be read for as long as the block lasts. Raises: NotReached."""
    client = await _connected(way)
    try:
        yield JetSource(way, client.jetstream(timeout=ASK_S), place)
    finally:
        with suppress(NatsError, OSError):
            await client.close()


async def jet_outlet(way: Way) -> JetOutlet:
    """Subjects, open to be written to. Raises: NotReached."""
    return JetOutlet(way, await _connected(way))


async def _connected(way: Way) -> Client:
    """Connected to the very address that was checked, and to no other one it may tell of."""
    host = f"[{way.address}]" if ":" in way.address else way.address
    scheme = "tls" if way.broker.tls else "nats"
    said: dict[str, Any] = {}
    if is_creds(way.secret):
        said |= _by_creds(way.secret)
    elif way.account:
        said |= {"user": way.account, "password": way.secret}
    elif way.secret:
        said["token"] = way.secret
    if way.broker.tls:
        said |= {"tls": trust(way.authority), "tls_hostname": way.broker.host}
    with _told():
        return await nats.connect(
            [f"{scheme}://{host}:{way.broker.port}"],
            name="Regulars",
            allow_reconnect=False,
            connect_timeout=int(CONNECT_S),
            max_reconnect_attempts=1,  # it counts those of the beginning as well
            reconnect_time_wait=0,
            error_cb=_hushed,
            **said,
        )


def _by_creds(secret: str) -> dict[str, Any]:
    try:
        return entered_by(secret)
    except ValueError:
        raise NotReached(NO_ENTRY) from None


async def _hushed(_: Exception) -> None:
    """What goes wrong is raised to whoever asked; the library would print it as well."""


async def _stream_of(context: JetStreamContext, subject: str) -> str:
    try:
        return str(await context.find_stream_name_by_subject(subject))
    except NotFoundError:
        raise NotReached(NO_STREAM) from None


def _message(one: Msg) -> Message:
    told = one.metadata
    headers = {name.lower(): value for name, value in (one.headers or {}).items()}
    return Message(0, told.sequence.stream, told.timestamp, headers, one.data)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong, in our words: never as the library puts it."""
    try:
        yield
    except NotReached:
        raise
    except NoStreamResponseError:
        raise NotReached(NO_STREAM) from None
    except ssl.SSLError:
        raise NotReached(NO_TLS) from None
    except (NatsTimeout, TimeoutError):
        raise NotReached(SILENT) from None
    except NatsError as why:
        raise NotReached(_in_our_words(why)) from None
    except OSError:
        raise NotReached(REFUSES) from None


def _in_our_words(why: NatsError) -> str:
    said = str(why).lower()
    if "authorization" in said or "permissions" in said or "authentication" in said:
        return NO_ENTRY
    if isinstance(why, nats.errors.NoServersError):
        return REFUSES
    if isinstance(why, nats.errors.ConnectionClosedError):
        return CLOSED
    if isinstance(why, nats.js.errors.APIError):
        return "it refuses what we ask for: our rights there, or how the stream is set up"
    return CLOSED
