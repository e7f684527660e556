"""What conditions are asked by at an instant."""

from __future__ import annotations

from datetime import datetime

from regulars.engine.terms import Terms
from regulars.records.program.changes.segments.ground import Setting


def setting_of(terms: Terms, now: datetime) -> Setting:
    """The program in force, its wallets, and the shop's day at an instant."""
    version = terms.at(now)
    today = now.astimezone(version.zone).date()
    return Setting(version.program, terms.wallet_names, str(version.zone), today)
