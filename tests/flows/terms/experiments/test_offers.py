"""Offers: a promise to some, given and taken back with the purchase as any rule of the program."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.flows.points.sharing import merge
from tests.flows.terms.experiments.offering import (
    WHO,
    activates,
    earns,
    gives,
    has,
    keeps,
    listed,
    moves,
    offered,
    opens,
    walks,
)
from tests.makers import NOON, Shop, asked, brings_back, buys, by
from tests.planted.replay.checks import differences

from regulars.base.faults import Invalid, Refused
from regulars.flows.commands import Redeem
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, UseBenefit
from regulars.flows.membership.office.segments.commands import DropSegment, KeepSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.flows.terms.plan_version import plan_version
from regulars.flows.terms.promised.commands import GiveOffer
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef
from regulars.records.program import read as versions
from regulars.records.program.changes.offers.types import Access, Bonus, Offer, Price, Times
from regulars.records.program.templates import load_template
from regulars.records.standing.categories.types import Stretch
from regulars.records.standing.categories.write import say
from regulars.records.standing.values.types import Value
from regulars.records.standing.values.write import keep_values
from regulars.surfaces.in_words.warned import warnings_in_words
from regulars.surfaces.ui.reader import Reader


def test_whoever_is_in_the_segment_has_it_by_itself_once_and_within_their_days(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cem")
    listed(cafe, "ada", "bo")
    offered(cafe, segment="some")
    assert earns(cafe, "ada") == 10, "nobody was given it yet"
    walks(cafe)
    assert has(cafe, "ada") == [("spring", "held", date(2026, 3, 16))]
    assert [earns(cafe, "ada"), earns(cafe, "ada")] == [60, 10]
    assert has(cafe, "ada") == [], "used"
    assert earns(cafe, "cem") == 10
    cafe.now += timedelta(days=14)
    assert earns(cafe, "bo") == 10, "fourteen days are over"
    assert has(cafe, "bo") == []
    late = cafe.now - timedelta(days=1)
    assert earns(cafe, "bo", occurred_at=late) == 60, "told late, it happened in time"
    early = cafe.local("2026-03-01T12:00")
    assert earns(cafe, "bo", occurred_at=early) == 10, "before it was offered"
    assert differences(cafe) == []


def test_what_comes_back_takes_it_back_and_frees_it(cafe: Shop) -> None:
    cafe.joined("ada")
    offered(cafe)
    gives(cafe, "ada")
    assert earns(cafe, "ada", receipt="R1") == 60
    (back,) = cafe.record(brings_back("R1"))
    assert back.earned == {"points": -60}
    assert earns(cafe, "ada") == 60, "it was never had"


def test_everybodys_budget_is_never_passed_and_what_is_left_of_it_is_given(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cem")
    offered(cafe, budget="80")
    for who in ("ada", "bo", "cem"):
        gives(cafe, who)
    assert [earns(cafe, who) for who in ("ada", "bo", "cem")] == [60, 40, 10]
    refused = opens(cafe, "spring")
    assert isinstance(refused, Offer), "open already: nothing changes"


def test_no_more_have_it_than_it_says_also_where_two_give_at_once(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cem")
    offered(cafe, most=2)
    acts = [
        (
            lambda tx, terms, who=who: give_offers(
                tx, terms, [GiveOffer("spring", by(external=who), WHO)]
            )
        )
        for who in ("ada", "bo", "cem")
    ]
    done = [one[0] for one in cafe.together(*acts)]
    assert sorted(isinstance(one, Refused) for one in done) == [False, False, True]
    assert [one.code for one in done if isinstance(one, Refused)] == ["offer_given_away"]
    assert cafe.rows("select given from offer where program_id = $1") == [(2,)]


def test_it_counts_from_when_it_is_activated_and_no_later_than_it_ends(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cem")
    listed(cafe, "ada", "bo")
    offered(cafe, segment="some", activating=True)
    walks(cafe)
    assert earns(cafe, "ada") == 10
    assert has(cafe, "ada") == [("spring", "offered", date(2026, 3, 16))]
    cafe.now += timedelta(days=13)
    assert activates(cafe, "ada").until_on == date(2026, 3, 29)
    assert not activates(cafe, "ada").fresh, "once"
    assert activates(cafe, "cem").code == "offer_not_yours"
    cafe.now += timedelta(days=2)
    assert earns(cafe, "ada") == 60
    assert activates(cafe, "bo").code == "offer_over"
    assert earns(cafe, "bo") == 10


def test_goods_of_a_category_count_so_many_times_and_the_others_once(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    offered(cafe, gives=Times("points", "2.5", ("cake",)))
    gives(cafe, "ada")
    basket = [Line(400, "cheesecake", category="cake"), Line(600, "beans", category="shop")]
    assert [earns(cafe, "ada", basket), earns(cafe, "ada", basket)] == [16, 16]
    assert earns(cafe, "bo", basket) == 10
    offered(cafe, "thrice", Times("points", 3), ends_on=date(2026, 4, 1), days=None)
    gives(cafe, "bo", "thrice")
    assert earns(cafe, "bo", basket) == 30
    assert differences(cafe) == []


def test_a_reward_at_another_price_is_had_by_who_was_offered_it_alone(cafe: Shop) -> None:
    ada, bo = cafe.joined("ada", "bo")
    for who in (ada, bo):
        cafe.record(buys(who, 12_000))
    coffee = Price("free-coffee", {"points": 20})
    offered(cafe, gives=coffee, days=None, ends_on=date(2026, 4, 1))
    gives(cafe, "ada")
    had, again = (cafe.redeem(Redeem(ada, "offer-spring"))[0] for _ in range(2))
    assert cafe.balances("ada")["points"][0] == 100, had
    assert isinstance(again, Refused), "once"
    assert has(cafe, "ada") == [], "used"
    assert isinstance(cafe.redeem(Redeem(bo, "offer-spring"))[0], Refused)
    assert keeps(cafe, "other", coffee).field == "/ends_on", "it needs one end for everybody"


def test_access_is_a_benefit_that_is_granted_until_it_ends(open_shop: Any) -> None:
    source = load_template("coffee-shop") + (
        "\nbenefits:\n  - {id: early, name: Early access, by: grant}\n"
    )
    shop = open_shop(source)
    shop.joined("ada", "bo")
    listed(shop, "ada")
    offered(shop, gives=Access("early"), segment="some", days=3)
    walks(shop)
    rows = shop.rows(
        "select benefit, times, until_at, reason from benefit_grant where program_id = $1"
    )
    assert rows == [("early", 1, shop.local("2026-03-05T00:00"), "offer-spring")]
    assert len(shop.terms.versions) == 1, "nothing is published for it"
    assert has(shop, "ada") == [("spring", "held", date(2026, 3, 5))]
    shop.ask(use_benefits, UseBenefit(by(external="ada"), "early", asked=asked("u")))
    assert has(shop, "ada") == [], "used"
    assert keeps(shop, "no", Access("late")).field == "/gives/benefit"


def test_from_five_hundred_on_some_are_held_out_for_good_unless_given_by_hand(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    listed(cafe, "ada", "bo")
    cafe.rows(MANY)
    offered(cafe, segment="some", held_percent=50)
    walks(cafe, most=300)
    counts = dict(
        cafe.rows("select state, count(*) from offer_member where program_id = $1 group by 1")
    )
    assert set(counts) == {"held", "held_out"}
    assert 250 <= counts["held_out"] <= 410, counts
    (chosen,) = cafe.rows(OUT)[0]
    cafe.now += timedelta(minutes=11)
    walks(cafe, most=300)
    again = cafe.rows(STATE, chosen)
    assert again == [("held_out",)], "it is sticky"
    assert cafe.rows(
        "select derived from member where program_id = $1 and member_id = $2", chosen
    ) == [(None,)]
    them = MemberRef(id=chosen)
    (no,) = cafe.ask(give_offers, GiveOffer("spring", them, WHO, "campaign"))
    assert (no.code, cafe.rows(OUT)[0]) == ("offer_not_so", (chosen,)), "no campaign undoes it"
    (given,) = cafe.ask(give_offers, GiveOffer("spring", them, WHO))
    assert given.state == "held", "what is promised by hand is kept"


def test_a_segment_whose_offer_is_open_stays(cafe: Shop) -> None:
    cafe.joined("ada")
    listed(cafe, "ada")
    offered(cafe, segment="some")
    no = cafe.ask(keep_segments, DropSegment("some", WHO))[0]
    assert isinstance(no, Refused)
    assert (no.code, no.facts) == ("segment_in_use", {"offers": ["spring"]})
    moves(cafe, "close")
    assert not isinstance(cafe.ask(keep_segments, DropSegment("some", WHO))[0], Refused)


def test_few_are_not_held_out(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    listed(cafe, "ada", "bo")
    assert not offered(cafe, segment="some", held_percent=50).holds_out
    walks(cafe)
    assert [has(cafe, who)[0][1] for who in ("ada", "bo")] == ["held", "held"]


def test_whoever_comes_later_has_it_too_while_it_is_open(cafe: Shop) -> None:
    cafe.joined("ada", "bo", "cem")
    listed(cafe, "ada")
    offered(cafe, segment="some")
    walks(cafe)
    listed(cafe, "ada", "bo")
    walks(cafe)
    assert has(cafe, "bo") == [], "looked at again in ten minutes"
    cafe.now += timedelta(minutes=10)
    walks(cafe)
    assert has(cafe, "bo") != []
    assert moves(cafe, "close").state == "closed"
    listed(cafe, "ada", "bo", "cem")
    cafe.now += timedelta(minutes=10)
    walks(cafe)
    assert (has(cafe, "cem"), earns(cafe, "bo")) == ([], 60), "who has it keeps it"
    assert gives(cafe, "cem").code == "offer_not_so"


def test_who_was_merged_brings_theirs_along(cafe: Shop) -> None:
    ada, bo = cafe.joined("ada", "bo")
    offered(cafe)
    gives(cafe, "ada")
    merge(cafe, ada, bo)
    assert has(cafe, "bo") == [("spring", "held", date(2026, 3, 16))]
    assert earns(cafe, "bo") == 60


def test_what_nobody_has_any_more_leaves_the_program_with_the_next(cafe: Shop) -> None:
    cafe.joined("ada")
    offered(cafe)
    gives(cafe, "ada")
    moves(cafe, "close")
    offered(cafe, "summer")
    here = {one.id for one in cafe.terms.versions[-1].program.rules}
    assert {"offer-spring", "offer-summer"} <= here, "ada has it until the 16th"
    cafe.now += timedelta(days=14)
    offered(cafe, "autumn")
    here = {one.id for one in cafe.terms.versions[-1].program.rules}
    assert {one for one in here if "offer" in one} == {"offer-summer", "offer-autumn"}


def test_what_was_promised_stays_and_what_cannot_be_is_said_at_its_place(cafe: Shop) -> None:
    draft = keeps(cafe)
    assert keeps(cafe) == draft, "the same again changes nothing"
    assert keeps(cafe, days=7).version == 2
    assert opens(cafe, version=1).code == "offer_not_so"
    opens(cafe)
    assert keeps(cafe).code == "offer_not_so"
    assert moves(cafe, "drop").code == "offer_not_so"
    wrong = {
        "/gives/wallet": {"gives": Bonus("stars", 1)},
        "/gives/points": {"gives": Bonus("points", "0.5")},
        "/gives/by": {"gives": Times("points", 1)},
        "/gives/categories": {"gives": Times("stamps", 2, ("cake",))},
        "/gives/reward": {
            "gives": Price("no", {"points": 1}), "days": None, "ends_on": date(2026, 4, 1),
        },
        "/days": {"days": None},
        "/ends_on": {"ends_on": date(2026, 3, 2)},
        "/says": {"says": {"de": "x"}},
        "/says/fr": {"says": {"en": "x", "fr": "x"}},
        "/segment": {"segment": "no"},
        "/most": {"most": 0},
        "/held_percent": {"held_percent": 51},
        "/budget": {"budget": "many"},
    }  # fmt: skip
    for field, more in wrong.items():
        no = keeps(cafe, "other", **more)
        assert isinstance(no, Invalid), (field, no)
        assert no.field == field
    assert keeps(cafe, "Other").field == "/code"


@pytest.mark.parametrize("night", ["values", "categories"])
def test_what_is_reckoned_at_night_takes_no_offer_that_is_given_meanwhile(
    cafe: Shop, night: str
) -> None:
    cafe.joined("ada")
    offered(cafe)
    (id_,) = cafe.rows("select member_id from member where program_id = $1")[0]

    def reckoned(tx: Any) -> list[Any]:
        if night == "categories":
            return say(tx, Stretch(UUID(int=0), id_, {id_: "cake"}))
        return keep_values(tx, [Value(id_, 1, 1, 1, 1, 1, "steady", "upper", NOON.date())], [""])

    _, waited = cafe.at_once(
        lambda tx, terms: give_offers(tx, terms, [GiveOffer("spring", by(external="ada"), WHO)]),
        lambda tx, _: tx.write(reckoned(tx)),
    )
    assert waited == {1}, "for the row"
    ((derived,),) = cafe.rows("select derived::text from member where program_id = $1")
    assert '"offer-spring"' in derived
    assert ('"upper"' if night == "values" else '"cake"') in derived, derived


def test_an_older_file_does_not_take_what_was_offered(cafe: Shop) -> None:
    cafe.joined("ada", "bo")
    draft = cafe.do(lambda tx, _: versions.versions(tx))[-1].source
    offered(cafe)
    offered(cafe, "summer")
    gives(cafe, "ada")
    gives(cafe, "ada", "summer")
    moves(cafe, "close", "summer")
    cafe.now += timedelta(minutes=1)
    again = cafe.publish(draft)
    assert not again.fresh, "with what was put back it says the same"
    cafe.now += timedelta(minutes=1)
    renamed = draft.replace("name: ", "name: New ", 1)
    plan = cafe.do(lambda tx, _: plan_version(tx, renamed))
    assert plan.changes == (), "what is put back does not go"
    told = [one.says for one in warnings_in_words(Reader("de", "UTC"), plan.problems)]
    assert "offer-spring kommt wieder hinein" in told[0]
    newer = cafe.publish(renamed)
    assert [one.says.split()[0] for one in newer.warnings[:2]] == ["offer-spring", "offer-summer"]
    assert earns(cafe, "ada") == 110
    cafe.now += timedelta(days=15)
    assert cafe.publish(draft).warnings[0].says.startswith("offer-spring"), "it is open"
    assert {one.id for one in cafe.terms.versions[-1].program.rules} & {"offer-summer"} == set()
    changed = cafe.do(lambda tx, _: versions.versions(tx))[-1].source.replace('"50"', '"60"')
    assert cafe.publish(changed.replace("name: ", "name: Last ", 1)).version
    gives(cafe, "bo")
    assert earns(cafe, "bo") == 60, "as it was promised"


def test_who_stays_has_the_longer_of_the_same_offer(cafe: Shop) -> None:
    ada, bo = cafe.joined("ada", "bo")
    offered(cafe, days=3)
    gives(cafe, "bo")
    cafe.now += timedelta(days=2)
    gives(cafe, "ada")
    cafe.now += timedelta(days=2)
    assert has(cafe, "bo") == []
    merge(cafe, ada, bo)
    assert has(cafe, "bo") == [("spring", "held", date(2026, 3, 7))]
    assert earns(cafe, "bo") == 60


def test_who_was_blocked_activates_nothing(cafe: Shop) -> None:
    ada, _ = cafe.joined("ada", "bo")
    offered(cafe, activating=True)
    gives(cafe, "ada")
    cafe.ask(block_members, BlockMember(ada, True, "test", "mia", asked("b")))
    assert activates(cafe, "ada").code == "member_blocked"
    assert cafe.rows("select state from offer_member where program_id = $1") == [("offered",)]


MANY = """
with made as (
    insert into member (program_id, member_id, number, joined_at, recorded_at, state)
    select $1, gen_random_uuid(), 'x' || n, now(), now(), 'active' from generate_series(1, 640) n
    returning member_id
)
insert into segment_member (program_id, segment_id, member_id, since)
select $1, s.segment_id, m.member_id, now() from made m, segment s
 where s.program_id = $1 and s.code = 'some' returning 1
"""
STATE = "select state from offer_member where program_id = $1 and member_id = $2"
OUT = """
select member_id from offer_member where program_id = $1 and state = 'held_out'
 order by member_id limit 1
"""


def test_an_offer_for_newcomers_alone_is_opened_by_who_says_that_it_is_meant(cafe: Shop) -> None:
    new, loyal = {"if": "days_since", "before": 30}, {"if": "days_since", "at_least": 365}
    for code, asks in (
        ("new", new),
        ("within", {"if": "segment", "in": ["new"]}),
        ("loyal", loyal),
    ):
        assert cafe.ask(keep_segments, KeepSegment(code, code, WHO, asks))
    assert cafe.ask(keep_segments, KeepSegment("all", "all", WHO, {"if": "last_seen"}))
    offered(cafe, "anybody", segment="all")  # makes up for nothing, as newcomers have it too
    keeps(cafe, segment="within")
    before = cafe.counts()
    with pytest.raises(WarningsOpen) as no:
        opens(cafe)
    assert [one.code for one in no.value.problems] == ["newer:offer-spring"]
    assert cafe.counts() == before
    assert isinstance(opens(cafe, accept=("newer:offer-spring",)), Offer)
    moves(cafe, "close")
    offered(cafe, "thanks", segment="loyal")
    offered(cafe, "welcome", segment="new")
