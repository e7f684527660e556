"""What was committed leaves the house once: planned, sent to a real mail server, settled."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.flows.members.playing.community.meeting import gives_up, plan, takes
from tests.flows.plans.turns import has_turn
from tests.makers import Shop, buys, by
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider

from regulars.base.faults import Fault
from regulars.base.ids import id_of
from regulars.base.keyed import key_from
from regulars.flows.access.ask_for_codes import AskForCode, ask_for_codes
from regulars.flows.commands import Redeem
from regulars.flows.community.seats.tell_moved_up import (
    tell_called_off,
    tell_moved,
    tell_moved_up,
)
from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.flows.telling.settle_deliveries import SendAgain, forget_settled, send_again
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.records.outbox.delivery.rules import LEASE, MOST_ATTEMPTS
from regulars.records.outbox.write import Told as Happens
from regulars.records.outbox.write import tell
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller
from regulars.surfaces.senders.email.letters import Origin
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender
from regulars.surfaces.senders.sms.http import SmsProvider, SmsSender
from regulars.surfaces.senders.types import Letter, Said, Sender

KEYED = key_from(b"k" * 32, "test")
SOURCE = """
regulars: 1
program: told
name: Corner
currency: EUR
zone: Europe/Berlin
country: DE
wallets:
  points: {name: Points, one: Point, expiry: {after: 60 days}, notice: {days: 30}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""


class Told:
    """One shop with a mail server and a provider of text messages."""

    def __init__(self, shop: Shop, office: PostOffice, sms: Provider) -> None:
        self.shop, self.office, self.sms = shop, office, sms
        server = MailServer("127.0.0.1", office.port, "none", Origin("club@example.org"))
        twilio = SmsProvider("twilio", sms.url, "AC1", "t", "+15005550006")
        self.carriers: Sequence[Sender] = (
            SmtpSender(server, lambda: shop.now, patience_s=5),
            SmsSender(twilio, patience_s=5),
        )

    def teller(self, *carriers: Sender) -> Teller:
        database = self.shop.database
        return Teller(database, Programs(database), carriers, KEYED, "https://club.test")

    def tell(self, *carriers: Sender) -> int:
        return self.shop.run(self.teller(*(carriers or self.carriers)).tell(self.shop.program_id))

    def chooses(self, kind: Any, ways: Any, member: Any = None) -> None:
        self.shop.ask(choose_messages, ChooseMessages(kind, ways, member))

    def kept(self) -> list[tuple[Any, ...]]:
        sql = "select kind, channel, state, attempts, reason from delivery where program_id = $1"
        return self.shop.rows(sql + " order by delivery_id")

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.office.letters]


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
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Told:
    office, sms = world
    for kept in (office.envelopes, office.answers, sms.asked, sms.answers):
        kept.clear()  # type: ignore[attr-defined]
    opened.begin(SOURCE, slug=f"t{os.urandom(4).hex()}")
    for name, *more in (("ada", "email"), ("ben", "phone"), ("cem",), ("dee", "email", "phone")):
        phone = {"ben": "+4915112345678", "dee": "+4915112345679"}.get(name, "")
        values = {"email": f"{name}@example.org", "phone": phone}
        more_names: Any = [Identifier(kind, values[kind]) for kind in more]  # type: ignore
        names = [Identifier("external", name), *more_names]
        opened.join(JoinMember(identifiers=tuple(names), given_name=name.title(), locale="en"))
    made = Told(opened, office, sms)
    made.tell()  # the first look only notes where to begin
    return made


def code_for(told: Told, by_: Any, address: str) -> None:
    command = AskForCode(id_of(os.urandom(16)), by_, address)
    told.shop.do(lambda tx, terms: ask_for_codes(tx, terms, KEYED, [command]))


def test_each_is_told_by_what_they_have_and_want(told: Told) -> None:
    told.chooses("earned", "any")
    told.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "ben", "cem", "dee")])
    assert told.tell() == 3
    assert [e.rcpt_tos for e in told.office.envelopes] == [["ada@example.org"], ["dee@example.org"]]
    assert told.subjects() == ["30 Points for you at Corner"] * 2
    assert [one["form"]["Body"] for one in told.sms.asked] == ["Corner: you earned 30 Points."]
    assert told.kept() == [
        ("earned", "email", "sent", 1, ""), ("earned", "sms", "sent", 1, ""),
        ("earned", "email", "sent", 1, ""),
    ]  # fmt: skip
    assert told.tell() == 0


def test_unless_chosen_a_purchase_is_not_told_and_a_reward_taken_is(told: Told) -> None:
    told.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "ben")])
    assert told.tell() == 0
    told.shop.redeem(*[Redeem(by(external=name), "cup", capture=True) for name in ("ada", "ben")])
    assert told.tell() == 1
    assert told.subjects() == ["You took a reward at Corner"]


def test_a_members_own_choice_goes_before_the_shops(told: Told) -> None:
    told.chooses("earned", "email")
    told.chooses("earned", "off", by(external="ada"))
    told.chooses("earned", "sms", by(external="dee"))
    told.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "ben", "dee")])
    assert told.tell() == 1
    assert (told.office.envelopes, [one["form"]["To"] for one in told.sms.asked]) == (
        [], ["+4915112345679"],
    )  # fmt: skip


def test_who_took_their_consent_back_hears_only_what_is_service(told: Told) -> None:
    told.chooses("earned", "email")
    word = BringConsent(by(external="ada"), "email", "withdrawn", "card", told.shop.now)
    told.shop.do(lambda tx, terms: bring_consents(tx, terms, [word], None))  # type: ignore
    told.shop.record(buys(by(external="ada"), 3000))
    assert told.tell() == 0
    code_for(told, "email", "ada@example.org")
    assert told.tell() == 1
    assert told.subjects() == ["Sign in to Corner"]


def test_a_notice_that_was_sent_counts_as_shown(told: Told) -> None:
    told.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "cem")])
    told.shop.now += timedelta(days=40)
    told.shop.night("post_notices")
    assert told.tell() == 1
    assert told.subjects()[0].startswith("30 Points end on ")
    shown = "select delivered_by from message where program_id = $1 order by delivered_by"
    assert told.shop.rows(shown) == [("",), ("email",)]


def test_what_a_server_refuses_for_good_is_parked_without_the_address(told: Told) -> None:
    told.office.answers = ["550 5.1.1 <ada@example.org>: Recipient ADA@example.org unknown"]
    code_for(told, "email", "ada@example.org")
    told.tell()
    reason = "550 5.1.1 <…>: Recipient … unknown"
    assert told.kept() == [("code", "email", "parked", 1, reason)]
    told.shop.now += timedelta(days=1)
    assert told.tell() == 0


def test_trouble_passes_and_the_letter_goes_out(told: Told) -> None:
    told.chooses("earned", "email")
    told.office.answers = ["451 4.7.1 greylisted", "421 closing"]
    told.shop.record(buys(by(external="ada"), 3000))
    tries = []
    for seconds in (0, 4, 1, 9, 1):
        told.shop.now += timedelta(seconds=seconds)
        tries.append(told.tell())
    assert tries == [1, 0, 1, 0, 1]
    assert told.kept() == [("earned", "email", "sent", 3, "")]
    assert len(told.office.letters) == 1


def test_it_is_tried_so_often_and_then_parked_with_the_last_reason(told: Told) -> None:
    told.chooses("earned", "sms")
    told.sms.answers = [(503, "busy")] * 50
    told.shop.record(buys(by(external="ben"), 3000))
    began = told.shop.now
    for _ in range(MOST_ATTEMPTS + 3):
        told.tell()
        told.shop.now += timedelta(hours=1)
        if told.kept()[0][2] == "parked":
            break
    assert told.kept() == [
        ("earned", "sms", "parked", 24, "tried 24 times; the last time: 503 busy")
    ]
    assert len(told.sms.asked) == 24
    told.sms.answers.clear()
    (id_,) = told.shop.rows("select delivery_id from delivery where program_id = $1")[0]
    outcomes = told.shop.do(lambda tx, _: send_again(tx, [SendAgain(id_)]))
    assert not isinstance(outcomes[0], Fault)
    assert told.shop.now - began < timedelta(days=2)
    told.tell()
    assert told.kept() == [("earned", "sms", "sent", 1, "")]
    assert isinstance(told.shop.do(lambda tx, _: send_again(tx, [SendAgain(id_)]))[0], Fault)


def test_a_code_is_not_sent_when_it_is_too_late(told: Told) -> None:
    told.office.answers = ["451 busy"] * 9
    code_for(told, "email", "ada@example.org")
    told.tell()
    told.shop.now += timedelta(minutes=10)
    told.tell()
    assert told.kept() == [("code", "email", "parked", 1, "too late to be of use: 451 busy")]


class Killed(BaseException):
    """The process ends between sending and keeping that it was sent."""


class Dying:
    """Sends, and does not live to tell."""

    channel = "email"

    def __init__(self, carrier: Sender) -> None:
        self.name, self._carrier = "dying", carrier

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        await self._carrier.send(letters)
        raise Killed


def test_killed_between_sending_and_keeping_it_is_sent_once_more_as_the_same_letter(
    told: Told,
) -> None:
    told.chooses("earned", "email")
    told.shop.record(buys(by(external="ada"), 3000))
    with pytest.raises(Killed):
        told.tell(Dying(told.carriers[0]))  # type: ignore[arg-type]
    assert told.kept() == [("earned", "email", "waiting", 1, "")]
    assert told.tell() == 0  # it is the dead one's for two minutes
    told.shop.now += LEASE
    assert told.tell() == 1
    assert told.tell() == 0
    marks = [mail["Message-ID"] for mail in told.office.letters]
    assert len(marks) == 2
    assert len(set(marks)) == 1


class Broken:
    """A sender with a mistake of its own: it falls at whatever it is given."""

    channel, name = "email", "broken"

    async def send(self, letters: Sequence[Letter]) -> list[Said]:
        raise KeyError(len(letters))


def test_a_sender_that_falls_itself_does_not_send_for_ever(told: Told) -> None:
    code_for(told, "email", "ada@example.org")
    assert told.tell(Broken()) == 1
    assert told.kept() == [("code", "email", "waiting", 1, "the sender itself failed: KeyError")]
    told.shop.now += timedelta(minutes=1)
    told.tell()
    assert [one[2] for one in told.kept()] == ["sent"]


def test_an_answer_to_a_try_that_is_over_changes_nothing(told: Told) -> None:
    from regulars.flows.telling.settle_deliveries import settle_deliveries
    from regulars.records.outbox.delivery.types import Result

    told.chooses("earned", "email")
    told.office.answers = ["451 busy"]
    told.shop.record(buys(by(external="ada"), 3000))
    told.tell()
    told.shop.now += timedelta(seconds=5)
    told.office.answers = ["451 busy"]
    told.tell()
    (id_,) = told.shop.rows("select delivery_id from delivery where program_id = $1")[0]
    late = Result(id_, 1, "never", "an old answer")
    told.shop.do(lambda tx, _: settle_deliveries(tx, [late]))
    assert told.kept() == [("earned", "email", "waiting", 2, "451 busy")]


def test_two_workers_send_each_letter_once(told: Told) -> None:
    import asyncio

    told.chooses("earned", "email")
    told.shop.record(*[buys(by(external="ada"), 3000 + n) for n in range(60)])

    async def both() -> list[int]:
        return await asyncio.gather(
            *(told.teller(*told.carriers).tell(told.shop.program_id) for _ in range(2))
        )

    told.shop.run(both())
    told.tell()
    assert len(told.office.letters) == 60
    assert {row[2] for row in told.kept()} == {"sent"}


def test_an_event_that_commits_late_is_not_missed(told: Told) -> None:
    """Its transaction began before others that are long over; planning waits below it."""
    from regulars.flows.recording.record_activities import record_activities

    told.chooses("earned", "email")

    async def late() -> int:
        terms = await Programs(told.shop.database).terms(told.shop.program_id)
        async with told.shop.transaction() as slow:
            await record_activities(slow, terms, [buys(by(external="ada"), 3000)])
            async with told.shop.transaction() as quick:
                await record_activities(quick, terms, [buys(by(external="dee"), 4000)])
            return await told.teller(*told.carriers).tell(told.shop.program_id)

    assert told.shop.run(late()) == 0
    assert told.tell() == 2
    assert sorted(told.subjects()) == ["30 Points for you at Corner", "40 Points for you at Corner"]


def test_without_a_sender_nothing_is_planned_and_a_code_says_why_it_waits(told: Told) -> None:
    told.chooses("earned", "any")
    told.shop.record(buys(by(external="ada"), 3000))
    code_for(told, "email", "ada@example.org")
    nobody = told.teller()
    assert told.shop.run(nobody.tell(told.shop.program_id)) == 0
    assert told.kept() == [("code", "email", "parked", 0, "no sender for e-mail is set up")]


def test_who_moved_erased_or_changed_their_address_gets_nothing_by_the_old_one(told: Told) -> None:
    told.chooses("earned", "email")
    told.office.answers = ["451 busy"] * 2
    told.shop.record(*[buys(by(external=name), 3000) for name in ("ada", "dee")])
    told.tell()
    ids = dict(told.shop.rows("select value, member_id from identifier where program_id = $1"))
    told.shop.ask(erase_members, EraseMember(ids["ada"]))
    told.shop.rows("delete from identifier where program_id = $1 and value = 'dee@example.org'")
    told.shop.now += timedelta(minutes=1)
    told.tell()
    assert told.office.letters == []
    assert told.kept() == [("earned", "email", "parked", 1, "the member has another address")]


def test_what_is_long_over_is_forgotten(told: Told) -> None:
    code_for(told, "email", "ada@example.org")
    told.tell()
    told.shop.now += timedelta(days=4)
    told.shop.do(lambda tx, _: forget_settled(tx))
    counts = "select (select count(*) from delivery where program_id = $1), count(*)"
    counts += " from sign_in_code where program_id = $1"
    assert told.shop.rows(counts) == [(1, 0)]
    told.shop.now += timedelta(days=90)
    told.shop.do(lambda tx, _: forget_settled(tx))
    assert told.shop.rows(counts) == [(0, 0)]


def test_nothing_from_before_a_restore_is_sent(told: Told) -> None:
    """The last one of this file, as a fence that was raised stays."""
    told.chooses("earned", "email")
    told.shop.record(buys(by(external="ada"), 3000))
    code_for(told, "email", "ada@example.org")
    told.shop.now += timedelta(seconds=10)
    sql = "insert into fence select 1 + coalesce(max(epoch), 0), $2, 'test' from fence where $1 > 0"
    told.shop.rows(sql, told.shop.now)
    told.shop.now += timedelta(seconds=10)
    told.tell()
    assert told.office.letters == []
    assert [(row[0], row[2]) for row in told.kept()] == [("code", "parked")]
    told.shop.record(buys(by(external="ada"), 4000))
    assert told.tell() == 1


def test_whoever_moves_up_is_told_once_and_not_once_it_has_begun(told: Told) -> None:
    shop, told.shop.now = told.shop, told.shop.now + timedelta(days=20)
    for code, days, said in (("tasting", 0, 1), ("begun", 2, 1)):
        plan(shop, code, seats=1)
        for name in ("ada", "dee"):
            takes(shop, name, code)
        told.tell()
        gives_up(shop, "ada", code)
        shop.do(tell_moved_up)
        shop.now += timedelta(days=days)
        told.tell()
        told.tell()
        assert told.subjects() == ["You have a seat: Tasting"] * said, "who takes one sees it"


def test_whoever_has_a_seat_is_told_that_it_is_called_off_or_moved_once(told: Told) -> None:
    shop, told.shop.now = told.shop, told.shop.now + timedelta(days=40)
    made = plan(shop, "evening", seats=1)
    for name in ("ada", "dee"):
        takes(shop, name, "evening")
    told.tell()
    when = {"begins_at": made.begins_at + timedelta(days=1),
            "ends_at": made.ends_at + timedelta(days=1)}  # fmt: skip
    shop.now += timedelta(minutes=1)
    plan(shop, "evening", seats=1, at_place="Roastery", **when)
    assert [shop.do(tell_moved) for _ in range(2)] == [2, 0]
    told.tell()
    told.tell()
    assert told.subjects() == ["Another time or place: Evening"] * 2, "who waits is told, too"
    assert all("Where: Roastery" in str(mail.get_body()) for mail in told.office.letters)
    plan(shop, "evening", seats=3, at_place="Roastery", says={"en": "Bring a friend."}, **when)
    assert shop.do(tell_moved) == 0, "it is where and when it was"
    plan(shop, "evening", seats=3, at_place="Roastery", state="cancelled", **when)
    shop.do(tell_called_off)
    told.tell()
    assert told.subjects()[2:] == ["Called off: Evening"] * 2


def test_whose_fee_failed_is_told_though_they_agreed_to_no_advertising(told: Told) -> None:
    told.shop.now += timedelta(days=20)  # after the house was restored by another test
    who = told.shop.rows(
        "select member_id from identifier where program_id = $1 and value = 'ada'"
    )[0][0]
    payload = '{"plan": "plus", "membership_id": "x", "until_at": "2026-03-01T00:00:00Z"}'
    event = Happens(who, 1, "membership.failed", payload)
    told.shop.do(lambda tx, _: tx.write(tell(tx, [event])))
    told.tell()
    told.tell()
    assert told.subjects() == ["The fee for plus could not be collected"]


def test_a_fee_that_failed_long_ago_or_was_paid_since_is_told_to_nobody(told: Told) -> None:
    shop = told.shop
    shop.now += timedelta(days=30)
    who = shop.rows("select member_id from identifier where program_id = $1 and value = 'ada'")[0][
        0
    ]
    ends, failed = shop.now + timedelta(days=9), {"what": "failed", "membership_id": str(uuid4())}
    long_ago = (shop.now - timedelta(days=8)).isoformat()
    paid = has_turn(shop, who, ends, **failed)
    has_turn(shop, who, ends, **failed | {"what": "paid", "step": 2})
    turns = [paid, has_turn(shop, who, ends, what="failed", at=long_ago)]
    for said in (0, 1):
        payloads = [f'{{"plan": "plus", "turn_id": "{one}", "state": "active"}}' for one in turns]
        events = [Happens(who, 1, "membership.failed", one) for one in payloads]
        shop.do(lambda tx, _: tx.write(tell(tx, events)))  # noqa: B023
        told.tell()
        told.tell()
        assert len(told.subjects()) == said
        turns = [has_turn(shop, who, ends, what="failed")]
