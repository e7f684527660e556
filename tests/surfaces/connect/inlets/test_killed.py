"""Whatever fails between keeping and booking: nothing is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from tests.crash.faulty import Faults, Way, faulty
from tests.surfaces.connect.inlets.sender import Sender, paid, returned
from tests.surfaces.counter import Counter

from regulars.flows.inlets.keep_arrivals import KeepArrivals, Sent, keep_arrivals
from regulars.records.once.types import digest
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker
from regulars.surfaces.api.strict.ids import addressed

WAYS: tuple[Way, ...] = ("refused", "cut before", "cut after")


@pytest.fixture(scope="module")
def sender(counter: Counter) -> Sender:
    return Sender(counter)


def fails_at_each(sender: Sender, do: Any, way: Way, faults: Faults) -> int:
    """Do it with its first statement failing, then its second, until all of it goes well."""
    for number in range(1, 40):
        faults.arm(number, way)
        try:
            sender.shop.run(do(number))
        except Exception:
            assert faults.struck
        if not faults.struck:
            return number
    raise AssertionError("it never ends well")


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_is_cut_off_anywhere_books_once(sender: Sender, way: Way) -> None:
    broken, faults = faulty(sender.shop.database, lambda: sender.shop.now)
    mark = f"{way.replace(' ', '-')}-{sender.mark}"

    async def booked(number: int) -> None:
        sent = sender.signed(f"{mark}-{number}", body := _paid(f"{mark}-{number}", mark))
        await sender.counter.client.post(sender.address, content=body, headers=sent)
        booker = Booker(broken, Programs(sender.shop.database), sender.counter.given.keyed)
        await booker.book(sender.shop.program_id)

    ended = fails_at_each(sender, booked, way, faults)
    faults.arm(0, way)
    sender.book()
    assert ended > 4, "there is more to fail than that"
    assert {state for state, *_ in sender.states()} == {"booked"}
    assert sender.points(f"shop-{mark}") == 10 * ended


def _paid(order: str, customer: str) -> bytes:
    return msgspec.json.encode(paid(order, customer=customer))


@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_is_cut_off_anywhere_is_kept_once(sender: Sender, way: Way) -> None:
    broken, faults = faulty(sender.shop.database, lambda: sender.shop.now)
    inlet_id, mark = addressed("inl", sender.made["id"]), f"k-{way}-{sender.mark}"
    sent = Sent(digest(mark), digest(mark), "order.noted", mark, "", b'{"type":"order.noted"}')
    ids = []

    async def kept(_: int) -> None:
        terms = await Programs(sender.shop.database).terms(sender.shop.program_id)
        async with broken.transaction(sender.shop.program_id) as tx:
            (found,) = await keep_arrivals(tx, terms, [KeepArrivals(inlet_id, (sent,))])
        ids.append(found.ids)  # type: ignore[union-attr]

    fails_at_each(sender, kept, way, faults)
    faults.arm(0, way)
    sender.shop.run(kept(0))
    assert len(set(ids)) == 1
    assert sender.shop.rows(_NAMED, mark) == [(1,)]


def test_two_workers_at_once_book_each_event_once(sender: Sender) -> None:
    for number in range(30):
        sender.send(f"tw-{number}", paid(f"tw-{number}", customer="tw"))
    sender.send("tw-back", returned("tw-0", "tw-back"))
    other = Booker(sender.shop.database, Programs(sender.shop.database), sender.counter.given.keyed)

    async def both() -> None:
        program_id = sender.shop.program_id
        await asyncio.gather(sender.booker.book(program_id), other.book(program_id))

    sender.shop.run(both())
    sender.book()
    assert sender.points("shop-tw") == 290


_NAMED = "select count(*) from arrival where program_id = $1 and name = $2"
