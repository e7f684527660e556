"""Chosen games of changes in the middle of a membership; each is one way to get it wrong.

Drawn games come by such a row of things now and then; these come by it every time (ADR 0613).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from types import FunctionType
from typing import Any, NamedTuple

from tests.model import machine, makings
from tests.model.events import Event, Joins, Night, Publishes, Subscribes, Turns
from tests.model.machine import Driver, Ledger, Tally
from tests.model.programs import priced

PAID, BACK = Turns("s", "paid"), Turns("s", "refunded")
NIGHT, CANCELLED, RESUMED = Night(), Turns("s", "cancelled"), Turns("s", "resumed")


class Fee(NamedTuple):
    """A plan costs so much from now on."""

    plan: str
    fee: str


Row = Event | Fee | int
"""What happens, or how many hours go by."""


def _now(plan: str) -> Turns:
    return Turns("s", "changed", at_once=True, plan=plan)


def _later(plan: str) -> Turns:
    return Turns("s", "changed", plan=plan)


def _of(plan: str) -> Subscribes:
    return Subscribes("m0", plan, "s")


DAY, WEEK = 24, 7 * 24
GAMES: dict[str, tuple[Row, ...]] = {
    "what was chosen while the next term was paid comes after the one that runs": (
        _of("plain"), PAID, _later("club"), BACK, PAID, _later("plain"), BACK, PAID,
    ),
    "nobody is given back more than is there": (
        _of("club"), BACK._replace(amount=900), _now("plain"), BACK, _of("plain"),
    ),
    "the months of another plan begin with it": (
        _of("gold"), 30, _later("club"), PAID, _now("plain"), WEEK * 53, PAID, WEEK * 5, PAID,
    ),
    "there and back costs nothing, and the difference can be refunded": (
        _of("plain"), WEEK, _now("club"), _now("plain"), 31, _now("club"), BACK._replace(amount=500),
        BACK, BACK,
    ),
    "what was paid for the rest is taken off, once": (
        _of("club"), WEEK, _now("gold"), BACK._replace(amount=333), WEEK, _now("club"), WEEK,
        BACK._replace(amount=1), _now("gold"), _now("plain"), BACK,
    ),
    "what was agreed below the fee is what there is": (
        _of("gold")._replace(amount=500, agreed=True), WEEK, _now("club"), _now("gold"), BACK,
    ),
    "a change at once is instead of the one that was chosen": (
        _of("plain"), _later("club"), _now("gold"), _later("gold"), _later("plain"), _later("gold"),
        PAID, _later("unheard-of"), _now("gold"),
    ),
    "points go with the money, by the plan they came with": (
        _of("gold"), WEEK * 20, _now("plain"), WEEK * 4, _later("club"), PAID, WEEK, PAID,
        WEEK * 4, _now("plain"), BACK,
    ),
    "a trial goes on in a plan that has one": (
        _of("plain")._replace(trial=True), _now("gold"), _later("gold"), _now("club"),
        _later("plain"), WEEK * 5, PAID, _now("club"),
    ),
    "paused or cancelled nothing is chosen": (
        _of("club"), _later("plain"), Turns("s", "paused"), _now("gold"), WEEK,
        Turns("s", "resumed"), _now("plain"), _later("club"), Turns("s", "cancelled"),
        _later("gold"), Turns("s", "resumed"), WEEK * 4, PAID,
    ),
    "a higher fee is asked for a week of the calendar after it was told, and not a second before": (
        _of("club"), DAY * 24, Fee("club", "12.00"), NIGHT, PAID, WEEK * 4, PAID,
    ),
    "told a day too late it counts a term later": (
        _of("club"), DAY * 25, Fee("club", "12.00"), NIGHT, PAID, NIGHT, WEEK * 5, PAID, PAID,
    ),
    "what nobody was told of nobody pays": (
        _of("club"), Fee("club", "12.00"), WEEK * 4, PAID, NIGHT, PAID, WEEK * 4, PAID,
    ),
    "a lower fee is asked for at once": (
        _of("club"), DAY, Fee("club", "8.00"), PAID, WEEK * 4, Fee("club", "10.00"), NIGHT, WEEK,
        PAID, WEEK * 4, PAID,
    ),
    "a rise that is taken back is told, and told again": (
        _of("club"), Fee("club", "12.00"), NIGHT, DAY, Fee("club", "10.00"), NIGHT, WEEK * 3,
        Fee("club", "12.00"), NIGHT, DAY * 3, PAID, WEEK * 4, PAID,
    ),
    "less of a rise than was told is known for as long": (
        _of("club"), WEEK, Fee("club", "15.00"), NIGHT, WEEK * 2, DAY * 5, Fee("club", "12.00"),
        NIGHT, DAY * 2, PAID,
    ),
    "one notice at a time": (
        _of("club"), WEEK, Fee("club", "12.00"), NIGHT, WEEK, Fee("club", "15.00"), NIGHT, DAY * 9,
        PAID, NIGHT, WEEK * 4, PAID,
    ),
    "what was chosen costs what it cost then, or less": (
        _of("plain"), _later("club"), Fee("club", "12.00"), NIGHT, PAID, WEEK * 9,
        _of("plain"), _later("club"), Fee("club", "9.00"), NIGHT, PAID,
    ),
    "who stays after all was told all the same": (
        _of("club"), WEEK, Fee("club", "12.00"), NIGHT, _later("plain"), WEEK, _later("club"), CANCELLED,
        WEEK, RESUMED, DAY * 5, PAID,
    ),
    "a payment that goes back takes along what was agreed with it": (
        _of("club"), Fee("club", "12.00"), NIGHT, WEEK * 2, PAID, Fee("club", "15.00"), NIGHT, BACK,
        NIGHT, WEEK, PAID, WEEK * 5, PAID,
    ),
    "what a change costs is counted from what was agreed": (
        _of("club"), Fee("club", "20.00"), DAY * 10, _now("plain"), DAY, Fee("plain", "3.00"),
        _now("club"), DAY, _now("gold"), Fee("gold", "75.00"), DAY * 40, _now("club"),
    ),
    "whoever tries it is told too": (
        _of("club")._replace(trial=True), Fee("club", "12.00"), NIGHT, DAY * 11, PAID, WEEK * 4,
        PAID,
    ),
}  # fmt: skip


def play_chosen(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    return play_rows("plans", GAMES[name], opens)


def play_rows(program: str, rows: Iterable[Any], opens: Callable[..., Driver]) -> Tally:
    """Play a row of events by a program: hours that pass, fees, and what is told at an instant."""
    named = {"tally": Tally(), "names": (program,), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type("Ledger", (Ledger,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(place=0, zone="Europe/Berlin", start=makings.STARTS[0], vip=False)
        playing._happen(Joins("m1"))
        for row in rows:
            if isinstance(row, int):
                playing.now += timedelta(hours=row)
            elif isinstance(row, Fee):
                newest = playing.world.versions[-1]
                place = [plan.id for plan in newest.program.plans].index(row.plan)
                playing._happen(Publishes(priced(newest.source, place, row.fee)))
            else:
                playing._happen(row(playing.now) if isinstance(row, FunctionType) else row)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
