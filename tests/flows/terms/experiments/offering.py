"""A shop that makes offers: written, opened, walked to the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.flows.terms.segments.test_following import follows
from tests.makers import Shop, buys, by

from regulars.flows.membership.office.segments.commands import KeepSegment, ListMembers
from regulars.flows.membership.office.segments.keep_segments import keep_segments, list_members
from regulars.flows.terms.promised.commands import (
    ActivateOffer,
    GiveOffer,
    KeepOffer,
    MoveOffer,
    OpenOffer,
)
from regulars.flows.terms.promised.give_offers import give_offers, walk_offers
from regulars.flows.terms.promised.keep_offers import keep_offers
from regulars.flows.terms.promised.open_offer import open_offer
from regulars.flows.terms.promised.show_offers import show_offers
from regulars.records.access.staff.types import By
from regulars.records.program.changes.offers.types import Bonus, Offer

WHO = By(words="mia")
FIFTY = Bonus("points", 50)
_ID = "select member_id from identifier where program_id = $1 and value = $2"


def keeps(shop: Shop, code: str = "spring", gives: Any = FIFTY, **more: Any) -> Any:
    """This offer is written."""
    told = {"days": 14, "says": {"en": "50 points more"}, **more}
    return shop.ask(keep_offers, KeepOffer(code, "Spring", gives, by=WHO, **told))[0]


def moves(shop: Shop, step: Any, code: str = "spring") -> Any:
    """It takes a step."""
    return shop.ask(keep_offers, MoveOffer(code, step, WHO))[0]


def opens(shop: Shop, code: str = "spring", **more: Any) -> Any:
    """It is opened, or why not."""
    done = shop.do(lambda tx, terms: open_offer(tx, terms, OpenOffer(code, WHO, **more)))
    shop.forget_terms()
    return done


def offered(shop: Shop, code: str = "spring", gives: Any = FIFTY, **more: Any) -> Offer:
    """This offer is written and opened."""
    kept = keeps(shop, code, gives, **more)
    assert isinstance(kept, Offer), kept
    done = opens(shop, code)
    assert isinstance(done, Offer), done
    return done


def gives(shop: Shop, who: str, code: str = "spring") -> Any:
    """This member is given it by hand."""
    return shop.ask(give_offers, GiveOffer(code, by(external=who), WHO))[0]


def activates(shop: Shop, who: str, code: str = "spring") -> Any:
    """This member wants it."""
    return shop.ask(give_offers, ActivateOffer(code, by(external=who), WHO))[0]


def listed(shop: Shop, *names: str, code: str = "some") -> None:
    """These members are on a list."""
    shop.ask(keep_segments, KeepSegment(code, "Some", WHO, kind="list"))
    ids = tuple(shop.rows(_ID, name)[0][0] for name in names)
    shop.ask(list_members, ListMembers(code, ids, WHO))
    follows(shop)


def walks(shop: Shop, most: int = 100) -> None:
    """The worker goes through all that is open."""
    while shop.do(lambda tx, terms: walk_offers(tx, terms, most)):
        pass


def earns(shop: Shop, who: str, minor: Any = 1_000, **more: Any) -> int:
    """What somebody gets for a purchase."""
    parts: Sequence[Any] = minor if isinstance(minor, list) else [minor]
    (outcome,) = shop.record(buys(by(external=who), *parts, **more))
    return int(outcome.earned.get("points", 0))


def has(shop: Shop, who: str) -> list[tuple[str, str, date]]:
    """What somebody has, as their card shows it."""
    id_ = shop.rows(_ID, who)[0][0]
    found = shop.do(lambda tx, terms: show_offers(tx, terms, id_))
    return [(one.offer.code, one.state, one.until_on) for one in found]
