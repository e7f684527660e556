"""Kafka: read from where we are, which we keep ourselves; written by member, in their order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from confluent_kafka import (
    TIMESTAMP_NOT_AVAILABLE,
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)

from regulars.records.inlets.streaming.types import Marks, begun
from regulars.surfaces.senders.brokers.addresses import Broker
from regulars.surfaces.senders.brokers.there import (
    ASK_S,
    CLOSED,
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
    checked,
)
from regulars.surfaces.senders.outgoing.guard import Guard

NO_TOPIC: Final = "there is no such topic"
GONE: Final = "the broker deleted what was to be read next"
_WORDS: Final = {
    KafkaError._ALL_BROKERS_DOWN: REFUSES,
    KafkaError._RESOLVE: REFUSES,
    KafkaError._TRANSPORT: REFUSES,
    KafkaError._TIMED_OUT: SILENT,
    KafkaError._MSG_TIMED_OUT: SILENT,
    KafkaError._AUTHENTICATION: NO_ENTRY,
    KafkaError.SASL_AUTHENTICATION_FAILED: NO_ENTRY,
    KafkaError.TOPIC_AUTHORIZATION_FAILED: NO_ENTRY,
    KafkaError.GROUP_AUTHORIZATION_FAILED: NO_ENTRY,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED: NO_ENTRY,
    KafkaError._SSL: NO_TLS,
    KafkaError.UNKNOWN_TOPIC_OR_PART: NO_TOPIC,
    KafkaError._UNKNOWN_TOPIC: NO_TOPIC,
    KafkaError._UNKNOWN_PARTITION: NO_TOPIC,
    KafkaError._AUTO_OFFSET_RESET: GONE,
    KafkaError.OFFSET_OUT_OF_RANGE: GONE,
}
_TELLING: Final = {
    KafkaError._AUTHENTICATION,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError._SSL,
    KafkaError._ALL_BROKERS_DOWN,
}
_FOR_GOOD: Final = (NO_ENTRY, NO_TLS)
"""What no further try mends."""
_MECHANISMS: Final = {
    "plain": "PLAIN",
    "scram-sha-256": "SCRAM-SHA-256",
    "scram-sha-512": "SCRAM-SHA-512",
}
_POLL_S: Final = 0.05
_TRIES: Final = 10
_HUSHED: Final = logging.getLogger("regulars.kafka")
_HUSHED.addHandler(logging.NullHandler())
_HUSHED.propagate = False
T = TypeVar("T")


class _Thread:
    """What the library does takes its time, so it has a thread of its own: one thing after the
    other, also where nobody waits for it any more."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "kafka")

    async def do(self, what: Callable[..., T], *with_: Any) -> T:
        """Have it done. Raises: NotReached, in our words."""
        with _told():
            return await asyncio.get_running_loop().run_in_executor(self._pool, what, *with_)

    def end(self, last: Callable[[], Any]) -> None:
        """Do this last, whenever the thread comes to it."""
        self._pool.submit(last)
        self._pool.shutdown(wait=False)


class _Heard:
    """What the library tells of the connection beside its answers: an answer says only that none
    came in time, and this says why."""

    def __init__(self) -> None:
        self.why = ""

    def __call__(self, error: Any) -> None:
        if error.code() in _TELLING and self.why not in _FOR_GOOD:
            self.why = _in_our_words(error)

    def asked(self, client: Any, topic: str) -> Any:
        """What the broker says of a topic. Raises: NotReached.

        Keeps: who is not let in asks once, and whoever called us calls again ever later: brokers
        lock who tries too often.
        """
        for _ in range(_TRIES):
            with suppress(KafkaException):
                return client.list_topics(topic, timeout=ASK_S / _TRIES)
            client.poll(0)
            if self.why:
                raise NotReached(self.why)
        raise NotReached(SILENT)

    def settled(self) -> None:
        """It answers; what was told before is over."""
        self.why = ""


class KafkaSource:
    """A topic that is read. Nothing is told to the broker of how far we are: it would forget."""

    marks: Mapping[int, Marks] | None = None

    def __init__(
        self, way: Way, place: Place, consumer: Consumer, thread: _Thread, heard: _Heard
    ) -> None:
        self._topic, self._consumer, self._thread = way.broker.topic, consumer, thread
        self._place, self._heard = place, heard
        self._next: dict[int, int] = {}

    async def look(self, parts: Mapping[int, Any]) -> None:
        """Where each part begins and ends, and where the time begins that was asked for."""
        self.marks = await self._thread.do(self._marks, sorted(parts))
        self._next = begun(self._place.parts, self.marks, self._place.begins)[0]

    async def begin(self, parts: Mapping[int, int]) -> None:
        """Read on from these messages."""
        self._next = dict(parts)
        wanted = [TopicPartition(self._topic, part, at) for part, at in parts.items()]
        await self._thread.do(self._consumer.assign, wanted)

    async def pull(self, most: int, wait_s: float) -> Pulled:
        """The next messages, of each part in their order."""
        came = await self._thread.do(self._consumer.consume, most, wait_s)
        for one in came:
            if one.error():
                raise NotReached(_in_our_words(one.error()))
        if came:
            self._heard.settled()
        elif self._heard.why:
            raise NotReached(self._heard.why)
        found = [_message(one) for one in came]
        for message in found:
            self._next[message.part] = message.at + 1
        return Pulled(found, await self.behind())

    async def kept(self) -> None:
        """Nothing: how far we are is kept with what was read."""

    async def behind(self) -> int:
        """What is there behind where we are."""
        marks = await self._thread.do(self._ends)
        return sum(max(0, end - self._next.get(part, end)) for part, end in marks.items())

    def _marks(self, parts: list[int]) -> dict[int, Marks]:
        asked = {part: TopicPartition(self._topic, part) for part in parts}
        found = {
            part: Marks(*self._consumer.get_watermark_offsets(one, timeout=ASK_S))
            for part, one in asked.items()
        }
        if self._place.since is None or self._place.parts:
            return found
        return self._of_that_time(found, int(self._place.since.timestamp() * 1000))

    def _of_that_time(self, marks: dict[int, Marks], millis: int) -> dict[int, Marks]:
        """Of each part its first message that was put there then or later; where there is none, the
        next that comes."""
        wanted = [TopicPartition(self._topic, part, millis) for part in marks]
        found = {}
        for one in self._consumer.offsets_for_times(wanted, timeout=ASK_S):
            if one.error is not None:
                raise KafkaException(one.error)
            mark = marks[one.partition]
            at = one.offset if one.offset >= 0 else mark.next
            found[one.partition] = mark._replace(since=max(at, mark.first))
        return found

    def _ends(self) -> dict[int, int]:
        found, looked = {}, self.marks or {}
        for part in self._next:
            asked = TopicPartition(self._topic, part)
            # As the broker told it with what it sent last; until it sent anything, as we looked.
            last = self._consumer.get_watermark_offsets(asked, cached=True)[1]
            found[part] = max(last, looked[part].next if part in looked else 0)
        return found


class KafkaOutlet:
    """A topic that is written to: a member's events into one part, in their order.

    Keeps: each at least once. The broker knows what was sent twice within one connection; what was
    sent by a process that was cut off, readers know by its id.
    """

    def __init__(self, way: Way, producer: Producer, thread: _Thread) -> None:
        self._topic, self._producer, self._thread = way.broker.topic, producer, thread

    async def publish(self, one: Outgoing) -> None:
        """Kept there when this returns: by all that have to have it."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[Any] = loop.create_future()

        def told(error: Any, _: Any) -> None:
            loop.call_soon_threadsafe(_set, arrived, error)

        headers: list[Any] = [(name, value.encode()) for name, value in one.headers]
        produced = (self._topic, one.body, one.member.encode())
        await self._thread.do(
            lambda: self._producer.produce(*produced, headers=headers, on_delivery=told)
        )
        while not arrived.done():
            await self._thread.do(self._producer.poll, _POLL_S)
        if arrived.result() is not None:
            raise NotReached(_in_our_words(arrived.result()))

    async def look(self) -> None:
        """Nothing more: that the topic is there was seen when it was opened."""

    async def close(self) -> None:
        self._thread.end(self._producer.purge)


@asynccontextmanager
async def kafka_source(way: Way, guard: Guard, place: Place) -> AsyncIterator[KafkaSource]:
    """A topic, open to be read for as long as the block lasts. Raises: NotReached."""
    heard = _Heard()
    said = _said(way, heard) | {
        "group.id": f"regulars-{place.reader}",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "allow.auto.create.topics": False,
        "isolation.level": "read_committed",
        "queued.max.messages.kbytes": 16_384,
    }
    thread = _Thread()
    consumer = await thread.do(lambda: Consumer(said, logger=_HUSHED))
    try:
        source = KafkaSource(way, place, consumer, thread, heard)
        await source.look(await _parts(thread, consumer, heard, way, guard))
        yield source
    finally:
        thread.end(consumer.close)


async def kafka_outlet(way: Way, guard: Guard) -> KafkaOutlet:
    """A topic, open to be written to. Raises: NotReached."""
    heard = _Heard()
    said = _said(way, heard) | {
        "enable.idempotence": True,
        "message.timeout.ms": int(ASK_S * 1000),
        "linger.ms": 1,
        "partitioner": "murmur2_random",  # the one that clients of other languages have
    }
    thread = _Thread()
    producer = await thread.do(lambda: Producer(said, logger=_HUSHED))
    try:
        await _parts(thread, producer, heard, way, guard)
    except BaseException:
        thread.end(producer.purge)
        raise
    return KafkaOutlet(way, producer, thread)


async def _parts(
    thread: _Thread, client: Any, heard: _Heard, way: Way, guard: Guard
) -> Mapping[int, Any]:
    """The parts of the topic; every machine it lies on was found good. Raises: NotReached."""
    topic = way.broker.topic
    found = await thread.do(heard.asked, client, topic)
    heard.settled()
    for one in found.brokers.values():
        there = Broker(way.broker.kind, way.broker.tls, one.host, one.port, topic)
        await checked(guard, there)
    told = found.topics[topic]
    if told.error is not None:
        raise NotReached(_in_our_words(told.error))
    return dict(told.partitions)


def _said(way: Way, heard: _Heard) -> dict[str, Any]:
    """What both need. By TLS a broker is called by its name, for which it has to prove who it is;
    without, by the very address that was checked."""
    broker = way.broker
    host = broker.host if broker.tls else way.address
    host = f"[{host}]" if ":" in host else host
    by = ("SASL_SSL" if broker.tls else "SASL_PLAINTEXT") if way.account else ""
    said: dict[str, Any] = {
        "bootstrap.servers": f"{host}:{broker.port}",
        "client.id": "regulars",
        "security.protocol": by or ("SSL" if broker.tls else "PLAINTEXT"),
        "socket.timeout.ms": int(ASK_S * 1000),
        "log_level": 0,
        "error_cb": heard,
        "reconnect.backoff.ms": 1000,
    }
    if way.account:
        said |= {
            "sasl.mechanism": _MECHANISMS[way.login],
            "sasl.username": way.account,
            "sasl.password": way.secret,
        }
    if way.authority:
        said["ssl.ca.pem"] = way.authority
    return said


def _message(one: Any) -> Message:
    kind, millis = one.timestamp()
    at = None if kind == TIMESTAMP_NOT_AVAILABLE else _at(millis)
    headers = {
        name.lower(): (value or b"").decode("utf-8", "replace")
        for name, value in one.headers() or ()
    }
    return Message(one.partition(), one.offset(), at, headers, one.value() or b"")


def _at(millis: int) -> datetime | None:
    """When its sender says it was put there; nothing where that is no time of any year."""
    try:
        return datetime.fromtimestamp(millis / 1000, UTC)
    except (ValueError, OverflowError, OSError):  # counted in microseconds, or made up
        return None


def _set(future: asyncio.Future[Any], error: Any) -> None:
    if not future.done():
        future.set_result(error)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except KafkaException as why:
        raise NotReached(_in_our_words(why.args[0])) from None


def _in_our_words(error: Any) -> str:
    """What went wrong, never as the library puts it."""
    return _WORDS.get(error.code(), CLOSED)
