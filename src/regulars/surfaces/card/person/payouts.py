"""Where a member's cashback goes: the account is told whole, and shown masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.points.payouts.commands import SetAccount
from regulars.flows.points.payouts.keep_accounts import set_accounts, show_account
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit

PAYOUTS = "/card/me/payouts"


def payout_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of the account, and its form."""
    return [
        desk.shows(PAYOUTS, "me/payouts.html", look_at_account),
        desk.acts(PAYOUTS, keep_account),
    ]


async def look_at_account(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """The account as it may be seen."""
    if visit.program.paying_out is None:
        raise NotFound("nothing is paid out here")
    found = await show_account(tx, visit.terms, visit.member.id)
    return {
        "account": found if found is not None and found.shown else None,
        "form": Form(holder="" if found is None else found.holder),
        "wrong": {},
        "done": request.query_params.get("done") == "yes",
    }


async def keep_account(sender: Sender, form: Form) -> Response[Any]:
    """A new account takes the place of the old one; or nothing is paid out any more."""
    me, actor = MemberRef(id=sender.member_id), "the member"
    drop = form["drop"] == "yes"
    command = (
        SetAccount(me, actor=actor, asked=sender.by("account"))
        if drop
        else SetAccount(me, form["holder"], form["iban"], form["bic"], actor, sender.by("account"))
    )
    wrong = {} if drop else _empty(sender, form)
    if not wrong:
        try:
            await sender.do(set_accounts, command)
        except (Invalid, No) as no:
            wrong = _slip(sender, no)
    if wrong:
        return await sender.show(
            look_at_account, "me/payouts.html", status=422, form=form, wrong=wrong
        )
    return moved(f"{PAYOUTS}?done=yes")


def _empty(sender: Sender, form: Form) -> dict[str, str]:
    say = sender.visit.reader.say
    words = {"holder": say("Say whose account it is"), "iban": say("Write the account number")}
    return {name: said for name, said in words.items() if not form[name].strip()}


def _slip(sender: Sender, no: Invalid | No) -> dict[str, str]:
    say = sender.visit.reader.say
    field = no.field.strip("/") if isinstance(no, Invalid) else "iban"
    words = {
        "holder": say("Write it in Latin letters, as the bank has it"),
        "bic": say("This is no bank code"),
    }
    return {field if field in words else "iban": words.get(
        field, say("This account number is not right; look at it once more"))}  # fmt: skip
