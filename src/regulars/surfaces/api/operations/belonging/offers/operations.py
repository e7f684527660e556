"""Offers: written, opened, given, activated, closed, and what they changed."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.promised.commands import (
    ActivateOffer,
    GiveOffer,
    Having,
    KeepOffer,
    MoveOffer,
    OpenOffer,
    Step,
)
from regulars.flows.terms.promised.desk import nothing
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.flows.terms.promised.keep_offers import keep_offers
from regulars.flows.terms.promised.open_offer import open_offer
from regulars.flows.terms.promised.show_offers import show_offers
from regulars.insight.estimators.comparing.sums import More
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.since_each import OF_OFFER, brought_since
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers import read
from regulars.records.program.changes.offers.types import Offer
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.belonging.campaigns.wire import CampaignMore, CampaignSide
from regulars.surfaces.api.operations.belonging.offers import examples
from regulars.surfaces.api.operations.belonging.offers.wire import (
    OfferCount,
    OfferEffect,
    OfferGiven,
    OfferHeld,
    OfferOpened,
    OfferRead,
    OfferSent,
    OffersHeld,
    OfferShown,
    OffersShown,
)
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.ids import shown as shown_id
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import member_of

_TAG: Final = "Offers"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_OPEN = (Scope.PROGRAMS_WRITE,)


async def listed(call: Call) -> Reply:
    """Every offer."""
    async with call.transaction as tx:
        names = await _segments(tx)
        return Reply(OffersShown([_shown(one, names) for one in await read.offers(tx)]))


async def one(call: Call) -> Reply:
    """One offer with what became of it."""

    async def look(tx: Tx, terms: Terms) -> OfferRead:
        found = await read.offer(tx, call.ids["offer"])
        if found is None:
            raise nothing(call.ids["offer"])
        told = await read.counts(tx, found.offer_id)
        counts = [OfferCount(each.state, each.why, each.members) for each in told]
        effect = await _effect(tx, found, terms.at(tx.now).zone)
        return OfferRead(_shown(found, await _segments(tx)), counts, effect)

    return Reply(await call.read(look))


async def _effect(tx: Tx, found: Offer, zone: ZoneInfo) -> OfferEffect | None:
    if not found.holds_out:
        return None
    today = tx.now.astimezone(zone).date()
    came = await brought_since(tx, OF_OFFER, (found.offer_id, ""), str(zone), today)
    if came is None:
        return None
    given, held_out = (
        CampaignSide(each.members, each.orders, each.spend_minor)
        for each in (came.sent, came.held_out)
    )
    return OfferEffect(came.days, given, held_out, _more(came.orders), _more(came.spend))


def _more(found: More | NotEnough) -> CampaignMore:
    if isinstance(found, NotEnough):
        return CampaignMore(None, None, None)
    return CampaignMore(found.value, found.low, found.high)


async def keep(call: Call) -> Reply:
    """An offer is written."""
    sent: OfferSent = call.sent
    await call.do(keep_offers, KeepOffer(
        call.ids["offer"], sent.name, sent.gives, sent.says, call.by, sent.segment,
        sent.activating, sent.days, sent.ends_on,
        None if sent.budget is None else str(sent.budget), sent.most, sent.held_percent,
    ))  # fmt: skip
    return await one(call)


async def open_(call: Call) -> Reply:
    """It is published with the program; whoever serves it learns of its new terms."""
    sent: OfferOpened = call.sent
    command = OpenOffer(call.ids["offer"], call.by, sent.version, sent.accept)
    terms = await call.terms()
    async with call.transaction as tx:
        granted(await open_offer(tx, terms, command, call.given.aside))
    call.given.programs.forget(call.caller.program_id)
    return await one(call)


async def close(call: Call) -> Reply:
    """Nobody new has it."""
    await _step(call, "close")
    return await one(call)


async def drop(call: Call) -> Reply:
    """It is forgotten."""
    found = await _step(call, "drop")
    async with call.transaction as tx:
        return Reply(_shown(found, await _segments(tx)))


async def _step(call: Call, step: Step) -> Offer:
    found: Offer = await call.do(keep_offers, MoveOffer(call.ids["offer"], step, call.by))
    return found


async def give(call: Call) -> Reply:
    """A member is given it by hand."""
    sent: OfferGiven = call.sent
    command = GiveOffer(call.ids["offer"], member_of(sent.member), call.by)
    done: Having = await call.do(give_offers, command)
    return Reply(_held(done), 201 if done.fresh else 200)


async def activate(call: Call) -> Reply:
    """A member wants what they were offered."""
    command = ActivateOffer(call.ids["offer"], _member(call), call.by)
    return Reply(_held(await call.do(give_offers, command)))


async def of_member(call: Call) -> Reply:
    """What a member has."""

    async def look(tx: Tx, terms: Terms) -> OffersHeld:
        country = terms.at(tx.now).program.country
        (who,) = await members.whom(tx, country, [_member(call)])
        if isinstance(who, Fault):
            raise who
        items = [_held(each) for each in await show_offers(tx, terms, who)]
        return OffersHeld(shown_id("mem", who), items)

    return Reply(await call.read(look))


def _member(call: Call) -> MemberRef:
    return MemberRef(id=addressed("mem", call.ids["member_id"]))


async def _segments(tx: Tx) -> dict[Any, str]:
    return {each.segment_id: each.code for each in await segments.segments(tx)}


def _shown(found: Offer, names: dict[Any, str]) -> OfferShown:
    return OfferShown(
        found.code, found.name, found.gives, dict(found.says), names.get(found.segment_id, ""),
        found.activating, found.days, found.ends_on, found.budget, found.most, found.held_percent,
        found.state, found.version, found.known_as, found.given, found.holds_out, found.made_at,
        found.made_by, found.changed_at, found.changed_by, found.opened_at, found.opened_by,
        found.closed_at, found.closed_by,
    )  # fmt: skip


def _held(found: Having) -> OfferHeld:
    offer = found.offer
    return OfferHeld(
        offer.code, offer.name, dict(offer.says), offer.gives, found.state, found.how,
        found.offered_at, found.until_on, found.held_at, found.left, found.used_up,
    )  # fmt: skip


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/offers", "list_offers",
        says="Every offer, the latest first",
        scopes=_READ,
        answers={200: OffersShown},
        answer_example={"items": [examples.OFFER]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/offers/{offer}", "get_offer",
        says="One offer, what became of it, and what it changed",
        notes="`effect` compares members who were given it because they are in its segment with "
        "those whom chance held out of it, each counted from the day they had it or would have.",
        scopes=_READ,
        answers={200: OfferRead},
        answer_example=examples.READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/offers/{offer}", "keep_offer",
        once=Once.AGAIN,
        says="Write an offer",
        notes="It gives a `bonus` (so many points with an activity), a `multiply` (what a purchase "
        "gives by its amount, so many times; of some categories alone where they are named), a "
        "`reward` of the program at another price, or `access` to a benefit. What was opened stays "
        "as it was promised.",
        scopes=_WRITE,
        sent=OfferSent,
        answers={200: OfferRead},
        example=examples.SENT,
        answer_example=examples.READ,
        codes=("offer_not_so",),
        do=keep,
    ),
    _operation(
        "POST", "/v1/offers/{offer}/open", "open_offer",
        once=Once.AGAIN,
        says="Put an offer into the program, and give it to whoever is meant",
        notes="The program is published with the rule or the reward by which it gives, named "
        "`offer-<code>`; what nobody has any more is taken out of it on the way. Members of its "
        "segment have it within seconds, and who comes into it later within minutes.",
        scopes=_OPEN,
        sent=OfferOpened,
        answers={200: OfferRead},
        example={"version": 1},
        answer_example=examples.READ,
        codes=(
            "not_found", "offer_not_so", "too_many_offers", "program_planned", "bad_program",
            "warnings_open", "already_published",
        ),
        do=open_,
    ),
    _operation(
        "POST", "/v1/offers/{offer}/close", "close_offer",
        once=Once.AGAIN,
        says="Give an offer to nobody new",
        notes="Whoever has it keeps it for its days.",
        scopes=_WRITE,
        answers={200: OfferRead},
        answer_example=examples.READ,
        codes=("not_found", "offer_not_so"),
        do=close,
    ),
    _operation(
        "DELETE", "/v1/offers/{offer}", "drop_offer",
        once=Once.AGAIN,
        says="Forget an offer that was never opened",
        scopes=_WRITE,
        answers={200: OfferShown},
        answer_example=examples.OFFER,
        codes=("not_found", "offer_not_so"),
        do=drop,
    ),
    _operation(
        "POST", "/v1/offers/{offer}/members", "give_offer",
        once=Once.AGAIN,
        says="Give an offer to a member",
        notes="Nobody is held out of what they are given by hand.",
        scopes=_WRITE,
        sent=OfferGiven,
        answers={200: OfferHeld, 201: OfferHeld},
        example={"member": {"id": examples.MEMBER}},
        answer_example=examples.HELD,
        codes=(
            "not_found", "unknown_member", "offer_not_so", "offer_given_away", "offer_over",
            "member_blocked",
        ),
        do=give,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/offers", "list_member_offers",
        says="The offers a member has and may still use",
        notes="Never what chance holds them out of.",
        scopes=_READ,
        answers={200: OffersHeld},
        answer_example={"member_id": examples.MEMBER, "items": [examples.HELD]},
        codes=("unknown_member",),
        do=of_member,
    ),
    _operation(
        "POST", "/v1/members/{member_id}/offers/{offer}/activate", "activate_offer",
        once=Once.AGAIN,
        says="Activate an offer for its member",
        scopes=_WRITE,
        answers={200: OfferHeld},
        answer_example=examples.HELD,
        codes=("not_found", "unknown_member", "offer_not_yours", "offer_over"),
        do=activate,
    ),
)  # fmt: skip
