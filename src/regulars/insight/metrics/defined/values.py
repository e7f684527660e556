"""What members are worth from now on and how likely they come again, as figures and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from regulars.insight.estimators.asking.shares import share
from regulars.insight.metrics.asked import Cell, Table, columns
from regulars.insight.metrics.figures import Figure, count_of, share_of
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span
from regulars.insight.values.spread import BANDS, Cut, Night, Sum
from regulars.records.standing.values.types import HEALTHS, WORTHS, worth_of

_TOLD: Final = "members of whom a chance is told"
_VALUED: Final = "members with a value"

VALUES: Final = (
    Metric(
        id="valued_members",
        report="values",
        name="Members with a value",
        means="Members who ordered before today, as they were reckoned last night. Of one store: "
        "those of them who ordered there within the year before.",
        part=_VALUED,
        unit="count",
        counts="member",
        rows="members",
    ),
    Metric(
        id="health_share",
        report="values",
        name="Members by health",
        means="Of members of whom a chance of an order within 90 days is told, the share who are "
        "strong (75 % or more), steady (40 %), slipping (10 %) or lost (less). Of who ordered once "
        "nothing tells it.",
        part="members of that health",
        whole=_TOLD,
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="expected_to_come",
        report="values",
        name="Expected to order within 90 days",
        means="The chances of an order within 90 days added up, over the members of whom one "
        "is told. How far such chances were off on the last 90 days stands beside. Chances that "
        "are all off one way say more than chance does, so it has no bounds.",
        part="orderers to be expected",
        whole=_TOLD,
        unit="rate",
        counts="member",
        rows="members",
    ),
    Metric(
        id="expected_value",
        report="values",
        name="Expected of twelve months",
        means="What these members are expected to bring in the next twelve months, in today's "
        "money: what of it stays as margin where the shop said how much does, else revenue net "
        "of what comes back. It has no bounds: how far off revenue was at four days of the past "
        "stands beside, and four say no 95 %.",
        part="value of the next twelve months",
        unit="money",
        counts="member",
        rows="members",
    ),
    Metric(
        id="expected_value_each",
        report="values",
        name="Expected of each member",
        means="What is expected of the next twelve months, over the members with a value.",
        part="value of the next twelve months",
        whole=_VALUED,
        unit="money",
        counts="member",
        rows="members",
    ),
    Metric(
        id="money_off",
        report="values",
        name="Revenue of 90 days: estimate off by",
        means="How far what was to be expected of the revenue of 90 days was from what came, on "
        "average of the four days of the past at which the model was chosen: of who was a member "
        "then, and less what came back since. These days chose the model, so it flatters a little.",
        part="revenue by which the estimates were off, either way",
        whole="revenue in the 90 days after each of them",
        unit="rate",
        counts="period",
    ),
)
_SUMS: Final = (
    "members:count", "share:share", "low:share", "high:share", "chance:share", "worth_minor:money",
    "worth_each:money", "of_worth:share",
)  # fmt: skip
_ORDER: Final = {"health": (*HEALTHS, ""), "part": WORTHS}
TABLES: Final[dict[Cut, str]] = {
    "health": "by_health", "part": "by_part", "chance": "by_chance", "tier": "value_by_tier",
    "store": "value_by_store",
}  # fmt: skip
_MIXED: Final = ("tier", "store")
"""Cuts whose rows say of how many each health is, too."""


def value_figures(span: Span, of: Sum, margin: int) -> list[Figure]:
    """The figures of everybody who is looked at; of nobody some is missing.

    Example: two members with chances of 90 and 20 % are 1.1 of 2 expected to come.
    """
    worth = worth_of(of.worth_minor, margin)
    found = [count_of("valued_members", span, of.members)]
    for name in ("slipping", "strong", "steady", "lost"):
        found.append(share_of("health_share", span, getattr(of, name), of.told, name))
    found.append(_expected(span, of))
    if worth is None:
        return found
    found.append(count_of("expected_value", span, worth))
    if of.members:
        each = worth / of.members
        found.append(
            Figure("expected_value_each", span, each, worth, of.members, n=of.members)
        )  # fmt: skip
    return found


def _expected(span: Span, of: Sum) -> Figure:
    """Chances added up; not a share that was counted, so it has no interval of one."""
    if not of.told:
        return share_of("expected_to_come", span, 0, 0)
    part = (of.chances + 500) // 1_000
    return Figure("expected_to_come", span, of.chances / 1_000 / of.told, part, of.told, n=of.told)


def value_table(cut: Cut, found: Sequence[Sum], margin: int) -> Table:
    """Members taken apart in one way; beside each what is expected of them, and what part of all
    that is. Shares are of members of all rows; somebody who bought in two stores is in both."""
    some = _in_order(cut, [one for one in found if one.cut == cut])
    every = next((one for one in found if one.cut == "all"), None)
    members, worth = (every.members, every.worth_minor or 0) if every else (0, 0)
    extra = tuple(f"{name}:count" for name in HEALTHS) if cut in _MIXED else ()
    rows: list[tuple[Cell, ...]] = []
    for one in some:
        part = share(one.members, members)
        chance = one.chances / 1_000 / one.told if one.told else None
        minor = worth_of(one.worth_minor, margin)
        of_all = (one.worth_minor or 0) / worth if worth > 0 else None
        mixed = [getattr(one, name) for name in HEALTHS] if extra else []
        bounds = (part.value, part.low, part.high)
        rows.append(
            (one.name, one.members, *bounds, chance, minor, each_of(one, margin), of_all, *mixed)
        )
    head = {"health": "health", "part": "worth_part", "chance": "band"}.get(cut, cut)
    return Table(TABLES[cut], columns(f"{head}:text", *_SUMS, *extra), tuple(rows))


def _in_order(cut: Cut, some: list[Sum]) -> list[Sum]:
    if cut in _ORDER:
        return sorted(some, key=lambda one: _ORDER[cut].index(one.name))
    if cut == "chance":
        return sorted(some, key=lambda one: int(one.name or BANDS))
    return sorted(some, key=lambda one: (-one.members, one.name))


def each_of(one: Sum, margin: int) -> float | None:
    """What is expected of each of these on average; nothing where nobody can say it."""
    minor = worth_of(one.worth_minor, margin)
    return None if minor is None else minor / one.members


def rfm_table(found: Sequence[Sum], margin: int) -> Table:
    """How lately and how often, each from 1 to 5, the best first: a row for each pair there is."""
    heads = columns(
        "recency:count", "frequency:count", "members:count", "share:share", "chance:share",
        "worth_minor:money", "worth_each:money",
    )  # fmt: skip
    some = [one for one in found if one.cut == "rfm" and one.name]
    members = sum(one.members for one in some)
    rows = tuple(
        (
            int(one.name[0]),
            int(one.name[1]),
            one.members,
            one.members / members,
            one.chances / 1_000 / one.told if one.told else None,
            worth_of(one.worth_minor, margin),
            each_of(one, margin),
        )
        for one in sorted(some, key=lambda one: one.name, reverse=True)
    )
    return Table("rfm", heads, rows)


def night_table(found: Sequence[Night], margin: int) -> Table:
    """What values came to by time: of each part its last night that kept it."""
    heads = columns(
        "on_night:day", "model:text", "members:count", *(f"{name}:count" for name in HEALTHS),
        "chance:share", "worth_minor:money",
    )  # fmt: skip
    rows = tuple(
        (
            one.as_of,
            one.model,
            one.sum.members,
            *(getattr(one.sum, name) for name in HEALTHS),
            one.sum.chances / 1_000 / one.sum.told if one.sum.told else None,
            worth_of(one.sum.worth_minor, margin),
        )
        for one in found
    )
    return Table("nights", heads, rows)


def run_table(as_of: date, model: str, found: Mapping[str, Cell], margin: int) -> Table:
    """Of which day values are, by which model, how far it was off on the shop's past, and what the
    season has to do with it: orders are to be multiplied by what is between the last two."""
    heads = columns(
        "on_night:day", "model:text", "worth_is:text", "orders_off:share", "chances_off:share",
        "picked:count", "right:count", "season:text", "season_factor:ratio", "orders_low:ratio",
        "orders_high:ratio", "interest:share", "money_off:share",
    )  # fmt: skip
    names = (
        "off", "chances_off", "picked", "right", "season", "factor", "orders_low", "orders_high",
        "interest", "money_off",
    )  # fmt: skip
    is_ = "margin" if margin else "revenue"
    return Table("reckoned", heads, ((as_of, model, is_, *(found.get(one) for one in names)),))
