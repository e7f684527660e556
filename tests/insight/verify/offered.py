"""An offer of the one program that has everything counted; and faults about who has it."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.chapters.spoken_to import followed
from tests.insight.verify.planting import at, planted

from regulars.flows.terms.promised.commands import GiveOffer, KeepOffer, OpenOffer
from regulars.flows.terms.promised.give_offers import give_offers, walk_offers
from regulars.flows.terms.promised.keep_offers import keep_offers
from regulars.flows.terms.promised.open_offer import open_offer
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers.types import Bonus

_MIA = By(words="mia")


async def offered(shop: Any) -> None:
    """A bonus for who is in a segment, and one more who is given it by hand."""
    terms = await shop.programs.terms(shop.program_id)
    program = terms.versions[-1].program
    own, wallet = program.locale.partition("-")[0], next(iter(program.wallets))
    wish = KeepOffer("back", "Back", Bonus(wallet, 1), {own: "A point"}, _MIA, "reachable", days=7)
    await shop.act(keep_offers, wish)
    async with shop.database.transaction(shop.program_id) as tx:
        await open_offer(tx, terms, OpenOffer("back", _MIA))
    shop.programs.forget(shop.program_id)
    terms = await shop.programs.terms(shop.program_id)
    async with shop.database.transaction(shop.program_id) as tx:
        while await walk_offers(tx, terms):
            pass
    who = MemberRef(email="pia@example.org")
    await shop.act(give_offers, GiveOffer("back", who, _MIA))
    await followed(shop)  # segments are worked out anew by the version it is published with


OFFERED = {
    "of who has an offer nothing is said": planted(
        "update member set derived = nullif(derived - 'offer-back', '{}'::jsonb)"
        " where derived ? 'offer-back'",
        "offers_known",
    ),
    "somebody has what they were not offered": planted(
        at("update offer_member set state = 'offered', held_at = null", "offer_member", "true"),
        "offers_known",
    ),
    "somebody is held out of an offer by hand": planted(
        "update offer_member set state = 'held_out', why = 'here', how = 'segment'",
        "offers_by_chance",
        "offers_known",
    ),
    "more have an offer than were counted": planted(
        "update offer set given = given + 1", "offers_by_chance"
    ),
}
