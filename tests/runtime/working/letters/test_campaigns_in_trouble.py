"""Whatever happens while a campaign goes out: nobody is written to twice or too often, and nothing
is stuck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import Shop, by
from tests.runtime.working.letters.campaigning import MIA, Campaigning
from tests.runtime.working.letters.test_campaigns import Dying
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import SOURCE, Killed

from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.outbox.campaigns.types import Said
from regulars.records.outbox.delivery.rules import LEASE
from regulars.surfaces.senders.types import Letter, Sender
from regulars.surfaces.senders.types import Said as Told

TEXT = {"en": Said("Hi {{ member.given_name }}")}


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Campaigning:
    return Campaigning(opened, *world)


class TooLate:
    """Sends, and hears of it only after it stopped waiting."""

    channel, name, takes_key = "sms", "too late", True

    def __init__(self, carrier: Sender) -> None:
        self._carrier = carrier

    async def send(self, letters: Sequence[Letter]) -> Sequence[Told]:
        await self._carrier.send(letters)
        return [Told("later", "no answer in time", unsure=True)] * len(letters)


def killed(told: Campaigning, carrier: Sender) -> None:
    with pytest.raises(Killed):
        told.goes(Dying(carrier))


def test_who_became_one_with_somebody_who_got_it_does_not_get_it_again(told: Campaigning) -> None:
    told.joins("ada", "zoe")
    told.listed("ada", "zoe")
    told.released()
    told.goes(told.carriers[1])
    told.shop.rows(
        "update campaign_message set try_at = try_at + interval '1 hour' "
        "where program_id = $1 and member_id = $2 returning 1", told.id_of("zoe"),
    )  # fmt: skip
    told.goes()
    assert told.to() == ["ada@example.org"]
    one = MergeMembers(by(external="ada"), by(external="zoe"), "the same person", "mia")
    told.shop.ask(merge_members, one)
    told.shop.now += timedelta(hours=2)
    told.goes()
    assert told.to() == ["ada@example.org"]
    states = told.shop.rows(
        "select state, reason from campaign_message where program_id = $1 order by 1"
    )
    assert states == [("sent", ""), ("skipped", "united")]


def test_what_was_under_way_is_unknown_and_not_skipped_when_consent_is_taken_back(
    told: Campaigning,
) -> None:
    told.joins("ada")
    told.released(channel="sms", says=TEXT)
    killed(told, told.carriers[1])
    told.shop.now += LEASE
    told.says("ada", "sms", "withdrawn")
    told.goes()
    assert (told.kept(), len(told.sms.asked)) == ([("ada", "unknown", "")], 1)


def test_what_may_have_arrived_counts_to_the_cap_while_it_waits_to_be_asked_again(
    told: Campaigning,
) -> None:
    told.joins("ada")
    told.shop.ask(keep_staff, ChangeSetting("campaign_most", 1, MIA))
    told.released("one", channel="sms", says=TEXT)
    told.goes(TooLate(told.carriers[1]))
    told.released("two", channel="sms", says=TEXT)
    told.goes()
    assert told.kept("two") == [("ada", "skipped", "capped")]
    told.shop.now += LEASE
    told.goes()
    keys = [one["key"] for one in told.sms.asked]
    assert (told.kept("one"), len(keys), len(set(keys))) == ([("ada", "sent", "")], 2, 1)


def test_what_never_answers_in_time_is_unknown_in_the_end(told: Campaigning) -> None:
    told.joins("ada")
    told.released(channel="sms", says=TEXT)
    for _ in range(50):
        told.goes(TooLate(told.carriers[1]))
        told.shop.now += timedelta(hours=1)
    assert told.kept() == [("ada", "unknown", "")]
    assert told.state() == "sent"


def test_a_mail_server_that_takes_no_more_of_us_today_burns_no_campaign(
    told: Campaigning,
) -> None:
    told.joins("ada", "ben")
    told.listed("ada", "ben")
    told.office.of_us = ["550 5.4.5 Daily user sending limit exceeded"] * 26
    told.released()
    for _ in range(65):  # nights are quiet
        told.goes()
        told.shop.now += timedelta(hours=1, minutes=1)
    assert told.kept() == [("ada", "sent", ""), ("ben", "sent", "")]
    assert (told.to(), told.office.of_us) == (["ada@example.org", "ben@example.org"], [])


def test_a_try_of_long_ago_does_not_make_room_in_the_cap(told: Campaigning) -> None:
    told.joins("ada")
    for name in ("campaign_most", "campaign_days"):
        told.shop.ask(keep_staff, ChangeSetting(name, 1, MIA))
    told.released("one", channel="sms", says=TEXT)
    killed(told, told.carriers[1])
    told.shop.now += timedelta(days=1, hours=1)
    told.released("two")
    told.goes(told.mail)
    assert told.kept("two") == [("ada", "sent", "")]
    told.goes()
    assert told.kept("one")[0][1] == "unknown", "two within a day were too many"
    assert len(told.sms.asked) == 1


def test_a_campaign_stopped_while_its_worker_died_does_not_hold_up_the_others(
    told: Campaigning,
) -> None:
    told.joins("ada")
    told.released("one")
    killed(told, told.mail)
    told.steps("stop", "one")
    told.released("two")
    told.goes()
    assert told.kept("two") == [("ada", "sent", "")]
    assert told.kept("one") == [("ada", "sending", "")]
    told.shop.now += LEASE
    told.goes()
    assert told.kept("one") == [("ada", "unknown", "")]


def test_what_is_asked_again_at_night_lets_others_pass(told: Campaigning) -> None:
    told.shop.at("2026-03-02 20:59")
    told.joins("ada")
    told.joins("nia", zone="America/New_York")
    told.listed("ada", "nia")
    told.released("one", channel="sms", says=TEXT)
    killed(told, told.carriers[1])
    told.shop.now += LEASE
    told.goes()
    rows = told.shop.rows(
        "select state, try_at > now from campaign_message, (select $2::timestamptz as now) n "
        "where program_id = $1 order by 1", told.shop.now,
    )  # fmt: skip
    assert ("sending", True) in rows, "it is looked at again in the morning, and not until then"
    told.shop.at("2026-03-03 08:00")
    told.goes()
    assert told.kept("one") == [("ada", "sent", ""), ("nia", "sent", "")]
