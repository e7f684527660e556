"""The link a member gives to friends, and what became of each who used it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.decimals import units as units_of
from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.flows.commands import RecordActivity
from regulars.flows.points.referring.commands import GiveCode
from regulars.flows.points.referring.name_referrals import give_codes
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body
from regulars.records.members.referrals import read
from regulars.records.members.referrals.types import Referral
from regulars.records.members.types import Asked as By
from regulars.records.members.types import MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.program.types import Program
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.showing.purses import amount_of, unit_of
from regulars.surfaces.ui.coming import origin_of

FRIENDS = "/card/me/friends"
SENT = f"{FRIENDS}/sent"
INVITES: Final = "invite"
"""The kind of activity that a member gave their link on is kept as (ADR 0650)."""
WAYS: Final = ("copied", "shared")
MOST: Final = 50
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9a-f:]{2,39}\](:[0-9]{1,5})?")


def friend_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of friends, and the button that makes a link."""
    return [
        desk.shows(FRIENDS, "me/friends.html", look_at_friends),
        desk.acts(FRIENDS, make_link),
        desk.acts(SENT, tell_sent),
    ]


async def look_at_friends(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """The link, what both sides get, and what became of invites; never who the friends are."""
    promise, id_ = visit.program.referral, visit.member.id
    if promise is None:
        raise NotFound("nobody brings friends here")
    codes = await read.codes_of(tx, [id_])
    code = codes[id_].code if id_ in codes else ""
    found = await read.page(tx, await unions.family(tx, [id_]), None, MOST)
    return {
        "code": code,
        "link": link_of(request, visit.program, code) if code else "",
        "invites": [_invite(visit, one) for one in found if one.member_id != id_],
        "mine": amount_said(visit, promise.wallet, promise.referrer),
        "theirs": amount_said(visit, promise.wallet, promise.newcomer),
    }


async def make_link(sender: Sender, _: Form) -> Response[Any]:
    """A member gets their code; who has one gets the same."""
    await sender.do(give_codes, GiveCode(MemberRef(id=sender.member_id), asked=sender.by("code")))
    return moved(FRIENDS)


async def tell_sent(sender: Sender, form: Form) -> Response[Any]:
    """A member copied or shared their link: it is kept, once a minute by each way.

    Keeps: to whom is not known and not asked. Faults: NotFound where nobody brings friends.
    """
    way = form["way"]
    if sender.visit.program.referral is None or way not in WAYS:
        raise NotFound("nobody brings friends here")
    async with sender.desk.given.database.transaction(sender.program_id) as tx:
        minute = tx.now.replace(second=0, microsecond=0)
    key = f"{sender.member_id.hex}-{minute:%Y%m%dT%H%M}-{way}"
    command = RecordActivity(
        kind=INVITES,
        member=MemberRef(id=sender.member_id),
        occurred_at=minute,
        source="card",
        external_id=key,
        channel="card",
        body=Body(details={"by": way}),
        asked=By(f"member:{sender.member_id}", f"invite:{key}"),
    )
    await sender.do(record_activities, command)
    return Response(None, status_code=204)


def link_of(request: Asked, program: Program, code: str) -> str:
    """Where friends join: as the program says, else our own page to join by."""
    promise = program.referral
    if promise is not None and promise.link:
        return promise.link.replace("{code}", code)
    host = request.headers.get("host", "")
    return f"{origin_of(request)}/join?friend={code}" if _HOST.fullmatch(host) else ""


def amount_said(visit: Visit, wallet: str, side: Any) -> str:
    """What one side gets, in words; nothing where it gets nothing."""
    kept = visit.program.wallets[wallet]
    units = units_of(side.points, kept.scale)
    if not units:
        return ""
    return f"{amount_of(visit, wallet, units)} {unit_of(visit, wallet, units)}".strip()


def _invite(visit: Visit, one: Referral) -> dict[str, Any]:
    name = visit.wallet(one.wallet)
    return {
        "state": one.state,
        "at": one.named_at,
        "until": one.buys_until,
        "due": one.due_at,
        "brought": amount_of(visit, name, one.referrer_units) if one.referrer_units else "",
        "unit": unit_of(visit, name, one.referrer_units),
    }
