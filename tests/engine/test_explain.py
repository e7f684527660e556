"""Why a purchase earned what it earned, word for word."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from msgspec.structs import replace

from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.facts import FactLine, Facts
from regulars.engine.reference.interpreter import Reference
from regulars.engine.returning.sale import Sale
from regulars.engine.terms import Version, terms_of
from regulars.engine.words.entries import reward_in_words
from regulars.engine.words.explain import quantity_text, sentences, told_by, why
from regulars.engine.words.reasons import reason_in_words
from regulars.flows.points.referring import settle_referrals
from regulars.records.activity.types import Activity, Body, Line
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program
from regulars.records.trail.types import Steps
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import voice_for

HEAD = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points%s}
tiers:
  steps:
    - {id: bronze, at: 0, name: Bronze}
    - {id: gold, at: "500.00", name: Gold}
rules:
"""
BASE = """
  - id: per-euro
    says: a point per euro
    on: purchase
    wallet: points
    award: {give: per_amount, points: 1, per: "1.00"}
"""
MONDAY = date(2026, 3, 2).toordinal()


def program(rules: str, wallet: str = "") -> Program:
    return read_program(HEAD % wallet + BASE + rules)


def purchase(minor: int = 1999, **more: object) -> Facts:
    line = FactLine("mug", "home", 1, (minor,))
    known = {"kind": "purchase", "day": MONDAY, "weekday": 0, "hour": 9, "lines": (line,)}
    return Facts(**{**known, "extras": (0,), **more})


def told(made: Program, facts: Facts, room: tuple[int, ...] = ()) -> list[str]:
    told = told_by(made, facts, room)
    settled = Reference(made).settle("points", [one.given for one in told])
    carried = {"points": settled.units - sum(settled.per_rule)}
    return sentences(made, told, settled.per_rule, carried, facts)


def test_a_rule_its_amount_and_the_one_rounding_are_told() -> None:
    assert told(program(""), purchase()) == [
        "19.99 EUR of it count.",
        "“a point per euro” gives 19.99 Points.",
        "In all: 19.99 Points, rounded down to 19.",
    ]


def test_what_counts_is_named_only_where_it_is_not_what_always_does() -> None:
    """`standard` is a word of the file; nobody who buys a mug knows it."""
    made = read_program(
        HEAD.replace("rules:", "qualifying: {standard: {}, goods: {}}\nrules:") % "" + BASE
    )
    facts = purchase(lines=(FactLine("mug", "home", 1, (1999, 1500)),), extras=(0, 0))
    assert told(made, facts)[:2] == ["19.99 EUR of it count.", "15.00 EUR of it count (goods)."]


def test_whole_points_need_no_word_about_rounding() -> None:
    assert told(program(""), purchase(2000))[-1] == "In all: 20 Points."


def test_nothing_is_told_as_nothing() -> None:
    assert told(program(""), purchase(0))[1:] == [
        "“a point per euro” gives nothing: nothing here counts for it.",
        "In all: no Points.",
    ]


def test_a_multiplier_tells_what_it_adds() -> None:
    times = """
  - {id: double, says: double time, on: purchase, wallet: points, award: {give: multiply, by: 2}}
"""
    assert "“double time” multiplies by 2 and adds 20 Points." in told(
        program(times), purchase(2000)
    )


@pytest.mark.parametrize(
    ("budgets", "says"),
    [
        (
            "{id: all, wallet: points, per: month, points: 50}",
            "what all members together may get (50 Points a month) left no more.",
        ),
        (
            "{id: own, wallet: points, per: day, points: 5, of: member}",
            "what one member may get (5 Points a day) left no more.",
        ),
        (
            "{id: once, wallet: points, per: activity, points: 5}",
            "what one activity may give (5 Points each time) left no more.",
        ),
        (
            "{id: once, wallet: points, per: activity, points: 5}, "
            "{id: all, wallet: points, per: month, points: 50}",
            "what may be given (5 Points each time, 50 Points a month for all members together) "
            "left no more.",
        ),
        (
            "{id: all, wallet: points, per: month, points: 50}, "
            "{id: own, wallet: points, per: day, points: 5, of: member}",
            "what may be given (50 Points a month for all members together, 5 Points a day) left "
            "no more.",
        ),
    ],
)
def test_a_budget_says_whose_it_is(budgets: str, says: str) -> None:
    made, facts = program(f"\nbudgets: [{budgets}]\n"), purchase(2000)
    told = told_by(made, facts, ())
    lines = sentences(made, told, (5,), {"points": 0}, facts)
    assert lines[-1] == f"In all: 5 Points. The rules gave 20; {says}"


def test_rules_about_other_kinds_are_left_out() -> None:
    review = """
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 5}}
"""
    assert not [line for line in told(program(review), purchase()) if "review" in line]


def test_a_kind_that_no_rule_knows_is_told() -> None:
    facts = Facts(kind="dance", day=MONDAY, weekday=0, hour=9)
    assert told(program(""), facts) == [
        "No rule of this program is about “dance”, so nothing is earned."
    ]


def test_a_limit_tells_what_it_took() -> None:
    capped = """
  - id: bonus
    on: purchase
    wallet: points
    award: {give: fixed, points: 50, stage: bonus}
    limits: [{per: month, points: 80}, {per: ever, times: 1}]
"""
    assert (
        "“bonus” would give 50 Points; its limit (80 Points a month, once ever) left 30."
        in told(program(capped), purchase(), (30, 1))
    )


@pytest.mark.parametrize(
    ("when", "facts", "says"),
    [
        (
            '{if: amount, at_least: "150.00"}',
            {},
            "it asks for at least 150.00 EUR, and here it was 19.99 EUR",
        ),
        (
            '{if: amount, at_least: "1.00", at_most: "9.00"}',
            {},
            "it asks for 1.00 EUR to 9.00 EUR, and here it was 19.99 EUR",
        ),
        (
            "{if: tier, at_least: gold}",
            {"tier": 1},
            "it asks for tier Gold or higher, and here it was Bronze",
        ),
        (
            "{if: tier, at_least: gold}",
            {},
            "it asks for tier Gold or higher, and here it was no tier",
        ),
        (
            "{if: channel, in: [web, app]}",
            {"channel": "till"},
            "it asks for the channel web or app, and here it was till",
        ),
        (
            "{if: not, that: {if: store, in: [pier]}}",
            {"store": "pier"},
            "it is not for the store pier, and here it was pier",
        ),
        (
            "{if: weekday, in: [sat, sun]}",
            {},
            "it asks for Saturday or Sunday, and here it was Monday",
        ),
        (
            "{if: hour, from: 14, until: 16}",
            {},
            "it asks for a time from 14:00 until 16:00, and here it was 9:00 or later in that hour",
        ),
        (
            "{if: dates, from_on: 2026-04-01}",
            {},
            "it asks for a day from 2026-04-01, and here it was 2026-03-02",
        ),
        (
            "{if: member, attribute: vegan, in: [true]}",
            {},
            "it asks for vegan = yes, and here it was not said",
        ),
        (
            "{if: basket_has, categories: [tea], quantity: 2}",
            {},
            "it asks for at least 2 of its articles in the basket, and here it was 0 for 0.00 EUR",
        ),
        (
            "{if: not, that: {if: all, of: [{if: weekday, in: [mon]}]}}",
            {},
            "its conditions rule this out",
        ),
    ],
)
def test_a_condition_tells_what_it_asked_and_what_was_there(
    when: str, facts: dict[str, object], says: str
) -> None:
    rule = f"""
  - id: extra
    on: purchase
    wallet: points
    award: {{give: fixed, points: 5, stage: bonus}}
    when: {when}
"""
    assert f"“extra” gives nothing: {says}." in told(program(rule), purchase(**facts))


@pytest.mark.parametrize(
    ("text", "exact", "scale"),
    [
        ("24", Fraction(24), 0),
        ("19.99", Fraction(1999, 100), 0),
        ("0.50", Fraction(50), 2),
        ("0.505", Fraction(101, 2), 2),
        ("about 3.333333", Fraction(10, 3), 0),
        ("0", Fraction(0), 0),
    ],
)
def test_quantities_are_shown_exactly_or_as_about(text: str, exact: Fraction, scale: int) -> None:
    assert quantity_text(exact, scale) == text


def test_points_kept_from_before_are_told() -> None:
    made = program("", ", rounding: {carry: true}")
    told = told_by(made, purchase(999), ())
    lines = sentences(made, told, [9], {"points": 1})
    assert lines[-1] == (
        "In all: 9.99 Points now and what was kept from before: 10 Points today, "
        "the rest is kept for later."
    )


def version_of(made: Program) -> Version:
    compiled = compile_program(made)
    codes = {name: place for place, name in enumerate(code_names(compiled), 1)}
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return terms_of(1, "corner", [(1, start, compiled)], codes).versions[0]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "“1 Points for each €1.00” gives 15 Points."),
        ("de", "„1 Points je 1,00\u00a0€“ gibt 15 Points."),
    ],
)
def test_a_rule_without_words_is_told_by_what_it_promises(language: str, says: str) -> None:
    """Members read “per-euro”, a name from the file that tells them nothing."""
    version = version_of(
        read_program((HEAD % "" + BASE).replace("    says: a point per euro\n", ""))
    )
    bought, steps = sold(), Steps(1, MONDAY, 0, 10, 1, (15,))
    said = why(version, Sale(bought, steps), voice_for(language), rule_in_words)
    assert said[1] == says
    assert why(version, Sale(bought, steps))[1] == "“per-euro” gives 15 Points."


def sold() -> Activity:
    lines = (Line(1000, "mug", "home", 2), Line(500, "tea", "food"))
    return Activity(
        activity_id=UUID(int=1),
        member_id=UUID(int=2),
        kind="purchase",
        source="till",
        external_id="1",
        sale_id=None,
        occurred_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        store="",
        channel="",
        amount_minor=1500,
        body=Body(lines=lines),
        actor="",
    )


def test_a_sale_in_the_books_is_explained_by_what_is_left_of_it() -> None:
    version, sale = version_of(program("")), sold()
    steps = Steps(1, MONDAY, 0, 10, 1, (15,))
    assert why(version, Sale(sale, steps))[1:] == [
        "“a point per euro” gives 15 Points.",
        "In all: 15 Points.",
    ]
    left = Steps(1, MONDAY, 0, 10, 1, (10,), returned=(1, 0))
    assert why(version, Sale(sale, left)) == [
        "10.00 EUR of it count.",
        "“a point per euro” gives 10 Points.",
        "In all: 10 Points.",
    ]


def test_what_the_program_itself_calls_something_is_said_in_the_language_asked_for() -> None:
    german = voice_for("de")
    assert reward_in_words("payout", "Paid to a bank account", german) == (
        "Auf ein Bankkonto ausgezahlt"
    )
    assert reward_in_words("article", "A cup", german) == "A cup"
    assert reward_in_words("stored_value", "Paid with gift balance", german) == (
        "Mit Guthaben bezahlt"
    )


def test_why_points_came_by_themselves_is_said_in_the_language_asked_for() -> None:
    german, turkish = voice_for("de"), voice_for("tr")
    said = {
        ("mia", "pay-out came back: AC04"): "die Bank hat das Geld zurückgeschickt (AC04)",
        ("mia", "topped up: R-1"): "aufgeladen: R-1",
        ("referral", "3 friends"): "3 Geworbene",
        ("game", "Sixty reached"): "Sixty erreicht",
        ("game", "Two days: 2 in a row"): "Two days: 2 in Folge",
        ("game", "Sixty is not reached any more"): "Sixty ist nicht mehr erreicht",
        ("automatic", "A voucher taken back"): "A voucher zurückgenommen",
        # What people write is theirs, whatever it looks like.
        ("mia", "was sorry"): "was sorry",
        ("mia", "3 friends"): "3 friends",
    }
    assert {key: reason_in_words(*key, german) for key in said} == said
    ours = {"brought a friend", "was brought", settle_referrals._FEWER}
    for reason in ours | set(settle_referrals._SAYS.values()):
        for voice in (german, turkish):
            assert reason_in_words("referral", reason, voice) != reason


def test_a_budget_is_named_where_remainders_are_kept_too() -> None:
    """Ten points are left of the month; what was kept before stays, and the sale stands for ten."""
    budget = "\nbudgets: [{id: all, wallet: points, per: month, points: 50}]\n"
    made = program(budget, ", rounding: {carry: true}")
    version, bought = version_of(made), sold()
    grid = version.compiled.wallets[0].grid
    cut = Steps(1, MONDAY, 0, 10, 1, (10,), (10,), stands={"points": 10 * grid})
    said = why(version, Sale(bought, cut))[-1]
    assert said == (
        "In all: 10 Points. The rules gave 15; what all members together may get "
        "(50 Points a month) left no more."
    )
    whole = Steps(1, MONDAY, 0, 10, 1, (15,), (50,))
    assert why(version, Sale(bought, whole))[-1] == "In all: 15 Points."
    left = replace(whole, given=(10,), returned=(1, 0), stands={"points": 10 * grid})
    assert why(version, Sale(bought, left))[-1] == "In all: 10 Points."
