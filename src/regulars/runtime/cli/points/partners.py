"""Verbs about partners: who they are, what is agreed, what stands between us, and disputes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one, id_in
from regulars.runtime.cli.points.by_hand import Reason
from regulars.runtime.cli.screen import day_of, stop

console = Console(highlight=False, soft_wrap=True)
_DAYS: Final = {
    "look-back": "look_back_days",
    "claim-from": "claim_from_days",
    "claim-until": "claim_until_days",
    "decide": "decide_days",
    "match": "match_days",
}
_PAGE: Final = 5_000
"""So many lines are read at once."""
_NO_MORE: Final[list[str]] = []

Partner = Annotated[str, typer.Argument(help="The partner, by its short name such as sky-air.")]
Kind = Annotated[str, typer.Argument(help="accrual: its customers collect; redemption: members "
                                          "spend there.")]  # fmt: skip
Price = Annotated[str, typer.Argument(help="So much money for so many of the wallet's smallest "
                                           "unit: '8.33 for 1000 miles'.")]  # fmt: skip
With = Annotated[
    list[str],
    typer.Option(
        "--with",
        help="What else was agreed, once for each: from=2027-01-01, until=2028-01-01 (UTC), "
        "limit=50.00 (how much it may owe; without it packs are paid beforehand), name-check=yes, "
        "look-back=30, claim-from=3, claim-until=180, decide=30, match=1 (days).",
    ),
]
Agreed = Annotated[str, typer.Argument(help="The contract: con_ and 32 digits from 0 to f.")]
Ends = Annotated[
    str, typer.Option("--on", help="From this day on (UTC): 2027-07-01; else at once.")
]
Period = Annotated[str, typer.Argument(help="A month, 2027-03, or a day, 2027-03-15.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write it there, as a table (CSV).")]
Line = Annotated[str, typer.Argument(help="The line: pen_ and 32 digits from 0 to f.")]
Dispute = Annotated[str, typer.Argument(help="The dispute or claim: dis_ or clm_ and 32 digits "
                                             "from 0 to f.")]  # fmt: skip
Until = Annotated[str, typer.Option("--until", help="Everything before this day: 2027-03-01.")]
Whose = Annotated[str, typer.Option("--partner", help="Of this partner alone.")]
Decision = Annotated[str, typer.Option("--decide", help="granted or rejected.")]


def register(command: typer.Typer) -> None:
    """Add `partners …`."""
    partners = typer.Typer(help="Other businesses we have agreed with.", no_args_is_help=True)
    partners.callback()(at_desk)
    partners.command("list")(every)
    for verb in (keep, contract, end, statement, settle, claims, dispute, decide):
        partners.command(verb.__name__)(verb)
    command.add_typer(partners, name="partners")


def every(desk: Desk) -> None:
    """All partners, and what stands in their accounts; below nothing they owe it."""
    found, currency = do_one(desk.obj[0], _every, _Look())
    table = Table("partner", "name", "since", "balance")
    for one, minor in found:
        since = one.made_at.isoformat(timespec="seconds")
        table.add_row(one.slug, one.name, since, _money(minor, currency))
    console.print(table)


def keep(desk: Desk, partner: Partner, name: Annotated[str, typer.Option("--name")]) -> None:
    """Another business becomes a partner, or changes its name."""
    from regulars.flows.points.partners.commands import KeepPartner
    from regulars.flows.points.partners.keep_partners import keep_partners

    done = do_one(desk.obj[0], keep_partners, KeepPartner(partner, name, desk.obj[1]))
    console.print(f"{done.slug} is {done.name}.")


def contract(desk: Desk, partner: Partner, kind: Kind, price: Price, more: With = _NO_MORE) -> None:
    """Keep what was agreed; of several that are in force the one that began last counts."""
    from regulars.flows.points.partners.commands import SignContract
    from regulars.flows.points.partners.keep_partners import sign_contracts

    currency = do_one(desk.obj[0], _currency, _Look())
    if kind not in ("accrual", "redemption"):
        stop(f"{kind!r} is neither accrual nor redemption.")
    amount, per, wallet = _price(price)
    wish = SignContract(
        partner=partner,
        kind=kind,  # type: ignore[arg-type]
        wallet=wallet,
        price_minor=_minor(amount, currency),
        per_units=per,
        currency=currency,
        actor=desk.obj[1],
        **dict(_agreed(one, currency) for one in more),
    )
    done = do_one(desk.obj[0], sign_contracts, wish)
    ends = "" if done.until_at is None else f" until {done.until_at.isoformat()}"
    console.print(f"con_{done.contract_id.hex} holds from {done.from_at.isoformat()}{ends}.")


def end(desk: Desk, partner: Partner, agreed: Agreed, reason: Reason, on: Ends = "") -> None:
    """End a contract before its time; what was sold before is booked and settled as ever."""
    from regulars.flows.points.partners.commands import EndContract
    from regulars.flows.points.partners.end_contracts import end_contracts

    at = None if not on else _agreed(f"from={on}", "")[1]
    wish = EndContract(partner, id_in("con", agreed), desk.obj[1], at, reason)
    done = do_one(desk.obj[0], end_contracts, wish)
    console.print(f"con_{done.contract_id.hex} holds until {done.ends_at.isoformat()}.")


def statement(desk: Desk, partner: Partner, period: Period, out: Out = None) -> None:
    """What an account did in a month or a day; opening, all that was booked, and closing add up."""
    from regulars.engine.rewarding.partnering.statement import csv_of

    pages, currency, ended = do_one(desk.obj[0], _statement, _Look(partner, period))
    found = pages[-1]  # what is booked meanwhile is in it
    if out is not None:
        head, *rest = (csv_of(page, currency) for page in pages)
        try:
            out.write_text(head + "".join(each.partition("\n")[2] for each in rest), "utf-8")
        except OSError as wrong:
            stop(f"{out} cannot be written: {wrong.strerror}.")
    table = Table("", "amount")
    for name in ("opening", "payments", "accruals", "redemptions", "corrections", "closing"):
        table.add_row(name, _money(getattr(found, f"{name}_minor"), currency))
    console.print(table)
    for one in ended:
        console.print(f"con_{one.contract_id.hex} ended at {one.ends_at.isoformat()}.")
    console.print(f"{found.all_lines} lines" + ("." if out is None else f" are in {out}."))


def settle(desk: Desk, partner: Partner, until: Until = "") -> None:
    """Settle everything booked before a day, or before today, since the settlement before."""
    from regulars.flows.points.partners.commands import Settle
    from regulars.flows.points.partners.settle_accounts import settle_accounts

    on = day_of(until, "--until")
    currency = do_one(desk.obj[0], _currency, _Look())
    done = do_one(desk.obj[0], settle_accounts, Settle(partner, desk.obj[1], on))
    closing = _money(done.closing_minor, currency)
    console.print(f"Settlement {done.number} of {partner}: {done.lines} lines, closing {closing}.")


def claims(desk: Desk, partner: Whose = "") -> None:
    """Claims of activities that are missing and wait for a decision; what lapses soonest first."""
    after, waits = None, True
    while waits:
        found = do_one(desk.obj[0], _claims, _Look(partner, after=after))
        if not found and after is None:
            console.print("No claim waits for a decision.")
        for one, slug in found:
            console.print(
                f"clm_{one.claim_id.hex}  {slug} {one.external_id}: {one.units} for "
                f"mem_{one.member_id.hex}, until {one.decide_by.isoformat(timespec='seconds')}",
                markup=False,
            )
        waits = len(found) == _PAGE
        after = (found[-1][0].decide_by, found[-1][0].claim_id) if waits else None


def dispute(desk: Desk, line: Line, reason: Reason) -> None:
    """A partner disputes a line of its statement."""
    from regulars.flows.points.partners.claim_activities import open_disputes
    from regulars.flows.points.partners.commands import OpenDispute

    wish = OpenDispute(id_in("pen", line), desk.obj[1], reason)
    done = do_one(desk.obj[0], open_disputes, wish)
    console.print(f"dis_{done.dispute_id.hex} is open.")


def decide(desk: Desk, dispute: Dispute, decision: Decision, reason: Reason) -> None:
    """Grant or reject a dispute (what is left of its line is not paid) or a claim (its points
    come)."""
    from regulars.flows.points.partners.claim_activities import decide_claims
    from regulars.flows.points.partners.commands import Decide

    if decision not in ("granted", "rejected"):
        stop(f"{decision!r} is neither granted nor rejected.")
    about: Any = "claim" if dispute.startswith("clm_") else "dispute"
    id_, kind = id_in("clm" if about == "claim" else "dis", dispute), decision
    wish = Decide(about, id_, kind, desk.obj[1], reason)  # type: ignore[arg-type]
    done = do_one(desk.obj[0], decide_claims, wish)
    booked = done.booked
    back = "" if booked is None else f": {_money(booked.amount_minor, booked.currency)}"
    console.print(f"The {about} is {done.decision}{back}.")


def _money(minor: int, currency: str) -> str:
    from regulars.base.decimals import text_of
    from regulars.base.money import decimals

    return f"{text_of(minor, decimals(currency))} {currency}"


def _minor(text: str, currency: str) -> int:
    from regulars.base.decimals import units
    from regulars.base.money import decimals

    try:
        return units(text, decimals(currency))
    except ValueError:
        stop(f"{text!r} is no amount of money, such as 8.33.")


def _price(text: str) -> tuple[str, int, str]:
    found = re.fullmatch(r"(\S+) for ([0-9]{1,15}) (\S+)", text)
    if found is None:
        stop(f"{text!r} says no price, such as '8.33 for 1000 miles'.")
    return found[1], int(found[2]), found[3]


def _agreed(text: str, currency: str) -> tuple[str, Any]:
    """One thing more that was agreed, by the name of its field."""
    name, _, value = text.partition("=")
    if name in _DAYS and value.isdecimal():
        return _DAYS[name], int(value)
    if name == "limit":
        return "limit_minor", _minor(value, currency)
    if (name, value) == ("name-check", "yes"):
        return "name_check", True
    if name not in ("from", "until"):
        stop(f"{text!r} is nothing that is agreed with partners; see --help.")
    try:
        at = datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        stop(f"{value!r} is no day, such as 2027-01-01.")
    return f"{name}_at", at


class _Look:
    """Somebody wants to see something; nobody decides anything."""

    actor = "whoever looks"

    def __init__(self, partner: str = "", period: str = "", after: Any = None) -> None:
        self.partner, self.period, self.after = partner, period, after


async def _currency(tx: Any, terms: Any, _: Any) -> list[str]:
    return [terms.at(tx.now).program.currency]


async def _every(tx: Any, terms: Any, _: Any) -> list[Any]:
    from regulars.records.rewards.partners import read

    known = (await read.partners(tx)).values()
    last: dict[UUID, Any] = await read.last(tx, [one.partner_id for one in known])
    stands = {id_: one.balance_minor for id_, one in last.items()}
    found = [(one, stands.get(one.partner_id, 0)) for one in known]
    return [(found, terms.at(tx.now).program.currency)]


async def _claims(tx: Any, terms: Any, asked: Any) -> list[Any]:
    from regulars.base.faults import NotFound
    from regulars.records.rewards.partners import read

    (look,) = asked
    known = await read.partners(tx, [look.partner] if look.partner else None)
    if look.partner and look.partner not in known:
        return [NotFound("there is no such partner here")]
    theirs = [known[look.partner].partner_id] if look.partner else None
    slugs = {each.partner_id: each.slug for each in known.values()}
    found = await read.open_claims(tx, look.after, _PAGE, theirs)
    return [[(each, slugs[each.partner_id]) for each in found]]


async def _statement(tx: Any, terms: Any, asked: Any) -> list[Any]:
    from regulars.base.faults import NotFound
    from regulars.engine.rewarding.partnering.statement import statement
    from regulars.engine.rewarding.partnering.stretch import stretch
    from regulars.records.rewards.partners import read

    (look,) = asked
    known, version = await read.partners(tx, [look.partner]), terms.at(tx.now)
    if look.partner not in known:
        return [NotFound("there is no such partner here")]
    span = stretch(version.zone, look.period)
    id_, pages, after = known[look.partner].partner_id, list[Any](), 0
    while not pages or not pages[-1].ends:
        pages.append(statement(*await read.between(tx, id_, span, (after, _PAGE))))
        after = pages[-1].lines[-1].step if pages[-1].lines else 0
    return [(pages, version.program.currency, await read.ends(tx, id_, span))]
