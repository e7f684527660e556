"""Who renews a paid membership the next time, foretold, and tried on the shop's own past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.renewing import Renewing, fit_renewing
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.figures import Figure, missing
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span, begins, months_on

MONTHS: Final = 3
"""What is foretold is looked at after a quarter."""
FEWEST_ORIGINS: Final = 4
MOST_ORIGINS: Final = 8

RENEWALS: Final = (
    Metric(
        id="membership_renewing",
        report="memberships",
        name="Expected to renew the next time",
        means="Of paid memberships there as the time ended, the share expected to be paid for "
        "again at their next renewal, by how often they were paid for before (shifted "
        "beta-geometric, Fader and Hardie 2007): who has stayed long is likelier to stay. Said "
        "only where it could be tried on four quarters of the past.",
        part="memberships expected to be paid for again",
        whole="paid memberships there as the time ended",
        unit="rate",
        counts="member",
        rows="members",
    ),
    Metric(
        id="renewals_reached",
        report="memberships",
        name="Stayed at a renewal",
        means="Of members whose paid membership had come up to this renewal by the end of the "
        "time, the share whose membership did not end at it. The share in the table is of all who "
        "began, from renewal to renewal (Kaplan-Meier).",
        part="memberships that did not end at this renewal (the list has a row a member)",
        whole="memberships that came that far (the list has a row a member)",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="membership_off",
        report="memberships",
        name="Renewals: estimate off by",
        means="How far what would have been expected of renewals, at beginnings of quarters in "
        "the past, was from how many were paid for in them, as a share of these.",
        part="renewals by which the estimates were off, either way",
        whole="renewals in the quarters after each of them",
        unit="rate",
        counts="member",
    ),
)


class Renewed(NamedTuple):
    """Memberships that were paid for so often until an instant: over by then or not, and what
    became of the others until another one."""

    paid: int
    over: bool
    became: Literal["renewed", "ended", ""]
    memberships: int


class RenewalOrigin(Struct, frozen=True):
    """As the day began, so many renewals were `expected` of those that were `decided` in the
    quarter, and so many `came`."""

    on: date
    expected: float
    decided: int
    came: int


def lives_of(some: Sequence[Renewed]) -> list[Gaps]:
    """How far memberships came, by renewals: what ended after its first payment ended at the first
    renewal, what is there after it has renewed not yet."""
    return [
        Gaps(one.paid, one.memberships, 0) if one.over else Gaps(one.paid - 1, 0, one.memberships)
        for one in some
    ]


def origin_of(on: date, some: Sequence[Renewed]) -> RenewalOrigin | NotEnough:
    """What would have been expected then, of those whose renewal was decided since."""
    fit = fit_renewing(lives_of(some))
    if isinstance(fit, NotEnough):
        return fit
    decided = [one for one in some if one.became]
    expected = sum(one.memberships * fit.renews(one.paid) for one in decided)
    came = sum(one.memberships for one in decided if one.became == "renewed")
    return RenewalOrigin(on, expected, sum(one.memberships for one in decided), came)


def quarters(ended_on: date) -> list[tuple[date, date]]:
    """Quarters of the past until the month of `ended_on`, the latest first."""
    last = begins(ended_on, "month")
    return [
        (months_on(last, -MONTHS * ago), months_on(last, MONTHS - MONTHS * ago))
        for ago in range(1, MOST_ORIGINS + 1)
    ]


def tried_enough(found: Sequence[RenewalOrigin | NotEnough]) -> list[RenewalOrigin] | NotEnough:
    """The origins at which something could be said, the latest first.

    Refuses fewer than four one after the other, or where nothing was renewed after them.
    """
    some: list[RenewalOrigin] = []
    for one in found:
        if isinstance(one, NotEnough):
            if len(some) < FEWEST_ORIGINS:
                return one
            break
        some.append(one)
    if len(some) < FEWEST_ORIGINS:
        return NotEnough("periods", MONTHS * len(some), MONTHS * FEWEST_ORIGINS)
    came = sum(one.came for one in some)
    return some if came > 0 else NotEnough("values", 0, 1)


def renewing_figures(
    span: Span,
    now: Sequence[Renewed],
    fit: Renewing | NotEnough,
    tried: list[RenewalOrigin] | NotEnough,
) -> list[Figure]:
    """The share expected to renew, and how far off such an estimate was; both or neither."""
    names = ("membership_renewing", "membership_off")
    why = fit if isinstance(fit, NotEnough) else tried if isinstance(tried, NotEnough) else None
    there = [one for one in now if not one.over]
    whole = sum(one.memberships for one in there)
    if why is None and whole == 0:
        why = NotEnough("members", 0, 1)
    if why is not None:
        return [missing(name, span, why) for name in names]
    assert isinstance(fit, Renewing)
    assert not isinstance(tried, NotEnough)
    expected = sum(one.memberships * fit.renews(one.paid) for one in there)
    off = sum(abs(round(one.expected) - one.came) for one in tried)
    came = sum(one.came for one in tried)
    return [
        Figure(names[0], span, expected / whole, round(expected), whole, n=whole),
        Figure(names[1], span, off / came, off, came, n=len(tried)),
    ]
