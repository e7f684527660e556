"""Bugs of brokers that are read and written to, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_STREAMER = "runtime/working/inlets/streamer.py"
_JET = "surfaces/senders/brokers/jetstream.py"
_KAFKA = "surfaces/senders/brokers/kafka.py"
_TYPES = "records/inlets/streaming/types.py"
STREAMS = (
    Bug(
        "a stream moves on without its messages",
        _STREAMER,
        "await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, fresh)])",
        "await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, fresh[1:])])",
        "checks.each_message_is_booked_once",
    ),
    Bug(
        "a message is acknowledged before it is kept",
        _STREAMER,
        "pulled = await source.pull(AT_ONCE, self._wait_s)",
        "pulled = await source.pull(AT_ONCE, self._wait_s)\n                await source.kept()",
        "checks.what_was_not_acknowledged_comes_again",
    ),
    Bug(
        "a message is known by its id alone",
        "surfaces/connect/streams/messages.py",
        'key = digest("message", id_, *lies, content.bytes)',
        'key = digest("message", id_, *lies)',
        "checks.a_message_is_known_by_id_and_words",
    ),
    Bug(
        "a message that is no JSON is a mistake of ours",
        "surfaces/connect/inlets/kinds.py",
        "body = _of_stream(arrival) if kind == STREAM else _decode(arrival.body)",
        "body = _decode(arrival.body)",
        "checks.poison_is_kept_whole",
    ),
    Bug(
        "an erasure does not find who is named in what is no JSON",
        "flows/inlets/forgetting.py",
        'yield from _WORD.findall(body.decode(errors="replace"))',
        "return",
        "checks.no_json_goes_with_whom_it_names",
    ),
    Bug(
        "a part that came later begins at its end",
        _TYPES,
        "at = mark.first if read else _never_read(mark, begins)",
        "at = _never_read(mark, begins)",
        "checks.one_goes_on_where_one_was",
    ),
    Bug(
        "the time that was asked for is not where one begins",
        _TYPES,
        "if mark.since is not None:",
        "if mark.since is None and begins == mark.since:",
        "checks.one_goes_on_where_one_was",
    ),
    Bug(
        "a stream that is gone back in goes on where it was",
        "flows/inlets/keep_streams.py",
        "before.address == wish.address and wish.since is None",
        "before.address == wish.address",
        "checks.a_stream_is_gone_back_in",
    ),
    Bug(
        "JetStream goes on by the consumer of before",
        _JET,
        " or goes_back",
        "",
        "checks.a_stream_is_gone_back_in",
    ),
    Bug(
        "what a stream keeps for us alone is let go",
        _JET,
        "if found.config.retention == RetentionPolicy.INTEREST:",
        "if found.config.retention is None:",
        "checks.what_is_kept_for_us_is_not_let_go",
    ),
    Bug(
        "how many wait at Kafka is not told to who tries",
        "surfaces/senders/brokers/kafka.py",
        "        self._next = begun(self._place.parts, self.marks, self._place.begins)[0]\n",
        "",
        "checks.how_many_wait_is_known",
    ),
    Bug(
        "who is not let in at Kafka hears that nobody is there",
        _KAFKA,
        "            if self.why:",
        "            if self.why == topic:",
        "checks.kafka_is_read_by_who_has_the_password",
    ),
    Bug(
        "a Kafka that goes is as still as one in which nothing happens",
        _KAFKA,
        "        elif self._heard.why:",
        "        elif self._heard.why and came:",
        "checks.a_kafka_that_goes_is_noticed",
    ),
    Bug(
        "a password goes to Kafka by a weaker way than was wanted",
        _KAFKA,
        '"scram-sha-512": "SCRAM-SHA-512"',
        '"scram-sha-512": "PLAIN"',
        "checks.kafka_is_read_by_who_has_the_password",
    ),
    Bug(
        "credentials of NATS are sent as a token",
        _JET,
        "    if is_creds(way.secret):",
        "    if not way:",
        "checks.credentials_let_in",
    ),
    Bug(
        "what a broker deleted is not counted",
        _TYPES,
        "lost += mark.first - at",
        "lost += 0",
        "checks.one_goes_on_where_one_was",
    ),
    Bug(
        "a topic that was made anew is read from beyond its end",
        _TYPES,
        "elif at > mark.next:",
        "elif at < 0:",
        "checks.one_goes_on_where_one_was",
    ),
    Bug(
        "a broker is not asked what it has",
        _JET,
        "if one.member not in self._sure and await self._is_there(subject, one.id):",
        "if False and await self._is_there(subject, one.id):",
        "checks.a_lost_answer_puts_nothing_twice",
    ),
    Bug(
        "what is put to a broker has no id",
        _JET,
        "headers=headers | {_ID: one.id}",
        "headers=headers",
        "checks.a_lost_answer_puts_nothing_twice",
    ),
    Bug(
        "many events of a member are on their way to a broker at once",
        "flows/telling/hooks/take_sendings.py",
        "(BROKER_LINES, 1)",
        "(BROKER_LINES, EACH)",
        "checks.a_worker_cut_off_puts_nothing_twice",
    ),
    Bug(
        "a member's events lie in any part of a topic",
        "surfaces/senders/brokers/kafka.py",
        "one.member.encode()",
        "one.id.encode()",
        "checks.a_topic_keeps_members_together",
    ),
    Bug(
        "machines that Kafka names are called unseen",
        "surfaces/senders/brokers/kafka.py",
        "        await checked(guard, there)\n",
        "",
        "checks.no_machine_is_called_unseen",
    ),
    Bug(
        "a password goes with another broker",
        "flows/inlets/keep_streams.py",
        'keys = wish.keys or (before.keys if before is not None and known else b"")',
        'keys = wish.keys or (before.keys if before is not None else b"")',
        "checks.a_brokers_password_stays_there",
    ),
    Bug(
        "a password of a webhook goes with another machine",
        "flows/telling/hooks/keep_hooks.py",
        'return replace(entry, keys=was.keys if same else b"")',
        "return replace(entry, keys=was.keys)",
        "checks.a_webhooks_password_stays_there",
    ),
    Bug(
        "a password of a broker is kept as it is",
        "surfaces/senders/brokers/keys.py",
        "return nonce + AESGCM(key).encrypt(nonce, secret.encode(), about)",
        "return nonce + secret.encode()",
        "checks.a_brokers_password_stays_there",
    ),
    Bug(
        "a broker without TLS is called wherever it is",
        "surfaces/senders/brokers/wishing.py",
        "given.receivers.check_url(broker.url)",
        "broker_of(address, reads=reads)",
        "checks.no_broker_within_is_called",
    ),
)


def _counter(shop: Shop) -> Any:
    from tests.surfaces.counter import Counter

    from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

    return Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )


def _read(shop: Shop, name: str, *more: Any) -> None:
    """A test of reading, from a real NATS."""
    from tests.surfaces.connect.streams import test_reading
    from tests.surfaces.connect.streams.flow import Flow
    from tests.surfaces.connect.streams.machines import nats_server

    with nats_server() as nats:
        getattr(test_reading, name)(Flow(_counter(shop), nats), *more)


def _written(shop: Shop, name: str, *more: Any) -> None:
    """A test of writing, to a real NATS."""
    from tests.runtime.working.hooks.town import Town
    from tests.surfaces.connect.streams import test_writing
    from tests.surfaces.connect.streams.machines import nats_server

    _begins(shop)
    with nats_server() as nats:
        getattr(test_writing, name)(Town(shop), nats, *more)


def _begins(shop: Shop) -> None:
    from tests.makers import NOON
    from tests.runtime.working.senders.test_messages import SOURCE

    shop.begin(SOURCE, slug=f"h{os.urandom(4).hex()}", now=NOON)
    shop.joined("ada", "ben")


def each_message_is_booked_once(shop: Shop) -> None:
    _read(shop, "test_each_message_is_booked_once")


def what_was_not_acknowledged_comes_again(shop: Shop) -> None:
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        _read(shop, "test_what_was_not_acknowledged_comes_again_and_is_known", patch)


def a_message_is_known_by_id_and_words(shop: Shop) -> None:
    """From Kafka, as NATS itself drops what comes under a known id."""
    from tests.surfaces.connect.streams import test_reading
    from tests.surfaces.connect.streams.flow import Flow
    from tests.surfaces.connect.streams.machines import kafka_cluster

    with kafka_cluster() as kafka:
        test_reading.test_a_message_is_known_by_its_id_and_what_it_says(Flow(_counter(shop), kafka))


def poison_is_kept_whole(shop: Shop) -> None:
    _read(shop, "test_a_poisoned_message_is_kept_whole_and_run_again")


def no_json_goes_with_whom_it_names(shop: Shop) -> None:
    _read(shop, "test_what_is_no_json_goes_with_whom_it_names")


def one_goes_on_where_one_was(_: Shop) -> None:
    from tests.surfaces.connect.streams import test_brokers

    test_brokers.test_where_one_goes_on_after_what_a_broker_deleted_or_made_anew()


def a_stream_is_gone_back_in(shop: Shop) -> None:
    from datetime import UTC, datetime, timedelta

    from tests.surfaces.connect.streams import test_going_back
    from tests.surfaces.connect.streams.flow import Flow
    from tests.surfaces.connect.streams.machines import nats_server

    shop.now = datetime.now(UTC) + timedelta(minutes=1)
    with nats_server() as nats:
        flow = Flow(_counter(shop), nats)
        test_going_back.test_a_stream_is_read_from_a_day_on_and_gone_back_in(flow)


def what_is_kept_for_us_is_not_let_go(shop: Shop) -> None:
    from tests.surfaces.connect.streams import test_going_back
    from tests.surfaces.connect.streams.machines import nats_server

    name = "test_what_a_stream_keeps_for_us_alone_is_not_lost_by_who_was_cut_off"
    with nats_server() as nats:
        getattr(test_going_back, name)(_counter(shop), nats)


def kafka_is_read_by_who_has_the_password(shop: Shop) -> None:
    import tempfile
    from pathlib import Path

    from tests.surfaces.connect.streams import test_entering as entering
    from tests.surfaces.connect.streams.doors.gate import certificate, gate
    from tests.surfaces.connect.streams.machines import kafka_cluster

    with tempfile.TemporaryDirectory() as folder, kafka_cluster() as kafka:
        by = certificate(Path(folder))
        with gate(kafka, {entering.ACCOUNT: entering.SECRET}, by) as there:
            entering.test_kafka_is_read_by_tls_by_who_has_the_password(
                _counter(shop), there, by, "scram-sha-512"
            )


def a_kafka_that_goes_is_noticed(_: Shop) -> None:
    from tests.surfaces.connect.streams import test_away
    from tests.surfaces.connect.streams.machines import kafka_cluster

    with kafka_cluster() as kafka:
        test_away.test_a_kafka_that_goes_while_it_is_read_is_noticed(kafka)


def credentials_let_in(shop: Shop) -> None:
    from tests.surfaces.connect.streams import test_entering

    test_entering.test_nats_is_read_by_who_has_its_credentials(_counter(shop))


def how_many_wait_is_known(shop: Shop) -> None:
    from tests.surfaces.connect.streams import test_going_back
    from tests.surfaces.connect.streams.flow import Flow
    from tests.surfaces.connect.streams.machines import kafka_cluster

    with kafka_cluster() as kafka:
        flow = Flow(_counter(shop), kafka)
        test_going_back.test_how_many_wait_is_known_before_anything_is_read(flow)


def a_lost_answer_puts_nothing_twice(shop: Shop) -> None:
    import pytest

    name = "test_what_was_kept_and_whose_answer_was_lost_is_there_once_however_late"
    with pytest.MonkeyPatch.context() as patch:
        _written(shop, name, patch)


def a_worker_cut_off_puts_nothing_twice(shop: Shop) -> None:
    _written(shop, "test_another_process_that_goes_on_puts_nothing_twice")


def a_topic_keeps_members_together(shop: Shop) -> None:
    from tests.runtime.working.hooks.town import Town
    from tests.surfaces.connect.streams import test_writing
    from tests.surfaces.connect.streams.machines import kafka_cluster

    _begins(shop)
    with kafka_cluster() as kafka:
        test_writing.test_a_topic_has_each_members_events_in_one_part_in_order(Town(shop), kafka)


def no_machine_is_called_unseen(_: Shop) -> None:
    from tests.surfaces.connect.streams import test_brokers
    from tests.surfaces.connect.streams.machines import kafka_cluster

    with kafka_cluster() as kafka:
        test_brokers.test_machines_that_kafka_names_are_checked(kafka)


def a_brokers_password_stays_there(shop: Shop) -> None:
    from tests.surfaces.connect.streams import test_brokers
    from tests.surfaces.connect.streams.machines import nats_server

    with nats_server() as nats:
        test_brokers.test_a_password_goes_with_no_other_broker_or_name(_counter(shop), nats)


def a_webhooks_password_stays_there(shop: Shop) -> None:
    from tests.surfaces.connect.streams import test_brokers
    from tests.surfaces.connect.streams.machines import nats_server

    with nats_server() as nats:
        test_brokers.test_a_password_of_a_webhook_goes_with_no_other_machine(_counter(shop), nats)


def no_broker_within_is_called(shop: Shop) -> None:
    from tests.surfaces.connect.streams import test_brokers
    from tests.surfaces.connect.streams.machines import kafka_cluster

    said = {"address": "nats://10.0.0.7:4222/shop"}
    with kafka_cluster() as kafka:
        test_brokers.test_what_is_no_broker_of_ours_is_refused_with_its_field(
            _counter(shop), kafka, said, "/address"
        )


STREAMS_READ: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        each_message_is_booked_once, what_was_not_acknowledged_comes_again,
        a_message_is_known_by_id_and_words, poison_is_kept_whole, no_json_goes_with_whom_it_names, one_goes_on_where_one_was,
        a_stream_is_gone_back_in, what_is_kept_for_us_is_not_let_go, how_many_wait_is_known,
        kafka_is_read_by_who_has_the_password, credentials_let_in, a_kafka_that_goes_is_noticed,
        a_lost_answer_puts_nothing_twice, a_worker_cut_off_puts_nothing_twice,
        a_topic_keeps_members_together, no_machine_is_called_unseen,
        a_brokers_password_stays_there, a_webhooks_password_stays_there,
        no_broker_within_is_called,
    )
}  # fmt: skip
