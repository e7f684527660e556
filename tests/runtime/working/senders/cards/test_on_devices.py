"""Notices on devices: read by the browser alone that gave leave, by consent, and never to a device
that is no more."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.campaigning import MIA, OTTO, Campaigning
from tests.runtime.working.letters.test_trials import PROVED
from tests.runtime.working.senders.cards.test_in_the_card import campaigning
from tests.runtime.working.senders.push_service import Browser, PushService, push_service, raw
from tests.runtime.working.senders.test_messages import KEYED, SOURCE
from tests.surfaces.console.browser import Browser as Staff
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter

from regulars.base.faults import Fault, Invalid
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.walk_journeys import begin_journeys, walk_journeys
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.flows.telling.said.keep_devices import ForgetDevice, KeepDevice, keep_devices
from regulars.records.members.consents import read as consents
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.records.outbox.campaigns.journeys.types import JourneyPlan, MessageStep, OnEvent
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.records.outbox.delivery.devices import read
from regulars.records.outbox.delivery.devices.types import MOST_DEVICES, PushDevice
from regulars.records.outbox.delivery.types import address_digest
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller
from regulars.surfaces.senders.outgoing.client import Client, NoAnswer
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of
from regulars.surfaces.senders.push.devices import DeviceSender
from regulars.surfaces.senders.push.vapid import vapid_from
from regulars.surfaces.senders.types import Letter

SAYS = {"en": Said("Hi {{ member.given_name }}, {{ points.points }} points.", "Spring")}
VAPID = vapid_from("s" * 40, "mailto:club@example.org")
LOOPBACK = Guard(networks_of(["127.0.0.0/8"]))


class Devices:
    """A shop whose members give leave, and the push service of their browsers."""

    def __init__(self, told: Campaigning, service: PushService) -> None:
        self.told, self.service = told, service
        self.shop = told.shop
        service.browsers.clear()
        service.refused.clear()
        service.public, service.now = VAPID.public, self.shop.now

    @property
    def sender(self) -> DeviceSender:
        return DeviceSender(VAPID, LOOPBACK, lambda: self.shop.now, patience_s=5)

    def gives(self, name: str, browser: Browser | None = None, **other: Any) -> Browser:
        made = browser or self.service.browser()
        outcome = self.keeps(name, made, **other)
        assert isinstance(outcome, PushDevice), outcome
        return made

    def keeps(self, name: str, made: Browser, **other: Any) -> Any:
        told: dict[str, Any] = {
            "endpoint": made.endpoint, "receives": made.receives, "secret": made.secret,
            "name": "Android", "source": "the member's card", **other,
        }  # fmt: skip
        return self.asks(KeepDevice(self.told.id_of(name), **told))

    def asks(self, command: Any) -> Any:
        return self.shop.do(lambda tx, terms: keep_devices(tx, terms, [command]))[0]

    def of(self, name: str) -> tuple[PushDevice, ...]:
        who = self.told.id_of(name)
        found = self.shop.do(lambda tx, _: read.of(tx, [who]))
        return found.get(who, ())  # type: ignore[no-any-return]

    def goes(self) -> None:
        self.service.now = self.shop.now
        self.told.goes(self.sender)
        assert self.service.refused == []

    def tells(self) -> None:
        self.service.now = self.shop.now
        database = self.shop.database
        sender = (self.sender,)
        teller = Teller(database, Programs(database), sender, KEYED, "https://club.test")
        self.shop.run(teller.tell(self.shop.program_id))
        assert self.service.refused == []

    def kept(self) -> list[tuple[Any, ...]]:
        sql = "select kind, channel, state, reason from delivery where program_id = $1"
        return self.shop.rows(sql + " order by delivery_id")


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as made:
        yield made


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def devices(opened: Shop, service: PushService) -> Devices:
    return Devices(campaigning(opened), service)


def test_each_device_of_a_member_reads_it_and_nobody_else(devices: Devices) -> None:
    phone, desk, other = devices.gives("ada"), devices.gives("ada"), devices.service.browser()
    devices.told.released(channel="push", says=SAYS)
    for _ in range(3):
        devices.goes()
    for browser in (phone, desk):
        (told,) = browser.told
        assert (told["title"], told["says"]) == ("Spring", "Hi Ada, 0 points.")
        assert told["opens"] == "https://club.test/card"
        assert (told["topic"], told["ttl"]) == (told["mark"], "172800")
    assert other.told == []
    assert devices.told.kept() == [
        ("ada", "sent", ""), ("ben", "skipped", "no_consent"), ("cem", "skipped", "no_consent"),
    ]  # fmt: skip


def test_leave_in_a_browser_is_consent_and_a_no_stands_above_it(devices: Devices) -> None:
    browser = devices.gives("ada")
    ada = devices.told.id_of("ada")
    said = devices.shop.do(lambda tx, _: consents.standing(tx, ada))["push"]
    assert (said.state, said.source) == ("given", "the member's card")
    devices.shop.now += timedelta(minutes=1)
    devices.told.says("ada", "push", "withdrawn")
    devices.told.released(channel="push", says=SAYS)
    devices.goes()
    assert browser.told == []
    assert ("ada", "skipped", "no_consent") in devices.told.kept()


def test_who_agreed_and_has_no_device_has_no_address(devices: Devices) -> None:
    devices.told.says("ben", "push", "given")
    devices.told.released(channel="push", says=SAYS)
    devices.goes()
    assert ("ben", "skipped", "no_address") in devices.told.kept()


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_no_more_is_forgotten_and_the_other_one_told(
    devices: Devices, status: int
) -> None:
    gone, there = devices.gives("ada"), devices.gives("ada")
    gone.answers = [status]
    devices.told.released(channel="push", says=SAYS)
    devices.goes()
    assert [one.endpoint for one in devices.of("ada")] == [there.endpoint]
    assert (len(there.told), gone.told) == (1, [])
    assert ("ada", "sent", "") in devices.told.kept()


def test_a_device_that_gave_leave_anew_meanwhile_stays(devices: Devices) -> None:
    browser = devices.gives("ada")
    (before,) = devices.of("ada")
    devices.shop.now += timedelta(minutes=1)
    devices.gives("ada", browser)
    from regulars.records.outbox.delivery.devices import write

    devices.shop.do(lambda tx, _: tx.write(write.drop(tx, [before])))
    assert len(devices.of("ada")) == 1


def test_without_any_device_left_it_is_not_sent(devices: Devices) -> None:
    devices.gives("ada").answers = [410]
    devices.told.released(channel="push", says=SAYS)
    devices.goes()
    assert devices.of("ada") == ()
    assert ("ada", "skipped", "refused") in devices.told.kept()


def test_a_service_that_is_busy_is_asked_again_later(devices: Devices) -> None:
    browser = devices.gives("ada")
    browser.answers = [429, 503]
    devices.told.released(channel="push", says=SAYS)
    for _ in range(3):
        devices.goes()
        devices.shop.now += timedelta(minutes=5)
    assert len(browser.told) == 1
    assert ("ada", "sent", "") in devices.told.kept()


def test_a_browser_is_of_whoever_gave_leave_last(devices: Devices) -> None:
    browser = devices.gives("ada")
    devices.gives("ben", browser)
    assert devices.of("ada") == ()
    assert len(devices.of("ben")) == 1


def test_a_member_has_ten_devices_at_most(devices: Devices) -> None:
    first = devices.gives("ada")
    for _ in range(MOST_DEVICES):
        devices.shop.now += timedelta(seconds=1)
        devices.gives("ada")
    assert len(devices.of("ada")) == MOST_DEVICES
    assert first.endpoint not in {one.endpoint for one in devices.of("ada")}


def test_a_device_is_forgotten_by_whose_it_is_alone(devices: Devices) -> None:
    devices.gives("ada")
    (device,) = devices.of("ada")
    other = devices.asks(ForgetDevice(devices.told.id_of("ben"), device.device_id))
    assert isinstance(other, Fault)
    assert len(devices.of("ada")) == 1
    devices.asks(ForgetDevice(devices.told.id_of("ada"), device.device_id))
    assert devices.of("ada") == ()


@pytest.mark.parametrize(
    ("field", "told"),
    [("/endpoint", {"endpoint": ""}), ("/keys/p256dh", {"receives": b"\4short"}),
     ("/keys/auth", {"secret": b"short"})],
)  # fmt: skip
def test_keys_that_are_none_are_refused_at_their_field(
    devices: Devices, field: str, told: dict[str, Any]
) -> None:
    outcome = devices.keeps("ada", devices.service.browser(), **told)
    assert isinstance(outcome, Invalid)
    assert outcome.field == field
    assert devices.of("ada") == ()


def test_erased_and_merged_members(devices: Devices) -> None:
    devices.gives("ada")
    devices.gives("cem")
    gone, stays = by(external="cem"), by(external="ada")
    devices.shop.ask(merge_members, MergeMembers(gone, stays, "one", "mia"))
    assert len(devices.of("ada")) == 2
    ada = devices.told.id_of("ada")
    devices.shop.ask(erase_members, EraseMember(ada))
    assert devices.shop.rows("select 1 from push_device where program_id = $1") == []
    late = devices.service.browser()
    told = KeepDevice(ada, late.endpoint, late.receives, late.secret, "", "late")
    assert isinstance(devices.asks(told), Fault)


def test_a_no_to_notices_outlives_a_merge(devices: Devices) -> None:
    devices.tells()  # the first look only notes where to begin
    cems = devices.gives("cem")
    devices.shop.now += timedelta(minutes=1)
    devices.told.says("cem", "push", "withdrawn")
    gone, stays = by(external="cem"), by(external="ben")
    devices.shop.ask(merge_members, MergeMembers(gone, stays, "one", "mia"))
    devices.shop.ask(choose_messages, ChooseMessages("earned", "push", None))
    devices.shop.record(buys(by(external="ben"), 3000))
    devices.tells()
    assert (cems.told, devices.of("ben")) == ([], ())
    bens = devices.gives("ben", pressed=True)
    devices.shop.record(buys(by(external="ben"), 3000))
    devices.tells()
    assert (len(cems.told), len(bens.told)) == (0, 1)


@pytest.mark.parametrize("again", [True, False])
def test_a_subscription_that_is_given_again_undoes_no_withdrawal(
    devices: Devices, again: bool
) -> None:
    browser, ada = devices.gives("ada"), devices.told.id_of("ada")
    devices.shop.now += timedelta(minutes=1)
    devices.told.says("ada", "push", "withdrawn")

    def stands() -> str:
        said = devices.shop.do(lambda tx, _: consents.standing(tx, ada))
        return str(said["push"].state)

    devices.shop.now += timedelta(minutes=1)
    devices.gives("ada", browser if again else None)
    assert stands() == "withdrawn"
    devices.shop.now += timedelta(minutes=1)
    devices.gives("ada", browser, pressed=True)
    assert stands() == "given"


def test_a_no_of_who_was_merged_is_not_undone_by_their_own_device(devices: Devices) -> None:
    browser = devices.gives("cem")
    devices.shop.now += timedelta(minutes=1)
    devices.told.says("cem", "push", "withdrawn")
    gone, stays = by(external="cem"), by(external="ben")
    devices.shop.ask(merge_members, MergeMembers(gone, stays, "one", "mia"))
    ben = devices.told.id_of("ben")
    devices.gives("ben", browser)
    stands = devices.shop.do(lambda tx, _: consents.standing(tx, ben))
    assert stands["push"].state == "withdrawn"


def test_what_may_have_arrived_does_not_ring_again(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices.tells()
    devices.gives("ada")
    devices.shop.ask(choose_messages, ChooseMessages("earned", "push", None))
    devices.shop.record(buys(by(external="ada"), 3000))
    tried: list[str] = []

    async def breaks(_: Any, url: str, *__: Any) -> Any:
        tried.append(url)
        raise NoAnswer("it broke off")

    monkeypatch.setattr(Client, "post", breaks)
    for _ in range(2):
        devices.tells()
        devices.shop.now += timedelta(minutes=5)
    assert len(tried) == 1
    assert devices.kept() == [("earned", "push", "parked", "it may have arrived: it broke off")]


def test_what_members_chose_is_told_on_their_devices(devices: Devices) -> None:
    devices.tells()  # the first look only notes where to begin
    browser = devices.gives("ada")
    devices.shop.ask(choose_messages, ChooseMessages("earned", "push", None))
    devices.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "ben")])
    devices.tells()
    (told,) = browser.told
    assert told["title"] == "30 Points for you at Corner"
    assert devices.kept() == [("earned", "push", "sent", "")]
    devices.shop.now += timedelta(minutes=1)
    devices.told.says("ada", "push", "withdrawn")
    devices.shop.record(buys(by(external="ada"), 3000))
    devices.tells()
    assert len(browser.told) == 1


def test_a_notice_on_a_device_is_no_proof_that_an_end_was_told(devices: Devices) -> None:
    devices.tells()
    browser = devices.gives("ada")
    devices.shop.ask(choose_messages, ChooseMessages("notice", "push", None))
    devices.shop.record(buys(by(external="ada"), 3000))
    devices.shop.now += timedelta(days=31)
    devices.shop.night()
    devices.tells()
    assert len(browser.told) == 1
    shown = devices.shop.rows("select delivered_at from message where program_id = $1")
    assert shown == [(None,)]


def test_a_journey_tells_devices_too(devices: Devices) -> None:
    plan = JourneyPlan(OnEvent("member.joined"), (MessageStep("hello", "push", SAYS),))
    devices.shop.ask(keep_journeys, KeepJourney("hello", "Hello", plan, MIA))
    devices.shop.ask(keep_journeys, MoveJourney("hello", "publish", OTTO))
    devices.shop.now += timedelta(minutes=1)
    devices.told.joins("dan")
    browser = devices.gives("dan")
    for flow in (begin_journeys, walk_journeys):
        devices.shop.do(lambda tx, terms, flow=flow: flow(tx, terms))
    devices.goes()
    assert [one["title"] for one in browser.told] == ["Spring"]


def test_an_address_of_our_own_networks_is_not_called(devices: Devices) -> None:
    devices.gives("ada")
    guarded = DeviceSender(VAPID, Guard(), lambda: devices.shop.now, patience_s=5)
    letter = Letter("m", "", "a", "b", "Corner", devices=devices.of("ada"))
    (said,) = devices.shop.run(guarded.send([letter]))
    assert (said.outcome, said.gone) == ("never", ())
    assert [one.told for one in devices.service.browsers.values()] == [[]]


def test_a_notice_that_no_service_takes_is_not_cut(devices: Devices) -> None:
    browser = devices.gives("ada")
    letter = Letter("m", "", "a", "ü" * 2000, "Corner", devices=devices.of("ada"))
    (said,) = devices.shop.run(devices.sender.send([letter]))
    assert said.outcome == "never"
    assert "3993" in said.reason
    assert browser.told == []


def test_devices_that_never_answer_hold_nobody_up(devices: Devices) -> None:
    """Ten members give ten addresses each where somebody listens and says nothing."""
    browser = devices.gives("ada")
    (good,) = devices.of("ada")
    with socket.create_server(("127.0.0.1", 0), backlog=200) as deaf:
        place = f"https://127.0.0.1:{deaf.getsockname()[1]}"
        letters = [
            Letter(f"m{n}", "", "a", "b", "Corner", devices=tuple(
                replace(good, device_id=UUID(int=100 * n + at), endpoint=f"{place}/{n}-{at}")
                for at in range(10)))
            for n in range(10)
        ]  # fmt: skip
        letters.append(Letter("last", "", "a", "b", "Corner", devices=(good,)))
        sender = DeviceSender(VAPID, LOOPBACK, lambda: devices.shop.now, patience_s=1)
        begun = time.monotonic()
        *others, last = devices.shop.run(sender.send(letters))
        took = time.monotonic() - begun
        devices.shop.run(sender.close())
    assert took < 4, "thirteen turns of a second each before"
    assert {one.outcome for one in others} == {"later"}
    assert {one.unsure for one in others[:8]} == {True}, "begun, so it may have arrived"
    assert (last.outcome, last.unsure) == ("later", False), "not begun: it is simply tried again"
    assert browser.told == []


def test_the_key_is_the_same_whenever_it_is_made_and_another_for_another_house() -> None:
    again, other = vapid_from("s" * 40, ""), vapid_from("t" * 40, "")
    assert again.public == VAPID.public != other.public
    assert (len(raw(VAPID.public)), raw(VAPID.public)[0]) == (65, 4)
    assert "s" * 40 not in repr(again)


def test_a_test_of_a_notice_shows_on_the_devices_of_ones_own_membership(devices: Devices) -> None:
    told = devices.told
    told.joins("ada", agrees=False)
    theirs = devices.gives("ada")
    assert isinstance(told.keeps("ring", channel="push", says=SAYS), Campaign)
    counter = Counter(devices.shop, ticks=lambda: devices.shop.now.timestamp())  # noqa: PLW0108
    mia, who = Staff(counter), somebody(counter, "marketer", email="nia@example.org")
    mia.sign_in(who.email)
    page, form = "/console/campaigns/ring", {"does": "try", "as": "ada@example.org"}
    assert "on the devices of your own membership" in mia.get(f"{page}?as={form['as']}").text
    ids = (Identifier("external", "mia"), Identifier("email", who.email))
    devices.shop.join(JoinMember(ids, given_name="Mia"))
    assert "devices of your own membership; there is none" in mia.post(page, form).text
    mine, old = devices.gives("mia"), devices.gives("mia")
    assert mia.post(page, form).status_code == 303
    devices.goes()
    assert [mine.told, theirs.told] == [[], []], "nobody showed that it is hers"
    digest = address_digest(KEYED, "email", who.email)
    devices.shop.rows(PROVED, told.id_of("mia"), digest, devices.shop.now)
    old.answers = [410]
    assert mia.post(page, form).status_code == 303
    devices.goes()
    (notice,) = mine.told
    assert "Test: Spring" in str(notice)
    assert "Hi Ada" in str(notice), "as that member would read it"
    assert theirs.told == []
    assert len(devices.of("mia")) == 1, "what its service says is gone is told nothing more"
    assert told.kept("ring") == [], "it is counted nowhere"
