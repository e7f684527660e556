"""Challenges and streaks in a replay, without books: what else happens to whoever plays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.given import as_chosen
from regulars.engine.replaying.kernel.gaps import gaps
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body
from regulars.records.program.reading import read_program

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENDS = START + timedelta(days=8)
ADA, BOB = UUID(int=1), UUID(int=2)
PLAIN = """
regulars: 1
program: games
name: Games
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt, expiry: {after: 9 days, round_up_to: day}}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""
PLAYING = (
    PLAIN
    + """
challenges:
  - {id: thrice, name: Three visits, target: 3, counts: {on: visit}, every: week,
     prize: {wallet: points, points: 50}}
"""
)


def after(**span: float) -> datetime:
    return START + timedelta(**span)


def fact(what: Any, who: UUID, at: datetime, **more: Any) -> Happening:
    return Happening(what=what, member_id=who, now=at, at=at, **more)


def did(id_: int, who: UUID, at: datetime, sale: int = 0, kind: str = "visit") -> Happening:
    """A visit (or something else), or that the one of this number came back."""
    kind = "return" if sale else kind
    activity = Activity(
        UUID(int=id_), who, kind, "till", str(id_), UUID(int=sale) if sale else None, at, "", "",
        500 if kind == "purchase" else 0, Body(), "till",
    )  # fmt: skip
    return fact("return" if sale else "activity", who, at, activity=activity)


def thrice(who: UUID) -> list[Happening]:
    """Somebody joined and came three times, for which there are fifty points."""
    first = who.int * 10
    came = [did(first + one, who, after(hours=one)) for one in range(3)]
    return [fact("join", who, START), *came]


def terms_of(source: str) -> Terms:
    return alone(compile_program(read_program(source)), after(days=-9))


def played(rows: list[Happening], source: str = PLAYING, until: datetime = ENDS) -> Fold:
    """A history decided once more; a fold that looks at somebody for ever fails instead."""
    fold = Fold(terms_of(source), Tally(0, 10**7))
    looks = count()
    next_look = fold._games.next_look

    def looked(member_id: UUID) -> datetime | None:
        assert next(looks) < 1_000, "looked at for ever"
        return next_look(member_id)

    fold._games.next_look = looked
    return fold.run(sorted(rows, key=lambda one: one.now), until)


def prizes(fold: Fold) -> tuple[int, int, int]:
    fired = fold.tally.rules["challenge thrice"]
    return fired.times, fired.units, fired.back


def test_a_draft_without_games_looks_at_nobody_who_played_before() -> None:
    rows = [
        fact("join", ADA, START),
        fact("join", BOB, START),
        fact("play", ADA, after(hours=1), kind="sprint"),
        did(1, ADA, after(hours=2), kind="purchase"),
        did(2, ADA, after(hours=3), sale=1),
        fact("merge", ADA, after(hours=4), other_id=BOB, cause_id=UUID(int=9)),
    ]
    assert played(rows, PLAIN).left_out == []


def test_whoever_is_erased_at_once_is_looked_at_no_more() -> None:
    rows = [fact("join", ADA, START), did(1, ADA, after(hours=1))]
    rows.append(fact("erase", ADA, after(hours=1, seconds=30)))
    assert played(rows).left_out == []


def test_what_a_merged_one_brings_back_takes_the_prize_from_whom_they_stand_as() -> None:
    merge = fact("merge", BOB, after(hours=4), other_id=ADA, cause_id=UUID(int=9))
    rows = [fact("join", ADA, START), *thrice(BOB), merge, did(50, BOB, after(days=1), sale=21)]
    short = played(rows, until=after(days=2))
    assert (prizes(short), short.states[ADA].balance(1).available) == ((1, 50, 50), 0)
    # When it was taken, not at the very end.
    look = fact("hold", ADA, after(days=1, minutes=2), wallet="points", units=50)
    fold = Fold(short.terms, Tally(0, 10**7))
    for one in [*rows, look]:
        fold.take_in(one)
    assert fold.states[ADA].balance(1).available + fold.states[ADA].balance(1).held == 0


def test_something_new_and_what_came_back_of_long_ago_are_looked_at_at_once() -> None:
    new, back = did(50, ADA, after(days=7)), did(51, ADA, after(days=7, seconds=9), sale=11)
    fold = played([fact("join", ADA, START), *thrice(ADA), new, back], until=after(days=8))
    assert (prizes(fold), fold.states[ADA].balance(1).available) == ((1, 50, 50), 0)


def test_what_had_lapsed_of_a_merged_ones_prize_is_not_taken_and_not_told_as_taken() -> None:
    merge = fact("merge", BOB, after(days=12), other_id=ADA, cause_id=UUID(int=9))
    back = did(50, BOB, after(days=13), sale=21)
    fold = played([fact("join", ADA, START), *thrice(BOB), merge, back], until=after(days=14))
    assert prizes(fold) == (1, 50, 0)
    assert (fold.states[ADA].balance(1).available, fold.states[ADA].balance(1).debt) == (0, 0)


def test_prizes_of_what_each_plays_alone_are_decided_anew_and_those_of_teams_stay() -> None:
    """A challenge may be for teams in one version and for each alone in another."""
    together = PLAYING.replace("target: 3,", "target: 3, joins: opt_in, together: {most: 3},")
    at = after(hours=3)
    prize = fact(
        "adjust", ADA, at, kind="challenge thrice", wallet="points", units=7, earned_at=START
    )
    for books, draft, points in (
        (PLAYING, PLAYING, 50),
        (PLAYING, together, 7),
        (PLAYING, PLAIN, 0),
        (together, PLAYING, 50),
        (together, together, 7),
        (together, PLAIN, 7),
    ):
        rows = as_chosen([*thrice(ADA), prize], terms_of(books))
        found = played(rows, draft).states[ADA].balance(1).available
        assert found == points, (books, draft)


def test_of_what_was_taken_back_nothing_is_left_of_shipping_and_tips_either() -> None:
    """Only what was in its lines was."""
    tipped = PLAIN.replace("on: purchase", "on: visit") + "qualifying: {standard: {tips: in}}\n"
    came = did(1, ADA, after(hours=1))
    assert came.activity is not None
    paid = replace(came.activity, body=Body(tips_minor=500))
    rows = [fact("join", ADA, START), replace(came, activity=paid)]
    assert played(rows, tipped).states[ADA].balance(1).available == 5
    rows.append(did(2, ADA, after(hours=2), sale=1))
    assert played(rows, tipped).states[ADA].balance(1).available == 0


def test_whoever_did_much_is_looked_at_less_often_and_ends_the_same() -> None:
    """A look tells all deeds of the week anew: after each of them it would be their square."""
    rows = [fact("join", ADA, START), did(900, ADA, after(minutes=1), kind="purchase")]
    rows += [did(one, ADA, after(minutes=2 * one)) for one in range(1, 301)]
    rows.append(did(901, ADA, after(minutes=605), sale=1))
    fold, looks = Fold(terms_of(PLAYING), Tally(0, 10**7)), count()
    settle = fold._games.settle
    fold._games.settle = lambda looked, tally: (next(looks), settle(looked, tally))
    fold.run(rows, ENDS)
    assert prizes(fold) == (1, 50, 0)
    assert 20 < next(looks) < 150
    assert len(fold._games._of[ADA].done) == 300, "what no game counts is not told"


def test_what_is_due_after_the_end_is_settled_at_the_end() -> None:
    """Whoever did much is looked at less often, and the history may end before their turn."""
    all_ = PLAYING.replace("target: 3,", "target: 400,").replace("every: week", "within: 30 days")
    rows = [fact("join", ADA, START), *(did(one, ADA, after(minutes=one)) for one in range(1, 401))]
    for ends in (403, 440):
        assert prizes(played(rows, all_, after(minutes=ends))) == (1, 50, 0), ends


def test_a_day_on_which_only_something_else_was_done_links_a_streak_as_in_the_books() -> None:
    """The streak begins on another day once its first visit is taken back; its prize stays."""
    streak = """
streaks:
  - {id: daily, name: Every day, every: day, again: each_streak, counts: {on: visit},
     milestones: [{length: 3, prize: {wallet: points, points: 50}}]}
"""
    rows = [fact("join", ADA, START), did(4, ADA, after(days=3), kind="purchase")]
    rows += [did(day + 1, ADA, after(days=day)) for day in (0, 1, 2, 4, 5, 6)]
    rows.append(did(50, ADA, after(days=6, seconds=9), sale=1))
    fired = played(rows, PLAIN + streak).tally.rules["streak daily"]
    assert (fired.times, fired.units, fired.back) == (1, 50, 0)


def test_games_that_give_no_points_leave_a_program_in_columns() -> None:
    """What they give is in no sum, so nothing is lost by not playing them again."""
    badges = PLAYING.replace("{wallet: points, points: 50}", "{badge: Thrice}")
    assert gaps(terms_of(PLAYING).versions[0]) == ["points as prizes of challenges or streaks"]
    assert gaps(terms_of(badges).versions[0]) == []
    fold = played([*thrice(ADA), fact("play", ADA, after(hours=1), kind="thrice")], badges)
    assert (fold.left_out, dict(fold.tally.rules)) == ([], {})
