"""Whatever statement fails: the books are as before or as after, and asking again ends it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

import asyncpg
import pytest
import structlog
from tests.books import assert_books_right
from tests.crash.faulty import Way, faulty
from tests.crash.operations import OPERATIONS, Operation
from tests.isolation.picture import answers, picture
from tests.isolation.scenes import KIOSK
from tests.makers import Shop
from tests.turns import NIGHTLY

from regulars.records.once import write as once
from regulars.runtime.serving import gate
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Transaction

pytestmark = pytest.mark.slow

TURNS = 5
STOCKED = KIOSK.replace("stock: 1", "stock: 1000")
COUNTS = ("shelf", "waits", "versions", "codes", "keys", "closed")

Held = tuple[dict[str, Any], dict[str, int]]
"""What the books say of one member, and how many rows each table has."""


class Rig:
    """One operation in a program of its own, to be failed again and again for a fresh member."""

    def __init__(self, shop: Shop, operation: Operation, number: int) -> None:
        self.shop, self.operation = shop, operation
        shop.begin(operation.source or STOCKED, slug=f"kiosk{number}")
        self._turn = number % TURNS
        self._number = 0
        self._ready: list[tuple[int, Any]] = []
        self.points = 0
        self.database, self.faults = faulty(shop.database, lambda: shop.now)

    def fresh(self) -> tuple[int, Any]:
        """A member for whom all is ready."""
        if not self._ready:
            numbers = range(self._number + 1, self._number + 1 + self.operation.at_once)
            self._ready = list(zip(numbers, self.operation.before(self.shop, numbers), strict=True))
            self._number += self.operation.at_once
        return self._ready.pop(0)

    def passes_over(self, fail_at: int, length: int) -> bool:
        """By day every fifth statement of an operation is failed, of the next operation its
        neighbours; the commit always, and at night all."""
        return not NIGHTLY and fail_at < length and fail_at % TURNS != self._turn

    def held(self, n: int) -> Held:
        """What is kept about the member of this run; versions of the program count from it on."""
        since = self.shop.terms.latest
        names = [f"{kind}{n}" for kind in "abA"]
        kept = self.shop.run(self._kept(names, since))
        return kept, self.shop.counts() | {name: int(kept.pop(name, 0)) for name in COUNTS}

    async def _kept(self, names: Sequence[str], since: int) -> dict[str, Any]:
        return await picture(await self.shop.owning(), self.shop.program_id, names, since)

    def alone(self, n: int, given: Any) -> Any:
        """The flow in one transaction; what went wrong is answered."""
        flow, commands = self.operation.ask(n, given)
        terms = self.shop.terms

        async def act() -> Any:
            async with self.database.transaction(self.shop.program_id) as tx:
                return answers(await flow(tx, terms, commands))

        try:
            return self.shop.run(act())
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return error

    def through_gate(self, n: int, given: Any) -> Any:
        """The same through a gate; what went wrong is answered."""
        flow, commands = self.operation.ask(n, given)

        async def act() -> Any:
            through = Gate(self.database, Programs(self.shop.database), width=1)
            asked = [through.submit(self.shop.program_id, flow, command) for command in commands]
            outcomes = [await one for one in asked]
            await through.drain()
            return answers(outcomes)

        return self.shop.run(act())


def fail_everywhere(rig: Rig) -> list[str]:
    """Fail each statement in each way; what was wrong afterwards."""
    _unhurt(rig)  # what only the first one does, such as numbering names, is done by now
    done, after, length = _unhurt(rig)
    wrong = []
    for fail_at in range(1, length + 1):
        last = fail_at == length
        if rig.passes_over(fail_at, length):
            continue
        for way in _ways(fail_at, last):
            place = f"{rig.operation.name}, statement {fail_at} of {length} {way}"
            if NIGHTLY or last or way == "refused":
                found = _fail_alone(rig, (fail_at, way, last), after)
                wrong += [f"{place}: {one}" for one in found]
            if rig.operation.again != "twice" and way != "refused":
                again = _fail_in_gate(rig, (fail_at, way), (done, after))
                wrong += [f"{place}, gate: {one}" for one in again]
    return wrong


def _ways(fail_at: int, last: bool) -> Sequence[Way]:
    """In which ways a statement is failed: the commit in all; of those before it at night in both
    that differ there, and else by an error and by a lost connection in turns.

    Where nothing was done yet, a connection lost before leaves what an error leaves.
    """
    if last:
        return get_args(Way)
    both: tuple[Way, Way] = ("cut after", "refused")
    return both if NIGHTLY else (both[fail_at // 2 % 2],)


def _unhurt(rig: Rig) -> tuple[Any, Held, int]:
    """What is answered and kept, and how many statements it takes, when nothing fails."""
    n, given = rig.fresh()
    before = rig.held(n)
    rig.faults.arm(0, "refused")
    done = rig.alone(n, given)
    assert not isinstance(done, Exception), done
    assert rig.faults.statements[-1] == "commit"
    length = len(rig.faults.statements)
    after = rig.held(n)
    assert after != before, "it does nothing, so failing it proves nothing"
    return done, _change(before, after), length


def _change(before: Held, after: Held) -> Held:
    grown = {table: after[1][table] - count for table, count in before[1].items()}
    return after[0], grown


def _fail_alone(rig: Rig, how: tuple[int, Way, bool], after: Held) -> Iterator[str]:
    """One transaction that nobody tries again; then the same request once more, unhurt."""
    fail_at, way, last = how
    n, given = rig.fresh()
    before = rig.held(n)
    rig.faults.arm(fail_at, way)
    answer = rig.alone(n, given)
    rig.points += 1
    if not rig.faults.struck or not isinstance(answer, Exception):
        yield f"was not struck, or answered all the same: {answer}"
    kept = _change(before, rig.held(n))
    if last and way == "cut after":
        if kept != after:
            yield f"committed, but kept {_apart(kept, after)}"
    elif any(kept[1].values()) or kept[0] != before[0]:
        yield f"failed, but kept {_apart(kept, (before[0], {}))}"
    once_more = {"answered": last or way == "refused", "done": True, "twice": False}
    if once_more[rig.operation.again]:
        rig.faults.arm(0, way)
        rig.alone(n, given)
        again = _change(before, rig.held(n))
        if again != after:
            yield f"asked again, it kept {_apart(again, after)}"


def _fail_in_gate(rig: Rig, how: tuple[int, Way], unhurt: tuple[Any, Held]) -> Iterator[str]:
    """The gate tries again by itself, and its caller notices nothing but `replayed`."""
    n, given = rig.fresh()
    before = rig.held(n)
    rig.faults.arm(*how)
    answer = rig.through_gate(n, given)
    rig.points += 1
    kept = _change(before, rig.held(n))
    if kept != unhurt[1]:
        yield f"kept {_apart(kept, unhurt[1])}"
    if rig.operation.again == "answered" and _plain(answer) != _plain(unhurt[0]):
        yield f"answered {answer} instead of {unhurt[0]}"


def _plain(answer: Any) -> Any:
    """An answer without what a second try may tell differently."""
    return [
        {k: v for k, v in one.items() if k not in ("replayed", "version")}
        if isinstance(one, dict)
        else one
        for one in answer
    ]


def _apart(one: Held, other: Held) -> str:
    tables = [t for t in one[0] | other[0] if one[0].get(t) != other[0].get(t)]
    rows = [t for t in one[1] | other[1] if one[1].get(t, 0) != other[1].get(t, 0)]
    told = [f"{t}: {one[0].get(t)} not {other[0].get(t)}" for t in tables]
    return "; ".join([*told, *(f"{t} +{one[1].get(t)} not +{other[1].get(t, 0)}" for t in rows)])


@pytest.fixture(scope="module", autouse=True)
def answers_at_once() -> Iterator[None]:
    """The database is away for a moment only: the gate need not wait for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "AWAY_S", 0.001)
        yield


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), KIOSK)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tally() -> Iterator[dict[str, int]]:
    points: dict[str, int] = {}
    yield points
    print(f"\n{len(points)} operations, {sum(points.values())} fault points: {points}")


@pytest.mark.in_turns(6)
@pytest.mark.parametrize(
    ("number", "operation"),
    [pytest.param(number, one, id=one.name) for number, one in enumerate(OPERATIONS)],
)
def test_a_failing_statement_leaves_all_or_nothing(
    shop: Shop, tally: dict[str, int], number: int, operation: Operation
) -> None:
    rig = Rig(shop, operation, number)
    with structlog.testing.capture_logs():
        wrong = fail_everywhere(rig)
    tally[operation.name] = rig.points
    assert not wrong, "\n".join(wrong)


def test_the_books_are_right_after_all_of_it(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


# --- controls -----------------------------------------------------------------------------------


def _plant_early_commits(patch: pytest.MonkeyPatch) -> None:
    """Every write is committed at once, as with a driver in autocommit."""
    honest = Transaction.write

    async def write(self: Any, writes: Any) -> None:
        await honest(self, writes)
        await self._connection.execute("commit")
        fence = f"begin; set local regulars.program_id = '{self.program_id}'"
        await self._connection.execute(fence)

    patch.setattr(Transaction, "write", write)


def _plant_forgotten_keys(patch: pytest.MonkeyPatch) -> None:
    """The books are kept, but not under which key it was asked."""
    for module in (
        "recording.record_activities",
        "redeem_rewards",
        "adjust_balances",
        "membership.join_members",
    ):
        patch.setattr(f"regulars.flows.{module}.kept", lambda *_: [])


def _plant_unknown_keys(patch: pytest.MonkeyPatch) -> None:
    """Keys are kept where nobody looks."""
    patch.setattr(once, "_KEEP", once._KEEP.replace("k.key,", "gen_random_uuid(),"))


@pytest.mark.parametrize(
    "plant", [_plant_early_commits, _plant_forgotten_keys, _plant_unknown_keys]
)
@pytest.mark.parametrize("name", ["purchase with a card nobody knows", "reserve and capture"])
def test_a_planted_slip_is_noticed(
    make_database: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], None],
    name: str,
) -> None:
    operation = next(one for one in OPERATIONS if one.name == name)
    slipping = Shop.open(make_database(), KIOSK)
    try:
        rig = Rig(slipping, operation, 0)
        plant(monkeypatch)
        with structlog.testing.capture_logs():
            assert fail_everywhere(rig)
    finally:
        slipping.close()
