"""What a partner's account did in a day or a month: it adds up by itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.base.sheets import text_cell
from regulars.records.rewards.partners.types import Booked, PartnerEntry

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
    all_lines: int
    lines: Sequence[PartnerEntry]
    """All of them, or those of a page."""
    first: int
    last: int
    """The steps of the first and the last of all lines."""

    @property
    def begins(self) -> bool:
        """Whether the first line is among these, or there is none."""
        return not self.lines or self.lines[0].step == self.first

    @property
    def ends(self) -> bool:
        """Whether the last line is among these, or there is none."""
        return not self.lines or self.lines[-1].step == self.last


def statement(
    before: PartnerEntry | None, booked: Booked, lines: Sequence[PartnerEntry]
) -> Statement:
    """What an account did in a stretch of time that begins after `before`."""
    opening = 0 if before is None else before.balance_minor
    sums = dict.fromkeys(("payment", "accrual", "redemption", "return", "correction"), 0)
    sums |= booked.sums
    closing = opening + sum(sums.values())
    if lines and lines[-1].step == booked.last:
        assert lines[-1].balance_minor == closing, (opening, sums, lines[-1])
    return Statement(
        opening_minor=opening,
        payments_minor=sums["payment"],
        accruals_minor=sums["accrual"],
        redemptions_minor=sums["redemption"],
        corrections_minor=sums["return"] + sums["correction"],
        closing_minor=closing,
        all_lines=booked.lines,
        lines=lines,
        first=1 if before is None else before.step + 1,
        last=booked.last,
    )


def csv_of(found: Statement, currency: str) -> str:
    """The same as a table, with the opening and closing balance as its first and last line.

    Shape: pages one after the other are the whole table, each with its heads.
    """
    scale, out = decimals(currency), _Text()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_COLUMNS)
    if found.begins:
        rows.writerow(_total("opening", text_of(found.opening_minor, scale)))
    for one in found.lines:
        rows.writerow(
            (
                one.step,
                one.booked_at.isoformat(),
                one.occurred_at.isoformat(),
                one.kind,
                text_cell(one.external_id),
                f"pen_{one.entry_id.hex}",
                one.units,
                text_of(one.amount_minor, scale),
                text_of(one.balance_minor, scale),
            )
        )
    if found.ends:
        rows.writerow(_total("closing", text_of(found.closing_minor, scale)))
    return "".join(out.parts)


def _total(name: str, amount: str) -> tuple[str, ...]:
    return ("", "", "", name, "", "", "", "", amount)


class _Text:
    """Where a table is written to."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)
