"""Groups of stores stand for their stores, wherever stores are named."""

from __future__ import annotations

from regulars.records.program.reading import admit, read_program
from regulars.records.program.types import All, Not, StoreIs

PROGRAM = """
regulars: 1
program: travel
name: Travel
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
store_groups: {air: [muc, fra], rail: [fra, hbf]}
rules:
  - id: coffee
    on: purchase
    wallet: points
    award: {give: fixed, points: 5}
    when:
      if: all
      of:
        - {if: store, in: [air, city, rail]}
        - {if: not, that: {if: store, in: [rail]}}
rewards: [{id: lounge, name: Lounge, price: {points: 5}, stores: [air]}]
benefits: [{id: queue, name: The short queue, by: grant, stores: [city, rail]}]
"""


def test_a_group_stands_for_its_stores_however_deep_it_is_named() -> None:
    program = read_program(PROGRAM)
    assert program.rules[0].when == All(
        (StoreIs(("muc", "fra", "city", "hbf")), Not(StoreIs(("fra", "hbf"))))
    )
    assert program.rewards[0].stores == ("muc", "fra")
    assert program.benefits[0].stores == ("city", "fra", "hbf")


def test_a_store_that_is_named_twice_in_a_group_is_told() -> None:
    twice = admit(PROGRAM.replace("[muc, fra]", "[muc, muc]"))
    said = [problem.mend for problem in twice.warnings if problem.path == "store_groups.air[1]"]
    assert said == ["name it once"]


def test_without_groups_stores_stay_as_they_are_named() -> None:
    program = read_program(PROGRAM.replace("store_groups: {air: [muc, fra], rail: [fra, hbf]}", ""))
    assert program.rewards[0].stores == ("air",)
