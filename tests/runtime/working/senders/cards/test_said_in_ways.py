"""A campaign that is said in several ways: who reads which is drawn once, by nobody's choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.flows.terms.experiments.offering import moves, offered
from tests.makers import Shop
from tests.runtime.working.letters.campaigning import MIA, Campaigning
from tests.runtime.working.senders.cards.test_in_the_card import goes, lies
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.base.faults import Invalid
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.telling.campaigns.queue_campaigns import queue_campaigns
from regulars.records.outbox.campaigns.rules import held_out, way_of
from regulars.records.outbox.campaigns.types import Campaign, Said

A, B, C = ({"en": Said(f"{name} {{{{ member.given_name }}}}", name)} for name in "ABC")
NAMES = tuple(f"m{number}" for number in range(24))


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop) -> Campaigning:
    return campaigning(opened)


def campaigning(opened: Shop) -> Campaigning:
    """Two dozen members who agreed to hear of it in their card."""
    office, sms = PostOffice(), Provider()
    office.envelopes, office.answers, office.port = [], [], 1  # type: ignore[misc]
    sms.asked, sms.answers, sms.url = [], [], "http://127.0.0.1:1"  # type: ignore[misc]
    made = Campaigning(opened, office, sms)
    made.joins(*NAMES, agrees=False)
    for name in NAMES:
        made.says(name, "inbox", "given")
    return made


def test_each_reads_the_way_that_is_drawn_for_them(told: Campaigning) -> None:
    campaign = told.released(channel="inbox", says=A, variants=(B, C))
    for _ in range(3):
        goes(told)
    read = {name: lies(told, name)[0].about for name in NAMES}
    drawn = {name: "ABC"[way_of(campaign.campaign_id, told.id_of(name), 3)] for name in NAMES}
    assert read == drawn
    assert set(read.values()) == {"A", "B", "C"}
    kept = told.shop.rows(
        "select member_id, variant from campaign_message where program_id = $1",
    )
    assert {who: "ABC"[way] for who, way in kept} == {
        told.id_of(name): way for name, way in drawn.items()
    }


def test_one_way_draws_nothing(told: Campaigning) -> None:
    told.released(channel="inbox", says=A)
    goes(told)
    assert {row[0] for row in told.shop.rows(
        "select variant from campaign_message where program_id = $1")} == {None}  # fmt: skip


def test_ways_are_equal_and_drawn_apart_from_who_is_held_out() -> None:
    campaign, members = uuid4(), [uuid4() for _ in range(9_000)]
    ways = Counter(way_of(campaign, one, 3) for one in members)
    assert all(2_800 <= many <= 3_200 for many in ways.values())
    out = Counter(way_of(campaign, one, 3) for one in members if held_out(campaign, one, 20))
    assert all(500 <= many <= 700 for many in out.values())
    assert way_of(campaign, members[0], 1) == 0
    assert way_of(UUID(int=1), UUID(int=2), 2) == way_of(UUID(int=1), UUID(int=2), 2)


@pytest.mark.parametrize(
    ("variants", "field"),
    [
        ((B, B, B, B), "/variants"),
        (({"de": Said("x", "y")},), "/variants/0/says"),
        ((B, {"en": Said("{{ nobody }}", "x")}), "/variants/1/says/en/text"),
        (({"en": Said("x")},), "/variants/0/says/en/about"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(told: Campaigning, variants: Any, field: str) -> None:
    found = told.keeps(channel="inbox", says=A, variants=variants)
    assert isinstance(found, Invalid)
    assert found.field == field


def test_another_way_makes_it_a_draft_again(told: Campaigning) -> None:
    told.keeps(says=A)
    told.steps("check")
    kept = told.keeps(says=A, variants=(B,), by=MIA)
    assert isinstance(kept, Campaign)
    assert (kept.state, kept.version, len(kept.variants)) == ("draft", 2, 1)


def test_each_way_gives_its_own_offer_and_only_to_who_is_written_to(told: Campaigning) -> None:
    shop, quiet = told.shop, NAMES[0]
    shop.now += timedelta(minutes=1)
    told.says(quiet, "inbox", "withdrawn")
    offered(shop, "spring")
    offered(shop, "few", most=3)
    wrong = told.keeps(channel="inbox", says=A, offers=("autumn",))
    assert (wrong.code, wrong.field) == ("invalid", "/offers/0")
    wrong = told.keeps(channel="inbox", says=A, offers=("spring", "few"))
    assert wrong.field == "/offers", "there is one way"
    campaign = told.released(channel="inbox", says=A, variants=(B,), offers=("spring", "few"))
    for _ in range(3):
        goes(told)
    has = dict.fromkeys(NAMES, "") | dict(shop.rows(_HAS))
    ways = {name: way_of(campaign.campaign_id, told.id_of(name), 2) for name in NAMES}
    assert {has[name] for name in NAMES if name != quiet and not ways[name]} == {"spring"}
    few = [name for name in NAMES if name != quiet and ways[name]]
    assert sorted(has[name] for name in few) == [""] * (len(few) - 3) + ["few"] * 3
    assert has[quiet] == ""
    lost = {name for name, _, reason in told.kept() if reason == "no_offer"}
    assert lost == {name for name in few if not has[name]}
    assert all(lies(told, name) == [] for name in lost), "nobody is told of what they do not get"
    assert set(shop.rows("select how from offer_member where program_id = $1")) == {("campaign",)}


def test_what_is_not_sent_for_want_of_its_offer_uses_up_nothing_of_the_cap(
    told: Campaigning,
) -> None:
    told.shop.now += timedelta(minutes=1)
    told.shop.ask(keep_staff, ChangeSetting("campaign_most", 1, MIA))
    offered(told.shop, "few", most=3)
    for code, says, offers in (("gives", A, ("few",)), ("plain", B, ())):
        told.shop.now += timedelta(seconds=1)
        told.released(code, channel="inbox", says=says, offers=offers)
        while told.shop.do(lambda tx, _: queue_campaigns(tx)):
            """Until it waits for everybody."""
    for _ in range(3):
        goes(told)
    gave = {name for name, state, _ in told.kept("gives") if state == "sent"}
    assert len(gave) == 3
    assert {reason for *_, reason in told.kept("gives")} == {"", "no_offer"}
    sent = {name for name, state, _ in told.kept("plain") if state == "sent"}
    assert sent == set(NAMES) - gave, "each is written to once, by what could be sent"


def test_a_campaign_whose_offer_is_closed_is_not_approved(told: Campaigning) -> None:
    offered(told.shop, "spring")
    told.keeps(channel="inbox", says=A, offers=("spring",))
    told.steps("check")
    moves(told.shop, "close")
    assert told.steps("approve").field == "/offers/0"


_HAS = """
select i.value, o.code from offer_member h
  join offer o using (program_id, offer_id)
  join identifier i on i.program_id = h.program_id and i.member_id = h.member_id
   and i.kind = 'external'
 where h.program_id = $1
"""
