"""The form of a part and the part itself: what the form does not touch stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from regulars.records.program.parsing.editing import add, rewrite
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.published.examples import EXAMPLES
from regulars.records.program.reading import problems_of, read
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.types import Challenge, Changeover, Draw, Reward, Rule, Tiers
from regulars.surfaces.console.form import plain_number
from regulars.surfaces.console.terms.editor.filling import (
    beside,
    field_of,
    typed_of,
    unseen,
    value_of,
)
from regulars.surfaces.console.terms.editor.leaves import Desk
from regulars.surfaces.console.terms.editor.places import (
    LISTS,
    Currencies,
    fresh_id,
    kinds,
    place_of,
    places,
)
from regulars.surfaces.console.terms.editor.rows import turned, with_row, without_row
from regulars.surfaces.console.terms.editor.slots import slots
from regulars.surfaces.console.terms.editor.words import CHOICES
from regulars.surfaces.ui.reader import Reader

Typed = dict[str, tuple[str, ...]]
ENGLISH = Desk(lambda text: text, ".", lambda text, **words: text % words if words else text)
GERMAN = Desk(lambda text: text.replace(".", "").replace(",", "."), ",", ENGLISH.say)
CAFE = load_template("coffee-shop")


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", template_names())
@pytest.mark.parametrize("desk", [ENGLISH, GERMAN], ids=["en", "de"])
def test_a_form_that_is_kept_as_it_came_changes_no_character(name: str, desk: Desk) -> None:
    text = load_template(name)
    found = list(places(parse(text).value))
    assert len(found) > 2
    for one in found:
        value, wrong = value_of(one.part, typed_of(one.part, one.value, desk), one.value, desk)
        assert wrong == {}, one.at
        assert value == one.value, one.at
        if one.value:  # how members come over may stand nowhere yet
            assert rewrite(text, one.path, one.inside(value)) == text, one.at


SIGNS = {"de": "1.250,5", "tr": "1.250,5", "en": "1,250.5", "ar": "1,250.5"}


@pytest.mark.parametrize(("language", "typed"), SIGNS.items())
def test_a_number_is_read_as_it_is_written_in_the_language_of_the_reader(
    language: str, typed: str
) -> None:
    signs = Reader(language, "UTC").separators
    assert plain_number(typed, signs) == "1250.5"
    assert plain_number("١٬٢٥٠٫٥", signs) == "1250.5"
    assert plain_number("۰٫۹۲", signs) == "0.92"


@pytest.mark.parametrize("language", SIGNS)
def test_what_may_be_less_than_one_is_never_read_as_thousands(language: str) -> None:
    """`0.925` of a German reader became 925, and `0.50` typed with three digits five hundred."""
    group, point = signs = Reader(language, "UTC").separators
    assert plain_number(f"0{group}925", signs) == ""
    assert plain_number(f"1{group}25", signs) == ""
    assert plain_number(f"0{point}925", signs) == "0.925"


@pytest.mark.parametrize("language", SIGNS)
def test_rates_and_amounts_of_other_currencies_come_back_as_they_were(language: str) -> None:
    signs = Reader(language, "UTC").separators
    desk = Desk(lambda text: plain_number(text, signs), signs[1], ENGLISH.say)
    found = parse(CAFE).value | {
        "currencies": {"USD": [{"counts": "0.925"}], "KWD": [{"counts": "3.012345", "per": 1000}]},
        "rewards": [{
            "id": "cup", "name": "Cup", "price": {"points": 1250}, "worth": "8.50",
            "in_currency": {"KWD": {"worth": "1.250", "money": "0.500"}},
        }],
    }  # fmt: skip
    some = [one for one in places(found) if one.at in ("currencies", "rewards.cup")]
    assert {one.at for one in some} == {"currencies", "rewards.cup"}
    for one in some:
        value, wrong = value_of(one.part, typed_of(one.part, one.value, desk), one.value, desk)
        assert (value, wrong) == (one.value, {}), one.at


def kept(part: type, was: Any, change: Callable[[Typed], Any]) -> tuple[Any, dict[str, str]]:
    typed = typed_of(part, was, ENGLISH)
    change(typed)
    return value_of(part, typed, was, ENGLISH)


def a_rule(**more: Any) -> dict[str, Any]:
    rule: dict[str, Any] = parse(EXAMPLES["Rule"]).value
    return {**rule, **more}


def test_what_has_no_field_is_named_and_stays() -> None:
    prize = {"wallet": "points", "points": 5}
    challenge = {"id": "c", "name": "C", "target": 3, "prize": prize, "every": "month",
                 "counts": {"qualifying": "net", "on": "visit"}}  # fmt: skip
    assert unseen(Challenge, challenge) == ["counts.qualifying"]
    value, wrong = kept(Challenge, challenge, lambda typed: typed.update(target=("4",)))
    assert wrong == {}
    assert value == challenge | {"target": 4}
    rule = a_rule(award={"give": "per_amount", "points": 1, "per": 1, "only_skus": ["a,b"]})
    assert unseen(Rule, rule) == ["award.only_skus"]
    reward = {"id": "r", "name": "R", "price": {"points": 1}, "for": {"student": [True]}}
    assert beside(Reward, reward) == ["for"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"award.by": ("x",)}, {"award.by": "Write a number such as 1.50"}),
        ({"award.by": ("",)}, {"award.by": "Something is needed here"}),
        ({"award.by": ("-1",)}, {"award.by": "Write a number such as 1.50"}),
        ({"when.0.from": ("24",)}, {"when.0.from": "Write a whole number from 0 to 23"}),
        ({"when.0.until": ("4.5",)}, {"when.0.until": "Write a whole number"}),
        ({"from_on": ("2027-02-30",)}, {"from_on": "Write a day such as 2027-01-31"}),
        ({"cooldown.hours": ("0",)}, {"cooldown.hours": "Write a whole number from 1 to 8760"}),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(typed: Typed, says: dict[str, str]) -> None:
    _, wrong = kept(Rule, a_rule(), lambda form: form.update(typed))
    assert wrong == says


def test_conditions_come_together_and_part_again() -> None:
    rule = a_rule()
    assert rule["when"] == {"if": "hour", "from": 15, "until": 17}

    def and_tier(typed: Typed) -> None:
        typed |= {"when.n": ("2",), "when.1.if": ("tier",), "when.1.at_least": ("gold",)}

    value, wrong = kept(Rule, rule, and_tier)
    assert wrong == {}
    both = [rule["when"], {"if": "tier", "at_least": "gold"}]
    assert value["when"] == {"if": "all", "of": both}
    typed = typed_of(Rule, value, ENGLISH)
    alone, _ = value_of(Rule, without_row(typed, "when", "0"), value, ENGLISH)
    assert alone["when"] == {"if": "all", "of": both[1:]}
    none, _ = value_of(Rule, without_row(typed_of(Rule, rule, ENGLISH), "when", "0"), rule, ENGLISH)
    assert "when" not in none


def test_a_paid_plan_is_asked_for_by_form() -> None:
    def and_plan(typed: Typed) -> None:
        typed |= {"when.n": ("2",), "when.1.if": ("plan",), "when.1.runs": ("plus",)}

    value, wrong = kept(Rule, a_rule(), and_plan)
    assert wrong == {}
    assert value["when"]["of"][1] == {"if": "plan", "runs": "plus"}


NIGHTS = {"if": "hour", "from": 20, "until": 24}
GOLD = {"if": "tier", "at_least": "gold"}
AWAY = {"if": "store", "in": ["airport"]}


@pytest.mark.parametrize(
    "when",
    [
        {"if": "any", "of": [NIGHTS, GOLD]},
        {"if": "not", "that": AWAY},
        {"if": "not", "that": {"if": "any", "of": [AWAY, GOLD]}},
        {"if": "not", "that": {"if": "all", "of": [AWAY, GOLD]}},
        {"if": "all", "of": [{"if": "any", "of": [NIGHTS, {"if": "not", "that": GOLD}]}, AWAY]},
        {"if": "all", "of": [{"if": "all", "of": [NIGHTS]}]},
    ],
)
def test_conditions_within_conditions_come_out_as_they_went_in(when: Any) -> None:
    rule = a_rule(when=when)
    assert unseen(Rule, rule) == []
    assert kept(Rule, rule, lambda typed: typed.update({"priority": ("2",)})) == (
        rule | {"priority": 2},
        {},
    )


def test_a_group_of_conditions_is_begun_filled_and_becomes_another_kind() -> None:
    rule = a_rule(when=NIGHTS)
    typed: Any = typed_of(Rule, rule, ENGLISH) | {"when.more": ("any",)}
    typed = turned(typed, "more:when")
    assert value_of(Rule, typed, rule, ENGLISH)[1] == {"when.1.of": "Something is needed here"}
    for at, tag in ((0, "tier"), (1, "store")):
        typed = turned(typed | {"when.1.of.more": (tag,)}, "more:when.1.of")
        assert typed[f"when.1.of.{at}.if"] == (tag,)
    typed |= {"when.1.of.0.at_least": ("gold",), "when.1.of.1.in": ("airport",)}
    value, wrong = value_of(Rule, typed, rule, ENGLISH)
    both = [GOLD, AWAY]
    assert wrong == {}
    assert value["when"] == {"if": "all", "of": [NIGHTS, {"if": "any", "of": both}]}
    rule, typed = value, typed_of(Rule, value, ENGLISH)
    for tag, says in (
        ("not", {"if": "not", "that": {"if": "any", "of": both}}),
        ("all", {"if": "all", "of": both}),
        ("any", {"if": "any", "of": both}),
    ):
        typed = turned(typed | {"when.1.if": (tag,)}, "keep")
        assert typed is not None
        assert value_of(Rule, typed, rule, ENGLISH)[0]["when"]["of"] == [NIGHTS, says]
        assert turned(typed, "keep") is None


def test_a_form_goes_no_deeper_than_a_file_can() -> None:
    typed: Any = {}
    name = "when"
    for _ in range(2_000):
        typed |= {f"{name}.n": ("1",), f"{name}.0.if": ("any",)}
        name += ".0.of"
    value, wrong = value_of(Rule, typed, a_rule(), ENGLISH)
    assert value["when"]["if"] == "any"
    assert max(one.count(".of") for one in wrong) < 20


@pytest.mark.parametrize("odd", ["²", "٣", "-1", "9" * 50, "1e3", ""])
def test_what_is_no_number_of_ours_is_no_row(odd: str) -> None:
    rule = a_rule(limits=[{"per": "day", "points": 5}])
    typed: Any = typed_of(Rule, rule, ENGLISH)
    assert value_of(Rule, typed | {"limits.0.is": (odd,)}, rule, ENGLISH)[0]["limits"]
    assert "limits" not in value_of(Rule, typed | {"limits.n": (odd,)}, rule, ENGLISH)[0]
    assert without_row(typed, "limits", odd) == typed
    assert turned(typed, f"less:limits.{odd}") == typed


def test_a_table_has_rows_more_and_less() -> None:
    rows = [{"is": ["a", "new"], "points": 3}, {"is": ["*", "new"], "points": "1.5"}]
    rule = a_rule(award={"give": "by_table", "by": ["tariff", "state"], "rows": rows})
    typed: Any = turned(typed_of(Rule, rule, GERMAN), "more:award.rows")
    typed |= {"award.rows.2.is": ("b, old",), "award.rows.2.points": ("0,5",)}
    typed = turned(typed, "less:award.rows.0")
    value, wrong = value_of(Rule, typed, rule, GERMAN)
    assert wrong == {}
    assert value["award"]["rows"] == [rows[1], {"is": ["b", "old"], "points": "0.5"}]
    long = a_rule(award={**rule["award"], "rows": rows * 101})
    assert unseen(Rule, long) == ["award.rows"]
    assert kept(Rule, long, lambda typed: typed.update({"award.per": ("1",)})) == (long, {})


def test_teams_are_there_when_it_is_said_though_all_of_it_is_as_usual() -> None:
    was = {"id": "c", "name": "C", "target": 3, "prize": {"badge": "B"}, "every": "month"}
    value, _ = kept(Challenge, was, lambda typed: typed.update({"together.there": ("yes",)}))
    assert value == was | {"together": {}}
    assert kept(Challenge, value, lambda typed: typed.update({"together.there": ()})) == (was, {})
    value, _ = kept(Challenge, value, lambda typed: typed.update({"together.most": ("4",)}))
    assert value["together"] == {"most": 4}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("when", "of", 1, "that", "of", 0, "at_least"), "when.1.that.0.at_least"),
        (("when", "of", 1, "that", "of", 7), "when.1.that"),
        (("when", "of", 0, "from"), "when.0.from"),
        (("award", "by"), "award.by"),
        (("award", "rows", 1, "is", 0), "award.rows.1.is"),
        (("limits", 0, "per"), "limits"),
        (("nothing", 3), "nothing.3"),
        ((), ""),
    ],
)
def test_a_slip_is_told_at_the_field_that_holds_it(path: tuple[Any, ...], field: str) -> None:
    inner = {"if": "not", "that": {"if": "any", "of": [GOLD, AWAY]}}
    rows = [{"is": ["a"], "points": 3}] * 2
    rule = a_rule(
        when={"if": "all", "of": [NIGHTS, inner]},
        award={"give": "by_table", "by": ["tariff"], "rows": rows},
    )
    assert field_of(Rule, rule, path) == field


def test_a_limit_is_added_and_taken_out() -> None:
    typed: Any = with_row(typed_of(Rule, a_rule(), ENGLISH), "limits", 0)
    typed |= {"limits.0.per": ("month",), "limits.0.points": ("20",)}
    value, wrong = value_of(Rule, typed, a_rule(), ENGLISH)
    assert (value["limits"], wrong) == ([{"points": 20, "per": "month"}], {})
    again, _ = value_of(Rule, without_row(typed, "limits", "0"), value, ENGLISH)
    assert "limits" not in again


def test_another_kind_of_award_shows_its_fields_before_it_is_kept() -> None:
    rule = a_rule(award={"give": "per_amount", "points": 2, "per": "1.00"})
    typed: Any = typed_of(Rule, rule, ENGLISH) | {"award.give": ("fixed",)}
    shown = turned(typed, "keep")
    assert shown is not None
    assert shown["award.was"] == ("fixed",)
    assert turned(shown, "keep") is None
    value, wrong = value_of(Rule, shown, rule, ENGLISH)
    assert (value["award"], wrong) == ({"give": "fixed", "points": 2}, {})


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "IDR"])
def test_everything_that_can_be_added_begins_as_something_that_can_be_published(
    currency: str,
) -> None:
    text = CAFE.replace("EUR", currency)
    text = text[: text.index("cases:")].replace('"3.50"', "350").replace('"0.80"', "80")
    tree = parse(text).value
    to_add = kinds(tree)
    assert {one.into for one in to_add} == {*LISTS, "currencies", "ladders"}
    for kind in to_add:
        if kind.into not in LISTS:
            continue
        path, part = LISTS[kind.into]
        typed: Any = typed_of(part, dict(kind.begins), ENGLISH) | {"name": ("Something",)}
        if part is Draw:
            days = {"from_on": ("2031-06-01",), "until_on": ("2031-07-01",)}
            typed |= days | {"prize": ("A bicycle",), "words": ("The lottery of July 5",)}
        value, wrong = value_of(part, typed, dict(kind.begins), ENGLISH)
        assert wrong == {}, kind.key
        value = {"id": fresh_id(tree, kind.into, kind.key), **value}
        if kind.into == "tiers.steps":
            made = rewrite(text, ("tiers",), {"steps": [value]})
        else:
            made = add(text, path, value)
        assert [one for one in problems_of(read(made)) if one.severity == "error"] == []
        assert place_of(parse(made).value, f"{kind.into}.{value['id']}") is not None
        assert fresh_id(parse(made).value, kind.into, kind.key) == f"{kind.key}-2"


def test_a_part_whose_id_is_not_its_own_has_no_form() -> None:
    tree = parse(CAFE.replace("stamp-per-coffee", "point-per-euro")).value
    assert [one.at for one in places(tree) if one.at.startswith("rules")] == []
    for odd in (None, [], {"rules": 1}, {"rules": [1, {"id": []}]}, {"tiers": {"steps": {}}}):
        assert {one.at for one in places(odd)} <= {"tiers", "changeover"}
        assert kinds(odd) == ()


def test_a_choice_has_a_word_for_each_of_its_values() -> None:
    for slot in slots(Tiers):
        if slot.kind == "choice":
            assert all(f"{slot.name}.{one}" in CHOICES for one in slot.shape.values), slot


RATES = {
    "currencies": {
        "JPY": [{"counts": "0.61", "per": 100}],
        "USD": [{"counts": "0.92"}, {"counts": "0.95", "from_on": "2027-01-01"}],
    }
}


def test_rates_are_rows_that_name_their_currency() -> None:
    typed = typed_of(Currencies, RATES, ENGLISH)
    assert typed["currencies.n"] == ("3",)
    assert typed["currencies.0.currency"] == ("JPY",)
    assert (typed["currencies.0.per"], typed["currencies.1.per"]) == (("100",), ("1",))
    assert typed["currencies.2.from_on"] == ("2027-01-01",)
    assert kept(Currencies, RATES, lambda _: None) == (RATES, {})
    more = with_row(typed, "currencies", 3)
    more = {**more, "currencies.3.currency": ("chf",), "currencies.3.counts": ("1.07",)}
    value, wrong = value_of(Currencies, more, RATES, ENGLISH)
    assert wrong == {}
    assert value["currencies"] == RATES["currencies"] | {"CHF": [{"counts": "1.07"}]}
    none = without_row(without_row(without_row(typed, "currencies", "0"), "currencies", "0"),
                       "currencies", "0")  # fmt: skip
    assert value_of(Currencies, none, RATES, ENGLISH) == ({}, {})
    without = {**typed, "currencies.0.currency": ("",)}
    assert set(value_of(Currencies, without, RATES, ENGLISH)[1]) == {"currencies.0.currency"}


def test_a_place_of_a_rate_is_the_row_it_stands_in() -> None:
    def at(*path: str | int) -> str:
        return field_of(Currencies, RATES, ("currencies", *path))

    assert at("JPY", 0, "per") == "currencies.0.per"
    assert at("USD", 1, "counts") == "currencies.2.counts"
    assert at("USD", 0) == "currencies.1.currency"
    assert (at("GBP", 0, "per"), at()) == ("currencies", "currencies")


def test_an_amount_has_bounds_of_its_own_in_another_currency_once() -> None:
    when = {"if": "amount", "at_least": 50, "in_currency": {"USD": {"at_least": 60}}}
    rule = a_rule(when=when)
    assert unseen(Rule, rule) == []
    assert kept(Rule, rule, lambda _: None) == (rule, {})
    row = "when.0.in_currency"
    more = {f"{row}.n": ("2",), f"{row}.1.is": ("",), f"{row}.1.currency": ("jpy",),
            f"{row}.1.at_least": ("9000",)}  # fmt: skip
    value, wrong = kept(Rule, rule, lambda typed: typed.update(more))
    assert wrong == {}
    assert value["when"]["in_currency"] == {"USD": {"at_least": 60}, "JPY": {"at_least": 9000}}
    again = more | {f"{row}.1.currency": ("usd",)}
    assert set(kept(Rule, rule, lambda typed: typed.update(again))[1]) == {f"{row}.1.currency"}
    assert field_of(Rule, rule, ("when", "in_currency", "USD", "at_least")) == f"{row}.0.at_least"


@pytest.mark.parametrize("broken", [{"USD": 1}, {"USD": [3]}, {"USD": {"currency": "X"}}, ["USD"]])
def test_what_no_row_can_show_stays_in_the_file(broken: Any) -> None:
    assert beside(Currencies, {"currencies": broken}) == ["currencies"]
    was = {"currencies": broken}
    assert kept(Currencies, was, lambda typed: typed.update({"currencies.n": ("0",)})) == (was, {})


def test_what_tables_rate_has_a_field_in_how_members_come_over() -> None:
    over = {"members": "keep", "rates_from_on": "2028-03-01"}
    assert unseen(Changeover, over) == []
    value, wrong = kept(Changeover, over, lambda typed: typed.update(rates_from_on=("2028-04-01",)))
    assert (value, wrong) == (over | {"rates_from_on": "2028-04-01"}, {})
