"""Members sign in on the page of a shop, join there, and sign out; nobody learns who is one."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import CodeAsked
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.coming_in.joining import (
    OPEN,
    Wrong,
    command_of,
    slip_of,
    slips_of,
)
from regulars.surfaces.card.coming_in.sign_in import code_id_of, device_of, way_of
from regulars.surfaces.card.desk import AGREED
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.shop.desk import Page
from regulars.surfaces.shop.wire import CodeSent, JoinSent, SignInSent, decoder
from regulars.surfaces.shop.words import what_is_wrong
from regulars.surfaces.ui.coming import machine_of

_code, _sign_in, _join = decoder(CodeSent), decoder(SignInSent), decoder(JoinSent)
_FIELDS: Final = ("given_name", "address", "birthday", "country")


async def ask_for_code(page: Page) -> dict[str, Any]:
    """Digits are on their way, if this is a member's address; the answer never tells."""
    sent: CodeSent = page.sent(_code)
    return await _asked(page, sent.address.strip())


async def _asked(page: Page, address: str) -> dict[str, Any]:
    by = way_of(address)
    answer = await page.desk.door.ask(page.shop.program_id, by, address, machine_of(page.request))
    if isinstance(answer, Refused):
        raise No(answer)
    if isinstance(answer, Fault):
        raise Invalid(answer.says, field="/address")
    assert isinstance(answer, CodeAsked)
    return {"id": answer.code_id.hex}


async def sign_in(page: Page) -> dict[str, Any]:
    """The digits are right: their member is signed in on pages of this shop, from there."""
    sent: SignInSent = page.sent(_sign_in)
    code_id = code_id_of(sent.id)
    over = Refused("code_over", "this code does not work any more; ask for another one")
    if code_id is None:
        raise No(over)
    shop = page.shop
    host = shop.origin.partition("://")[2]
    device = " · ".join(one for one in (host, device_of(page.request)) if one)
    answer = await page.desk.door.by_code(
        shop.program_id, code_id, sent.code, device, shop=(shop.key_id, shop.origin)
    )
    if isinstance(answer, Refused):
        raise No(answer)
    if sent.agrees in AGREED:
        source = f"the web shop at {host}, by code"
        # Of the address that the digits came to at once; of any other they are asked there.
        await page.desk.door.want(
            shop.program_id, MemberRef(id=answer.member_id), (sent.agrees,), source
        )
    return {"token": answer.token}


async def join(page: Page) -> dict[str, Any]:
    """Somebody joins for themself, and proves that the address is theirs with the digits.

    Keeps: whoever is a member already is answered alike; who asked too often is not let in.
    Refuses: `too_many_codes`, by address and by machine.
    Faults: Invalid, with everything that is not right by its field in `wrong`.
    """
    sent: JoinSent = page.sent(_join)
    terms = await page.terms()
    version = terms.at(page.given.now(terms.program_id))
    policy, country = version.program.join or OPEN, terms.versions[-1].program.country
    form = Form({name: getattr(sent, name) for name in _FIELDS})
    form["terms"] = "yes" if sent.terms else ""
    reader = page.reader(version)
    slips = slips_of(form, policy, country)
    if slips:
        raise wrong_at({one.field: what_is_wrong(reader, one) for one in slips})
    channel = "email" if way_of(form["address"]) == "email" else "sms"
    if channel not in page.desk.channels:
        raise wrong_at({"address": what_is_wrong(reader, Wrong("address", "counter"))})
    command = command_of(form, policy, None, reader.language[:2], "web shop")
    by, machine = way_of(form["address"]), machine_of(page.request)
    outcome = await page.desk.door.join(page.shop.program_id, command, by, machine)
    if isinstance(outcome, Refused) and outcome.code == "too_many_codes":
        raise No(outcome)
    if isinstance(outcome, Refused | Fault):
        slip = slip_of(outcome, policy)
        raise wrong_at({slip.field: what_is_wrong(reader, slip)})
    return {"id": outcome.asked.code_id.hex, "agrees": channel if sent.agrees else ""}


async def sign_out(page: Page) -> dict[str, Any]:
    """The session of this page is over; sent again, it stays over."""

    async def look(tx: Tx, terms: Terms) -> Visit | None:
        return await page.visit(tx, terms)

    visit = await page.read(look)
    if visit is not None:
        await page.desk.door.end(
            page.shop.program_id, visit.session.member_id, visit.session.session_id
        )
    return {}


def wrong_at(fields: dict[str, str]) -> Invalid:
    """Everything that is not right in a form, by its field."""
    first = next(iter(fields))
    return Invalid(fields[first], field=f"/{first}", wrong=fields)
