"""Two tills, workers or servers at once: whatever the order, it ends as if one came first."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
import structlog
from tests.books import assert_books_right
from tests.isolation.had.appointment_scenes import APPOINTMENT_PAIRS
from tests.isolation.had.code_scenes import CODE_PAIRS
from tests.isolation.had.credit_scenes import CREDIT_PAIRS
from tests.isolation.had.moving_scenes import MOVING_PAIRS
from tests.isolation.had.undoing_scenes import SWAPPING_PAIRS, UNDOING_PAIRS
from tests.isolation.picture import answers, picture
from tests.isolation.scenes import KIOSK, PAIRS, Scene
from tests.isolation.schedules import (
    LEFT_FIRST,
    RIGHT_FIRST,
    Choose,
    Conductor,
    Explorer,
    at_random,
    one_after_the_other,
)
from tests.isolation.session import Session
from tests.makers import SECOND, Shop
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.base.faults import Fault, Refused
from regulars.flows.recording.sales import Sales
from regulars.records.members import read as members
from regulars.records.members import write as members_write
from regulars.records.rewards import read as rewards
from regulars.records.rewards.codes import read as codes
from regulars.records.standing import read as standing
from regulars.records.standing import write as standing_write

pytestmark = pytest.mark.slow

MOST_RUNS = int(os.environ.get("REGULARS_ORDERS") or (2_000 if NIGHTLY else 14))
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))


SHARED = ("shelf", "waits", "keys", "closed", "versions", "codes")
ALL = (*PAIRS, *MOVING_PAIRS, *CODE_PAIRS, *APPOINTMENT_PAIRS, *SWAPPING_PAIRS, *UNDOING_PAIRS)
ALL += CREDIT_PAIRS


class Stage:
    """A program of its own in which one scene is played again and again, each time anew."""

    def __init__(self, shop: Shop, scene: Scene, slug: str, source: str = KIOSK) -> None:
        self.scene = scene
        self.shop = shop
        shop.begin(source, slug=slug)
        self._number = 0
        self._ready: list[tuple[int, Any]] = []
        clocks = (lambda: shop.now - SECOND * scene.early), (lambda: shop.now)
        self.sessions = [Session(name) for name in ("left", "right")]
        self.owner = shop.run(asyncpg.connect(shop.made.owner_dsn))
        for session, clock in zip(self.sessions, clocks, strict=True):
            shop.run(session.open(shop.made.app_dsn, clock))
        self.observer = shop.run(asyncpg.connect(shop.made.app_dsn))
        self.conductor = Conductor(self.sessions, self.observer)

    def close(self) -> None:
        for session in self.sessions:
            self.shop.run(session.close())
        for connection in (self.owner, self.observer):
            self.shop.run(connection.close())

    def play(self, choose: Choose) -> tuple[Any, list[str]]:
        """One run; answers how it ended, comparable with other runs, and the order of steps."""
        n, given = self._next()
        return self.shop.run(self._play(choose, n, given))

    def make_ready(self) -> list[tuple[int, Any]]:
        """Make members ready for the next runs, unless some are; who they are."""
        if not self._ready:
            self.shop.forget_terms()  # whoever played the last run may have published
            numbers = range(self._number + 1, self._number + 1 + self.scene.at_once)
            self._ready = list(zip(numbers, self.scene.before(self.shop, numbers), strict=True))
            self._number += self.scene.at_once
        return list(self._ready)

    def _next(self) -> tuple[int, Any]:
        self.make_ready()
        return self._ready.pop(0)

    async def _play(self, choose: Choose, n: int, given: Any) -> tuple[Any, list[str]]:
        program_id, scene = self.shop.program_id, self.scene
        for session in self.sessions:
            session.programs.forget(program_id)
            since = (await session.programs.terms(program_id)).latest
        asks = [scene.left(n, given), scene.right(n, given)]
        playing = [
            session.begin(program_id, flow, commands)
            for session, (flow, commands) in zip(self.sessions, asks, strict=True)
        ]
        steps = await self.conductor.conduct(choose)
        await asyncio.gather(*playing)
        outcomes = [one for session in self.sessions for one in session.outcomes]
        for flow, commands in scene.after(n, outcomes):
            alone = self.sessions[1].begin(program_id, flow, commands)
            await self.conductor.conduct(one_after_the_other(("right",)))
            await alone
        names = [f"{kind}{n}" for kind in ("a", "b", "A", "B")]
        kept = await picture(self.owner, program_id, names, since)
        if scene.differ is None:  # what runs before count for, too
            kept = {name: one for name, one in kept.items() if name not in SHARED}
        kept = {name: one for name, one in kept.items() if name not in scene.apart_from}
        if scene.any_words:
            outcomes = ["no" if isinstance(one, Fault | Refused) else one for one in outcomes]
        if scene.books_only:
            kept.pop("once", None)
            return (None, kept), steps
        return (answers(outcomes, since), kept), steps


@contextmanager
def staged(shop: Shop, scene: Scene, slug: str, source: str = KIOSK) -> Iterator[Stage]:
    """A stage for as long as the block lasts."""
    stage = Stage(shop, scene, slug, source)
    try:
        yield stage
    finally:
        stage.close()


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), KIOSK)
    yield opened
    opened.close()


def explore(stage: Stage, runs: int = MOST_RUNS, tell: Telling | None = None) -> str | None:
    """Play every order that matters, up to so many; what was wrong with the first bad one.

    How far it is, and how much was played, is said by `tell`.
    """
    scene = stage.scene
    serial = [stage.play(one_after_the_other(order))[0] for order in (LEFT_FIRST, RIGHT_FIRST)]
    told = "whether the two orders differ is not as the scene says, so it would prove little"
    if scene.differ is not None:
        assert (serial[0] != serial[1]) == scene.differ, f"{told}: {serial[0]}"
    explorer, exhausted, drawn = Explorer(reduced=not NIGHTLY), False, 0
    while explorer.runs < runs and not exhausted:
        explorer.begin()
        wrong = _judge(stage.play(explorer.choose), serial, scene)
        if wrong:
            return wrong
        exhausted = not explorer.more()
        if tell is not None:
            tell.on_the_way(f"{scene.name}: {explorer.runs} of at most {runs} orders")
    while not exhausted and drawn < runs // 2:
        drawn += 1
        wrong = _judge(stage.play(at_random(SEED + drawn)), serial, scene)
        if wrong:
            return wrong
        if tell is not None:
            tell.on_the_way(f"{scene.name}: {drawn} of {runs // 2} drawn orders")
    deadlocks = sum(session.deadlocks for session in stage.sessions)
    how = "all that differ" if exhausted else f"and {drawn} more drawn with seed {SEED}"
    said = (
        f"{scene.name}: {explorer.runs} orders, {how}; {explorer.repeats} repeats, "
        f"{explorer.strays} strays, {stage.conductor.waits} waits, {deadlocks} deadlocks"
    )
    if NIGHTLY and tell is not None:
        tell(said)
    else:
        print(f"\n{said}")
    return None


BY_NIGHT = {
    scene.name
    for scene in (*SWAPPING_PAIRS, *UNDOING_PAIRS)
    if scene.name not in ("swap × return", "take an import back × earn")
} | {"book × earn", "move × merge", "move × move", "cancel × book the place"}
"""Pairs that are like others of every day, so that a day's run takes no longer for more of them."""


@pytest.mark.in_turns(5)
@pytest.mark.parametrize(
    ("number", "scene"),
    [
        pytest.param(number, scene, id=scene.name)
        for number, scene in enumerate(ALL)
        if NIGHTLY or scene.name not in BY_NIGHT
    ],
)
def test_every_order_ends_as_if_one_came_first(
    shop: Shop, number: int, scene: Scene, tell: Telling
) -> None:
    with staged(shop, scene, f"kiosk{number}") as stage:
        wrong = explore(stage, tell=tell)
    if wrong:
        pytest.fail(wrong, pytrace=False)


def _judge(played: tuple[Any, list[str]], serial: list[Any], scene: Scene) -> str | None:
    ending, steps = played
    if ending in serial:
        return None
    lines = [f"{scene.name}, in the order {' '.join(steps)}, ended as neither order alone:"]
    for (said, kept), order in zip(serial, ("left first", "right first"), strict=True):
        lines += [f"-- {order}", f"said {ending[0]}", f"not  {said}"] if said != ending[0] else []
        lines += [
            f"-- {order}: {table}\nis  {ending[1].get(table)}\nnot {kept.get(table)}"
            for table in kept | ending[1]
            if kept.get(table) != ending[1].get(table)
        ]
    return "\n".join(lines)


def test_the_books_are_right_after_all_of_it(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


LOCKED = ("redeem × redeem", "redeem × expire", "redeem × return", "capture × void",
          "two earns on one cap", "adjust × redeem", "change × change", "last piece × last piece",
          "return × return of all", "tier review × earn", "transfer × redeem", "merge × earn",
          "merge × redeem", "unmerge × redeem", "block × redeem", "write-off × earn",
          "two members on one budget", "use of the last one × use of the last one",
          "undo × undo", "voucher × the same voucher", "swap × return",
          "take an import back × redeem")  # fmt: skip


@pytest.mark.in_turns(3)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", LOCKED)
def test_without_the_lock_an_order_is_found_that_ends_otherwise(
    make_database: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The control: these scenes must notice when nobody waits for anybody."""
    scene = next(scene for scene in ALL if scene.name == name)
    plant_no_locks(monkeypatch)
    unlocked = Shop.open(make_database(), KIOSK)
    try:
        with staged(unlocked, scene, "kiosk0") as stage, structlog.testing.capture_logs():
            assert explore(stage) is not None
    finally:
        unlocked.close()


_LOOK_AT_BUDGETS = """
select k.budget, k.period, coalesce(b.used, 0) as used
  from unnest($2::smallint[], $3::int[]) as k (budget, period)
  left join budget b on b.program_id = $1::int and b.budget = k.budget and b.period = k.period
"""
_OVERWRITE_BUDGETS = """
insert into budget (program_id, budget, period, used)
select $1::int, b.budget, b.period, b.used from unnest($2::budget_row[]) as b
    on conflict (program_id, budget, period) do update set used = excluded.used
"""


def plant_no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read what is locked, but let others at it."""
    for module, names in (
        (standing, ("_LOCK",)), (members, ("_LOCK",)), (rewards, ("_LOCK_STOCK",)),
        (codes, ("_LOCK",)),
    ):  # fmt: skip
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).replace(" for update", ""))
    # A budget is held by writing it; without that it is looked at, and written when all is done.
    monkeypatch.setattr(standing_write, "_HOLD_BUDGETS", _LOOK_AT_BUDGETS)
    monkeypatch.setattr(standing_write, "_BUDGETS", _OVERWRITE_BUDGETS)
    # The second net would catch what the lock no longer holds (test_second_net.py).
    nets = (
        (standing_write, "_STANDINGS", "standing.version = s.was"),
        (members_write, "_RAISE", "standing.version < s.version"),
    )
    for room, name, net in nets:
        assert net in getattr(room, name)
        monkeypatch.setattr(room, name, getattr(room, name).replace(f"   and {net}\n", ""))


def test_without_looking_again_a_return_beside_a_late_credit_is_refused(
    make_database: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of ADR 0618."""

    async def not_again(_: Sales, __: Any) -> None: ...

    monkeypatch.setattr(Sales, "still_nobodys", not_again)
    scene = next(scene for scene in CREDIT_PAIRS if scene.name == "credit late × return")
    careless = Shop.open(make_database(), KIOSK)
    try:
        with staged(careless, scene, "kiosk0") as stage:
            assert explore(stage) is not None
    finally:
        careless.close()
