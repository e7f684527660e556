"""What a partner's account did in a day or a month: it adds up by itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.records.rewards.partners.types import PartnerEntry

_COLUMNS = (
    "step", "booked_at", "occurred_at", "kind", "external_id", "entry_id", "units", "amount",
    "balance",
)  # fmt: skip


class Statement(Struct, frozen=True):
    """An account in a stretch of time. Above nothing is the partner's, below nothing is ours."""

    opening_minor: int
    payments_minor: int
    accruals_minor: int
    redemptions_minor: int
    corrections_minor: int
    """Returns, and disputes that were granted."""
    closing_minor: int
    lines: Sequence[PartnerEntry]


def statement(before: PartnerEntry | None, lines: Sequence[PartnerEntry]) -> Statement:
    """Sum up the lines of a stretch of time that begins after `before`."""
    opening = 0 if before is None else before.balance_minor
    sums = dict.fromkeys(("payment", "accrual", "redemption", "return", "correction"), 0)
    for one in lines:
        sums[one.kind] += one.amount_minor
    closing = lines[-1].balance_minor if lines else opening
    assert opening + sum(sums.values()) == closing, (opening, sums, closing)
    return Statement(
        opening_minor=opening,
        payments_minor=sums["payment"],
        accruals_minor=sums["accrual"],
        redemptions_minor=sums["redemption"],
        corrections_minor=sums["return"] + sums["correction"],
        closing_minor=closing,
        lines=lines,
    )


def csv_of(found: Statement, currency: str) -> str:
    """The same as a table, with the opening and closing balance as its first and last line."""
    scale, out = decimals(currency), _Text()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerow(("", "", "", "opening", "", "", "", "", text_of(found.opening_minor, scale)))
    for one in found.lines:
        rows.writerow(
            (
                one.step,
                one.booked_at.isoformat(),
                one.occurred_at.isoformat(),
                one.kind,
                _plain(one.external_id),
                f"pen_{one.entry_id.hex}",
                one.units,
                text_of(one.amount_minor, scale),
                text_of(one.balance_minor, scale),
            )
        )
    rows.writerow(("", "", "", "closing", "", "", "", "", text_of(found.closing_minor, scale)))
    return "".join(out.parts)


class _Text:
    """Where a table is written to."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
