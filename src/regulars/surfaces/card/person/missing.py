"""What a member misses from a partner: a flight or a stay is claimed, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.flows.points.partners.claim_activities import file_claims
from regulars.flows.points.partners.commands import FileClaim
from regulars.records.members.types import Asked as By
from regulars.records.members.types import MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.rewards.partners import read
from regulars.records.rewards.partners.types import state_of
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.refusals import told_to

MISSING: Final = "/card/me/missing"
MOST: Final = 50
_ONCE: Final = re.compile(r"[0-9a-f]{32}")
_FIELDS: Final = MappingProxyType(
    {
        "too_early": "day", "too_late": "day", "before_enrolment": "day", "no_contract": "day",
        "already_credited": "number", "already_claimed": "number",
        "/external_id": "number", "/units": "units", "/partner": "of", "/wallet": "of",
    }
)  # fmt: skip
"""Which field of the form is meant by a refusal or a fault."""


def missing_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of what is missing, and its form."""
    return [
        desk.shows(MISSING, "community/missing.html", look_at_missing),
        desk.acts(MISSING, claim),
    ]


async def sells(tx: Tx) -> bool:
    """Whether there is any partner whose customers collect here."""
    return bool(await _chosen(tx))


async def look_at_missing(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """With whom members collect, and what became of what this one claimed."""
    known = await read.partners(tx)
    pairs = await _chosen(tx)
    family = await unions.family(tx, [visit.member.id])
    claims = await read.claimed(tx, [one.partner_id for one in known.values()], family)
    decided = await read.decisions(tx, [one.claim_id for one in claims]) if claims else {}
    of = await read.contracts(tx, sorted({one.partner_id for one in claims})) if claims else []
    wallets = {one.contract_id: one.wallet for one in of}
    names = {one.partner_id: one.name for one in known.values()}
    several = len({code for _, _, code in pairs}) > 1
    return {
        "choices": [
            (f"{slug}:{visit.wallet(code)}", _said(visit, name, code) if several else name)
            for slug, name, code in pairs
        ],
        "claims": [
            {
                "of": names[one.partner_id],
                "number": one.external_id,
                "on": one.occurred_at,
                "units": one.units,
                "wallet": _wallet_of(visit, wallets[one.contract_id]),
                "by": one.decide_by,
                "state": state_of(one, decided.get(one.claim_id), tx.now),
            }
            for one in sorted(claims, key=lambda each: each.filed_at, reverse=True)[:MOST]
        ],
        "once": tx.new_id().hex,
        "form": Form(),
        "wrong": {},
        "done": request.query_params.get("done") == "yes",
    }


async def claim(sender: Sender, form: Form) -> Response[Any]:
    """The member misses something; the same form sent twice claims it once."""
    wrong = _slips(sender, form)
    if wrong:
        return await _slip(sender, form, wrong)
    reader = sender.visit.reader
    try:
        await sender.do(file_claims, _meant(sender, form))
    except No as no:
        field = _FIELDS.get(no.refused.code, "")
        return await _slip(sender, form, {field: told_to(reader, no.refused)})
    except Fault as fault:  # a number that is none, or the same form with something else
        return await _slip(sender, form, {_FIELDS.get(fault.field, ""): told_to(reader, fault)})
    return moved(f"{MISSING}?done=yes")


def _slips(sender: Sender, form: Form) -> dict[str, str]:
    """What is wrong with what was typed, by its field."""
    say, wrong = sender.visit.reader.say, {}
    if not all(form["of"].partition(":")):
        wrong["of"] = say("Choose with whom it was")
    if not form["number"].strip():
        wrong["number"] = say("Say the number on the ticket, the booking or the receipt")
    if _at(sender, form["day"]) is None:
        wrong["day"] = say("Say the day on which it was; it cannot lie ahead")
    if _units(sender, form) is None:
        wrong["units"] = say("Say how many points were due, as a whole number above nothing")
    return wrong


def _meant(sender: Sender, form: Form) -> FileClaim:
    slug, _, wallet = form["of"].partition(":")
    said = By(f"member:{sender.member_id}", f"missing:{form['once']}")
    at, units = _at(sender, form["day"]), _units(sender, form)
    assert at is not None, form
    assert units is not None, form
    return FileClaim(
        partner=slug[:200],
        member=MemberRef(id=sender.member_id),
        wallet=wallet[:200],
        units=units,
        external_id=form["number"].strip(),
        occurred_at=at,
        actor=said.principal,
        reason=form["why"].strip()[:200],
        asked=said if _ONCE.fullmatch(form["once"]) else sender.by("missing"),
    )


def _at(sender: Sender, typed: str) -> datetime | None:
    """Noon of that day by the shop's clock, or this instant where that lies ahead."""
    now = sender.desk.given.now(sender.program_id)
    zone = ZoneInfo(sender.visit.program.zone)
    try:
        day = date.fromisoformat(typed.strip()[:10])
    except ValueError:
        return None
    if day.year < 1970 or day > now.astimezone(zone).date():
        return None
    return min(datetime.combine(day, time(12), zone).astimezone(UTC), now)


def _units(sender: Sender, form: Form) -> int | None:
    """So many of the wallet's smallest unit; thousands may be parted."""
    found = sender.visit.program.wallets.get(form["of"].partition(":")[2])
    scale = 0 if found is None else found.scale
    text = "".join(form["units"].split()).replace(sender.visit.reader.separators[0], "")
    if not text.isdecimal() or len(text) > 15:
        return None
    many = int(text) * 10**scale
    return many if 0 < many <= LARGEST else None


async def _slip(sender: Sender, form: Form, wrong: dict[str, str]) -> Response[Any]:
    return await sender.show(
        look_at_missing, "community/missing.html", status=422, wrong=wrong, form=form
    )


async def _chosen(tx: Tx) -> list[tuple[str, str, int]]:
    """Partners whose customers collect: short name, name, and the code of the wallet."""
    known = await read.partners(tx)
    if not known:
        return []
    of = await read.contracts(tx, [one.partner_id for one in known.values()])
    return [
        (one.slug, one.name, code)
        for one in known.values()
        for code in sorted(
            {each.wallet for each in of
             if each.partner_id == one.partner_id and each.kind == "accrual"}
        )
    ]  # fmt: skip


def _wallet_of(visit: Visit, code: int) -> tuple[str, int]:
    id_ = visit.wallet(code)
    wallet = visit.program.wallets.get(id_)
    return (id_, 0) if wallet is None else (wallet.name or id_, wallet.scale)


def _said(visit: Visit, name: str, code: int) -> str:
    return f"{name} · {_wallet_of(visit, code)[0]}"
