"""Another partner, and what is agreed with one: typed, and kept as the API keeps it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from litestar import Response

from regulars.base.decimals import NotExact, units
from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.commands import EndContract, KeepPartner, SignContract
from regulars.flows.points.partners.end_contracts import end_contracts
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.records.rewards.partners import read
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.begin.costs import money_typed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form, plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.partners.partners import (
    PAGE,
    money_of,
    partner,
    partners,
    there,
)
from regulars.surfaces.console.offers.partners.words import CONTRACTS
from regulars.surfaces.console.words import N

DAYS: Final = {
    "look_back_days": "0",
    "claim_from_days": "0",
    "claim_until_days": "180",
    "decide_days": "30",
    "match_days": "0",
}
"""How many days, by the name of the field; what it usually is."""
_TYPED: Final = ("kind", "wallet", "price", "per_units", "limit", "from_on", "until_on", *DAYS)
MOST_DAYS: Final = 3_650
SAYS: Final = {
    "slug": N("Small letters, digits and hyphens, such as sky-air"),
    "name": N("Say the name that people read, in at most 80 signs"),
    "known": N("There is a partner of this short name already"),
    "wallet": N("Choose what members are given, or pay with"),
    "price": N("Write a price, or 0"),
    "per_units": N("Write for how many that is, more than 0"),
    "limit": N("Write how much it may owe, or leave it empty for packs"),
    "from_on": N("Say a day, as 2026-01-31"),
    "until_on": N("Say a last day that is not before the first"),
    "claim_until_days": N("Claims end before they begin"),
    "match_days": N("Write 0 to 30 days"),
    "decide_days": N("Leave a day at least to decide"),
}
_NO_END: Final = N("Say a last day that is not over, and before the contract ends by itself")
_DAYS: Final = N("Write 0 to 3650 days")


async def make(here: Here, form: Form) -> Response[Any]:
    """Another business becomes a partner; the same form sent twice makes one."""
    slug, name = form.get("slug").strip(), form.get("name")
    typed = {"slug": slug, "name": name}
    async with here.transaction as tx:
        known = await read.partners(tx, [slug]) if "\0" not in slug else {}
    if slug in known and known[slug].name != name.strip():
        return await partners(here, {"slug": here.reader.say(SAYS["known"])}, typed)
    actor, asked = here.staff.principal, here.asked(form.get("key"))
    try:
        done = await here.do(keep_partners, KeepPartner(slug, name, actor, asked=asked))
    except Fault as fault:
        done = fault
    if isinstance(done, Refused | Fault):
        return await partners(here, _wrong(here, done), typed)
    return redirect(f"{PAGE}/{done.slug}")


async def contract(
    here: Here,
    slug: str,
    unfit: dict[str, str] | None = None,
    laid: dict[str, str] | None = None,
) -> Response[str]:
    """A form for what is agreed with a partner. `unfit`: what is wrong; `laid`: what was typed."""

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        return {"one": await there(tx, slug)}

    wallets = here.version.program.wallets
    return here.page(
        "offers/partners/contract.html",
        status=422 if unfit else 200,
        contract_words=CONTRACTS,
        wallets=[
            (id_, one.name or id_) for id_, one in wallets.items() if one.kind != "status"
        ],
        unfit=unfit or {},
        laid=DAYS | {"kind": "accrual"} if laid is None else laid,
        key=own_key(here.given.random_bytes),
        **await here.read(look),
        **money_of(here),
    )  # fmt: skip


async def sign(here: Here, form: Form) -> Response[Any]:
    """So it is agreed; a contract is added and none is changed."""
    slug = str(form.path["partner"])
    async with here.transaction as tx:
        await there(tx, slug)
    try:
        done = await here.do(sign_contracts, _wish(here, slug, form))
    except Fault as fault:
        done = fault
    if isinstance(done, Refused | Fault):
        typed = {name: form.get(name) for name in (*_TYPED, "name_check")}
        return await contract(here, slug, _wrong(here, done), typed)
    return redirect(f"{PAGE}/{slug}#contracts")


async def end(here: Here, form: Form) -> Response[Any]:
    """A contract ends before its time: after a day, or at once."""
    slug = str(form.path["partner"])
    contract_id = addressed("con", str(form.path["contract_id"]))
    async with here.transaction as tx:
        await there(tx, slug)
    try:
        last = _day(form, "last_on")
        at = _midnight(here, None if last is None else last + timedelta(days=1))
        asked = here.asked(form.get("key"))
        reason, actor = form.get("reason").strip(), here.staff.principal
        wish = EndContract(slug, contract_id, actor, at, reason, asked)
        done = await here.do(end_contracts, wish)
    except Fault as fault:
        done = fault
    if isinstance(done, NotFound):
        raise done
    if isinstance(done, Refused | Fault):
        return await partner(here, slug, {"": here.reader.say(_NO_END)})
    return redirect(f"{PAGE}/{slug}#contracts")


def _wish(here: Here, slug: str, form: Form) -> SignContract:
    """The command. Faults: Invalid, at the field that cannot be read."""
    program = here.version.program
    wallet, currency = form.get("wallet"), program.currency
    if wallet not in program.wallets:
        raise Invalid("there is no such wallet", field="/wallet")
    limit = form.get("limit").strip()
    begins, ends = _day(form, "from_on"), _day(form, "until_on")
    if ends is not None and ends < (begins or here.now.astimezone(here.zone).date()):
        raise Invalid("it ends before it begins", field="/until_on")
    return SignContract(
        partner=slug,
        kind="redemption" if form.get("kind") == "redemption" else "accrual",
        wallet=wallet,
        price_minor=_money(here, form, "price", currency),
        per_units=_units(here, form, program.wallets[wallet].scale),
        currency=currency,
        actor=here.staff.principal,
        from_at=_midnight(here, begins),
        until_at=_midnight(here, None if ends is None else ends + timedelta(days=1)),
        limit_minor=_money(here, form, "limit", currency) if limit else None,
        name_check=form.get("name_check") == "yes",
        asked=here.asked(form.get("key")),
        **{name: _whole(form, name) for name in DAYS},
    )


def _money(here: Here, form: Form, name: str, currency: str) -> int:
    found = money_typed(form.get(name), here.reader, currency)
    if found < 0:
        raise Invalid("this is no amount of money", field=f"/{name}")
    return found


def _units(here: Here, form: Form, scale: int) -> int:
    try:
        return units(plain_number(form.get("per_units"), here.reader.separators), scale)
    except NotExact:
        raise Invalid("this is no quantity", field="/per_units") from None


def _whole(form: Form, name: str) -> int:
    typed = form.get(name).strip() or DAYS[name]
    if not (typed.isascii() and typed.isdigit() and len(typed) < 5) or int(typed) > MOST_DAYS:
        raise Invalid("this is no number of days", field=f"/{name}")
    return int(typed)


def _day(form: Form, name: str) -> date | None:
    typed = form.get(name).strip()
    try:
        found = date.fromisoformat(typed[:10]) if typed else None
    except ValueError:
        raise Invalid("this is no day", field=f"/{name}") from None
    if found is not None and not 1970 <= found.year < 2999:
        raise Invalid("this is a day of no calendar here", field=f"/{name}")
    return found


def _midnight(here: Here, day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, datetime.min.time(), here.zone)


def _wrong(here: Here, no: Refused | Fault) -> dict[str, str]:
    """What is wrong, by the field that the form has for it."""
    said = no.field.lstrip("/").removesuffix("/minor") if isinstance(no, Fault) else ""
    field = {"until_at": "until_on"}.get(said, said)
    if field in DAYS and not SAYS.get(field):
        return {field: here.reader.say(_DAYS)}
    return {field: here.reader.say(SAYS[field]) if field in SAYS else here.told(no)}
