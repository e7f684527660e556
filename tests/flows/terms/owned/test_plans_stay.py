"""What is paid for runs to its end as it was promised: benefits, grace, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.flows.plans.houses import ADA, BEN, ROASTERY, may, start, turn
from tests.flows.terms.owned.houses import Open, asked, planned, refused
from tests.makers import Shop, named

from regulars.base.faults import Refused
from regulars.flows.membership.plans.show_memberships import Shown, show_memberships

WITHOUT = ROASTERY[: ROASTERY.index("benefits:")]
SOLD_OUT = ROASTERY.replace("    gives: {wallet: points, points: 100}\n", """\
    gives: {wallet: points, points: 100}
    until_on: 2027-03-01
""")  # fmt: skip


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return begun(open_shop)


def begun(open_shop: Open) -> Shop:
    """Ada and Ben are members; it is 31 January at three."""
    shop = open_shop(ROASTERY)
    shop.joined("ada", "ben")
    shop.at("2027-01-31T15:00")
    return shop


def shown(shop: Shop) -> Shown:
    (ada,) = shop.rows("select member_id from identifier where program_id = $1 and value = 'ada'")
    (found,) = shop.do(lambda tx, terms: show_memberships(tx, terms, ada[0]))
    return found


def paid(shop: Shop) -> object:
    bought = start(shop, amount_minor=1_000)
    shop.now += timedelta(hours=1)
    return bought


def test_a_plan_stays_while_somebody_has_paid_for_it(shop: Shop) -> None:
    paid(shop)
    found = refused(shop, WITHOUT)
    assert found == ["memberships of the plan plus run (1)"]
    assert may(shop, "ada", "delivery") == "yes"
    assert shown(shop).refund_minor == 1_000


def test_a_plan_nobody_is_on_may_go(shop: Shop) -> None:
    paid(shop)
    only = ROASTERY
    for line in ("  - {id: club, name: Club", "  - {id: tasting, name: A tasting"):
        start_ = only.index(line)
        only = only[:start_] + only[only.index("\n", start_) + 1 :]
    assert asked(shop, only) == {}


@pytest.mark.parametrize("refund", ["none", "rest"])
def test_what_comes_back_is_what_was_said_as_the_term_began(shop: Shop, refund: str) -> None:
    """`unused` became `none` an hour later, and nothing came back of 10.00."""
    bought = paid(shop)
    after = ROASTERY.replace("grace: 7 days", f"grace: 7 days\n    refund: {refund}")
    assert asked(shop, after) == {}
    shop.now += timedelta(hours=1)
    assert shown(shop).refund_minor == 1_000
    shop.at("2027-02-28T15:00")
    assert not isinstance(turn(shop, bought, "paid"), Refused)
    shop.at("2027-03-15T15:00")
    back = shown(shop).refund_minor
    assert back == 0 if refund == "none" else 0 < back < 1_000


def test_a_benefit_of_a_plan_that_is_paid_is_asked_about(shop: Shop) -> None:
    paid(shop)
    line = '  - {id: delivery, name: Free delivery, plan: plus, worth: "4.90"}\n'
    assert asked(shop, ROASTERY.replace(line, "")) == {
        "benefit:delivery": "benefits.delivery is no more from then on; members who have it: 1"
    }


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("allowance: {times: 1, per: month}", "allowance"),
        ("stores: [mitte]", "stores"),
        ("until_on: 2027-03-01", "until_on"),
    ],
)
def test_less_of_a_benefit_is_asked_about(shop: Shop, word: str, field: str) -> None:
    """What was not bound before has nothing in the file that could be compared, and is less."""
    paid(shop)
    less = ROASTERY.replace('plan: plus, worth: "4.90"', f'plan: plus, worth: "4.90", {word}')
    assert asked(shop, less) == {
        "benefit:delivery": f"benefits.delivery is less from then on, or another ({field}); "
        "members who have it: 1"
    }
    assert planned(shop, ROASTERY).problems == (), "and more is asked about by nobody"


def test_whose_benefit_becomes_anothers_are_counted(shop: Shop) -> None:
    """Those of the plan before lose it, whoever is on the other."""
    paid(shop)
    found = asked(shop, ROASTERY.replace("delivery, plan: plus", "delivery, plan: club"))
    assert list(found) == ["benefit:delivery"]


def test_less_grace_is_asked_about_and_what_nobody_has_is_not(shop: Shop) -> None:
    less = ROASTERY.replace("grace: 7 days", "grace: 1 day").replace("pause: 3 months", "trial: 1 d"
        "ay", 0)  # fmt: skip
    assert [one.code for one in planned(shop, less).problems if one.code] == []
    paid(shop)
    assert asked(shop, less) == {
        "plan:plus": "plans.plus is less from then on, or another (grace); members who have it: 1"
    }


def test_a_plan_that_is_sold_until_a_day_runs_out_and_may_go_then(shop: Shop) -> None:
    bought = paid(shop)
    assert list(asked(shop, SOLD_OUT)) == ["plan:plus"]
    assert shown(shop).due_minor == 1_000
    shop.at("2027-02-28T15:00")
    assert not isinstance(turn(shop, bought, "paid"), Refused)
    assert (shown(shop).due_minor, may(shop, "ada", "delivery")) == (None, "yes")
    shop.at("2027-03-01T00:00")
    no = start(shop, BEN, amount_minor=1_000)
    assert isinstance(no, Refused)
    assert no.code == "plan_ended"
    assert refused(shop, WITHOUT)
    shop.at("2027-03-31T15:00")
    assert turn(shop, bought, "paid").code == "membership_over"
    assert shown(shop).one.state == "ended", "nobody waits for a term that cannot begin"
    shop.night()
    assert asked(shop, WITHOUT) == {}


def test_a_moment_before_that_day_a_term_begins(shop: Shop) -> None:
    shop.publish(named(SOLD_OUT, shop.terms.slug))
    shop.at("2027-02-28T23:59")
    bought = start(shop, ADA, amount_minor=1_000)
    assert bought.state == "active"
    assert turn(shop, bought, "changed", plan="club", at="now").state == "active"
    no = turn(shop, bought, "changed", plan="plus")
    assert (isinstance(no, Refused), no.code) == (True, "plan_ended")
