"""Every field of whatever a member may own has its word: what happens when it becomes another."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import fields

from regulars.engine.changing.comparing import EVERYBODY, Difference
from regulars.engine.changing.differences import differences
from regulars.engine.changing.owned.asking import word_of
from regulars.engine.changing.owned.table import GONE, INSIDE, OWNED
from regulars.engine.changing.turning import parts
from regulars.records.program.parts.benefits import Allowance
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.types import Program, Wallet

HOWS = {"refused", "asked", "worth", "kept", "harmless"}


def structs(type_: Any) -> Iterator[type[Struct]]:
    """Every part of the language that can stand somewhere in a program."""
    found: dict[type[Struct], None] = {}

    def look(one: Any) -> None:
        if isinstance(one, type) and issubclass(one, Struct):
            if one not in found:
                found[one] = None
                for each in typing.get_type_hints(one, include_extras=True).values():
                    look(each)
            return
        for each in typing.get_args(one):
            look(each)

    look(type_)
    yield from found


def unheard(owned: Any) -> list[str]:
    """Fields the table has no word about, and words about what is no field."""
    found = []
    for part, said in owned.items():
        names = {one.name for one in fields(part)}
        found += [f"{part.__name__}.{name}" for name in names ^ (said.keys() - {GONE})]
    return sorted(found)


def test_every_field_of_what_members_may_own_has_its_word() -> None:
    assert unheard(OWNED) == []
    assert {one.how for said in OWNED.values() for one in said.values()} == HOWS
    assert [w for said in OWNED.values() for w in said.values() if not w.why] == []


def test_a_field_that_is_forgotten_is_noticed() -> None:
    less = {name: word for name, word in OWNED[Wallet].items() if name != "scale"}
    assert unheard({Wallet: less}) == ["Wallet.scale"]
    assert unheard({Wallet: {**OWNED[Wallet], "scales": OWNED[Wallet]["scale"]}}) == [
        "Wallet.scales"
    ]


def test_every_part_of_the_language_is_told_by_field_or_as_one() -> None:
    there = [one.__name__ for one in structs(Program)]
    told = [name for names in INSIDE.values() for name in names]
    assert len(there) > 80, "the walk reaches conditions, awards and games"
    assert sorted(there) == sorted([*told, *(one.__name__ for one in OWNED)])


def test_what_is_told_as_one_counts_as_less_where_nobody_can_weigh_it() -> None:
    """A field that an allowance gets one day is asked about before anybody thinks of it."""
    compare = parts(times=lambda *_: None)
    assert compare(Allowance(1, "day"), Allowance(1, "week")) == "other"


@pytest.mark.parametrize("part", ["wallet", "reward", "benefit", "plan", "tier"])
def test_a_difference_of_each_field_finds_the_word_of_that_field(part: str) -> None:
    """Whatever a field gets one day is looked up under its own name, and not as a part of all."""
    (struct,) = [one for one in OWNED if one.__name__.lower() == part]
    for name, word in OWNED[struct].items():
        assert word_of(Difference(f"{part}_{name}", "", "", "", "", "worse", EVERYBODY)) is word


@pytest.mark.parametrize("name", sorted(Program.__struct_fields__))
def test_a_difference_of_each_part_of_a_program_finds_its_word(name: str) -> None:
    one = Difference(name, "", "", "", "", "worse", EVERYBODY)
    assert word_of(one) is OWNED[Program][name]


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("wallet_gone", "refused"), ("wallet_scale", "refused"), ("wallet_kind", "refused"),
        ("currency", "refused"), ("plan_gone", "refused"), ("plan_grace", "asked"),
        ("plan_refund", "kept"), ("benefit_gone", "asked"), ("benefit_allowance", "asked"),
        ("reward_kept_for_winner", "kept"), ("reward_or_", "worth"), ("reward_gone", "worth"),
        ("perk_gone", "asked"), ("tier_gone", "kept"), ("tiers_window", "kept"),
        ("further_gone", "kept"), ("ladder_gone", "kept"), ("rule_gone", "harmless"),
        ("budget", "harmless"), ("qualifying", "harmless"), ("household", "asked"),
        ("paying_out", "worth"), ("spending_proof", "harmless"), ("challenge", "kept"),
        ("draw", "refused"), ("further_changeover", "kept"), ("reward_added", "worth"),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_looked_up(kind: str, how: str) -> None:
    assert word_of(Difference(kind, "", "", "", "", "worse", EVERYBODY)).how == how


@pytest.mark.parametrize("name", template_names())
def test_whatever_the_compare_tells_of_two_programs_has_its_word(name: str) -> None:
    """Between templates everything differs, and nothing of it is without a word."""
    one = read_program(load_template(name))
    for other in template_names():
        changes = differences(one, read_program(load_template(other)))
        assert {word_of(each).how for each in changes} <= HOWS
