"""What is wrong with milestones and leaderboards of a program file, each with its place."""

from __future__ import annotations

import pytest

from regulars.records.program.checks.playing.advocacy import advocacy
from regulars.records.program.checks.playing.challenges import challenges
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
rewards:
  - {id: cup, name: A cup, price: {points: 5}}
  - {id: off, name: 5.00 off, price: {points: 5}, gives: {kind: discount, off: "5.00"}}
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
    RIGHT + "}, {" + RIGHT: ["1.id the id 'm' is already taken"],
}
BOARD = "id: b, name: B"
WRONG_BOARDS = {
    BOARD: [],
    BOARD + "}, {" + BOARD: ["1.id the id 'b' is already taken"],
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
    DRAW + "}, {" + DRAW: ["1.id the id 'd' is already taken"],
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
    DRAW + ", gives: [{wallet: points, points: 5}, {reward: cup}]": [
        "0.gives there are 2 prizes, and 1 may win",
    ],
    DRAW + ", gives: [{wallet: points, points: 5, reward: cup}]": [
        "0.gives.0 a prize is either points or a reward"
    ],
    DRAW + ", gives: [{}]": ["0.gives.0 a prize is either points or a reward"],
    DRAW + ", gives: [{wallet: status, points: 5}]": [
        "0.gives.0.wallet 'status' is status credit, which only rules give"
    ],
    DRAW + ", gives: [{wallet: points}]": ["0.gives.0.points 0 gives nothing"],
    DRAW + ", gives: [{reward: mug}]": ["0.gives.0.reward there is no reward 'mug'"],
    DRAW + ", gives: [{reward: cup, points: 5}]": ["0.gives.0.points the points go nowhere"],
    DRAW + ", gives: [{reward: off}]": [
        "0.gives.0.reward who wins has no basket and no bank account, and this reward needs one"
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


TEAM = 'id: t, name: T, target: 10, joins: opt_in, prize: {badge: B}, together: {each: "2"}'
WRONG_TEAMS = {
    TEAM: [],
    TEAM.replace("joins: opt_in", "joins: automatic"): [
        "0.joins nobody is in a team by themselves"
    ],
    TEAM + ", measure: stores": [
        "0.measure of different stores nobody can say who brought how much"
    ],
    TEAM + ", within: 7 days": [
        "0.within a team has no first deed of its own to begin a period with"
    ],
    TEAM + ", in_all: 2": ["0.together a team reaches it once in a period, and nothing is carried"],
    TEAM + ", overshoot: carried": [
        "0.together a team reaches it once in a period, and nothing is carried"
    ],
    TEAM.replace('each: "2"', "each: 11"): [
        "0.together.each everybody would have to do more than the whole team"
    ],
    TEAM.replace('each: "2"', "each: 0"): ["0.together.each 0 gives nothing"],
    TEAM.replace('each: "2"', 'each: "2.5"'): [
        "0.together.each 2.5 has too many decimals: this measure has no decimals"
    ],
}
ACTION = "on: review, name: R, about: product, moderated: 2 weeks"
WRONG_ACTIONS = {
    ACTION: [],
    ACTION + "}, {" + ACTION: ["1.on 'review' is there already"],
    ACTION.replace("review", "purchase"): [
        "0.on a purchase has its own rules, and nobody approves it",
        "0.on no rule gives anything for 'purchase'",
    ],
    ACTION.replace("review", "survey"): ["0.on no rule gives anything for 'survey'"],
    ACTION + "}, {on: stay, name: S, moderated: 1 day": [
        "2.wallet status credit counts at once, and 'stay' waits until it is approved",
        "1.ends_on points that wait: their end is the wallet's",
    ],
    ACTION + "}, {on: photo, name: P": [
        "3.when.detail what there is for 'photo' hangs on what the member thinks"
    ],
}
RULES = """rules:
  - {id: a, on: review, wallet: points, award: {give: fixed, points: 1}}
  - {id: b, on: stay, wallet: points, ends_on: 2030-01-01, until_on: 2029-01-01,
     award: {give: fixed, points: 1}}
  - {id: c, on: stay, wallet: status, award: {give: fixed, points: 1}}
  - {id: d, on: photo, wallet: points, award: {give: fixed, points: 1},
     when: {if: detail, detail: stars, in: [5]}}
"""


@pytest.mark.parametrize("text", WRONG_TEAMS)
def test_what_is_wrong_with_a_team_is_named(text: str) -> None:
    program = read_program(f"{HEAD}challenges: [{{{text}}}]\n")
    assert [_told(one) for one in challenges(program)] == WRONG_TEAMS[text]


@pytest.mark.parametrize("text", WRONG_ACTIONS)
def test_what_is_wrong_with_an_action_for_the_shop_is_named(text: str) -> None:
    program = read_program(f"{HEAD}{RULES}advocacy: [{{{text}}}]\n")
    found = list(advocacy(program))
    assert sorted(map(_told, found)) == sorted(WRONG_ACTIONS[text])
    assert all(one.mend for one in found)
