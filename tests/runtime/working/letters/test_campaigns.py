"""A campaign goes from a draft to everybody's letter box, each at most once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.terms.segments.test_following import follows
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.campaigning import MIA, OTTO, SPRING, Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import SOURCE, Killed

from regulars.base.faults import Invalid, Refused
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.office.segments.commands import ListMembers
from regulars.flows.membership.office.segments.keep_segments import list_members
from regulars.flows.telling.campaigns.journeys.ready import ready
from regulars.records.access.staff.types import By
from regulars.records.members.types import EraseMember
from regulars.records.outbox.campaigns.journeys.types import MessageStep
from regulars.records.outbox.campaigns.rules import held_out
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.records.outbox.campaigns.written.read import written_to
from regulars.records.outbox.delivery.rules import LEASE
from regulars.runtime.working.letters import campaigns as sending
from regulars.surfaces.senders.types import Letter, Sender
from regulars.surfaces.senders.types import Said as Told


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


def test_what_was_approved_reaches_everybody_who_agreed_with_a_link_that_ends_it(
    told: Campaigning,
) -> None:
    told.joins("ada", "bo")
    told.joins("cem", agrees=False)
    told.shop.record(buys(by(external="ada"), 3000))
    draft = told.keeps()
    assert (draft.state, told.goes(), told.to()) == ("draft", 0, [])
    assert told.steps("approve").code == "campaign_not_so", "nobody looked at it"
    checked = told.steps("check")
    assert (checked.state, checked.audience) == ("checked", 3)
    assert told.steps("approve", version=checked.version + 1).code == "campaign_not_so"
    assert told.steps("approve").state == "approved"
    told.goes()
    assert told.to() == ["ada@example.org", "bo@example.org"]
    assert told.kept() == [
        ("ada", "sent", ""),
        ("bo", "sent", ""),
        ("cem", "skipped", "no_consent"),
    ]
    letter = next(one for one in told.office.letters if "ada" in str(one["To"]))
    assert str(letter["Subject"]) == "Spring"
    text = letter.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert text.startswith("Hi Ada, you have 30 points.")
    link = str(letter["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://club.test/card/stop?link=email-")
    assert link in text.replace("\n", "")
    assert str(letter["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    told.goes()
    assert (told.state(), len(told.to())) == ("sent", 2)


def test_a_change_makes_it_a_draft_and_the_same_again_changes_nothing(told: Campaigning) -> None:
    told.joins("ada")
    told.keeps()
    checked = told.steps("check")
    assert told.keeps() == checked
    changed = told.keeps(name="Summer")
    assert (changed.state, changed.version, changed.audience) == ("draft", 2, None)


def test_whom_a_campaign_went_to_can_be_listed_by_what_became_of_it(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.joins("cem", agrees=False)
    told.released()
    told.goes()
    sql = "select campaign_id from campaign where program_id = $1"
    ((id_,),) = told.shop.rows(sql)

    def listed(state: str | None, reason: str | None, after: Any = None) -> list[Any]:
        which = state, reason
        return told.shop.do(lambda tx, _: written_to(tx, id_, which, after, 2))

    first = listed(None, None)
    assert len(first) == 2
    rest = listed(None, None, first[-1].place)
    assert {one.member_id for one in (*first, *rest)} == set(map(told.id_of, ("ada", "bo", "cem")))
    assert len(listed("sent", None)) == 2
    (skipped,) = listed("skipped", "no_consent")
    assert skipped.member_id == told.id_of("cem")
    told.shop.ask(erase_members, EraseMember(told.id_of("ada")))
    assert [one.member_id for one in listed("sent", None)] == [told.id_of("bo")]
    one = MergeMembers(by(external="bo"), by(external="cem"), "one person", "mia")
    cem = told.id_of("cem")
    told.shop.ask(merge_members, one)
    assert [one.member_id for one in listed("sent", None)] == [cem]


def test_many_members_need_a_second_person(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.shop.ask(keep_staff, ChangeSetting("campaign_alone", 1, MIA))
    told.keeps()
    told.steps("check")
    refused = told.steps("approve", who=MIA)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.facts) == ("second_person_needed", {"members": 2, "alone": 1})
    assert told.steps("approve", who=OTTO).state == "approved"


def test_whoever_wrote_any_of_it_is_no_second_person(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.shop.ask(keep_staff, ChangeSetting("campaign_alone", 1, MIA))
    told.keeps()
    told.keeps(name="Spring!", by=OTTO)
    told.steps("check")
    for who in (MIA, OTTO):
        assert told.steps("approve", who=who).code == "second_person_needed", who
    assert told.steps("approve", who=By(words="pia")).state == "approved"


def test_what_was_approved_for_few_does_not_go_to_many(told: Campaigning) -> None:
    everybody = ("ada", "bo", "cy", "di", "ed")
    told.joins(*everybody)
    late = tuple(map(told.id_of, everybody[2:]))
    told.shop.ask(list_members, ListMembers("all", late, MIA, adds=False))
    follows(told.shop)
    told.shop.ask(keep_staff, ChangeSetting("campaign_alone", 1, MIA))
    told.keeps(send_at=told.shop.now + timedelta(hours=2))
    assert told.steps("check").audience == 2
    assert told.steps("approve", who=OTTO).state == "approved"
    told.shop.ask(list_members, ListMembers("all", late, MIA))
    follows(told.shop)
    told.shop.now += timedelta(hours=3)
    told.goes()
    assert (told.state(), told.to()) == ("checked", [])
    assert told.steps("approve", who=OTTO).state == "approved", "for as many as are there now"
    told.goes()
    assert len(told.to()) == 5


def test_consent_taken_back_between_queueing_and_sending_is_seen(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.released()
    assert told.goes(told.carriers[1]) == 0, "there is no sender for letters yet"
    assert [state for _, state, _ in told.kept()] == ["waiting", "waiting"]
    told.shop.now += timedelta(minutes=1)
    told.says("bo", "email", "withdrawn")
    told.goes()
    assert told.kept() == [("ada", "sent", ""), ("bo", "skipped", "no_consent")]
    assert told.to() == ["ada@example.org"]


def test_the_cap_counts_all_campaigns_and_ends_with_its_days(told: Campaigning) -> None:
    told.joins("ada")
    for code in ("one", "two", "three", "four"):
        told.released(code)
    told.goes()
    assert [told.kept(code)[0][1:] for code in ("one", "two", "three", "four")] == [
        ("sent", ""), ("sent", ""), ("sent", ""), ("skipped", "capped"),
    ]  # fmt: skip
    told.shop.now += timedelta(days=7)
    told.released("five")
    told.goes()
    assert told.kept("five") == [("ada", "sent", "")]


def test_nobody_is_written_to_at_night_and_everybody_by_their_own_clock(told: Campaigning) -> None:
    told.shop.at("2026-03-02 22:00")
    told.joins("ada")
    told.joins("nia", zone="America/New_York")
    told.listed("ada", "nia")
    told.released()
    told.goes()
    assert told.kept() == [("ada", "waiting", ""), ("nia", "sent", "")]
    told.shop.at("2026-03-03 08:00")
    told.goes()
    assert told.kept()[0] == ("ada", "sent", "")
    told.released("nine", send_at=told.shop.local("2026-03-04 09:00"), local=True)
    told.shop.at("2026-03-04 09:00")
    told.goes()
    assert told.kept("nine") == [("ada", "sent", ""), ("nia", "waiting", "")]
    told.shop.at("2026-03-04 15:00")
    told.goes()
    assert told.kept("nine")[1] == ("nia", "sent", "")


class Dying:
    """Sends, and does not live to tell; with a key where the provider takes one."""

    def __init__(self, carrier: Sender) -> None:
        self.channel, self.name, self._carrier = carrier.channel, "dying", carrier
        self.takes_key = getattr(carrier, "takes_key", False)

    async def send(self, letters: Sequence[Letter]) -> Sequence[Told]:
        await self._carrier.send(letters)
        raise Killed


def test_killed_between_call_and_answer_nobody_is_written_to_twice(told: Campaigning) -> None:
    told.joins("ada")
    told.released()
    with pytest.raises(Killed):
        told.goes(Dying(told.mail))
    assert told.kept() == [("ada", "sending", "")]
    told.shop.now += LEASE
    told.goes()
    assert (told.kept(), len(told.to())) == ([("ada", "unknown", "")], 1)


def test_with_a_key_it_is_asked_again_by_the_same_key(told: Campaigning) -> None:
    told.joins("ada")
    told.released(channel="sms", says={"en": Said("Hi {{ member.given_name }}")})
    with pytest.raises(Killed):
        told.goes(Dying(told.carriers[1]))
    told.goes()
    assert told.kept() == [("ada", "sending", "")], "it is the dead one's for two minutes"
    told.shop.now += LEASE
    told.goes()
    assert told.kept() == [("ada", "sent", "")]
    keys = [one["key"] for one in told.sms.asked]
    assert (len(keys), len(set(keys))) == (2, 1)


def test_a_provider_that_is_away_costs_nobody_their_letter(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.released()
    told.office.answers = ["421 closing"]
    told.goes()
    assert [state for _, state, _ in told.kept()] == ["waiting", "waiting"]
    told.shop.now += timedelta(minutes=1)
    told.goes()
    assert [state for _, state, _ in told.kept()] == ["sent", "sent"]


def test_what_is_stopped_stays_where_it_is(told: Campaigning) -> None:
    told.joins("ada")
    told.released()
    told.goes(told.carriers[1])
    assert told.steps("stop").state == "stopped"
    told.goes()
    assert (told.kept(), told.to()) == ([("ada", "skipped", "stopped")], [])


def test_of_an_erased_member_nothing_is_sent_and_the_row_stays(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.released()
    told.goes(told.carriers[1])
    told.shop.ask(erase_members, EraseMember(told.id_of("ada")))
    told.goes()
    rows = told.shop.rows(
        "select state, reason, address is null from campaign_message "
        "where program_id = $1 order by 1"
    )
    assert rows == [("sent", "", False), ("skipped", "gone", True)]


def test_from_five_hundred_on_some_are_held_out_and_always_the_same(told: Campaigning) -> None:
    told.joins("ada")
    told.shop.rows(
        """insert into segment_member (program_id, segment_id, member_id, since)
        select $1, segment_id, gen_random_uuid(), now() - interval '1 year'
          from segment, generate_series(1, 1000) returning 1"""
    )
    kept = told.released(held_percent=20)
    told.goes(told.carriers[1])
    rows = told.shop.rows(
        "select member_id, state from campaign_message where program_id = $1 and campaign_id = $2",
        kept.campaign_id,
    )
    assert len(rows) == 1001
    assert 140 < sum(state == "held_out" for _, state in rows) < 260
    assert all((s == "held_out") == held_out(kept.campaign_id, who, 20) for who, s in rows)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"en": Said("{{ member.nmae }}", "x")}, "/says/en/text"),
        ({"en": Said("{% for i in (1..100000000) %}x{% endfor %}", "x")}, "/says/en/text"),
        ({"en": Said("{{" * 9000, "x")}, "/says/en/text"),
        ({"en": Said("x" * 10_000_000, "x")}, "/says/en/text"),
        ({"en": Said("x")}, "/says/en/about"),
        ({"de": Said("x", "x")}, "/says"),
        ({"en": SPRING, "fr": SPRING}, "/says/fr"),
    ],
)
def test_a_bad_template_is_refused_at_its_place(
    told: Campaigning, said: dict[str, Said], field: str
) -> None:
    told.joins("ada")
    fault = told.keeps(says=said)
    assert isinstance(fault, Invalid), fault
    assert fault.field == field
    assert told.shop.rows("select 1 from campaign where program_id = $1") == []
    assert isinstance(told.keeps(), Campaign)


AHEAD = Said(
    "{% if next.reward %}{{ next.missing }} to {{ next.reward }}{% else %}nothing ahead{% endif %}",
    "Ahead",
)
SHELF = (
    SOURCE
    + """
  - {id: card, name: A card, price: {points: 35}, until_on: "2020-01-01"}
  - {id: pen, name: A pen, price: {points: 36}, for: {student: [true]}}
  - {id: cake, name: A cake, price: {points: 40}, tier: gold}
  - id: bag
    name: A bag
    price: {points: 80}
    stores: [north]
    tier_prices: {gold: {price: {points: 60}}}
tiers: {measure: spend, steps: [{id: gold, at: "50.00"}]}
"""
)


def test_a_letter_names_the_reward_that_is_next_as_the_card_has_it(told: Campaigning) -> None:
    told.shop.begin(SHELF, slug=f"n{os.urandom(4).hex()}")
    told.joins("ada", "bo", "cem", "dee", attributes={"student": False})
    for name, cents in (("ada", 1200), ("bo", 3700), ("cem", 5500), ("dee", 9900)):
        told.shop.record(buys(by(external=name), cents))
    told.released(says={"en": AHEAD})
    told.goes()
    texts = {one["To"]: one.get_body(("plain",)) for one in told.office.letters}
    found = {name: one.get_content().splitlines()[0] for name, one in texts.items()}
    assert {name.partition("@")[0]: text for name, text in found.items()} == {
        "ada": "18 to A cup",
        "bo": "43 to A bag",  # the card is over, the pen for students, the cake for gold
        "cem": "5 to A bag",  # at the price of their tier
        "dee": "nothing ahead",
    }
    told.office.envelopes.clear()
    told.released("plain")
    told.goes()
    assert len(told.to()) == 4


def test_a_letter_names_what_lapses_next_and_the_last_day_it_is_there(told: Campaigning) -> None:
    says = (
        "{% if lapse.points %}{{ lapse.points }} until {{ lapse.last_day }}{% else %}-{% endif %}"
    )
    told.joins("ada", "bo")
    first = told.shop.now.astimezone(told.shop.zone).date()
    for cents in (1200, 800):
        told.shop.record(buys(by(external="ada"), cents))
        told.shop.now += timedelta(days=1)
    told.released(says={"en": Said(says, "Soon")})
    told.goes()
    texts = {one["To"]: one.get_body(("plain",)) for one in told.office.letters}
    found = {name: one.get_content().splitlines()[0] for name, one in texts.items()}
    last = first + timedelta(days=60)
    assert found == {
        "ada@example.org": f"12 until {last:%B} {last.day}, {last.year}",
        "bo@example.org": "-",
    }


def test_the_ready_letter_says_of_which_wallet_points_lapse(told: Campaigning) -> None:
    """Of two wallets none lends its number to the other, and what is far away is not soon."""
    two = SOURCE.replace("wallets:\n", "wallets:\n  beans: {}\n")
    told.shop.begin(two, slug=f"n{os.urandom(4).hex()}")
    told.joins("ada", "bo")
    for name in ("ada", "bo"):
        told.shop.ask(adjust_balances, Adjust(by(external=name), "beans", 1200, "gift", "mia"))
    told.shop.record(buys(by(external="ada"), 1200))
    told.shop.now += timedelta(days=1)
    told.shop.record(buys(by(external="ada"), 800))
    found = ready("points-expiring", told.shop.terms.at(told.shop.now).program)
    assert found is not None
    (letter,) = [one for one in found.plan.steps if isinstance(one, MessageStep)][:1]
    told.released(says={"en": letter.says["en"]})
    told.goes()
    texts = {one["To"]: one.get_body(("plain",)) for one in told.office.letters}
    said = {name[:2]: one.get_content().splitlines()[2] for name, one in texts.items()}
    assert said["ad"].startswith("12 of your 20 Points lapse soon: "), said
    assert said["bo"].startswith("some of your points lapse soon."), said


def test_a_portion_that_is_queued_again_leaves_who_has_their_row(told: Campaigning) -> None:
    told.joins("ada", "bo", "cy")
    told.released()
    told.goes(told.carriers[1])
    before = told.ids()
    begin_again = (
        "update campaign set state = 'queueing', queued_after = null where program_id = $1"
    )
    lost = "delete from campaign_message where program_id = $1 and member_id = $2"
    told.shop.rows(begin_again)
    told.shop.rows(lost, told.id_of("ada"))
    told.goes(told.carriers[1])
    after = told.ids()
    assert {name: after[name] for name in ("bo", "cy")} == {n: before[n] for n in ("bo", "cy")}
    assert after["ada"] != before["ada"]
    begins = {str(one)[:8] for one in after.values()}
    assert len(begins) == 1, "written one behind the other"
    ends = {str(one)[14:] for one in after.values()}
    known = {str(told.id_of(name))[14:] for name in after}
    assert len(ends) == 3, "and guessed by nobody"
    assert not ends & known


def test_while_an_audience_is_queued_tills_have_most_of_each_moment(
    told: Campaigning,
) -> None:
    paused: list[float] = []

    async def pauses(seconds: float) -> None:
        paused.append(seconds)

    async def slow(_: Any) -> bool:
        began = time.monotonic()
        while time.monotonic() - began < 0.02:
            pass
        return not paused

    shop = told.shop
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "queue_campaigns", slow)
        patch.setattr("asyncio.sleep", pauses)
        more = [shop.run(sending.queue_portion(shop.database, shop.program_id)) for _ in range(2)]
    assert more == [True, False]
    assert len(paused) == 1, "whoever is queued whole waits for nothing"
    assert 0.03 <= paused[0] <= sending.LONGEST_PAUSE_S
