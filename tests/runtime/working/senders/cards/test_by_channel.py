"""A campaign by several channels: each member once, by the first that reaches them; and by webhook,
told once to whoever says it for us."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.flows.members.playing.community.meeting import plan
from tests.flows.terms.experiments.offering import offered
from tests.makers import Shop
from tests.runtime.working.letters.campaigning import MIA, SPRING, Campaigning
from tests.runtime.working.senders.cards.test_silenced_everywhere import Carrier, hears
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.campaigns.queue_campaigns import queue_campaigns
from regulars.flows.telling.campaigns.reaching import DEVICES
from regulars.flows.telling.campaigns.settle_messages import Went, _outcome, settle_messages
from regulars.flows.telling.campaigns.take_messages import take_messages
from regulars.flows.telling.said.marking import mark_addresses
from regulars.insight.experiments.variants import by_way
from regulars.records.members.types import EraseMember
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.campaigns.inbox.types import PassedOn
from regulars.records.outbox.campaigns.returned import write as returned_write
from regulars.records.outbox.campaigns.types import Due, Instead, Said
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.types import address_digest
from regulars.surfaces.senders.types import Said as Answer

SMS = Instead("sms", {"en": Said("Text {{ member.given_name }}")})
CARD = Instead("inbox", {"en": Said("Card {{ member.given_name }}", "Card")})
_BY = """
select i.value, m.channel, m.state, m.reason from campaign_message m
  join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
   and i.kind = 'external'
 where m.program_id = $1 order by 1
"""
_HEARD = """
select i.value, o.payload ->> 'text', o.payload ->> 'campaign', o.payload ->> 'stop'
  from outbox o
  join identifier i on i.program_id = o.program_id and i.member_id = o.member_id
   and i.kind = 'external'
 where o.program_id = $1 and o.type = 'message.told' order by 1
"""


_HAS = """
select i.value, o.code from offer_member h
  join offer o using (program_id, offer_id)
  join identifier i on i.program_id = h.program_id and i.member_id = h.member_id
   and i.kind = 'external'
 where h.program_id = $1
"""
_ONE_READS_A = """
update campaign_message m set variant = 0 from identifier i
 where m.program_id = $1 and i.program_id = $1 and i.member_id = m.member_id and i.value = $2
returning 1
"""


async def _settled(tx: Any, went: Went) -> str:
    return _outcome(tx, went).state


async def _writes(tx: Any, writes: Any) -> None:
    await tx.write(writes)


class Refuses(Carrier):
    """A sender that says at once that nobody is there."""

    async def send(self, letters: Any) -> Any:
        return [Answer("never", "550 no such user", back="hard")] * len(letters)


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop) -> Campaigning:
    return campaigning(opened)


def campaigning(opened: Shop) -> Campaigning:
    """Somebody for each channel, one for none, and two senders that only keep what they get."""
    office, sms = PostOffice(), Provider()
    office.envelopes, office.answers, office.port = [], [], 1  # type: ignore[misc]
    sms.asked, sms.answers, sms.url = [], [], "http://127.0.0.1:1"  # type: ignore[misc]
    made = Campaigning(opened, office, sms)
    made.carriers = (Carrier("email"), Carrier("sms"))
    names = ("all", "card", "none", "texts", "webhook")
    made.joins(*names, agrees=False)
    for name, channels in (
        ("all", ("email", "sms", "inbox")), ("texts", ("sms", "inbox")), ("card", ("inbox",)),
        ("webhook", ("webhook",)),
    ):  # fmt: skip
        for channel in channels:
            made.says(name, channel, "given")
    hears(opened)
    return made


def got(told: Campaigning) -> list[tuple[str, str]]:
    """What came to which sender, by the first word."""
    return [
        (one.channel, letter.text.split(",")[0].split("\n")[0])  # type: ignore[attr-defined]
        for one in told.carriers
        for letter in one.letters  # type: ignore[attr-defined]
    ]


def test_each_is_written_to_once_by_the_first_channel_that_reaches_them(told: Campaigning) -> None:
    wrong = told.keeps(instead=(SMS, Instead("email", {"en": SPRING})))
    assert (wrong.code, wrong.field) == ("invalid", "/instead/1/channel")
    wrong = told.keeps(instead=(Instead("sms", {"en": Said("{{ member.nmae }}")}),))
    assert (wrong.code, wrong.field) == ("invalid", "/instead/0/says/en/text")
    told.keeps(instead=(SMS, CARD))
    checked = told.steps("check")
    assert checked.reach == {"email": 1, "sms": 1, "inbox": 1, "": 2}
    told.steps("approve")
    for _ in range(3):
        told.goes()
    assert told.shop.rows(_BY) == [
        ("all", "email", "sent", ""),
        ("card", "inbox", "sent", ""),
        ("none", "email", "skipped", "no_consent"),
        ("texts", "sms", "sent", ""),
        ("webhook", "email", "skipped", "no_consent"),
    ]
    assert got(told) == [("email", "Hi All"), ("sms", "Text Texts")]
    stop = told.carriers[1].letters[0].stop  # type: ignore[attr-defined]
    assert "/card/stop?link=sms-" in stop, "it ends what it came by"
    sql = "select says from card_letter where program_id = $1"
    assert told.shop.rows(sql) == [("Card Card",)]
    assert told.state() == "sent"


def test_whoever_is_not_reached_any_more_as_it_goes_is_by_the_next_one(told: Campaigning) -> None:
    told.released(instead=(SMS, CARD))
    told.goes(Carrier("push"))  # everybody has their row; nothing but the card is set up
    address = address_digest(KEYED, "email", "all@example.org")
    back = Bounce(address, told.id_of("all"), "x", told.shop.now, "hard")
    told.shop.do(lambda tx, _: mark_addresses(tx, [back]))
    told.shop.now += timedelta(minutes=1)
    told.says("texts", "sms", "withdrawn")
    mail, texts = told.carriers
    told.goes(mail)
    assert ("all", "sms", "waiting", "") in told.shop.rows(_BY), "it waits for that sender"
    told.goes(texts)
    told.goes(mail, texts)
    kept = {row[0]: row[1:] for row in told.shop.rows(_BY)}
    assert kept["all"] == ("sms", "sent", "")
    assert kept["texts"] == ("inbox", "sent", "")
    assert got(told) == [("sms", "Text All")]


def test_what_may_have_arrived_by_one_channel_goes_by_no_other(told: Campaigning) -> None:
    told.released(instead=(SMS,))
    told.goes(Carrier("push"))
    terms = told.shop.terms
    taken = told.shop.do(
        lambda tx, _: take_messages(tx, terms, KEYED, {"email": True, "sms": True})
    )
    assert len(taken) == 2, "and its worker is gone"
    told.shop.now += timedelta(minutes=30)
    told.says("all", "email", "withdrawn")
    for one in told.carriers:
        one.takes_key = True  # type: ignore[attr-defined]
    told.goes()
    kept = {row[0]: row[1:] for row in told.shop.rows(_BY)}
    assert kept["all"][:2] == ("email", "unknown"), "they took back their word meanwhile"
    assert got(told) == [("sms", "Text Texts")], "with a key it is asked again"


def test_a_channel_that_refuses_at_hand_over_is_followed_by_the_next(told: Campaigning) -> None:
    told.released(instead=(SMS, CARD))
    mail, texts = told.carriers
    told.goes(Refuses("email"))
    assert ("all", "sms", "waiting", "") in told.shop.rows(_BY)
    told.goes(mail, texts)
    assert {row[0]: row[1:] for row in told.shop.rows(_BY)}["all"] == ("sms", "sent", "")
    stale = PushDevice(
        UUID(int=3), told.id_of("card"), "https://push.test/1", b"", b"", "", told.shop.now
    )
    due = Due(UUID(int=1), told.id_of("card"), UUID(int=2), 0, told.shop.now, False)
    for channel, gone, state in (("push", (stale,), "waiting"), ("push", (), "skipped"),
                                 ("", (stale,), "skipped")):  # fmt: skip
        one: Any = SimpleNamespace(
            due=replace(due, channel=channel), attempts=1, devices=(stale,), address=DEVICES
        )
        went = Went(one, "never", "410", gone=gone)
        found = told.shop.do(lambda tx, _, went=went: _settled(tx, went))  # type: ignore[misc]
        assert found == state


def test_a_further_channel_promises_the_first_offer_and_is_no_way(told: Campaigning) -> None:
    offered(told.shop, "ten-off")
    offered(told.shop, "free-cake")
    campaign = told.released(
        instead=(SMS, CARD), variants=({"en": SPRING},), offers=("ten-off", "free-cake")
    )
    while told.shop.do(lambda tx, _: queue_campaigns(tx)):
        """Until everybody has their row."""
    told.shop.rows("update campaign_message set variant = 1 where program_id = $1 returning 1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys.modules[take_messages.__module__], "way_of", lambda *_: 1)
        for _ in range(2):
            told.goes()
    assert dict(told.shop.rows(_HAS)) == {
        "all": "free-cake", "texts": "ten-off", "card": "ten-off"
    }  # fmt: skip
    told.shop.rows(_ONE_READS_A, "webhook")
    today = told.shop.now.date()
    ways = told.shop.do(lambda tx, _: by_way(tx, campaign.campaign_id, today, today, 2))
    assert [one.side.members for one in ways.ways] == [1, 2], "by their letter, or by nothing"


def test_what_came_back_is_judged_of_letters(told: Campaigning) -> None:
    told.shop.now += timedelta(minutes=1)
    for name, value in (("returned_least", 1), ("bounces_most", 4_000)):
        told.shop.ask(keep_staff, ChangeSetting(name, value, MIA))
    told.says("webhook", "email", "given")
    told.shop.now += timedelta(minutes=1)
    told.released(instead=(SMS, CARD))
    told.goes()
    told.goes()
    (id_,) = (id_ for name, id_ in told.ids().items() if name == "webhook")
    told.shop.do(lambda tx, _: _writes(tx, returned_write.back(tx, {id_: "hard"})))
    told.shop.rows("update campaign set state = 'sending' where program_id = $1 returning 1")
    told.shop.do(lambda tx, _: queue_campaigns(tx))
    sql = "select paused_why from campaign where program_id = $1"
    assert told.shop.rows(sql) == [("bounces",)], "one of two letters, not one of four"


def test_who_waits_for_a_channel_that_nothing_sends_is_late_after_a_while(
    told: Campaigning,
) -> None:
    told.released(instead=(SMS,))
    mail = told.carriers[0]
    told.goes(mail)
    told.shop.now += timedelta(days=2)
    told.goes(mail)
    assert ("texts", "sms", "waiting", "") in told.shop.rows(_BY)
    told.shop.now += timedelta(days=2)
    told.goes(mail)
    told.goes(mail)
    assert ("texts", "sms", "skipped", "late") in told.shop.rows(_BY)
    assert told.state() == "sent"


def test_by_webhook_it_waits_until_somebody_hears_it(told: Campaigning) -> None:
    told.shop.rows("delete from hook_wish where program_id = $1 returning 1")
    told.released("tells", channel="webhook", says={"en": SPRING})
    told.goes(Carrier("push"))
    assert ("webhook", "waiting", "") in told.kept("tells")
    hears(told.shop)
    told.goes(Carrier("push"))
    assert ("webhook", "sent", "") in told.kept("tells")


def test_another_system_is_told_once_what_to_say(told: Campaigning) -> None:
    told.released("tells", channel="webhook", says={"en": SPRING})
    told.goes(Carrier("push"))
    told.goes(Carrier("push"))
    ((name, text, campaign, stop),) = told.shop.rows(_HEARD)
    assert (name, campaign) == ("webhook", "tells"), "who agreed to it alone"
    assert text == "Hi Webhook, you have 0 points."
    assert stop.startswith("https://club.test/card/stop?link=webhook-")
    told.shop.ask(erase_members, EraseMember(told.id_of("webhook")))
    sql = "select payload from outbox where program_id = $1 and type = 'message.told'"
    assert "Webhook" not in told.shop.rows(sql)[0][0], "an erased member is named nowhere"


def test_a_try_that_is_over_tells_nobody(told: Campaigning) -> None:
    told.released("tells", channel="webhook", says={"en": SPRING})
    told.goes(Carrier("email"))
    again = "update campaign_message set state = 'sending', settled_at = null, attempts = 2 "
    told.shop.rows(again + "where program_id = $1 and state = 'sent' returning 1")
    told.shop.rows("update campaign set state = 'sending' where program_id = $1 returning 1")
    terms = told.shop.terms
    taken = told.shop.do(lambda tx, _: take_messages(tx, terms, KEYED, {"webhook": True}))
    assert not taken
    ((id_, who),) = told.shop.rows(
        "select message_id, member_id from campaign_message where program_id = $1 "
        "and state = 'sending'"
    )
    told.shop.now += timedelta(hours=1)
    (late,) = told.shop.do(lambda tx, _: take_messages(tx, terms, KEYED, {"webhook": True}))
    assert (late.due.message_id, late.due.member_id, late.attempts) == (id_, who, 3)
    said = PassedOn("en", "Spring", "Hi", "")
    for tries in (2, 3, 3):
        went = Went(replace(late, attempts=tries), "sent", passed_on=said)
        told.shop.do(lambda tx, _, went=went: settle_messages(tx, [went]))  # type: ignore[misc]
    assert len(told.shop.rows(_HEARD)) == 2, "the first, and the one that was still under way"


def test_it_invites_to_an_event_with_its_fields_until_that_begins(told: Campaigning) -> None:
    says = {"en": Said("{{ event.name }}: {{ event.when }}, {{ event.where }} {{ event.link }}",
                       "Come")}  # fmt: skip
    wrong = told.keeps(says=says)
    assert (wrong.code, wrong.field) == ("invalid", "/says/en/text"), "it invites to none"
    wrong = told.keeps(says=says, event="tasting")
    assert (wrong.code, wrong.field) == ("invalid", "/event")
    begins = told.shop.now + timedelta(days=2)
    plan(told.shop, "tasting", begins_at=begins, ends_at=begins + timedelta(hours=1),
         at_place="The roastery")  # fmt: skip
    told.released(says=says, event="tasting")
    told.goes()
    text = told.carriers[0].letters[0].text.partition("\n")[0]  # type: ignore[attr-defined]
    assert text.startswith("Tasting: March 4, 2026, ")
    assert "The roastery" in text
    assert text.endswith("https://club.test/card/me/events/tasting")
    told.says("texts", "email", "given")
    told.released("late", says=says, event="tasting", send_at=begins - timedelta(hours=1))
    told.shop.now = begins + timedelta(minutes=1)
    told.goes()
    told.goes()
    assert {reason for _, _, reason in told.kept("late")} == {"called_off"}
