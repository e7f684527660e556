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
from regulars.records.program.types import Rule, Tiers
from regulars.surfaces.console.terms.editor.filling import beside, typed_of, value_of
from regulars.surfaces.console.terms.editor.form import _turned, _with_row, _without_row
from regulars.surfaces.console.terms.editor.leaves import Desk
from regulars.surfaces.console.terms.editor.places import (
    LISTS,
    fresh_id,
    kinds,
    place_of,
    places,
)
from regulars.surfaces.console.terms.editor.slots import slots
from regulars.surfaces.console.terms.editor.words import CHOICES

Typed = dict[str, tuple[str, ...]]
ENGLISH = Desk(lambda text: text, ".", lambda text, **words: text % words if words else text)
GERMAN = Desk(lambda text: text.replace(".", "").replace(",", "."), ",", ENGLISH.say)
CAFE = load_template("coffee-shop")


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
            assert rewrite(text, one.path, value) == text, one.at


def kept(part: type, was: Any, change: Callable[[Typed], Any]) -> tuple[Any, dict[str, str]]:
    typed = typed_of(part, was, ENGLISH)
    change(typed)
    return value_of(part, typed, was, ENGLISH)


def a_rule(**more: Any) -> dict[str, Any]:
    rule: dict[str, Any] = parse(EXAMPLES["Rule"]).value
    return {**rule, **more}


def test_what_has_no_field_is_named_and_stays() -> None:
    rule = a_rule(group="g", priority=3, expiry={"after": "1 day"})
    assert beside(Rule, rule) == ["group", "priority", "expiry"]
    value, wrong = kept(Rule, rule, lambda typed: typed.update({"award.by": ("3",)}))
    assert wrong == {}
    assert value == rule | {"award": {"give": "multiply", "by": 3}}


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
    alone, _ = value_of(Rule, _without_row(typed, "when", "0"), value, ENGLISH)
    assert alone["when"] == {"if": "all", "of": both[1:]}
    none, _ = value_of(
        Rule, _without_row(typed_of(Rule, rule, ENGLISH), "when", "0"), rule, ENGLISH
    )
    assert "when" not in none


def test_a_condition_that_holds_others_stays_as_it_is_beside_one_that_is_changed() -> None:
    nested = {"if": "not", "that": {"if": "store", "in": ["airport"]}}
    rule = a_rule(when={"if": "all", "of": [nested, {"if": "tier", "at_least": "gold"}]})
    value, wrong = kept(Rule, rule, lambda typed: typed.update({"when.1.at_least": ("silver",)}))
    assert (value["when"]["of"][0], wrong) == (nested, {})
    assert value["when"]["of"][1] == {"if": "tier", "at_least": "silver"}


def test_a_limit_is_added_and_taken_out() -> None:
    typed: Any = _with_row(typed_of(Rule, a_rule(), ENGLISH), "limits", 0)
    typed |= {"limits.0.per": ("month",), "limits.0.points": ("20",)}
    value, wrong = value_of(Rule, typed, a_rule(), ENGLISH)
    assert (value["limits"], wrong) == ([{"points": 20, "per": "month"}], {})
    again, _ = value_of(Rule, _without_row(typed, "limits", "0"), value, ENGLISH)
    assert "limits" not in again


def test_another_kind_of_award_shows_its_fields_before_it_is_kept() -> None:
    rule = a_rule(award={"give": "per_amount", "points": 2, "per": "1.00"})
    typed: Any = typed_of(Rule, rule, ENGLISH) | {"award.give": ("fixed",)}
    turned = _turned(typed, "keep")
    assert turned is not None
    assert turned["award.was"] == ("fixed",)
    assert _turned(turned, "keep") is None
    value, wrong = value_of(Rule, turned, rule, ENGLISH)
    assert (value["award"], wrong) == ({"give": "fixed", "points": 2}, {})


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "IDR"])
def test_everything_that_can_be_added_begins_as_something_that_can_be_published(
    currency: str,
) -> None:
    text = CAFE.replace("EUR", currency)
    text = text[: text.index("cases:")].replace('"3.50"', "350").replace('"0.80"', "80")
    tree = parse(text).value
    to_add = kinds(tree)
    assert {one.into for one in to_add} == set(LISTS)
    for kind in to_add:
        path, part = LISTS[kind.into]
        typed = typed_of(part, dict(kind.begins), ENGLISH) | {"name": ("Something",)}
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
