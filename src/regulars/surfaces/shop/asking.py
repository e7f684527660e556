"""What a member asks from the page of a shop: prices, what a basket earns, may I, rewards.

All of it is decided by the flows that decide it for a till; nothing is reckoned in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.deciding.benefit import May, Occasion
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded, Redeem, Settle
from regulars.flows.membership.benefits.use_benefits import show_benefits
from regulars.flows.points.referring.commands import GiveCode
from regulars.flows.points.referring.name_referrals import give_codes
from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import MemberRef
from regulars.records.program.types import Program
from regulars.records.rewards import read as rewards
from regulars.surfaces.api.strict.ids import required, shown
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.card.person.friends import link_of
from regulars.surfaces.card.showing.purses import amount_of, unit_of
from regulars.surfaces.shop.desk import Page
from regulars.surfaces.shop.wire import (
    BasketSent,
    GiveBackSent,
    ItemSent,
    MaySent,
    PreviewSent,
    PricesSent,
    RedeemSent,
    decoder,
    minor_of,
)

CHANNEL = "web"
_preview, _prices, _may = decoder(PreviewSent), decoder(PricesSent), decoder(MaySent)
_redeem, _back = decoder(RedeemSent), decoder(GiveBackSent)


async def preview(page: Page) -> dict[str, Any]:
    """What each basket would earn: the member who is signed in, or a guest once they join.

    Order: the same decision as when the shop's server records the purchase; nothing is written,
    and no basket sees another.
    """
    sent: PreviewSent = page.sent(_preview)

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        visit = await page.visit(tx, terms)
        seen = visit or page.guest(terms, tx)
        whom = MemberRef(id=visit.member.id) if visit else stranger(page)
        found = []
        for place, basket in enumerate(sent.baskets):
            wish = _purchase(basket, seen.program, whom, f"/baskets/{place}")
            (outcome,) = await preview_activities(tx, terms, [wish])
            if isinstance(outcome, Fault) and visit is not None:
                raise outcome
            # Whom nobody else may let in is promised nothing.
            earned = outcome.earned if isinstance(outcome, Recorded) else {}
            found.append([_earned(seen, *one) for one in earned.items() if one[1] > 0])
        return {"baskets": found, "member": visit is not None}

    return await page.read(look)


def stranger(page: Page) -> MemberRef:
    """A card nobody has: what it earns is what whoever joins would earn."""
    return MemberRef(card=f"guest-{page.given.random_bytes(16).hex()}")


def _purchase(sent: BasketSent, program: Program, whom: MemberRef, field: str) -> RecordActivity:
    currency = program.currency
    lines = tuple(
        Line(
            minor_of(one.amount, currency, f"{field}/lines/{place}/amount"),
            one.sku,
            one.category,
            quantity=one.quantity,
        )
        for place, one in enumerate(sent.lines)
    )
    total = None if sent.total is None else minor_of(sent.total, currency, f"{field}/total")
    return RecordActivity(
        kind="purchase", member=whom, amount_minor=total, channel=CHANNEL, body=Body(lines=lines)
    )


def _earned(seen: Visit, wallet: str, units: int) -> dict[str, Any]:
    amount, unit = amount_of(seen, wallet, units), unit_of(seen, wallet, units)
    return {"wallet": wallet, "units": units, "says": f"{amount} {unit}".strip()}


async def prices(page: Page) -> dict[str, Any]:
    """What each article costs this member, and what it would cost members where it costs more.

    Keeps: the shop says both prices; who pays which is the one question of benefits.
    """
    sent: PricesSent = page.sent(_prices)

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        visit = await page.visit(tx, terms)
        asked = [_occasion(tx, one) for one in sent.items]
        answers = await _mays(tx, terms, visit, asked)
        seen = visit or page.guest(terms, tx)
        return {
            "items": [
                _price(seen, one, may, place)
                for place, (one, may) in enumerate(zip(sent.items, answers, strict=True))
            ]
        }

    return await page.read(look)


def _price(seen: Visit, one: ItemSent, may: May | None, place: int) -> dict[str, Any]:
    currency = seen.program.currency
    usual = minor_of(one.price, currency, f"/items/{place}/price")
    members = minor_of(one.member_price, currency, f"/items/{place}/member_price")
    had = may is not None and may.no is None
    return {
        "price": one.member_price if had else one.price,
        "minor": members if had else usual,
        "says": seen.reader.money(members if had else usual, currency),
        "usual": seen.reader.money(usual, currency),
        "members": seen.reader.money(members, currency),
        "member": had,
    }


async def may(page: Page) -> dict[str, Any]:
    """May whoever is signed in use this benefit; a guest may not, and is told when it begins."""
    sent: MaySent = page.sent(_may)

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        version = terms.at(tx.now)
        if sent.benefit not in version.benefits:
            raise NotFound("there is no such benefit in the program", field="/benefit")
        visit = await page.visit(tx, terms)
        (answer,) = await _mays(tx, terms, visit, [_occasion(tx, sent)])
        if answer is None:
            return {"may": False, "why": "signed_out", "left": None, "opens": ""}
        seen = visit or page.guest(terms, tx)
        opens = answer.opens_at
        return {
            "may": answer.no is None,
            "why": "" if answer.no is None else answer.no.code,
            "left": answer.left,
            "opens": seen.reader.instant(opens) if opens and opens > tx.now else "",
        }

    return await page.read(look)


def _occasion(tx: Tx, one: ItemSent | MaySent) -> Occasion:
    return Occasion(one.benefit, tx.now, "", CHANNEL, one.sku, one.category)


async def _mays(
    tx: Tx, terms: Terms, visit: Visit | None, asked: Sequence[Occasion]
) -> Sequence[May | None]:
    if visit is None:
        return [None] * len(asked)
    return [answer for _, answer in await show_benefits(tx, terms, visit.member.id, asked)]


async def redeem(page: Page) -> dict[str, Any]:
    """A member reserves a reward; what they get is a code that the shop's server takes it with."""
    sent: RedeemSent = page.sent(_redeem)
    visit = await page.inside()
    wish = Redeem(
        MemberRef(id=visit.member.id),
        sent.reward,
        channel=CHANNEL,
        asked=page.by(visit, sent.key),
        signed_in=True,
    )
    done = await page.do(redeem_rewards, wish)
    return {
        "code": shown("red", done.redemption_id),
        "reward": done.reward,
        "until": visit.reader.instant(done.lapses_at),
    }


async def give_back(page: Page) -> dict[str, Any]:
    """A member changes their mind: their points are theirs again.

    Refuses: off_an_order, as the shop gave it already. Faults: NotFound for what somebody else
    reserved, or for what was taken.
    """
    sent: GiveBackSent = page.sent(_back)
    redemption_id = required("red", sent.code, "/code")

    async def look(tx: Tx, terms: Terms) -> Visit:
        visit = await page.member(tx, terms)
        if redemption_id not in await rewards.open_of(tx, [visit.member.id]):
            raise NotFound("you reserved nothing under this code", field="/code")
        return visit

    visit = await page.read(look)
    key = f"back-{redemption_id.hex}"
    await page.do(redeem_rewards, Settle(redemption_id, "voided", asked=page.by(visit, key)))
    return {}


async def friend_link(page: Page) -> dict[str, Any]:
    """The link a member gives to friends; who has one gets the same."""
    visit = await page.inside()
    if visit.program.referral is None:
        raise NotFound("nobody brings friends here")
    wish = GiveCode(MemberRef(id=visit.member.id), asked=page.by(visit, ""))
    given = await page.do(give_codes, wish)
    return {"link": link_of(page.request, visit.program, given.code)}
