"""A settlement as files: its lines as CSV or Parquet, and its control totals beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl
from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.base.sheets import sheet_rows
from regulars.records.rewards.partners.settling.types import (
    SettledLine,
    Settlement,
    SettlementFormat,
)
from regulars.records.rewards.partners.types import ContractEnd
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.extracts.shelves.shelf import MANIFEST

KINDS: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
TOTALS: Final = MANIFEST
"""Beside the lines: whoever finds it finds them whole."""
_COLUMNS: Final = (
    ("line", pl.Int64), ("entry", pl.String), ("kind", pl.String), ("reference", pl.String),
    ("also_known_as", pl.String), ("takes_back", pl.String), ("occurred_at", pl.String),
    ("booked_at", pl.String), ("wallet", pl.String), ("units", pl.Int64), ("moved", pl.Int64),
    ("price", pl.String), ("per_units", pl.Int64), ("amount", pl.String), ("balance", pl.String),
    ("currency", pl.String),
)  # fmt: skip
_MONEY: Final = ("price", "amount", "balance")


class Between(Struct, frozen=True):
    """Between whom a settlement is: the partner by its short name, the money, names of wallets."""

    partner: str
    currency: str
    wallets: Mapping[int, str]
    ends: Sequence[ContractEnd] = ()
    """Contracts that ended before their time in the stretch that is settled."""


class EndedContract(Struct, frozen=True):
    """A contract that ended before its time: from when on, and why."""

    id: str
    ends_at: str
    reason: str


class Units(Struct, frozen=True):
    """What was priced of one kind and wallet, and what of it moved with members."""

    lines: int
    units: int
    moved: int


class Totals(Struct, frozen=True):
    """What the lines of a settlement come to, to be held against them by whoever gets them."""

    partner: str
    number: int
    from_at: str
    until_at: str
    currency: str
    lines: int
    opening: str
    payments: str
    accruals: str
    redemptions: str
    returns: str
    corrections: str
    closing: str
    units: dict[str, dict[str, Units]]
    """By wallet and kind of line."""
    file: str
    bytes: int
    sha256: str
    ended: list[EndedContract] = []
    """Contracts that ended before their time in this stretch."""


def file_name(one: Settlement, about: Between, format_: SettlementFormat) -> str:
    """How the lines are called: `agency-7.csv`."""
    return f"{about.partner}-{one.number}.{format_}"


def folder_name(one: Settlement, about: Between) -> str:
    """How the folder of a settlement is called, so that names sort: `agency-00007`."""
    return f"{about.partner}-{one.number:05}"


def lines_file(lines: Sequence[SettledLine], about: Between, format_: SettlementFormat) -> bytes:
    """The lines as a file. Amounts are decimal text, so that nothing is rounded on its way."""
    names = [name for name, _ in _COLUMNS]
    rows = [_row(one, about) for one in lines]
    if format_ == "csv":  # amounts as numbers, which no text before them makes a formula
        money = {place for place, name in enumerate(names) if name in _MONEY}
        cells = [
            [Decimal(cell) if at in money and cell else cell for at, cell in enumerate(row)]
            for row in rows
        ]
        return sheet_rows([names, *cells]).encode()
    out = BytesIO()
    frame = pl.DataFrame(rows, schema=dict(_COLUMNS), orient="row")
    frame.write_parquet(out, compression="zstd")
    return out.getvalue()


def totals_of(
    one: Settlement, lines: Sequence[SettledLine], about: Between, file: tuple[str, bytes]
) -> Totals:
    """The control totals. The money is as it was kept when it was settled, and not added anew."""
    scale = decimals(about.currency)
    units: dict[str, dict[str, Units]] = {}
    for line in lines:
        if line.kind == "payment":
            continue
        of = units.setdefault(about.wallets[line.wallet], {})
        was = of.get(line.kind, Units(0, 0, 0))
        of[line.kind] = Units(was.lines + 1, was.units + line.units, was.moved + line.moved)
    money = {
        name: text_of(getattr(one, f"{name}_minor"), scale)
        for name in ("opening", "payments", "accruals", "redemptions", "returns", "corrections",
                     "closing")
    }  # fmt: skip
    name, body = file
    return Totals(
        partner=about.partner,
        number=one.number,
        from_at="" if one.from_at is None else one.from_at.isoformat(),
        until_at=one.until_at.isoformat(),
        currency=about.currency,
        lines=one.lines,
        units=units,
        file=name,
        bytes=len(body),
        sha256=sha256(body).hexdigest(),
        ended=[
            EndedContract(shown("con", each.contract_id), each.ends_at.isoformat(), each.reason)
            for each in about.ends
        ],
        **money,
    )


def totals_file(totals: Totals) -> bytes:
    """The same as JSON."""
    return msgspec.json.format(msgspec.json.encode(totals), indent=2) + b"\n"


def write_to(
    folder: Path, one: Settlement, lines: Sequence[SettledLine],
    how: tuple[Between, SettlementFormat],
) -> str:  # fmt: skip
    """Both files, in a folder of this machine; the name of the lines."""
    about, format_ = how
    name = file_name(one, about, format_)
    body = lines_file(lines, about, format_)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / name).write_bytes(body)
    (folder / TOTALS).write_bytes(totals_file(totals_of(one, lines, about, (name, body))))
    return name


def _row(one: SettledLine, about: Between) -> list[Any]:
    scale = decimals(about.currency)
    is_paid = one.kind == "payment"
    return [
        one.step,
        f"pen_{one.entry_id.hex}",
        one.kind,
        one.external_id,
        one.known_as,
        one.takes_back,
        one.occurred_at.isoformat(),
        one.booked_at.isoformat(),
        "" if is_paid else about.wallets[one.wallet],
        one.units,
        one.moved,
        "" if one.price_minor is None else text_of(one.price_minor, scale),
        one.per_units,
        text_of(one.amount_minor, scale),
        text_of(one.balance_minor, scale),
        about.currency,
    ]
