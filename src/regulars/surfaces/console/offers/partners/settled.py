"""One settlement: its sums, its lines with answers and disputes, and its files."""

from __future__ import annotations

from typing import Any, Final, cast

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners.settling import read
from regulars.records.rewards.partners.settling.types import Settlement, SettlementFormat
from regulars.records.rewards.partners.types import Partner
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.connect.extracts.settlements.ending import ends_of
from regulars.surfaces.connect.extracts.settlements.files import (
    KINDS,
    file_name,
    lines_file,
    totals_file,
    totals_of,
)
from regulars.surfaces.connect.extracts.settlements.putting import about_file, all_lines
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.partners.partners import money_of, there, wallet_said
from regulars.surfaces.console.offers.partners.words import CONTRACTS, LINES
from regulars.surfaces.ui.paper import GUARDED, NEVER

A_PAGE: Final = 100
_LARGEST: Final = 2**31
SUMS: Final = ("opening", "payments", "accruals", "redemptions", "returns", "corrections")


async def settlement(
    here: Here,
    slug: str,
    number: str,
    wrong: dict[str, str] | None = None,
    undecided: str = "",
) -> Response[str]:
    """A settlement, and a hundred of its lines.

    `undecided`: the dispute that could not be decided as it was wished; `wrong` says why.
    """
    after = _whole(here.query.get("after", ""))

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        partner, one = await _found(tx, slug, number)
        begin = max(one.after_step, after or 0)
        found = await read.lines(tx, one, begin, A_PAGE + 1)
        some = found[:A_PAGE]
        disputes = {
            each.entry_id: shown("dis", each.dispute_id)
            for each in await accounts.disputes(tx, [], [line.entry_id for line in some])
        }
        return {
            "partner": partner,
            "one": one,
            "lines": [
                (
                    line,
                    ("", 0) if line.kind == "payment" else wallet_said(here, terms, line.wallet),
                    disputes.get(line.entry_id, ""),
                )
                for line in some
            ],
            "following": some[-1].step if len(found) > A_PAGE else 0,
            "began": begin > one.after_step,
            "answered": await read.reconciled(tx, one),
            "ended": await _ended(here, tx, terms, one),
        }

    return here.page(
        "offers/partners/settlement.html",
        status=422 if wrong else 200,
        line_words=LINES,
        contract_words=CONTRACTS,
        sums=SUMS,
        key=own_key(here.given.random_bytes),
        wrong=wrong or {},
        undecided=undecided,
        **await here.read(look),
        **money_of(here),
    )


async def file(here: Here, form: Form) -> Response[Any]:
    """Its lines as CSV or Parquet, or its control totals."""
    slug, number = str(form.path["partner"]), str(form.path["number"])

    async def look(tx: Tx, terms: Terms) -> tuple[Settlement, list[Any], Any]:
        partner, one = await _found(tx, slug, number)
        about = await about_file(tx, one, partner, terms)
        return one, await all_lines(tx, one), about

    try:
        one, rows, about = await here.read(look)
    except NotFound:
        raise
    except Fault as fault:  # more lines than a file may have
        return await settlement(here, slug, number, {"": here.told(fault)})
    wanted = form.get("as")
    format_ = cast("SettlementFormat", wanted if wanted in KINDS else "csv")
    name, body = file_name(one, about, format_), lines_file(rows, about, format_)
    kind = KINDS[format_]
    if wanted == "totals":
        body = totals_file(totals_of(one, rows, about, (name, body)))
        name, kind = f"{about.partner}-{one.number}-totals.json", "application/json"
    headers = GUARDED | {
        "cache-control": NEVER,
        "content-disposition": f'attachment; filename="{name}"',
    }
    return Response(body, media_type=kind, headers=headers)


async def _ended(here: Here, tx: Tx, terms: Terms, one: Settlement) -> list[Any]:
    """Contracts that ended before their time in it: each with its wallet, and how it ended."""
    ends = await ends_of(tx, one)
    agreed = await accounts.contracts(tx, [one.partner_id]) if ends else []
    of = {each.contract_id: each for each in agreed}
    return [
        (of[each.contract_id], wallet_said(here, terms, of[each.contract_id].wallet)[0], each)
        for each in ends
    ]


async def _found(tx: Tx, slug: str, number: str) -> tuple[Partner, Settlement]:
    partner, counted = await there(tx, slug), _whole(number)
    one = None if counted is None else await read.one(tx, partner.partner_id, counted)
    if one is None:
        raise NotFound("there is no such settlement; look at the partner again")
    return partner, one


def _whole(typed: str) -> int | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 11):
        return None
    return int(typed) if int(typed) < _LARGEST else None
