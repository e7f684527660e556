"""A report of a shop: asked of its terms and its own day, worked out in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.changing.keeping import changes_of, worths_kept
from regulars.engine.changing.prices import costs_of
from regulars.engine.terms import Terms
from regulars.insight.metrics.asked import Asked, Report
from regulars.insight.metrics.asking import asked_in
from regulars.insight.metrics.reports.accounts import accounts
from regulars.insight.metrics.reports.fairness import fairness
from regulars.insight.metrics.reports.liability import liability
from regulars.insight.metrics.reports.memberships import memberships
from regulars.insight.metrics.reports.overview import overview
from regulars.insight.metrics.reports.points import points
from regulars.insight.metrics.reports.preferences import preferences
from regulars.insight.metrics.reports.referral import referral
from regulars.insight.metrics.reports.retention import retention
from regulars.insight.metrics.reports.stores import stores
from regulars.insight.metrics.reports.tiers import tiers

Made = Callable[[Tx, Asked], Awaitable[Report]]
REPORTS: Final[Mapping[str, Made]] = MappingProxyType(
    {
        "overview": overview,
        "retention": retention,
        "points": points,
        "liability": liability,
        "tiers": tiers,
        "stores": stores,
        "preferences": preferences,
        "fairness": fairness,
        "referral": referral,
        "memberships": memberships,
        "accounts": accounts,
    }
)


def question(terms: Terms, now: datetime, said: Mapping[str, str]) -> Asked:
    """What is asked, of the wallet it names or the first one. Faults: Invalid at its field."""
    version = terms.at(now)
    zone = version.program.zone
    asked = asked_in(dict(said), now.astimezone(ZoneInfo(zone)).date(), zone)
    codes = {terms.wallet_names[code]: code for code in version.wallet_codes}
    wanted = said.get("wallet") or next(iter(codes), "")
    if wanted and wanted not in codes:
        raise Invalid(f"there is no wallet of this name; known: {', '.join(codes)}", field="wallet")
    each = costs_of(version.program).get(wanted, Fraction(0))

    def worth(units: int) -> int:
        return ceil(units * each)

    changes = tuple(changes_of(version, now))
    costs = [one.get(wanted, Fraction(0)) for one in worths_kept(version, now, costs_of)]
    asked = replace(asked, changes=changes, costs=tuple(costs))
    return replace(asked, wallet=codes.get(wanted, -1), worth=worth)


def wallet_of(terms: Terms, asked: Asked) -> str:
    """The name by which the program knows the wallet that was asked of; '' for none."""
    return terms.wallet_names.get(asked.wallet, "")
