"""Three things to do next, of what a month shows and what lies about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, get_args

from msgspec import Struct

from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.monthly.month import Month

StepId = Literal[
    "win_back", "end_experiment", "name_sales", "come_again", "first_reward", "lapsing",
    "spend_points", "find_why", "cover_owed", "try_out", "bring_sales", "look_around", "ask_staff",
]  # fmt: skip
STEP_IDS: Final[tuple[StepId, ...]] = get_args(StepId)
MANY: Final = 3
FEW: Final = 30
"""Of fewer people nothing is concluded."""


class Step(Struct, frozen=True):
    """One thing to do, and the numbers that speak for it.

    Units: `count` of people, or units of the wallet where points lapse; `part` of `whole`. `month`
    is of whom it is said, where that is not the month of the page.
    """

    id: StepId
    count: int = 0
    part: int = 0
    whole: int = 0
    about: str = ""
    month: date | None = None


def steps_of(month: Month) -> tuple[Step, ...]:
    """The first three that apply, what is likely to bring most first.

    Keeps: always three; in a shop of which nothing is known they are of how to begin.
    """
    return tuple(_all(month))[:MANY]


def _all(month: Month) -> Iterator[Step]:
    around = month.around
    if around.slipping:
        yield Step("win_back", around.slipping)
    if around.settled:
        yield Step("end_experiment", about=around.settled)
    yield from _of_buyers(month)
    yield from _of_points(month)
    if not around.experiments and around.members >= 500:
        yield Step("try_out", around.members)
    if around.known_from is None:
        yield Step("bring_sales")
    yield Step("ask_staff")
    yield Step("look_around")
    yield Step("bring_sales")


def _of_buyers(month: Month) -> Iterator[Step]:
    named, rewarded = month.around.named, month.around.rewarded
    if _surely(named, below=0.5):
        yield Step("name_sales", part=_part(named), whole=_whole(named))
    second = month.line("second_order_90").now
    if _surely(second, below=0.5):
        first = second.span.from_on
        yield Step("come_again", part=_part(second), whole=_whole(second), month=first)
    if month.line("active_members").against_last == "down":
        yield Step("find_why")
    if _surely(rewarded, below=0.3):
        yield Step("first_reward", part=_part(rewarded), whole=_whole(rewarded))


def _of_points(month: Month) -> Iterator[Step]:
    issued, redeemed = (
        round(month.line(id_).now.value or 0) for id_ in ("points_issued", "points_redeemed")
    )  # type: ignore[arg-type]
    if month.around.lapsing > 0:
        yield Step("lapsing", month.around.lapsing)
    if issued > 0 and redeemed * 5 < issued and month.around.members >= FEW:
        yield Step("spend_points", part=redeemed, whole=issued)
    sold = round(month.line("net_minor").now.value or 0)
    if month.around.worth_minor > sold > 0:
        yield Step("cover_owed", part=month.around.worth_minor, whole=sold)


def _surely(one: Figure | None, *, below: float) -> bool:
    """Whether a share of enough people is below this, by its upper bound."""
    return one is not None and one.high is not None and one.n >= FEW and one.high < below


def _part(one: Figure | None) -> int:
    return (one.part or 0) if one else 0


def _whole(one: Figure | None) -> int:
    return (one.whole or 0) if one else 0
