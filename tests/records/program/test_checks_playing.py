"""What is wrong with milestones and leaderboards of a program file, each with its place."""

from __future__ import annotations

import pytest

from regulars.records.program.checks.playing.draws import draws
from regulars.records.program.checks.playing.leaderboards import leaderboards
from regulars.records.program.checks.playing.milestones import milestones
from regulars.records.program.checks.promises import promises
from regulars.records.program.problems import Finding
from regulars.records.program.reading import read_program

HEAD = """
regulars: 1
program: p
name: P
currency: EUR
zone: UTC
wallets: {points: {}, status: {kind: status}}
"""
RIGHT = "id: m, name: M, wallet: points, steps: [{at: 2, points: 1}]"
WRONG = {
    RIGHT: [],
    RIGHT.replace("wallet: points", "wallet: pints"): ["0.wallet there is no wallet 'pints'"],
    RIGHT.replace("wallet: points", "wallet: status"): [
        "0.wallet 'status' is status credit, which only rules give"
    ],
    RIGHT.replace("{at: 2", "{at: 3, points: 1}, {at: 3"): [
        "0.steps.1.at 3 does not come after the step before it"
    ],
    RIGHT.replace("points: 1}", "points: 0}"): ["0.steps.0.points 0 gives nothing"],
    RIGHT.replace("at: 2", "at: 0"): ["0.steps.0.at 0 gives nothing"],
    RIGHT.replace("at: 2", 'at: "2.5"'): [
        "0.steps.0.at 2.5 has too many decimals: this measure has no decimals"
    ],
    RIGHT + ", measure: items, counts: {on: visit}": [
        "0.measure 'visit' has no goods, so 'items' stays at 0"
    ],
    RIGHT + ", counts: {on: return}": ["0.counts.on a return is no deed: it takes back what one"],
    RIGHT + ", counts: {qualifying: net}": [
        "0.counts.qualifying there is no qualifying amount 'net'"
    ],
    RIGHT + "}, {" + RIGHT: ["1.id 'm' is there twice"],
}
BOARD = "id: b, name: B"
WRONG_BOARDS = {
    BOARD: [],
    BOARD + "}, {" + BOARD: ["1.id 'b' is there twice"],
    BOARD + ", measure: spend, counts: {on: visit}": [
        "0.measure 'visit' has no goods, so 'spend' stays at 0"
    ],
    BOARD + ", stores: [x], counts: {stores: [y]}": [
        "0.counts.stores stores are named twice: where it counts, and which have a board"
    ],
    BOARD + ", stores: [x, x]": ["0.stores a store is there twice"],
}


DRAW = "id: d, name: D, prize: A pen, words: the lottery, from_on: 2026-01-01, until_on: 2026-02-01"
WRONG_DRAWS = {
    DRAW: [],
    DRAW + "}, {" + DRAW: ["1.id 'd' is there twice"],
    DRAW.replace("the lottery", "' '"): [
        "0 nothing says by which words it is drawn, so words could be chosen that suit"
    ],
    DRAW + ", each: 0": ["0.each 0 gives nothing"],
    DRAW + ', measure: spend, each: "0.001"': [
        "0.each 0.001 has too many decimals: this currency has only 2 decimals"
    ],
    DRAW + ", measure: items, counts: {on: visit}": [
        "0.measure 'visit' has no goods, so 'items' stays at 0"
    ],
    DRAW.replace("2026-02-01", "2026-01-01"): ["0.until_on this period has no day in it"],
    DRAW.replace("2026-02-01", "2026-02-30"): ["0.until_on there is no day '2026-02-30'"],
}


@pytest.mark.parametrize("text", WRONG_DRAWS)
def test_a_draw_is_right_or_its_mistake_is_named(text: str) -> None:
    program = read_program(f"{HEAD}draws: [{{{text}}}]\n")
    assert [_told(one) for one in draws(program)] == WRONG_DRAWS[text]


@pytest.mark.parametrize("text", WRONG)
def test_a_milestone_is_right_or_its_mistake_is_named(text: str) -> None:
    program = read_program(f"{HEAD}milestones: [{{{text}}}]\n")
    found = [_told(one) for one in milestones(program)]
    assert len(found) == len(WRONG[text])
    assert all(one.startswith(start) for one, start in zip(found, WRONG[text], strict=True)), found


@pytest.mark.parametrize("text", WRONG_BOARDS)
def test_a_leaderboard_is_right_or_its_mistake_is_named(text: str) -> None:
    program = read_program(f"{HEAD}leaderboards: [{{{text}}}]\n")
    found = [_told(one) for one in leaderboards(program)]
    assert found == WRONG_BOARDS[text]


def _told(one: Finding) -> str:
    where = ".".join(str(part) for part in one.path[1:])
    return f"{where} {one.says}".replace('"', "'")


FEEDS = {
    "milestones": "[{id: a, name: A, wallet: stars, steps: [{at: 3, points: 5}]}]",
    "challenges": "[{id: a, name: A, target: 3, every: week, prize: {wallet: stars, points: 5}}]",
    "streaks": "[{id: a, name: A, every: week, "
    "milestones: [{length: 3, prize: {wallet: stars, points: 5}}]}]",
    "benefits": "[{id: a, name: A, gives: {wallet: stars, points: 5}}]",
    "referral": "{wallet: stars, referrer: {points: 5}}",
}
SHOP = """
regulars: 1
program: shop
name: Shop
currency: EUR
zone: Europe/Berlin
wallets: {stars: {}}
rewards: [{id: cup, name: A cup, price: {stars: 20}}]
"""


@pytest.mark.parametrize("what", FEEDS)
def test_a_wallet_is_fed_by_more_than_rules(what: str) -> None:
    unfed = [one.says for one in promises(read_program(SHOP))]
    assert len(unfed) == 2, "no rule gives anything, and nobody can have so much"
    assert list(promises(read_program(f"{SHOP}{what}: {FEEDS[what]}\n"))) == []
