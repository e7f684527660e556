"""A report of a shop: asked of its terms and its own day, worked out in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from regulars.base.decimals import units as units_in
from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.changing.costing import cost_of, cost_then, lives_of
from regulars.engine.terms import Terms, Version
from regulars.insight.metrics.asked import Asked, Costing, Offer, Report, Way, with_parts
from regulars.insight.metrics.asking import asked_in
from regulars.insight.metrics.reports.accounts import accounts
from regulars.insight.metrics.reports.best import best
from regulars.insight.metrics.reports.fairness import fairness
from regulars.insight.metrics.reports.memberships import memberships
from regulars.insight.metrics.reports.overview import overview
from regulars.insight.metrics.reports.owed.liability import liability
from regulars.insight.metrics.reports.owed.points import points
from regulars.insight.metrics.reports.preferences import preferences
from regulars.insight.metrics.reports.referral import referral
from regulars.insight.metrics.reports.retention import retention
from regulars.insight.metrics.reports.stores import stores
from regulars.insight.metrics.reports.tiers import tiers
from regulars.insight.metrics.reports.values import values

Made = Callable[[Tx, Asked], Awaitable[Report]]


def _parted(made: Made) -> Made:
    """The report, with which of its rows by time are only a part of a month, week or day."""

    async def asked_so(tx: Tx, asked: Asked) -> Report:
        return with_parts(await made(tx, asked))

    return asked_so


REPORTS: Final[Mapping[str, Made]] = MappingProxyType(
    {
        "overview": _parted(overview),
        "retention": _parted(retention),
        "points": _parted(points),
        "liability": _parted(liability),
        "tiers": _parted(tiers),
        "stores": _parted(stores),
        "best": _parted(best),
        "preferences": _parted(preferences),
        "fairness": _parted(fairness),
        "referral": _parted(referral),
        "memberships": _parted(memberships),
        "accounts": _parted(accounts),
        "values": _parted(values),
    }
)

OF_A_STORE: Final = (
    "overview", "retention", "points", "preferences", "fairness", "accounts", "values",
)  # fmt: skip
"""Reports that can be of one store alone."""


def of_whole_shop(name: str, store: str | None) -> None:
    """A report of the whole shop is not answered as if it were of one store.

    Faults: Invalid at `store`. Example: what is owed is owed by all; who is asked for the liability
    of one store would be told that of all of them.
    """
    if store and name not in OF_A_STORE:
        raise Invalid("this report is of the whole shop; leave the store out", field="store")


def question(terms: Terms, now: datetime, said: Mapping[str, str]) -> Asked:
    """What is asked, of the wallet it names or the first one. Faults: Invalid at its field."""
    version = terms.at(now)
    zone = version.program.zone
    asked = asked_in(dict(said), now.astimezone(ZoneInfo(zone)).date(), zone)
    codes = {terms.wallet_names[code]: code for code in version.wallet_codes}
    wanted = said.get("wallet") or next(iter(codes), "")
    if wanted and wanted not in codes:
        raise Invalid(f"there is no wallet of this name; known: {', '.join(codes)}", field="wallet")
    cost = cost_of(version, now, wanted)
    code = codes.get(wanted, -1)
    each = terms.wallet_names.items()
    wallets = tuple(
        Costing(one, cost_then(terms, now, name), lives_of(terms, now, name)) for one, name in each
    )
    asked = replace(asked, changes=cost.changes, costs=cost.kept, worth=cost.of, wallets=wallets)
    asked = replace(asked, offers=_offers(version, codes, asked))
    return replace(asked, wallet=code, called=wanted if code >= 0 else "")


def _offers(version: Version, codes: Mapping[str, int], asked: Asked) -> tuple[Offer, ...]:
    """Rewards that members take for points today. Stock, channels and stores are not looked at."""
    program = version.program
    ladder = ["", *(one.id for one in program.tiers.steps)] if program.tiers else [""]

    def at_least(tier: str) -> tuple[str, ...]:
        return tuple(ladder[ladder.index(tier) :])

    def way(price: Mapping[str, str | int], tiers: tuple[str, ...] | None = None) -> Way:
        scales = {name: units_in(each, program.wallets[name].scale) for name, each in price.items()}
        return Way({str(codes[name]): each for name, each in scales.items()}, tiers)

    return tuple(
        Offer(
            one.id,
            (
                way(one.price), *(way(each.price) for each in one.or_),
                *(way(each.price, at_least(tier)) for tier, each in one.tier_prices.items()),
            ),
            at_least(one.tier) if one.tier else None,
            {name: tuple(_text(each) for each in some) for name, some in one.for_.items()},
        )
        for one in program.rewards
        if one.by == "points"
        and (one.from_on is None or str(one.from_on) <= asked.today.isoformat())
        and (one.until_on is None or asked.today.isoformat() <= str(one.until_on))
    )  # fmt: skip


def _text(value: bool | int | str) -> str:
    """As an attribute reads that is kept as JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def wallet_of(terms: Terms, asked: Asked) -> str:
    """The name by which the program knows the wallet that was asked of; '' for none."""
    return terms.wallet_names.get(asked.wallet, "")
