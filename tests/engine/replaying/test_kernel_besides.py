"""What only some programs have, in columns: each comes to what the fold comes to, and has a control
that is noticed."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.engine.replaying.besides import words
from tests.engine.replaying.test_kernel import START, agreeing, both, by_kernel
from tests.engine.replaying.test_kernel_baskets import shopping, sold
from tests.engine.replaying.test_summing import WINDOW, shown
from tests.turns import NIGHTLY

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel import running
from regulars.engine.replaying.kernel.apart import apart
from regulars.engine.replaying.kernel.columns import columns_of
from regulars.engine.replaying.kernel.summing import summed
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import NOBODY, Body, Line, ReturnedLine
from regulars.records.program.reading import read_program


def told(chance: Random, wallets: list[str]) -> list[Happening]:
    return words(chance, shopping(chance, wallets, 5, 30))


def test_random_programs_come_to_the_same_with_what_only_some_have() -> None:
    came = agreeing(range(200, 460 if NIGHTLY else 234), told, besides=True)
    assert len(came) >= 6
    for name in ("WAITS", "KEEPS", "RESTS", "REACHES", "REFUSES", "OR_BY", "SHARES"):
        assert sum(one["has_besides"][name] for one in came) >= 2, name
    assert any(one["cancelled"] for one in came)
    assert any("spent already" in each.why for one in came for each in one["left_out"])


FRAME = """
regulars: 1
program: besides
name: Besides
currency: EUR
zone: Europe/Berlin
stacking: {base: sum}
"""
EURO = (
    "{id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: '1.00'}%s}"
)
PROGRAMS = {
    "clock": """
wallets:
  points:
    negative: debt
    expiry: {after: 2 months, round_up_to: month}
    pending: {until: duration, after: 14 days}
rules: [%s]""" % (EURO % ""),
    "word": """
wallets:
  points:
    negative: debt
    expiry: {after: 2 months, round_up_to: month}
    pending: {until: event, cancel_after: 30 days}
rules: [%s]""" % (EURO % ""),
    "kept": """
wallets: {points: {rounding: {carry: true}, negative: debt}}
rules:
  - %s
  - {id: third, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "3.00"}}
""" % (EURO % ""),
    "of a day": """
wallets: {points: {rounding: {scope: day, mode: half_up, step: 10}, negative: debt}}
rules:
  - %s
  - {id: seventh, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "7.00"}}
""" % (EURO % ""),
    "rests": """
wallets: {points: {negative: debt}}
rules:
  - %s
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 9}, cooldown: {hours: 20}}
""" % (EURO % ", cooldown: {days: 9}"),
    "refuses": """
wallets: {points: {negative: refuse}}
rules: [%s]
tiers: {returned_credit: revoke_now, steps: [{id: silver, at: "300.00"}, {id: gold, at: "900.00"}]}
""" % (EURO % ""),
    "milestones": """
wallets: {points: {negative: debt, expiry: {after: 2 months, round_up_to: month}}}
rules: [%s]
milestones:
  - {id: coffee, name: C, wallet: points, per: month, measure: items,
     counts: {on: purchase, categories: [coffee]}, steps: [{at: 2, points: 30, again: true}]}
  - {id: spent, name: S, wallet: points, per: ever, measure: spend, counts: {on: purchase},
     steps: [{at: "200.00", points: 50}, {at: "400.00", points: 70}]}
""" % (EURO % ""),
    "milestones without points": """
wallets: {points: {negative: debt, expiry: {after: 2 months, round_up_to: month}}}
rules: [%s]
milestones:
  - {id: worn, name: W, per: month, measure: deeds, counts: {on: purchase},
     steps: [{at: 2, badge: Regular, again: true}]}
  - {id: coffee, name: C, wallet: points, per: month, measure: items,
     counts: {on: purchase, categories: [coffee]}, steps: [{at: 2, points: 30, again: true}]}
""" % (EURO % ""),
    "shared": """
wallets: {points: {negative: debt}}
rules:
  - %s
  - {id: app, on: purchase, wallet: points, award: {give: fixed, points: 90},
     when: {if: channel, in: [app]}, limits: [{per: month, times: 4, of: everyone}]}
budgets: [{id: all, wallet: points, per: month, points: 900}]
""" % (EURO % ", limits: [{per: year, points: 3000, of: everyone}]"),
    "at once": """
wallets: {points: {negative: debt}, change: {rounding: {carry: true}, negative: debt}}
rules:
  - %s
  - {id: third, on: purchase, wallet: change, award: {give: per_amount, points: 1, per: "3.00"}}
budgets:
  - {id: once, wallet: points, per: activity, points: 50}
  - {id: small, wallet: change, per: activity, points: 12}
""" % (EURO % ""),
    "two measures": """
wallets: {points: {negative: debt}}
rules: [%s]
tiers:
  or_by: {measure: visits}
  window: rolling
  rolling_days: 60
  valid: window_end
  crossing_earns: new_tier
  returned_credit: revoke_now
  steps: [{id: silver, at: "300.00", or_at: 4}, {id: gold, at: "900.00", or_at: 8}]
""" % (EURO % ""),
}  # fmt: skip
BUGS = {
    "points turn a day too late": ("WAITS", "clock", ("lots[4, wallet, lot] <= now)", "lots[4, wallet, lot] + 86_400_000_000 <= now)")),
    "their end is counted from earning": ("WAITS", "clock", ("turned = min(on - rows[2][row] + at,", "turned = min(at,")),
    "a debt is not paid by what turns": ("WAITS", "clock", ("paid = min(balance[wallet, 1], points)\n", "paid = 0\n")),
    "a return leaves what waits": ("WAITS", "clock", ("balance[wallet, 2 if lots[3, wallet, lot] else 0] -= own", "balance[wallet, 0] -= own")),
    "nobody cancels what was not confirmed": ("WAITS", "word", ("            if BY_EVENT[wallet]:\n", "            if False:\n")),
    "a word is not heard": ("WAITS", "word", ("if rows[0][row] == CONFIRM:", "if False:")),
    "what was cancelled is taken once more": ("WAITS", "word", ("lots[2, wallet, lot] += points\n    out", "lots[2, wallet, lot] += 0\n    out")),
    "the first lot goes, not the soonest": ("WAITS", "word", ("lots[0, wallet, lot] < lots[0, wallet, best]", "False")),
    "a remainder is forgotten": ("KEEPS", "kept", ("        return last  # type", "        bag[1, wallet, last] = 0\n        return last  # type")),
    "a return leaves the remainder": ("KEEPS", "kept", ("broken * GRIDS[wallet] - less", "0")),
    "what was kept is somebody's": ("KEEPS", "kept", ("if best < 0 or rests[RULES] > rests[best]:", "if best < 0:")),
    "large steps are split like small ones": ("KEEPS", "of a day", ("    if STEP_OF[wallet] > 1 or before < 0:\n", "    if before < 0:\n")),
    "days share their remainder": ("KEEPS", "of a day", ("day if KEEP_FOR[wallet] == 1 else 0", "0")),
    "a rule rests a day too long": ("RESTS", "rests", ("ago < REST_OF[place]", "ago <= REST_OF[place]")),
    "hours are days": ("RESTS", "rests", ("rows[13][2][row] if BY_MINUTE[place]", "rows[2][row] if BY_MINUTE[place]")),
    "what came back lets a rule rest": ("RESTS", "rests", ("                    bag[1, place, last] = 0\n", "                    bag[1, place, last] = 1\n")),
    "a refused return stays returned": ("RETURNING", "refuses", ("        back[line] = was[line]\n", "")),
    "a refused return takes what is there": ("RETURNING", "refuses", ("if REFUSING[wallet] and less:", "if False:")),
    "a step counts once": ("REACHES", "milestones", ("GIVES[step] * (together // TAKES[step])", "GIVES[step] * (together >= TAKES[step])")),
    "all goods count": ("REACHES", "milestones", ("if counted and of_line[line, stone]:", "if counted:")),
    "a period never ends": ("REACHES", "milestones", ("rows[13][7][stone, at])", "rows[13][7][stone, 0])")),
    "what is not reached is kept": ("REACHES", "milestones", ("            bag[2, stone, place] -= units\n", "            units = 0\n")),
    "others' points go first": ("REACHES", "milestones", ("if lots[6, wallet, lot] == whose:\n            own", "if False:\n            own")),
    "what lapsed of it is taken again": ("REACHES", "milestones", ("gone = min(units, max(", "gone = min(0, max(")),
    "a budget is nobody's": ("SHARES", "shared", ("        used[place, period_of[place, at]] += gave[row, BUDGET_IN[budget]]", "        used[place, period_of[place, at]] += 0")),
    "a budget never begins anew": ("SHARES", "shared", ("max(BUDGET_FULL[budget] - used[place, period_of[place, at]], 0)", "max(BUDGET_FULL[budget] - used[place, 0], 0)")),
    "more is told of rules than was given": ("SHARES", "shared", ("given[rule] = min(given[rule], rest)", "given[rule] = min(given[rule], points)")),
    "one activity uses up the next one's": ("SHARES", "at once", ("        if COUNTED[budget]:\n            used[place, period_of[place, at]] += gave", "        if True:\n            used[place, period_of[place, at]] += gave")),
    "what is cut off is kept": ("KEEPS", "at once", ("+= points * GRIDS[wallet] - own_of(grains, wallet)", "+= 0")),
    "what is cut off comes back": ("KEEPS", "at once", ("            grains[rule], stands = stands, 0\n", "            stands = 0\n")),
    "a shared limit is each member's": ("SHARES", "shared", ("        if SHARED[place] and points:", "        if False and points:")),
    "what comes back frees no shared limit": ("SHARES", "shared", ("used[place, period_of[place, at]] -= by", "used[place, period_of[place, at]] -= 0")),
    "what comes back frees no budget": ("SHARES", "shared", ("-= less[BUDGET_IN[budget], 0]", "-= 0")),
    "members are not told in turn": ("SHARES", "shared", ("row = order[place]", "row = place")),
    "the second measure reaches nothing": ("FIXED", "two measures", ("reached = max(reached, other_step_of(bag[2,", "reached = max(reached, 0 * other_step_of(bag[2,")),
    "the second never leaves its window": ("FIXED", "two measures", ("bag[2, bag.shape[1] - 1] -= bag[2, tail]", "bag[2, bag.shape[1] - 1] -= 0")),
    "visits that come back count": ("RETURNING", "two measures", ("bag[2, place] += still - other", "bag[2, place] += 0")),
}  # fmt: skip


def edges(name: str) -> list[Happening]:
    """What chance seldom brings: who spends what a sale gave before it comes back, by parts, in the
    same month or when it lapsed."""
    coffee = Body(lines=(Line(20_000, "c1", "coffee", 4), Line(333, "b1", "beans", 1)))
    part = Body(returned=(ReturnedLine(0, 2),))
    found: list[Happening] = []
    for number, days, spent in ((901, 1, 0), (902, 20, 150), (903, 100, 30), (905, 8, 0)):
        deeds = ((0, coffee), (days, part), (days + 1, coffee), (days + 9, part))
        found += _deeds(number, deeds)
        found += _spends(number, days - 1, spent) if spent else []
    # What came of the first sale goes back, and the rest of it lapses before that of the second.
    found += _deeds(906, ((0, coffee), (40, coffee), (41, part))) + _spends(906, 95, 500)
    # What was earned last is confirmed first, and so ends first.
    found += _deeds(907, ((14, coffee), (15, coffee))) + _spends(907, 37, 300)
    found += _spends(907, 100, 500)
    for place, day in ((1, 16), (0, 36)):
        found.append(_fact(907, day, what="confirm", cause_id=UUID(int=90700 + place)))
    return sorted(found, key=lambda one: one.now)


def _deeds(number: int, deeds: tuple[tuple[int, Body], ...]) -> list[Happening]:
    """Sales and what comes back of the first, on these days."""
    found = []
    for place, (after, body) in enumerate(deeds):
        told: dict = {"activity_id": UUID(int=number * 100 + place), "member_id": UUID(int=number)}
        if not body.lines:
            told |= {"kind": "return", "sale_id": UUID(int=number * 100)}
        one = sold(START + timedelta(days=after), body, **told)
        found.append(replace(one, member_id=UUID(int=number)))
    return found


def _spends(number: int, day: int, units: int) -> list[Happening]:
    about: dict = {"wallet": "points", "units": units, "cause_id": UUID(int=number * 10 + day)}
    return [_fact(number, day, what=what, **about) for what in ("hold", "release")]


def _fact(number: int, day: int, **more: Any) -> Happening:
    at = START + timedelta(days=day)
    return Happening(member_id=UUID(int=number), now=at, at=at, **more)


@cache
def judged(name: str) -> tuple[Terms, list[Happening], dict, dict]:
    terms = alone(compile_program(read_program(FRAME + PROGRAMS[name])), START)
    chance = Random(7)
    rows = words(chance, edges(name) + shopping(chance, ["points"], 8, 30))
    return terms, rows, *both(terms, rows, compiled=False)


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_comes_to_the_same(name: str) -> None:
    _, _, ours, theirs = judged(name)
    assert theirs["returned"]
    assert ours == theirs


@pytest.mark.parametrize("name", ["word", "refuses", "milestones", "shared"])
def test_a_report_is_the_same_by_fold_and_kernel(name: str) -> None:
    terms, rows, _, _ = judged(name)
    ends = day_starts_at(terms.versions[0].zone, WINDOW[1])
    rows = [one for one in rows if one.now < ends]
    fold = Fold(terms, Tally(*WINDOW)).run(rows, ends)
    ours, _ = summed(terms, columns_of(terms.versions[0], rows), WINDOW, compiled=False)
    assert fold.tally.total("points", "issued") > 0
    assert shown(ours) == shown(fold)
    assert waiting(ours) == waiting(fold)


def waiting(fold: Fold) -> dict:
    return {m: sum(b.pending for b in s.balances.values()) for m, s in fold.states.items()}


def test_where_all_draw_on_one_budget_nobody_is_left_to_the_fold_alone() -> None:
    terms, rows, _, _ = judged("shared")
    late = replace(rows[0], now=rows[-1].now + timedelta(days=1))
    version, told = terms.versions[0], list(enumerate([*rows[1:], late]))
    with pytest.raises(NotPlain, match="all draw on one budget"):
        apart(version, told)
    count = Happening(what="count", member_id=NOBODY, now=START, at=START, kind="budget:all:month")
    with pytest.raises(NotPlain, match="used up by all"):
        apart(version, [(0, count)])


def test_a_table_of_sales_is_left_to_the_fold_where_too_little_is_known() -> None:
    version = judged("kept")[0].versions[0]
    columns = replace(columns_of(version, edges("kept")), baskets=None, beside=None)
    with pytest.raises(NotPlain, match="a table of sales"):
        running.Kernel(version, columns, compiled=False)


ALL = (
    FRAME
    + """
wallets:
  points: {rounding: {scope: day, mode: half_up, step: 10}, negative: refuse}
  later: {rounding: {carry: true}, negative: debt, pending: {until: duration, after: 9 days}}
rules:
  - %s
  - {id: seventh, on: purchase, wallet: later, award: {give: per_amount, points: 1, per: "7.00"}}
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 9}, cooldown: {hours: 20}}
milestones:
  - {id: coffee, name: C, wallet: points, per: month, measure: items,
     counts: {on: purchase, categories: [coffee]}, steps: [{at: 2, points: 30, again: true}]}
tiers: {or_by: {measure: visits}, steps: [{id: silver, at: "300.00", or_at: 4}]}
budgets: [{id: all, wallet: points, per: month, points: 900}]
"""
    % (EURO % "")
)


@pytest.mark.skipif(not NIGHTLY, reason="compiles half a minute: REGULARS_TEST_SIZE=nightly")
def test_all_of_it_comes_to_the_same_in_machine_code() -> None:
    terms = alone(compile_program(read_program(ALL)), START)
    chance = Random(7)
    rows = words(chance, edges("kept") + shopping(chance, ["points", "later"], 30, 40))
    ours, theirs = both(terms, rows, compiled=True)
    assert theirs["left_out"]
    assert ours == theirs


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, program, (healthy, broken) = BUGS[name]
    texts = {"FIXED": running.FIXED, "RETURNING": running.RETURNING} | running.BESIDES
    assert texts[text].count(healthy) == 1, f"{name}: renew it"
    changed = texts[text].replace(healthy, broken)
    if text in running.BESIDES:
        monkeypatch.setitem(running.BESIDES, text, changed)
    else:
        monkeypatch.setattr(running, text, changed)
    terms, rows, _, theirs = judged(program)
    assert by_kernel(terms, rows, compiled=False) != theirs
