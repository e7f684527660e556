"""The process that sends a campaign is killed for good while it does; the next one goes on, and
nobody has a letter twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop, by
from tests.runtime.working.letters.campaigning import Campaigning
from tests.runtime.working.senders.post_office import Provider, post_office
from tests.runtime.working.senders.test_messages import SOURCE
from tests.turns import NIGHTLY

from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.records.members.types import Identifier, JoinMember
from regulars.records.outbox.delivery.rules import LEASE

ROOT = Path(__file__).parents[4]
MEMBERS = 120
KILLS = 2 if NIGHTLY else 1


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SOURCE)
    yield opened
    opened.close()


@contextmanager
def process(told: Campaigning) -> Iterator[None]:
    """One life of the worker, which ends by SIGKILL."""
    module, shop = "tests.runtime.working.letters.campaigns_process", told.shop
    command = [
        sys.executable, "-m", module, shop.made.owner_dsn, shop.made.app_dsn,
        shop.now.isoformat(), str(told.office.port),
    ]  # fmt: skip
    one = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert one.stdout is not None
        assert one.stdout.readline() == "on duty\n"
        yield
    finally:
        one.kill()
        one.communicate()


def guests(told: Campaigning) -> None:
    """Many who agreed to letters, in two batches."""
    names = [f"guest{at}" for at in range(MEMBERS)]
    kinds = [("external", "{}"), ("email", "{}@example.org")]
    told.shop.join(*[
        JoinMember(tuple(Identifier(kind, value.format(name)) for kind, value in kinds))  # type: ignore
        for name in names
    ])  # fmt: skip
    agreed = [
        BringConsent(by(external=name), "email", "given", "counter", told.shop.now)
        for name in names
    ]  # fmt: skip
    told.shop.do(lambda tx, terms: bring_consents(tx, terms, agreed, None))
    told.listed(*names)


def until(what: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not what():
        assert time.monotonic() < ends, "it never comes"
        time.sleep(0.005)


def test_however_its_process_ends_nobody_has_a_letter_twice_and_all_say_what_became(
    shop: Shop,
) -> None:
    with post_office() as office:
        told = Campaigning(shop, office, Provider())
        guests(told)
        told.released()
        under_way = 0
        for _ in range(KILLS):
            came = len(office.envelopes)
            with process(told):
                until(lambda came=came: len(office.envelopes) >= came + 5)  # type: ignore
            time.sleep(0.1)  # what the dead one had handed over is still taken in
            under_way += sum(state == "sending" for _, state, _ in told.kept())
            told.shop.now += LEASE
        assert under_way > 0, "no kill hit a letter that was under way"
        with process(told):
            until(lambda: told.state() == "sent")
        states = Counter(state for _, state, _ in told.kept())
        assert states.keys() == {"sent", "unknown"}
        assert sum(states.values()) == MEMBERS
        arrived = Counter(told.to())
        assert max(arrived.values()) == 1
        assert states["sent"] <= len(arrived) <= MEMBERS
