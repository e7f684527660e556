"""Whatever the flows do, asked for by two at once: it ends as if one came first.

Each of the operations that are failed at every statement (tests/crash/operations.py, which has to
name every flow there is) meets itself under another key, and an erasure of the member it is about;
of whoever was erased the picture shows nothing, and `verify` looks at the books in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace
from tests.books import assert_books_right
from tests.crash.operations import OPERATIONS, Operation
from tests.isolation.scenes import KIOSK, Ask, Scene
from tests.isolation.test_interleavings import explore, staged
from tests.makers import Shop
from tests.turns import NIGHTLY

from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import Asked, EraseMember

pytestmark = pytest.mark.slow

RUNS = 60 if NIGHTLY else 6
BY_DAY = ("grant a claim", "pay a bill", "settle prizes", "give a tier")
"""Of so many each day; all of them each night."""
ERASED = (
    "purchase", "return", "reserve a coffee", "capture", "adjust", "change", "use a benefit",
    "undo a use", "use a code", "issue a code", "give a tier", "end a tier given by hand",
    "claim an activity", "grant a claim", "a partner's activity", "join a team", "settle prizes",
    "settle referrals", "pay a bill", "transfer", "merge", "begin a paid plan", "show a notice",
)  # fmt: skip


def under(side: str, ask: Callable[[int, Any], Ask]) -> Callable[[int, Any], Ask]:
    """The same, asked for under a key of this side's own."""

    def asked(n: int, given: Any) -> Ask:
        flow, commands = ask(n, given)
        return flow, [_keyed(side, one) for one in commands]

    return asked


def _keyed(side: str, command: Any) -> Any:
    asked = getattr(command, "asked", None)
    if not isinstance(command, Struct) or not isinstance(asked, Asked) or not asked.key:
        return command
    key: Any = {"asked": replace(asked, key=f"{side}-{asked.key}")}
    return replace(command, **key)


def meets_itself(one: Operation) -> Scene:
    """Two ask for it at once."""
    left, right = under("l", one.ask), under("r", one.ask)
    # How much of a night's work each of the two did is all one.
    return Scene(
        one.name, left, right, one.before, differ=None, at_once=one.at_once,
        books_only=one.again == "done",
    )  # fmt: skip


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), KIOSK)
    yield opened
    opened.close()


def _of_today(names: tuple[str, ...] = BY_DAY) -> list[Any]:
    chosen = [one for one in OPERATIONS if NIGHTLY or one.name in names]
    return [pytest.param(one, id=one.name) for one in chosen]


def _plays(shop: Shop, scene: Scene, slug: str, source: str) -> None:
    with staged(shop, scene, slug, source or KIOSK) as stage:
        wrong = explore(stage, min(RUNS, 24) if source else RUNS)  # of fifty draws
    if wrong:
        pytest.fail(wrong, pytrace=False)


@pytest.mark.parametrize("one", _of_today())
def test_it_meets_itself(shop: Shop, one: Operation) -> None:
    _plays(shop, meets_itself(one), f"self-{OPERATIONS.index(one)}", one.source)


@pytest.mark.skipif(not NIGHTLY, reason="takes some minutes: REGULARS_TEST_SIZE=nightly")
@pytest.mark.parametrize("name", ERASED)
def test_it_meets_an_erasure(shop: Shop, name: str) -> None:
    one = next(one for one in OPERATIONS if one.name == name)

    def before(shop: Shop, ns: Any) -> list[Any]:
        given = one.before(shop, ns)
        whom = [shop.rows(_WHO, f"a{n}")[0][0] for n in ns]
        return list(zip(given, whom, strict=True))

    scene = Scene(
        f"{name} × erase",
        lambda n, both: one.ask(n, both[0]),
        lambda n, both: (erase_members, [EraseMember(both[1], asked=Asked("shop", f"gone{n}"))]),
        before,
        differ=None,
        at_once=one.at_once,
        books_only=True,  # a refusal may be worded either way (ADR 0528)
    )
    _plays(shop, scene, f"erase-{ERASED.index(name)}", one.source)


_WHO = "select member_id from identifier where program_id = $1 and value = $2"


def test_the_books_are_right_after_all_of_it(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_what_is_left_out_is_there() -> None:
    names = {one.name for one in OPERATIONS}
    assert [name for name in (*ERASED, *BY_DAY) if name not in names] == []
