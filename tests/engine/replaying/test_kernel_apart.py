"""Whoever the kernel cannot decide is decided by the fold, and both together are the whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.engine.replaying.test_kernel import START, asked_about, template
from tests.engine.replaying.test_kernel_baskets import shopping
from tests.engine.replaying.test_summing import WINDOW, shown

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel import apart as kernel_apart
from regulars.engine.replaying.kernel.apart import Placed, apart, parts_of, together
from regulars.engine.replaying.kernel.summing import summed
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.replaying.parting import decide
from regulars.engine.replaying.parting import together as parts_together
from regulars.engine.replaying.tally import Came, Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body, Payment
from regulars.records.program.reading import read_program


def uneven(chance: Random, rows: list[Happening]) -> list[Happening]:
    """The rows, of which a few are told late, pay a sale with points or stand beside something
    done by hand; and two members who become one."""
    found, paid = [], None
    for one in rows:
        draw = chance.random()
        if one.member_id.int > 6:  # so that there are some of whom nothing is odd
            found.append(one)
        elif one.what == "activity" and draw < 0.04:
            found.append(replace(one, now=one.now + timedelta(days=chance.choice((1, 40)))))
        elif one.what == "release":
            found.append(one)
            paid = one
        elif one.what == "activity" and paid and one.member_id == paid.member_id and draw < 0.4:
            body = replace(one.activity.body, payments=(Payment("points", 100, paid.cause_id),))
            found.append(replace(one, activity=replace(one.activity, body=body)))
            paid = None
        else:
            found.append(one)
        if draw > 0.99:
            fact = {"member_id": one.member_id, "now": one.now, "at": one.now, "units": 7}
            found.append(Happening(what="adjust", wallet="points", **fact))
    merged = START + timedelta(days=300)
    found = [one for one in found if one.member_id.int != 8 or one.now < merged]
    fact = {"cause_id": UUID(int=99), "now": merged, "at": merged}
    found.append(
        Happening(what="merge", member_id=UUID(int=8), other_id=UUID(int=9), **fact),
    )
    return sorted(found, key=lambda one: one.now)


def by_both(terms: Terms, rows: list[Placed], ends: datetime) -> tuple[Fold, dict, str]:
    """What kernel and fold come to together, what each activity got, and why not all in columns."""
    version = terms.versions[0]
    found = apart(version, rows)
    fold, _ = summed(terms, found.columns, WINDOW, compiled=False)
    rest = decide(Fold(terms, Tally(*WINDOW)), found.rows, ends)
    parts, _ = parts_of(terms, rows, (WINDOW, ends, frozenset()), compiled=False)
    alike = parts_together(terms, WINDOW, parts)
    together(fold, found.columns, rest)
    assert shown(alike) == shown(fold)
    return fold, given(alike), found.why


def given(fold: Fold) -> dict:
    came: list[Came] = fold.tally.came
    return {(one.activity_id, one.tier, w): n for one in came for w, n in one.units.items() if n}


@pytest.mark.parametrize("name", ["retail", "beauty-tiers", "coffee-shop"])
def test_kernel_and_fold_together_come_to_what_the_fold_comes_to(name: str) -> None:
    terms, chance = template(name), Random(5)
    version = terms.versions[0]
    wallets = list(version.program.wallets)
    rows = uneven(chance, asked_about(chance, version.compiled, shopping(chance, wallets, 14, 40)))
    ends = day_starts_at(version.zone, WINDOW[1])
    rows = [one for one in rows if one.now < ends]
    whole = Fold(terms, Tally(*WINDOW)).run(rows, ends)
    fold, gave, why = by_both(terms, list(enumerate(rows)), ends)
    assert shown(fold) == shown(whole)
    assert gave == given(whole)
    assert why
    assert len(apart(version, list(enumerate(rows))).columns.members) >= 4


def test_where_nobody_is_plain_all_is_left_to_the_fold() -> None:
    terms = template("retail")
    rows = shopping(Random(2), ["points"], 2, 10)
    late = [replace(one, now=one.now + timedelta(days=9)) for one in rows]
    with pytest.raises(NotPlain, match="something was told late"):
        apart(terms.versions[0], list(enumerate(late)))


def test_where_notices_were_shown_all_is_left_to_the_fold() -> None:
    terms = template("retail")
    version = terms.versions[0]
    warned = version.__class__(**{
        name: getattr(version, name) for name in version.__struct_fields__
    } | {"warned": dict.fromkeys(version.wallet_codes, (version.zone, 30))})  # fmt: skip
    with pytest.raises(NotPlain, match="which notices were shown"):
        apart(warned, list(enumerate(shopping(Random(2), ["points"], 2, 10))), ["points"])


def test_who_tears_apart_who_is_tied_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_apart, "with_ties", lambda rows, some: set(some))
    with pytest.raises((AssertionError, KeyError)):
        test_kernel_and_fold_together_come_to_what_the_fold_comes_to("retail")


REVIEWS = """
regulars: 1
program: told
name: Told
currency: EUR
zone: UTC
wallets: {points: {negative: debt}}
advocacy:
  - {on: review, name: A review, about: product, proof: true}
rules:
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 10}}
"""


def review(number: int, product: str, proof: str = "x", member: int = 1) -> Happening:
    at = START + timedelta(days=number)
    body = Body(details={"product": product} if product else {})
    deed = Activity(
        UUID(int=number), UUID(int=member), "review", "web", proof, None, at, "", "", 0, body, ""
    )
    return Happening(what="activity", member_id=deed.member_id, now=at, at=at, activity=deed)


def test_a_replay_takes_each_review_of_a_thing_once_and_says_which_are_left_out() -> None:
    terms = alone(compile_program(read_program(REVIEWS)), START - timedelta(days=99))
    rows = [
        review(1, "mug"), review(2, " MUG"), review(3, "mug", member=2), review(4, "cup"),
        review(5, ""), review(6, "pot", proof=""), review(7, "tea", proof="", member=3),
    ]  # fmt: skip
    ends = START + timedelta(days=30)
    window = (0, ends.toordinal())
    fold = Fold(terms, Tally(*window)).run(rows, ends)
    found = apart(terms.versions[0], list(enumerate(rows)))
    summed_up, _ = summed(terms, found.columns, window, compiled=False)
    assert fold.tally.total("points", "issued") == 30
    assert [one.why for one in fold.left_out] == [
        "this member told of it before", "say what it is about, as detail product",
        "say where it can be seen: its id there, as `external_id`",
        "say where it can be seen: its id there, as `external_id`",
    ]  # fmt: skip
    assert not found.rows
    assert shown(summed_up) == shown(fold)


def test_what_was_not_approved_may_be_told_again_in_a_replay_too() -> None:
    moderated = REVIEWS.replace("proof: true", "moderated: 20 days")
    terms = alone(compile_program(read_program(moderated)), START - timedelta(days=99))
    no = replace(review(1, "mug"), what="cancel", activity=None, cause_id=UUID(int=1))
    no = replace(no, now=START + timedelta(days=2), at=START + timedelta(days=2))
    rows = [review(1, "mug"), no, review(3, "mug"), review(4, "mug")]
    fold = Fold(terms, Tally(0, 10**7)).run(rows, START + timedelta(days=9))
    assert [one.where for one in fold.left_out] == ["activity x"]
    assert [one.activity_id.int for one in fold.tally.came] == [1, 3]
    with pytest.raises(NotPlain, match="activities that somebody approves"):
        apart(terms.versions[0], list(enumerate(rows)))


def test_debts_that_are_forgiven_are_left_to_the_fold() -> None:
    forgiving = REVIEWS.replace("negative: debt", "negative: debt, write_off_after: 90 days")
    terms = alone(compile_program(read_program(forgiving)), START)
    with pytest.raises(NotPlain, match="debts that are forgiven"):
        apart(terms.versions[0], [(0, review(1, "mug"))])
