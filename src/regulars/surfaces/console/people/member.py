"""One member from all sides: where they stand, what was booked and why, what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars.base.faults import NotFound
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.deciding.benefit import May, Occasion
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.including.associates import with_associates
from regulars.engine.terms import Terms
from regulars.engine.words.entries import Booking, entry_in_words
from regulars.engine.words.explain import why
from regulars.flows.membership.benefits.show_associates import LookedAfter, show_associates
from regulars.flows.membership.benefits.use_benefits import show_benefits
from regulars.flows.show_standing import Standing, show_standing
from regulars.flows.telling.said.want_channels import ConsentAsked, waiting_for_word
from regulars.flows.terms.promised.commands import Having
from regulars.flows.terms.promised.show_offers import show_offers
from regulars.records.access.cards.read import telephones_of
from regulars.records.access.office.read import notes, tags, tags_of
from regulars.records.access.office.types import MemberNote
from regulars.records.access.staff.read import some_staff
from regulars.records.access.staff.types import Staff
from regulars.records.activity import read as activities
from regulars.records.benefits.read import coming
from regulars.records.benefits.types import Use
from regulars.records.inlets.read import inlets
from regulars.records.ledger import read as ledger
from regulars.records.ledger.touched import read as lots_of
from regulars.records.ledger.types import NEVER, Lot
from regulars.records.members import read as people
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.members.referrals import read as referrals
from regulars.records.members.referrals.types import Referral, State
from regulars.records.members.types import Identifier, Member, nobody
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.campaigns.journeys.read import of_member as journeys_of
from regulars.records.outbox.campaigns.journeys.types import OfMember
from regulars.records.outbox.delivery.types import Mailed
from regulars.records.program.changes.segments.read import of_member as segments_of
from regulars.records.rewards import read as rewards
from regulars.records.trail import read as trails
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.connect.inlets.providers.discourse.signing_in import BEFORE
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE
from regulars.surfaces.console.first.worth import Worth, next_shown, value_shown, worth_told
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.lately.lines import amount
from regulars.surfaces.console.people.lately.said import Told as Said
from regulars.surfaces.console.people.lately.said import said_of
from regulars.surfaces.console.people.lately.timeline import (
    ALL,
    Timeline,
    address,
    chips,
    following,
    lines,
    timeline,
)
from regulars.surfaces.console.people.mail import (
    askable,
    come_back,
    given_of,
    way_said,
    why_not_asked,
)
from regulars.surfaces.console.people.members import name_of, tier_of
from regulars.surfaces.console.terms.campaigns.journeys.words import ENDS
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.rules import rule_in_words

MOST_LOTS: Final = 500
MOST_WAYS: Final = 5
MOST_REFERRALS: Final = 10
REFERRED: Final[Mapping[State, tuple[str, str]]] = {
    "named": (N("Has not bought yet"), ""),
    "qualified": (N("Has bought, waits"), "warn"),
    "rewarded": (N("Counted"), "good"),
    "rejected": (N("Does not count"), ""),
    "retracted": (N("Taken back"), "warn"),
}
"""What became of a referral; a test compares them with what there can be."""
MOST_APPOINTMENTS: Final = 5


class Told(Struct, frozen=True):
    """Everything one page says of a member."""

    member: Member
    names: list[Identifier]
    standing: Standing
    happened: Timeline
    lots: list[Lot]
    notes: list[MemberNote]
    people: Mapping[UUID, Staff]
    tags: list[str]
    known_tags: list[str]
    benefits: list[tuple[Occasion, May]]
    bounced: Mapping[str, Bounce]
    """Which of their addresses letters came back from."""
    consents: Mapping[str, Consent]
    waits: Mapping[Mailed, ConsentAsked]
    """Their last word about each channel."""
    referrals: list[Referral]
    """Whom they brought and who brought them, the latest first."""
    friends: Mapping[UUID, Member]
    passes: int
    """On how many telephones their card lies in a wallet."""
    value: Worth
    """What they are worth, and why."""
    associates: list[tuple[str, LookedAfter]] | None
    """Who looks after them, with the benefit's name; nothing where nobody could."""
    segments: list[tuple[str, str]]
    offers: list[Having]
    """Which offers they have and may still use, what ends soonest first."""
    ways: list[OfMember]
    """Through which journeys they go or went, the latest first."""
    said: list[Said]
    """What they answered and wrote, the latest first."""
    coming: list[Use] | None
    """Their appointments; nothing where nobody could have one."""
    twice_at_forum: bool
    """Whether they have more accounts at forums than there are forums: two members became one."""


async def member(here: Here, member_id: str) -> Response[str]:
    """The whole page of a member. Faults: UnknownMember."""
    id_ = addressed("mem", member_id)
    place = place_of(here.query.get("cursor"), tuple[UUID])
    sort = here.query.get("kind", "")
    sort = sort if sort in ALL else ""
    which, keyed = (sort, place and place[0]), here.given.keyed
    told = await here.read(lambda tx, terms: _told(tx, terms, id_, which, keyed))
    version = here.version
    standing = told.standing
    return here.page(
        "people/member.html",
        id=member_id,
        member=told.member,
        name=name_of(told.member) or told.member.number,
        names=told.names,
        twice_at_forum=told.twice_at_forum,
        bounced=told.bounced,
        tier=tier_of(here, standing.tier.id if standing.tier else None),
        climbs=_climbs(here, standing),
        balances=[_balance(here, id_, standing) for id_ in version.program.wallets],
        rewards=[_reach(here, one) for one in standing.rewards if one.reward.by == "points"],
        booked=lines(here, told.happened),
        ends=_ends(here, told.lots),
        following=following(member_id, sort, told.happened),
        first=address(member_id, sort) if place else "",
        sort=sort,
        sorts=chips(here),
        notes=[(one, told.people.get(one.staff_id)) for one in told.notes],
        tags=told.tags,
        known_tags=told.known_tags,
        benefits=[_benefit(here, *one) for one in told.benefits],
        appointments=told.coming,
        associates=told.associates,
        consents=[(way_said(here, name), one) for name, one in told.consents.items()],
        silences=[(n, way_said(here, n)) for n in sorted(given_of(told.consents))],
        waits=[(way_said(here, name), one) for name, one in told.waits.items()],
        askable=[
            (n, way_said(here, n)) for n in askable(here, told.consents, told.names, told.waits)
        ],
        not_asked=why_not_asked(here),
        referrals=[_referral(here, id_, one, told.friends) for one in told.referrals],
        passes=told.passes,
        worth=value_shown(here, told.value),
        next=next_shown(here, told.value.kind),
        segments=told.segments,
        offers=told.offers,
        ways=[(one, ENDS.get(one.why, "")) for one in told.ways],
        said=told.said,
        cards=any(one.kind == "card" for one in told.names),
    )


async def entry_why(here: Here, member_id: str, entry_id: str) -> Response[str]:
    """Why one entry is there, as sentences. Faults: NotFound."""
    id_, wanted = addressed("mem", member_id), addressed("ent", entry_id)
    async with here.transaction as tx:
        after = UUID(int=min(wanted.int + 1, (1 << 128) - 1))
        found = await ledger.entries(tx, id_, before=after, limit=1)
        if not found or found[0].entry.entry_id != wanted:
            raise NotFound("this member has no such entry; go back to their page")
        booked = found[0]
        touched = await lots_of.touched(tx, id_, wanted)
        cause = booked.entry.cause_id
        redeemed = (await rewards.some(tx, [id_], [cause])).get(cause)
        whose = None if redeemed is None else redeemed.promised.pays_for
        basket = None if whose is None else (await people.members(tx, [whose])).get(whose)
        told = await activities.one(tx, cause)
        trail = await trails.one(tx, id_, cause)
    version = here.terms.at(booked.recorded_at)
    kind = "" if redeemed is None else redeemed.promised.kind
    booking = Booking(
        booked.entry, touched, "" if redeemed is None else redeemed.promised.name, kind
    )
    says = entry_in_words(version, booking, here.voice, here.terms.wallet_names)
    if told is not None and trail is not None and trail.sale_id is None:
        decided = here.terms.numbered(trail.steps.version)
        says = [*says, *why(decided, Sale(told.activity, trail.steps), here.voice, rule_in_words)]
    return here.page("people/_why.html", says=says, entry=booked, activity=told, basket=basket)


async def _told(
    tx: Tx,
    terms: Terms,
    id_: UUID,
    which: tuple[str, UUID | None],
    keyed: Keyed,
) -> Told:
    found = (await people.members(tx, [id_])).get(id_)
    if found is None:
        raise nobody()
    names = (await people.identifiers_of(tx, [id_])).get(id_, [])
    kept, brought = await notes(tx, id_), await referrals.page(tx, [id_], None, MOST_REFERRALS)
    return Told(
        member=found,
        names=names,
        standing=await show_standing(tx, terms, id_),
        happened=await timeline(tx, id_, *which),
        lots=await ledger.lots(tx, id_, after=None, limit=MOST_LOTS),
        notes=kept,
        tags=(await tags_of(tx, [id_])).get(id_, []),
        known_tags=await tags(tx),
        people=await some_staff(tx, {one.staff_id for one in kept}),
        benefits=await show_benefits(tx, terms, id_, _occasions(tx, terms)),
        bounced=await come_back(tx, keyed, names),
        consents=await consents.standing(tx, id_),
        waits=await waiting_for_word(tx, keyed, id_),
        referrals=brought,
        friends=await people.members(tx, _friends(id_, brought)),
        passes=await telephones_of(tx, id_),
        value=await worth_told(tx, id_),
        said=await said_of(tx, id_),
        coming=await _coming(tx, terms, id_),
        twice_at_forum=await _twice(tx, names),
        associates=await _associates(tx, terms, id_),
        segments=[(one["code"], one["name"]) for one in await segments_of(tx, id_)],
        offers=await show_offers(tx, terms, id_),
        ways=await journeys_of(tx, id_, MOST_WAYS),
    )


def _friends(id_: UUID, brought: Sequence[Referral]) -> set[UUID]:
    """Everybody else these referrals are about."""
    return {who for one in brought for who in (one.member_id, one.referrer_id)} - {id_}


async def _twice(tx: Tx, names: Sequence[Identifier]) -> bool:
    accounts = [one for one in names if one.kind == "external" and one.value.startswith(BEFORE)]
    if len(accounts) < 2:
        return False
    return len(accounts) > sum(one.kind == DISCOURSE for one in await inlets(tx))


async def _coming(tx: Tx, terms: Terms, id_: UUID) -> list[Use] | None:
    if not any(one.appointments for one in terms.at(tx.now).program.benefits):
        return None
    return await coming(tx, id_, tx.now, MOST_APPOINTMENTS)


async def _associates(tx: Tx, terms: Terms, id_: UUID) -> list[tuple[str, LookedAfter]] | None:
    version = terms.at(tx.now)
    found = await show_associates(tx, terms, id_)
    if not found and not with_associates(version):
        return None
    names = {one.id: one.name for one in version.program.benefits}
    return [(names.get(one.benefit, one.benefit), one) for one in found]


def _occasions(tx: Tx, terms: Terms) -> list[Occasion]:
    """Each benefit where and for what it is meant: whoever has one for the web shop has it, too."""
    return [
        Occasion(
            one.id,
            tx.now,
            store=_first(one.stores),
            channel=_first(one.channels),
            sku=_first(one.skus),
            category=_first(one.categories),
        )
        for one in terms.at(tx.now).program.benefits
    ]


def _first(some: Sequence[str]) -> str:
    return some[0] if some else ""


def _benefit(here: Here, occasion: Occasion, answer: May) -> dict[str, Any]:
    """A benefit, and whether they may have it now: how often, or why not."""
    benefit = here.version.benefits[occasion.benefit]
    left = answer.left
    return {
        "name": benefit.name,
        "no": answer.no and here.told(answer.no),
        "left": "" if left is None else here.reader.say_many("%(n)s left", "%(n)s left", left),
        "ends": answer.ends_at,
    }


def _referral(
    here: Here, id_: UUID, one: Referral, friends: Mapping[UUID, Member]
) -> dict[str, Any]:
    """Whom they brought, or who brought them; and what became of it."""
    by_them = one.referrer_id == id_
    other = one.member_id if by_them else one.referrer_id
    friend = friends.get(other)
    says, kind = REFERRED[one.state]
    return {
        "by_them": by_them,
        "id": shown("mem", other),
        "name": (name_of(friend) or friend.number) if friend else "–",
        "at": one.named_at,
        "says": here.reader.say(says),
        "kind": kind,
    }


def _climbs(here: Here, standing: Standing) -> dict[str, Any] | None:
    """How far the next step is; nothing at the top, or where there is no ladder."""
    step = standing.next_tier
    if step is None:
        return None
    spend = step.measure == "spend"
    currency = here.version.program.currency
    said = [
        here.reader.money(n, currency) if spend else here.reader.number(n)
        for n in (step.reached, step.needed)
    ]
    return {
        "name": step.tier.name or step.tier.id,
        "reached": min(step.reached, step.needed),
        "needed": step.needed,
        "said": " / ".join(said),
    }


def _balance(here: Here, id_: str, standing: Standing) -> dict[str, Any]:
    wallet, held = here.version.program.wallets[id_], standing.balances[id_]
    reader, scale = here.reader, wallet.scale
    lapse = standing.lapses_next.get(id_)
    return {
        "id": id_,
        "name": wallet.name or id_,
        "available": reader.quantity(held.available - held.debt, scale),
        "pending": reader.quantity(held.pending, scale) if held.pending else "",
        "held": reader.quantity(held.held, scale) if held.held else "",
        "lapses": reader.quantity(lapse.units, scale) if lapse else "",
        "lapses_at": lapse.at if lapse else None,
    }


def _reach(here: Here, one: Any) -> dict[str, Any]:
    wallets = here.version.program.wallets
    price = [
        f"{here.reader.quantity(units, wallets[id_].scale)} {wallets[id_].name or id_}"
        for id_, units in one.price.items()
    ]
    return {"name": one.reward.name, "price": " + ".join(price), "no": one.no and here.told(one.no)}


def _ends(here: Here, lots: list[Lot]) -> list[dict[str, Any]]:
    """What is left, summed up by when it lapses, soonest first."""
    left: dict[tuple[int, datetime, bool], int] = {}
    for lot in lots:
        end = (lot.wallet, lot.expires_at, lot.state == "pending")
        left[end] = left.get(end, 0) + lot.remaining
    return [
        {
            "left": amount(here, wallet, units),
            "expires_at": None if at == NEVER else at,
            "pending": pending,
        }
        for (wallet, at, pending), units in left.items()
    ]
